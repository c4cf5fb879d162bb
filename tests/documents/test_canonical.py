"""The canonical dialect: everything that the model can say is written and read back."""

import json
from typing import Any

import pytest
from documents import meaning
from hypothesis import given
from strategies import concrete_kinds, dataset_with, datasets, filled

from cetsgraph.documents import read, read_data, write
from cetsgraph.findings import Severity
from cetsgraph.model import DataSet, Entity, FitMap, PointSet, Region, Text, TomoImageSet

SCHEMA = "https://w3id.org/cetsgraph/schema/cets.json"


def canonical(**fields: Any) -> dict[str, Any]:
    return {"$schema": SCHEMA, **fields}


@given(datasets())
def test_a_data_set_is_the_same_after_writing_and_reading(dataset: DataSet) -> None:
    written = write(dataset, "cetsgraph")
    assert written.findings == ()
    document = read(bytes(written))
    assert (document.dialect, document.form, document.findings) == ("cetsgraph", "DataSet", ())
    assert document.dataset == dataset
    assert meaning(document.dataset.model_dump(mode="json")) == meaning(dataset.model_dump(mode="json"))
    assert write(document, "cetsgraph") == written


@pytest.mark.parametrize("kind", concrete_kinds(), ids=lambda kind: kind.__name__)
def test_every_field_of_every_class_is_written_and_read(kind: type[Entity]) -> None:
    dataset = dataset_with(filled(kind))
    written = write(dataset, "cetsgraph").data
    document = read(json.dumps(written).encode())
    assert document.findings == ()
    assert document.dataset == dataset
    dumped = {"$schema": SCHEMA, **dataset.model_dump(mode="json")}
    assert meaning(_without_types(written)) == meaning(dumped)


def _without_types(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _without_types(found) for name, found in data.items() if name != "type"}
    return [_without_types(item) for item in data] if isinstance(data, list) else data


def test_kinds_are_named_where_several_are_possible() -> None:
    dataset = DataSet(annotations=[Text(description="nucleus"), FitMap(path="m.mrc")])
    assert write(dataset, "cetsgraph").data == canonical(
        annotations=[{"type": "Text", "description": "nucleus"}, {"type": "FitMap", "path": "m.mrc"}]
    )


def test_an_empty_array_is_not_an_absent_one() -> None:
    dataset = DataSet(annotations=[PointSet(vectors=[], coordinates=None)])
    written = write(dataset, "cetsgraph")
    assert written.data["annotations"] == [{"type": "PointSet", "vectors": []}]
    assert read_data(written.data).dataset == dataset


def test_a_pointer_is_kept_for_every_object() -> None:
    document = read_data(canonical(regions=[{"tomo_image_sets": [{}, {"name": "second"}]}]))
    image_set = document.dataset.regions[0].tomo_image_sets[1]
    assert (image_set.name, image_set.pointer) == ("second", "/regions/0/tomo_image_sets/1")


def test_sets_that_hang_where_the_drawing_has_them_are_moved() -> None:
    document = read_data(
        canonical(
            regions=[
                {
                    "tomo_image_sets": [
                        {
                            "movie_stack_collections": [
                                {"id": "c", "tilt_series_sets": [{"tilt_series": [{"path": 1}]}]}
                            ]
                        }
                    ],
                    "tomogram_sets": [{"name": "bin4"}],
                }
            ]
        )
    )
    assert [(finding.rule, finding.severity, finding.pointer) for finding in document.findings] == [
        ("hierarchy-parent", Severity.INFO, "/regions/0/tomogram_sets"),
        (
            "hierarchy-parent",
            Severity.INFO,
            "/regions/0/tomo_image_sets/0/movie_stack_collections/0/tilt_series_sets",
        ),
        (
            "value-type",
            Severity.VIOLATION,
            "/regions/0/tomo_image_sets/0/movie_stack_collections/0/tilt_series_sets/0/tilt_series/0/path",
        ),
    ]
    (image_set,) = document.dataset.regions[0].tomo_image_sets
    assert [tomogram_set.name for tomogram_set in image_set.tomogram_sets] == ["bin4"]
    assert image_set.tilt_series_sets[0].pointer == (
        "/regions/0/tomo_image_sets/0/movie_stack_collections/0/tilt_series_sets/0"
    )


def test_a_region_without_imaging_gets_one_for_its_tomogram_sets() -> None:
    document = read_data(canonical(regions=[{"tomogram_sets": [{"name": "bin4"}]}]))
    assert document.representable
    assert document.dataset.regions == [
        Region(tomo_image_sets=[TomoImageSet(tomogram_sets=[{"name": "bin4"}])])  # type: ignore[list-item]
    ]


WRONG = (
    (canonical(titel="x"), "unknown-field", "/titel"),
    (canonical(type="Region"), "value-enum", "/type"),
    (canonical(release_date="2024-02-30"), "value-type", "/release_date"),
    (canonical(release_date="20240201"), "value-type", "/release_date"),
    (canonical(release_date=0), "value-type", "/release_date"),
    (canonical(regions={}), "value-type", "/regions"),
    (canonical(regions=[None]), "value-type", "/regions/0"),
    (canonical(annotations=[{}]), "value-enum", "/annotations/0"),
    (canonical(annotations=[{"type": "Tomogram"}]), "value-enum", "/annotations/0/type"),
    (canonical(annotations=[{"type": "Geometry"}]), "value-enum", "/annotations/0/type"),
    (canonical(annotations=[{"type": ["Text"]}]), "value-enum", "/annotations/0/type"),
    (canonical(annotations=[{"type": "Text", "method": "guessed"}]), "value-enum", "/annotations/0/method"),
    (
        canonical(annotations=[{"type": "Text", "ground_truth": 1}]),
        "value-type",
        "/annotations/0/ground_truth",
    ),
    (
        canonical(annotations=[{"type": "Text", "confidence": True}]),
        "value-type",
        "/annotations/0/confidence",
    ),
    (
        canonical(annotations=[{"type": "PointSet", "coordinates": [[1, 2], [3, None]]}]),
        "value-type",
        "/annotations/0/coordinates/1/1",
    ),
    (canonical(instruments=[{"a/b~c": 1}]), "unknown-field", "/instruments/0/a~1b~0c"),
)


@pytest.mark.parametrize(("source", "rule", "pointer"), WRONG)
def test_what_is_wrong_is_said_at_its_place(source: Any, rule: str, pointer: str) -> None:
    document = read_data(source)
    assert [(finding.rule, finding.pointer) for finding in document.findings] == [(rule, pointer)]
    assert not document.representable


def test_whole_doubles_are_integers() -> None:
    document = read_data(
        canonical(organism_taxid=9606.0, annotations=[{"type": "PointSet", "dimension": 3.0}])
    )
    assert document.findings == ()
    assert (document.dataset.organism_taxid, document.dataset.annotations[0].dimension) == (9606, 3)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", ["Movieframe", "MovieFrame"])
def test_a_misspelt_kind_is_read_and_said(kind: str) -> None:
    frames = [{"type": kind, "section": 3}]
    stacks = [{"movie_stacks": [{"frames": frames}]}]
    image_set = {"movie_stack_collections": [{"movie_stack_series": stacks}]}
    document = read_data(canonical(regions=[{"tomo_image_sets": [image_set]}]))
    assert document.representable
    said = [finding.rule for finding in document.findings]
    assert said == (["older-revision"] if kind == "Movieframe" else [])
