"""Which items of an mmCIF deposition a document can fill, against the dictionary's list of items."""

import csv
import json
from pathlib import Path

import pytest

from cetsgraph.documents import read_all
from cetsgraph.errors import CetsGraphError
from cetsgraph.model import DataSet, Entity
from cetsgraph.validation.coverage import Item, coverage

ROOT = Path(__file__).resolve().parents[2]
MMCIF = ROOT.parent / "shared/data/mmcif/mmCIF_items_annotated.tsv"
EXAMPLE = ROOT / "examples/empiar-12104.cets-data-model.json"


def items(path: Path) -> dict[str, Item]:
    (document,) = read_all(path)
    return {item.item: item for item in coverage(document.dataset)}


def rows() -> list[dict[str, str]]:
    with (ROOT / "ontology/mmcif.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_the_fields_of_every_item_are_fields_of_the_model() -> None:
    for row in rows():
        for path in filter(None, map(str.strip, row["fields"].split(","))):
            kind, _, field = path.partition(".")
            if row["reading"] == "constant":
                continue
            model = Entity.kinds[kind]
            assert not field or field.partition(".")[0] in model.model_fields, path


def test_what_a_document_says_fills_items() -> None:
    document = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    region = document["regions"][0]
    found = items(EXAMPLE)
    angles = [image["nominal_tilt_angle"] for image in region["tilt_series"][0]["images"]]
    tomogram = region["tomograms"][0]
    assert found["_em_experiment.id"].value == region["id"]
    assert found["_em_tomography.axis1_min_angle"].value == min(angles)
    assert found["_em_tomography.axis1_max_angle"].value == max(angles)
    assert found["_em_map.dimensions_col"].value == tomogram["width"]
    assert found["_em_map.file"].value == tomogram["path"]
    assert found["_em_map.type"].value == "TOMOGRAM"


def test_what_it_does_not_say_is_missing_and_what_cets_cannot_say_has_no_field() -> None:
    found = {item.item: item.state for item in coverage(DataSet())}
    assert found["_em_imaging.accelerating_voltage"] == "missing"
    assert found["_em_imaging.nominal_cs"] == "missing"
    assert found["_em_map.contour_level"] == "no field"
    assert found["_em_imaging.entry_id"] == "archive"
    assert not [item for item in coverage(DataSet()) if item.state == "filled" and item.fields == ""]


def test_another_standard_is_not_known() -> None:
    with pytest.raises(CetsGraphError, match="mmcif"):
        coverage(DataSet(), "dicom")


@pytest.mark.real_data
@pytest.mark.skipif(not MMCIF.is_file(), reason=f"the dictionary's items are not at {MMCIF}")
def test_the_items_are_those_of_the_dictionary() -> None:
    with MMCIF.open(encoding="utf-8", newline="") as file:
        known = [row["item"] for row in csv.DictReader(file, delimiter="\t")]
    assert [row["item"] for row in rows()] == known
