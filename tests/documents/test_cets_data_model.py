"""Documents of dialect B are read whole and written back as they were."""

import json
from pathlib import Path
from typing import Any

import pytest
from documents import image_set, meaning, region
from hypothesis import assume, given
from strategies import cets_data_model_documents, datasets

from cetsgraph.documents import read, read_data, write
from cetsgraph.model import (
    DataSet,
    MovieStackCollection,
    PointSet,
    Region,
    Text,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
)

B = "cets-data-model"


REAL = ("EMPIAR-12104.json", "expected_dataset.json")


@pytest.mark.parametrize("name", REAL)
def test_a_real_document_is_written_back_but_for_ids_that_the_dialect_demands(
    name: str, shared_data: Path
) -> None:
    path = shared_data / B / name
    document = read(path)
    assert (document.dialect, document.form, document.representable) == (B, "DataSet", True)
    written = write(document, B)
    assert {finding.rule for finding in written.findings} <= {"minted-id"}
    assert len(written.findings) == len(document.findings)  # one for each image without its id
    made = {finding.found for finding in written.findings}
    assert meaning(without_ids(written.data, made)) == meaning(json.loads(path.read_bytes()))


def without_ids(data: Any, ids: set[object]) -> Any:
    if isinstance(data, list):
        return [without_ids(item, ids) for item in data]
    if not isinstance(data, dict):
        return data
    return {key: without_ids(item, ids) for key, item in data.items() if key != "id" or item not in ids}


@pytest.mark.parametrize("name", REAL)
def test_a_real_document_survives_the_canonical_form(name: str, shared_data: Path) -> None:
    document = read(shared_data / B / name)
    again = read(bytes(write(document, "cetsgraph")))
    assert (again.dialect, again.findings, again.dataset) == ("cetsgraph", (), document.dataset)
    assert meaning(write(again, B).data) == meaning(write(document, B).data)


@given(cets_data_model_documents)
def test_any_document_is_written_back_as_it_was(generated: tuple[str, Any]) -> None:
    form, source = generated
    # A whole document without contents could be of any dialect.
    document = read_data(source, dialect=B if form == "DataSet" else None)
    assert (document.dialect, document.form, document.findings) == (B, form, ())
    written = write(document, B)
    assert meaning(written.data) == meaning(source)
    assert written.findings == ()
    assert read_data(written.data, dialect=B).dataset == document.dataset


@given(datasets())
def test_what_is_written_of_any_data_set_is_of_the_dialect(dataset: DataSet) -> None:
    """And reading that again loses nothing more: what a dialect cannot hold is said once.

    An id that looks like a place (`#/…`) is left aside: a reference to it is taken for one to that place.
    """
    assume(not any((entity.id or "").startswith("#/") for entity in dataset.walk()))
    written = write(dataset, B)
    again = read_data(written.data, dialect=B)
    assert {finding.rule for finding in again.findings} <= {"required-field", "older-revision"}
    assert meaning(write(again, B).data) == meaning(written.data)


@pytest.mark.parametrize("dataset", [DataSet(), DataSet(name="X"), DataSet(name="X", title="left out")])
def test_a_data_set_that_holds_nothing_can_be_read_again(dataset: DataSet) -> None:
    written = write(dataset, B)
    assert read_data(written.data).dataset == DataSet(name=dataset.name)


def test_a_region_that_holds_nothing_can_be_read_again() -> None:
    written = write(DataSet(regions=[Region(id="r")]), B, form="Region")
    assert read_data(written.data).form == "Region"


def test_the_parts_of_a_region_stand_in_one_image_set() -> None:
    document = region(
        movie_stack_collection={"movie_stacks": [{"id": "m"}]},
        tilt_series=[{"id": "t"}],
        alignments=[{"tilt_series_id": "t"}],
        tomograms=[{"id": "o"}],
    )
    held = image_set(document)
    assert held.movie_stack_collections[0].movie_stack_series[0].id == "m"
    assert held.tilt_series_sets[0].tilt_series[0].id == "t"
    assert held.alignments[0].tilt_series_id == "t"
    assert held.tomogram_sets[0].tomograms[0].id == "o"
    places = [held, held.tilt_series_sets[0], held.tilt_series_sets[0].tilt_series[0], held.alignments[0]]
    assert [found.pointer for found in places] == [
        "/regions/0",
        "/regions/0/tilt_series",
        "/regions/0/tilt_series/0",
        "/regions/0/alignments/0",
    ]


def test_parts_of_several_image_sets_are_written_side_by_side() -> None:
    series = [TiltSeriesMicrographStack(id=name) for name in "abc"]
    sets = [
        TomoImageSet(
            tilt_series_sets=[TiltSeriesSet(tilt_series=series[:1]), TiltSeriesSet(tilt_series=series[1:2])]
        ),
        TomoImageSet(name="second", tilt_series_sets=[TiltSeriesSet(id="s", tilt_series=series[2:])]),
    ]
    written = write(DataSet(regions=[Region(id="r", tomo_image_sets=sets)]), B)
    assert [item["id"] for item in written.data["regions"][0]["tilt_series"]] == ["a", "b", "c"]
    assert {(finding.rule, finding.pointer) for finding in written.findings} == {
        ("normalised", "/regions/0"),
        ("not-representable", "/regions/0/tomo_image_sets/1/name"),
        ("not-representable", "/regions/0/tomo_image_sets/1/tilt_series_sets/0/id"),
    }


def test_one_collection_of_movies_is_an_object_and_several_are_a_list() -> None:
    def written(count: int) -> Any:
        collections = [MovieStackCollection() for _ in range(count)]
        sets = [TomoImageSet(movie_stack_collections=collections)]
        return write(DataSet(regions=[Region(id="r", tomo_image_sets=sets)]), B).data["regions"][0]

    assert written(0) == {"id": "r"}
    assert written(1) == {"id": "r", "movie_stack_collection": {}}
    assert written(2) == {"id": "r", "movie_stack_collection": {"movie_stacks": []}}


def test_tomograms_inherit_the_tilt_series_of_their_set() -> None:
    tomograms = [Tomogram(id="a"), Tomogram(id="b", tilt_series_id="other")]
    sets = [TomoImageSet(tomogram_sets=[TomogramSet(tilt_series_id="t", tomograms=tomograms)])]
    written = write(DataSet(regions=[Region(id="r", tomo_image_sets=sets)]), B)
    assert [item["tilt_series_id"] for item in written.data["regions"][0]["tomograms"]] == ["t", "other"]
    assert tomograms[0].tilt_series_id is None and written.findings == ()


def test_annotations_of_a_tomogram_move_to_the_region_and_name_it() -> None:
    tomogram = Tomogram(annotations=[PointSet(id="p", coordinates=[[1, 2, 3]]), Text(description="left out")])
    sets = [TomoImageSet(tomogram_sets=[TomogramSet(tomograms=[tomogram])])]
    written = write(DataSet(regions=[Region(id="r", tomo_image_sets=sets)]), B)
    (held,) = written.data["regions"]
    assert held["tomograms"] == [{"id": "tomogram_0_0_0_0"}]
    assert held["annotations"] == [
        {
            "annotation_type": "point_set_3D",
            "id": "p",
            "source_tomogram_id": "tomogram_0_0_0_0",
            "origin3D": [[1.0, 2.0, 3.0]],
        }
    ]
    place = "/regions/0/tomo_image_sets/0/tomogram_sets/0/tomograms/0"
    assert sorted((finding.rule, finding.pointer) for finding in written.findings) == [
        ("minted-id", place),
        ("normalised", f"{place}/annotations/0"),
        ("not-representable", f"{place}/annotations"),
    ]


def test_a_reference_to_a_place_becomes_the_id_made_for_what_is_there() -> None:
    series = "#/regions/0/tomo_image_sets/0/tilt_series_sets/0/tilt_series/0"
    held = TomoImageSet(
        tilt_series_sets=[TiltSeriesSet(tilt_series=[TiltSeriesMicrographStack()])],
        tomogram_sets=[
            TomogramSet(
                tomograms=[
                    Tomogram(id="a", tilt_series_id=series),
                    Tomogram(id="b", tilt_series_id="#/regions/7"),
                    Tomogram(id="c", tilt_series_id=f"#/regions/{'9' * 5_000}"),
                ]
            )
        ],
    )
    written = write(DataSet(regions=[Region(id="r", tomo_image_sets=[held])]), B).data["regions"][0]
    assert written["tilt_series"] == [{"id": "tilt_series_0_0_0_0"}]
    names = [tomogram["tilt_series_id"] for tomogram in written["tomograms"]]
    assert names[:2] == ["tilt_series_0_0_0_0", "#/regions/7"]
