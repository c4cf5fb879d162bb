"""Every field of dialect B, in any revision, has a place in the model, which the page about it names."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cetsgraph.model import Entity

PAGE = Path(__file__).resolve().parents[2] / "docs/explanation/ontology.md"
ROWS = re.findall(
    r"^\| ([^|]+) \| ([^|]+) \|$", PAGE.read_text(encoding="utf-8").partition("| dialect B |")[2], re.M
)
NAMED = {word for source, _ in ROWS for word in re.findall(r"\w+", source)}
FIELDS = {name for kind in Entity.kinds.values() for name in kind.model_fields}


def test_the_page_names_fields_that_the_model_has() -> None:
    places = [place for _, target in ROWS for place in re.findall(r"\b([A-Z]\w+)\.(\w+)", target)]
    assert len(places) > 35
    assert [f"{kind}.{name}" for kind, name in places if name not in Entity.kinds[kind].model_fields] == []


def keys(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        yield from found
        for value in found.values():
            yield from keys(value)
    elif isinstance(found, list):
        for item in found:
            yield from keys(item)


@pytest.mark.parametrize("name", ["main", "pr34", "dec2025"])
def test_every_field_of_a_published_revision_has_a_place(shared_data: Path, name: str) -> None:
    schema = json.loads((shared_data / f"cets-data-model/schema-{name}.json").read_text(encoding="utf-8"))
    published = {key for kind in schema["$defs"].values() for key in kind.get("properties", {})}
    assert published - FIELDS - NAMED - {"type", "mapAxis", "movie_stack_collections"} == set()


@pytest.mark.parametrize(
    "path",
    [
        "nonrigid/exchange.cets.json",
        "proposed/pr33.json",
        "proposed/pr35.json",
        "proposed/warp.cets.json",
        "portal-profile/10445.cets.json",
    ],
)
def test_every_field_of_a_document_of_a_converter_has_a_place(shared_data: Path, path: str) -> None:
    document = json.loads((shared_data / "cets-converters" / path).read_text(encoding="utf-8"))
    assert set(keys(document)) - FIELDS - NAMED == set()
