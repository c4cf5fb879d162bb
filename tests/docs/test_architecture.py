"""Explanations name modules that are there, and the map of the architecture all packages."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "cetsgraph"
TEXT = (ROOT / "docs/explanation/architecture.md").read_text(encoding="utf-8")
OTHERS = [path.read_text(encoding="utf-8") for path in (ROOT / "docs/explanation").glob("*.md")]
MODULES = re.findall(r"`([\w/]+\.py)`", "".join(OTHERS))
NAMED = sorted({*re.findall(r"`([\w/]+/)`", TEXT), *(name for name in MODULES if "NAME" not in name)})
PLACES = (ROOT, SOURCE, *(path for path in SOURCE.iterdir() if path.is_dir()))


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_is_there(name: str) -> None:
    assert any((place / name).exists() for place in PLACES)


def test_every_package_is_on_the_map() -> None:
    for path in SOURCE.glob("*/__init__.py"):
        assert f"| `{path.parent.name}/` |" in TEXT
