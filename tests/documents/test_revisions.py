"""Revisions of dialect B: each is recognised, goes back as it came, and is accepted by upstream's models."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from documents import meaning
from hypothesis import given
from jsonschema import Draft202012Validator
from strategies import concrete_kinds, dataset_with, datasets, filled

from cetsgraph.documents import REVISIONS, convert, read, read_data, write
from cetsgraph.errors import CetsGraphError
from cetsgraph.model import DataSet

B = "cets-data-model"
SCHEMAS = {"main": "schema-main.json", "pr34": "schema-pr34.json", "2025-12": "schema-dec2025.json"}
CONVERTERS: tuple[tuple[str, str, str], ...] = (
    ("nonrigid/exchange.cets.json", "DataSet", "nonrigid"),
    ("proposed/pr33.json", "DataSet", "pr33"),
    ("proposed/pr35.json", "DataSet", "pr35"),
    ("proposed/warp.cets.json", "DataSet", "pr34"),
    ("portal-profile/10445.cets.json", "DataSet", "pr34"),
    ("mock_named_transforms.b415e95.yaml", "DataSet", "pr34"),
    ("expected_dataset.5b20369e.json", "DataSet", "2026-02"),
    ("converters/imod_ts_TS_03.json", "TiltSeries", "2025-12"),
    ("converters/imod_ts_TS_03.yaml", "TiltSeries", "2025-12"),
    ("converters/imod_tomo_TS_03.yaml", "Tomogram", "2025-12"),
    ("converters/imod_ctf_TS_03_only_astigmatism.yaml", "CTFMetadata documents", "2025-12"),
    ("converters/imod_ctf_TS_03_plain_estimation.yaml", "CTFMetadata documents", "2025-12"),
    ("converters/imod_ctf_TS_03_astigmatism_and_phase_shift.yaml", "CTFMetadata documents", "2025-12"),
    ("converters/coordinates_TS_03_scipion_to_cets.yaml", "Particle3DSet", "2025-12"),
)
NEWER = {"nonrigid", "pr33", "pr34", "pr35"}


def content(path: Path) -> Any:
    if path.suffix == ".json":
        return json.loads(path.read_bytes())
    documents = list(yaml.safe_load_all(path.read_text(encoding="utf-8")))
    return documents[0] if len(documents) == 1 else documents


@pytest.fixture(scope="session")
def schemas(shared_data: Path) -> dict[str, Draft202012Validator]:
    folder = shared_data / B
    return {
        revision: Draft202012Validator(json.loads((folder / name).read_bytes()))
        for revision, name in SCHEMAS.items()
    }


def ours(revision: str) -> Any:
    """The schema that is published here for a revision."""
    folder = Path(__file__).parents[2] / "ontology" / "dialects"
    return json.loads((folder / f"{B}.{revision}.schema.json").read_bytes())


@pytest.mark.parametrize("revision", SCHEMAS)
def test_published_schemas_have_the_fields_of_upstream_and_demand_the_same(
    revision: str, schemas: dict[str, Draft202012Validator]
) -> None:
    theirs = schemas[revision].schema["$defs"]
    for name, known in ours(revision)["$defs"].items():
        if name in theirs:
            # A tilt image of 2025-12 stands for upstream's projections of particles too.
            assert set(known["properties"]) - {"particle_index"} == set(theirs[name]["properties"]), name
            assert set(known.get("required", ())) == set(theirs[name].get("required", ())), name


@pytest.mark.parametrize("revision", SCHEMAS)
def test_what_upstream_accepts_of_real_documents_the_published_schema_accepts(
    revision: str, schemas: dict[str, Draft202012Validator], shared_data: Path
) -> None:
    theirs, accepted = schemas[revision].schema, 0
    real = [(path, "DataSet") for path in sorted((shared_data / B).glob("e*.json"))]
    real += [(shared_data / "cets-converters" / name, form) for name, form, _ in CONVERTERS]
    for path, form in real:
        found = content(path)
        for document in found if form.endswith("documents") else [found]:
            if accepts(theirs, form, document):
                accepted += 1
                assert accepts(ours(revision), form, document), path.name
    assert accepted > 0


def accepts(schema: Any, form: str, document: Any) -> bool:
    """Whether a schema accepts a whole document, or an object of one of its classes."""
    name = form.split()[0].replace("DataSet", "Dataset")
    whole = {"$defs": schema["$defs"], "$ref": f"#/$defs/{name}"} if name in schema["$defs"] else schema
    return Draft202012Validator(whole).is_valid(document)


@pytest.mark.parametrize(("name", "form", "revision"), CONVERTERS, ids=[name for name, _, _ in CONVERTERS])
def test_what_converters_write_goes_back_as_it_came(
    name: str, form: str, revision: str, shared_data: Path
) -> None:
    path = shared_data / "cets-converters" / name
    document = read(path)
    assert (document.form, document.revision, document.representable) == (form, revision, True)
    assert {finding.rule for finding in document.findings} <= {"older-revision"}
    if revision in NEWER:
        assert document.findings == ()
    written = write(document, B)
    assert meaning(written.data) == meaning(content(path))
    assert written.findings == ()
    again = read_data(written.data)
    assert again.form.removesuffix(" list") == form.removesuffix(" documents")
    assert document.beside or again.dataset == document.dataset


@pytest.mark.parametrize("cls", concrete_kinds())
@pytest.mark.parametrize("revision", REVISIONS)
def test_every_field_is_of_the_revision_or_reported(
    cls: Any, revision: str, schemas: dict[str, Draft202012Validator]
) -> None:
    written = write(dataset_with(filled(cls)), B, revision=revision)
    if revision in schemas:
        assert [error.message for error in schemas[revision].iter_errors(written.data)] == []
    again = read_data(written.data, dialect=B)
    assert again.representable
    assert again.revision is not None


@given(dataset=datasets())
def test_upstream_accepts_what_is_written(dataset: DataSet, schemas: dict[str, Draft202012Validator]) -> None:
    for revision, schema in schemas.items():
        written = write(dataset, B, revision=revision)
        assert [error.message for error in schema.iter_errors(written.data)] == []


@pytest.mark.parametrize("name", ["nonrigid/exchange.cets.json", "proposed/pr33.json", "proposed/pr35.json"])
def test_newer_documents_become_main_with_their_losses_reported(
    name: str, shared_data: Path, schemas: dict[str, Draft202012Validator]
) -> None:
    written = convert(shared_data / "cets-converters" / name, B, revision="main")
    assert [error.message for error in schemas["main"].iter_errors(written.data)] == []
    assert "not-representable" in {finding.rule for finding in written.findings}


def test_steps_that_a_revision_has_no_place_for_become_one_that_does_the_same() -> None:
    tilt, turn, shift = [[0, 0, 1], [0, 1, 0], [-1, 0, 0]], [[0, -1, 0], [1, 0, 0], [0, 0, 1]], [1, 2, 3]
    steps = [
        {"transformation_type": "affine", "affine": tilt},
        {"transformation_type": "affine", "affine": turn},
        {"transformation_type": "translation", "translation": shift},
    ]
    projection = {"id": "p", "transformation_type": "projection_alignment", "sequence": steps}
    region = {"id": "r", "alignments": [{"projection_alignments": [projection]}]}
    document = read_data({"regions": [region]})
    assert document.revision == "pr34"
    held = write(document, B, revision="main").data["regions"][0]["alignments"][0]["projection_alignments"][0]
    assert [step["transformation_type"] for step in held["sequence"]] == ["affine", "translation"]
    # turn · tilt, by hand
    assert held["sequence"][0]["affine"] == [[0, -1, 0], [0, 0, 1], [-1, 0, 0]]


def test_an_unknown_revision_is_refused() -> None:
    with pytest.raises(CetsGraphError, match="no revision 'pr36'"):
        write(DataSet(), B, revision="pr36")
    with pytest.raises(CetsGraphError, match="tomobabel has no revisions"):
        write(DataSet(), "tomobabel", revision="main")


def test_an_absent_handedness_is_null_where_absent_means_a_sign() -> None:
    image = {"id": "i", "ctf_metadata": {"defocus_u": 20_000.0}}
    document = read_data({"regions": [{"id": "r", "tilt_series": [{"id": "t", "images": [image]}]}]})
    (ctf,) = (
        series["images"][0]["ctf_metadata"] for series in write(document, B).data["regions"][0]["tilt_series"]
    )
    assert ctf == {"defocus_u": 20_000.0, "defocus_handedness": None}
