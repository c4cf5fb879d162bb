"""The JSON Schema is one, accepts canonical documents and finds what is wrong with others."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cetsgraph.vocabulary import Kind, vocabulary

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "ontology/cets.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def problems(document: object) -> list[str]:
    return sorted(error.json_path for error in VALIDATOR.iter_errors(document))


def test_the_schema_is_valid_under_2020_12() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == "https://w3id.org/cetsgraph/schema/cets.json"


def test_units_and_bounds_are_stated() -> None:
    angle = SCHEMA["$defs"]["TiltSeriesMicrograph"]["properties"]["nominal_tilt_angle"]
    assert (angle["minimum"], angle["maximum"], angle["x-unit"]) == (-90, 90, "deg")
    assert angle["description"].endswith("Unit: °.")
    assert SCHEMA["$defs"]["Tomogram"]["properties"]["voxel_size"]["exclusiveMinimum"] == 0


@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples").glob("*.cetsgraph.json")), ids=lambda path: path.stem
)
def test_the_examples_are_valid(path: Path) -> None:
    assert problems(json.loads(path.read_text(encoding="utf-8"))) == []


def deposit(**tomogram: Any) -> dict[str, Any]:
    image_set = {"tomogram_sets": [{"tomograms": [tomogram]}]}
    return {"$schema": SCHEMA["$id"], "name": "D", "regions": [{"tomo_image_sets": [image_set]}]}


PLACE = "$.regions[0].tomo_image_sets[0].tomogram_sets[0].tomograms[0]"
SPHERE = {"type": "Sphere", "center": {"x": 1.0, "y": 2, "z": None}, "radius": 3.5}


@pytest.mark.parametrize(
    "tomogram",
    [
        pytest.param({}, id="nothing known"),
        pytest.param(
            {"id": "t", "voxel_size": 13.7, "depth": 500, "ctf_corrected": None}, id="null is absent"
        ),
        pytest.param({"type": "Tomogram", "even_path": "e.mrc"}, id="the type may be said"),
        pytest.param({"annotations": [SPHERE, {"type": "Text", "description": "x"}]}, id="several kinds"),
        pytest.param({"annotations": [{"type": "Shell", "base": SPHERE, "cut_outs": [SPHERE]}]}, id="nested"),
        pytest.param({"annotations": [{"type": "PointSet", "coordinates": [[1, 2.5, 3]]}]}, id="array"),
        pytest.param({"annotations": [{"type": "SphereSet", "radii": [1, 2.5]}]}, id="one shape of array"),
        pytest.param({"annotations": [{"type": "SphereSet", "radii": [[1], [2.5]]}]}, id="another"),
    ],
)
def test_good_documents_are_valid(tomogram: dict[str, Any]) -> None:
    assert problems(deposit(**tomogram)) == []


@pytest.mark.parametrize(
    ("tomogram", "place"),
    [
        pytest.param({"voxel_size": 0}, ".voxel_size", id="bound"),
        pytest.param({"width": 10.5}, ".width", id="fraction of a pixel"),
        pytest.param({"voxel_size": "13.7"}, ".voxel_size", id="text for a number"),
        pytest.param({"voxelsize": 13.7}, "", id="unknown field"),
        pytest.param({"annotations": {"type": "Text"}}, ".annotations", id="object for a list"),
        pytest.param({"annotations": [{"description": "x"}]}, ".annotations[0]", id="no type"),
        pytest.param({"annotations": [{"type": "Solid"}]}, ".annotations[0]", id="abstract type"),
        pytest.param({"annotations": [{"type": "Sphere"}]}, ".annotations[0]", id="required"),
        pytest.param({"annotations": [SPHERE | {"method": "guess"}]}, ".annotations[0]", id="enumeration"),
        pytest.param(
            {"annotations": [{"type": "PointSet", "coordinates": [1]}]}, ".annotations[0]", id="array"
        ),
    ],
)
def test_faults_are_found(tomogram: dict[str, Any], place: str) -> None:
    assert problems(deposit(**tomogram)) == [PLACE + place]


def test_every_reference_within_the_schema_resolves() -> None:
    """Every class can be met in a document, so all of them are reached from the root."""
    reached: set[str] = set()
    todo = [SCHEMA["$ref"]]
    while todo:
        name = todo.pop().removeprefix("#/$defs/")
        if name not in reached:
            reached.add(name)
            text = json.dumps(SCHEMA["$defs"][name])
            todo += [part.partition('"')[0] for part in text.split('"$ref": "')[1:]]
    assert reached == SCHEMA["$defs"].keys()
    parts = {prop.range for prop in vocabulary().properties.values() if prop.kind is Kind.PART}
    assert parts <= reached
