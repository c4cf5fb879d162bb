"""Answers about tomograms that the examples are not: labels of every kind, gaps, sets that name series."""

from typing import Any

import pytest
from queries.example_documents import SERIES, TOMOGRAM, D, store_of, tilt_series, tuples

from cetsgraph import queries


def tomograms(*made: dict[str, Any], **of_set: Any) -> dict[str, Any]:
    return {"tomogram_sets": [{"tomograms": list(made), **of_set}]}


def point_set(count: int | None = None, **fields: Any) -> dict[str, Any]:
    coordinates = {} if count is None else {"coordinates": [[0.0, 0.0, 0.0]] * count}
    return {"type": "PointSet", **coordinates, **fields}


def a_set(*members: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"type": "AnnotationSet", "members": list(members), **fields}


POINT = {"type": "Point", "location": {"x": 0.0, "y": 0.0}}
PARTICLE = {"location": {"x": 0.0, "y": 0.0}}
RIBOSOME = "GO:0005840"
RIBOSOME_IRI = "http://purl.obolibrary.org/obo/GO_0005840"
MASK = {
    "type": "SegmentationMask",
    "mask_labels": [{"value": 1, "name": "one"}, {"value": 2, "annotated_object": RIBOSOME}],
}


@pytest.mark.parametrize("written", [RIBOSOME, RIBOSOME_IRI, "go:0005840"])
@pytest.mark.parametrize(
    "asked", [RIBOSOME, RIBOSOME_IRI, "Go:0005840", RIBOSOME_IRI.replace("http", "https")]
)
def test_a_term_is_found_however_it_is_written(written: str, asked: str) -> None:
    with store_of(**tomograms({"id": "t", "annotations": [point_set(2, annotated_object=written)]})) as store:
        rows = queries.tomograms_by_annotated_object(store, object=asked)
    assert tuples(rows) == [(D, f"{TOMOGRAM}/t", "t", None, 1, 2)]


@pytest.mark.parametrize(
    ("annotation", "object_", "found"),
    [
        # annotations, points
        (point_set(3, name="Ribosomes"), "riboSOMES", (1, 3)),
        (point_set(3, name="ribosomes"), "ribosome", None),
        (point_set(3, annotated_object_name="80S ribosome"), "80s Ribosome", (1, 3)),
        (point_set(3, description="ribosomes"), "ribosomes", (1, 3)),
        (point_set(3, id="ribosomes"), "ribosomes", None),
        (point_set(0, name="x"), "x", (1, 0)),
        (point_set(name="x"), "x", (1, 0)),
        (POINT | {"name": "x"}, "x", (1, 1)),
        (point_set(3, name="a", annotated_object_name="b"), ["a", "b"], (1, 3)),
        (point_set(3, name="a (b) [c] \\d"), "A (B) [C] \\D", (1, 3)),
        (MASK, "one", (1, 0)),
        (MASK, RIBOSOME, (1, 0)),
        (MASK, ["ONE", RIBOSOME_IRI], (1, 0)),
        (a_set(POINT, point_set(2), MASK, name="x"), "x", (4, 3)),
        (a_set(a_set(POINT, name="inner"), POINT, name="outer"), "outer", (4, 2)),
        (a_set(a_set(POINT, name="inner"), POINT, name="outer"), "inner", (2, 1)),
        (a_set(POINT | {"name": "x"}, POINT, name="x"), "x", (3, 2)),
        (a_set(MASK, name="x"), "one", (1, 0)),
        ({"type": "ParticleSet", "particles": [PARTICLE] * 3, "members": [POINT], "name": "x"}, "x", (5, 4)),
        ({"type": "Sphere", "name": "x"}, "x", (1, 0)),
    ],
)
def test_what_an_object_is_told_by(
    annotation: dict[str, Any], object_: str | list[str], found: tuple[int, int] | None
) -> None:
    with store_of(**tomograms({"name": "x", "annotations": [annotation]}, name="x")) as store:
        rows = queries.tomograms_by_annotated_object(store, object=object_)
    assert [(row.annotations, row.points) for row in rows] == ([found] if found else [])


def test_annotations_of_a_region_are_of_their_source_tomogram() -> None:
    region = {"id": "r", "tomo_image_sets": [tomograms({"id": "t"}, {"id": "u"})]}
    picks = [point_set(2, name="x", source_tomogram_id="t"), point_set(4, name="x")]
    with store_of({"regions": [region | {"annotations": picks}]}) as store:
        rows = queries.tomograms_by_annotated_object(store, object="x")
    assert tuples(rows) == [(D, f"{TOMOGRAM}/t", "t", None, 1, 2)]


@pytest.mark.parametrize(("corrected", "found"), [(True, ["yes"]), (False, ["no"])])
def test_a_tomogram_that_does_not_say_is_neither(corrected: bool, found: list[str]) -> None:
    """That of its tilt series is another statement."""
    series = tilt_series({"id": "a", "ctf_corrected": True})
    made = tomograms(
        {"id": "yes", "ctf_corrected": True},
        {"id": "no", "ctf_corrected": False},
        {"id": "silent", "tilt_series_id": "a"},
    )
    with store_of(**series, **made) as store:
        rows = queries.tomograms_by_ctf_correction(store, corrected=corrected)
    assert [(row.name, row.ctf_corrected) for row in rows] == [(name, corrected) for name in found]


@pytest.mark.parametrize(
    ("halves", "found"),
    [
        ({"even_path": "e", "odd_path": "o"}, True),
        ({"even_path": "e"}, False),
        ({"odd_path": "o"}, False),
        ({"even_path": "e", "odd_path": ""}, False),
        ({}, False),
    ],
)
def test_a_pair_has_both_halves(halves: dict[str, str], found: bool) -> None:
    with store_of(**tilt_series({"id": "a", **halves}), **tomograms({"id": "t", **halves})) as store:
        rows = queries.even_odd_pairs(store)
    kinds = [("TiltSeriesMicrographStack", "a", "e", "o"), ("Tomogram", "t", "e", "o")]
    assert [(row.kind, row.name, row.even_path, row.odd_path) for row in rows] == (kinds if found else [])


@pytest.mark.parametrize(
    ("made", "asked", "expected"),
    [
        # tilt series, tomogram
        (tomograms({"id": "t", "tilt_series_id": "a"}), ["a"], ["at"]),
        (tomograms({"id": "t"}, tilt_series_id="a"), ["a"], ["at"]),
        (tomograms({"id": "t", "tilt_series_id": "a"}, tilt_series_id="a"), ["a"], ["at"]),
        (tomograms({"id": "t"}), ["a"], []),
        (tomograms({"id": "t", "tilt_series_id": "gone"}), ["a"], []),
        (tomograms({"id": "t", "tilt_series_id": "b"}), ["a"], []),
        (
            tomograms({"id": "t", "tilt_series_id": "b"}, {"id": "u"}, tilt_series_id="a"),
            ["a", "b"],
            ["at", "au", "bt"],
        ),
        (
            tomograms(
                {"id": "t", "voxel_size": 10.0, "processing": "raw"},
                {"id": "u", "voxel_size": 10.0, "processing": "denoised"},
                {"id": "v", "voxel_size_x": 2.5},
                {"id": "w", "voxel_size": 10.0, "processing": "raw", "tilt_series_id": "a"},
                tilt_series_id="a",
            ),
            ["a"],
            ["av", "au", "at", "aw"],
        ),
    ],
)
def test_reconstructions_of_series(made: dict[str, Any], asked: list[str], expected: list[str]) -> None:
    with store_of(**tilt_series({"id": "a"}, {"id": "b"}), **made) as store:
        rows = queries.reconstructions_of_series(store, tilt_series=[f"{SERIES}/{id_}" for id_ in asked])
    assert [row.tilt_series[-1] + row.tomogram[-1] for row in rows] == expected


def test_voxel_sizes_of_a_reconstruction() -> None:
    sizes = {"voxel_size": 10.0, "voxel_size_z": 20.0}
    with store_of(**tilt_series({"id": "a"}), **tomograms(sizes, tilt_series_id="a")) as store:
        (row,) = queries.reconstructions_of_series(store, tilt_series=f"{SERIES}/a")
    assert (row.voxel_size_x, row.voxel_size_y, row.voxel_size_z) == (10.0, 10.0, 20.0)
