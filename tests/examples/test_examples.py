"""The example documents: readable, whole, and two archives' stories that can be crossed."""

import json
from pathlib import Path
from typing import Any

import pytest

from cetsgraph.documents import DIALECTS, Document, read
from cetsgraph.findings import Severity
from cetsgraph.model import CrossReference, DataSet
from cetsgraph.vocabulary import vocabulary

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FILES = sorted(path for path in EXAMPLES.iterdir() if path.suffix in (".json", ".yaml"))
ACCESSIONS = {
    "emd-3782.cetsgraph.json": {"EMD-3782", "EMPIAR-10164"},
    "portal-hiv-1-vlp.cetsgraph.json": {"EMD-3782", "EMPIAR-10164", "5L93"},
}


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return {path.name: read(path) for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_example_is_what_its_name_says(path: Path, documents: dict[str, Document]) -> None:
    document = documents[path.name]
    assert document.dialect == path.name.split(".")[1]
    assert document.form == "DataSet"
    assert [str(finding) for finding in document.findings if finding.severity is not Severity.INFO] == []
    assert path.stat().st_size < 80_000


def test_every_dialect_has_an_example(documents: dict[str, Document]) -> None:
    assert {document.dialect for document in documents.values()} == set(DIALECTS)


def test_examples_use_every_class(documents: dict[str, Document]) -> None:
    used = {type(entity).__name__ for document in documents.values() for entity in document.dataset.walk()}
    assert {term.name for term in vocabulary().concrete()} - used == set()


def test_the_readme_names_every_example() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in FILES if f"`{path.name}`" not in readme] == []


def accessions(dataset: DataSet) -> set[str | None]:
    return {entity.accession for entity in dataset.walk() if isinstance(entity, CrossReference)}


def test_two_archives_name_the_same_entries(documents: dict[str, Document]) -> None:
    for name, expected in ACCESSIONS.items():
        assert expected <= accessions(documents[name].dataset)


def test_empiar_10164_is_as_published() -> None:
    data: dict[str, Any] = json.loads((EXAMPLES / "empiar-10164.tomobabel.json").read_text(encoding="utf-8"))
    stacks = [region["tomo_imaging"][0]["raw_movies"]["tilt_series"][0] for region in data["regions"]]
    assert [Path(stack["path"]).stem for stack in stacks] == ["TS_01", "TS_03", "TS_43", "TS_45", "TS_54"]
    for stack in stacks:
        images = stack["micrographs"]
        angles = [image["nominal_tilt_angle"] for image in images]
        assert sorted(angles) == [-60.0 + 3 * index for index in range(41)]
        assert [abs(angle) for angle in angles] == sorted(abs(angle) for angle in angles)  # dose-symmetric
        doses = [image["total_accumulated_dose"] for image in images]
        assert doses == sorted(doses)
    assert all(
        region["tomo_imaging"][0]["imaging_parameters"]["imaging"]["accelerating_voltage"] == 300.0
        for region in data["regions"]
    )
