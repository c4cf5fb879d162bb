"""The map of the architecture names what is there, and all packages that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "cetsgraph"
TEXT = (ROOT / "docs/explanation/architecture.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+(?:\.py|/))`", TEXT)))
PLACES = (ROOT, SOURCE, *(path for path in SOURCE.iterdir() if path.is_dir()))


@pytest.mark.parametrize("name", NAMED)
def test_what_the_map_names_is_there(name: str) -> None:
    assert any((place / name).exists() for place in PLACES)


def test_every_package_is_on_the_map() -> None:
    for path in SOURCE.glob("*/__init__.py"):
        assert f"| `{path.parent.name}/` |" in TEXT
