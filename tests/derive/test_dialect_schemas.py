"""JSON Schemas of the dialects take what is read without a finding, and what is written."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator
from strategies import cets_data_model_documents, datasets, tomobabel_documents

from cetsgraph.documents import REVISIONS, write
from cetsgraph.model import DataSet
from cetsgraph.resources import folder

A, B = "tomobabel", "cets-data-model"


@cache
def validator(name: str) -> Draft202012Validator:
    schema = json.loads((folder("ontology") / "dialects" / f"{name}.schema.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def faults(name: str, document: Any) -> list[str]:
    return [error.message[:300] for error in validator(name).iter_errors(document)]


@given(tomobabel_documents)
def test_documents_of_dialect_a_are_taken(generated: tuple[str, Any]) -> None:
    assert faults(A, generated[1]) == []


@given(cets_data_model_documents)
def test_documents_of_dialect_b_are_taken(generated: tuple[str, Any]) -> None:
    assert faults(f"{B}.main", generated[1]) == []


@given(datasets())
def test_what_is_written_is_taken(dataset: DataSet) -> None:
    assert faults(A, write(dataset, A).data) == []
    for revision in REVISIONS:
        assert faults(f"{B}.{revision}", write(dataset, B, revision=revision).data) == []


@pytest.mark.real_data
@pytest.mark.parametrize("revision", ["main", "pr33", "pr35", "nonrigid"])
def test_revisions_after_main_have_every_field_of_upstreams_main(revision: str, shared_data: Path) -> None:
    upstream = json.loads((shared_data / "cets-data-model/schema-main.json").read_bytes())["$defs"]
    ours = json.loads((folder("ontology") / f"dialects/{B}.{revision}.schema.json").read_bytes())["$defs"]
    shared = upstream.keys() & ours.keys()
    assert len(shared) > 30
    for name in shared:
        assert upstream[name].get("properties", {}).keys() <= ours[name].get("properties", {}).keys(), name
        assert set(upstream[name].get("required", ())) <= set(ours[name].get("required", ())), name


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("tomobabel/TS_01_tilt_series.json", A),
        ("tomobabel/ctf_all_movie_cols_gain_defect.json", A),
        ("cets-data-model/expected_dataset.json", f"{B}.main"),
        ("cets-converters/nonrigid/exchange.cets.json", f"{B}.nonrigid"),
        ("cets-converters/proposed/pr33.json", f"{B}.pr33"),
        ("cets-converters/proposed/pr35.json", f"{B}.pr35"),
        ("cets-converters/portal-profile/10445.cets.json", f"{B}.pr34"),
        ("cets-converters/expected_dataset.5b20369e.json", f"{B}.2026-02"),
        ("cets-converters/converters/imod_ts_TS_03.json", f"{B}.2025-12"),
    ],
)
def test_real_documents_are_taken(path: str, name: str, shared_data: Path) -> None:
    assert faults(name, json.loads((shared_data / path).read_bytes())) == []


@pytest.mark.parametrize(
    ("name", "document"),
    [
        (A, {"regions": [{"tomo_imaging": [], "weather": "fine"}]}),
        (A, {"tomograms": [{"voxel_size": "13.7"}]}),
        (A, {"regions": [], "annotations": [{"type": "blob"}]}),
        (f"{B}.main", {"regions": [{"tilt_series": []}]}),
        (f"{B}.main", {"regions": [{"id": "r", "annotations": [{"annotation_type": "text", "id": "a"}]}]}),
        (f"{B}.main", {"regions": [{"id": "r", "tilt_series": [{"id": "t", "voltage": 300.0}]}]}),
    ],
)
def test_what_is_not_of_the_dialect_is_refused(name: str, document: Any) -> None:
    assert faults(name, document)
