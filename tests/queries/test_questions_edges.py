"""Answers about data sets that the examples are not: dangling references, ties, gaps, axes that differ."""

from typing import Any

import pytest
from queries.example_documents import IMAGING, SERIES, TOMOGRAM, D, store_of

from cetsgraph import queries
from cetsgraph.archive import put
from cetsgraph.model import DataSet
from cetsgraph.store import LocalStore


def series(*angles: float | None) -> dict[str, Any]:
    return {"micrographs": [{} if angle is None else {"nominal_tilt_angle": angle} for angle in angles]}


@pytest.mark.parametrize(
    ("angles", "scheme"),
    [
        ((), (0, None, None, None)),
        ((None, None), (2, None, None, None)),
        ((5.0,), (1, 5.0, 5.0, None)),
        ((3.0, 0.0), (2, 0.0, 3.0, 3.0)),
        ((3.0, 0.0, 5.0), (3, 0.0, 5.0, 2.5)),  # differences 3 and 2
        ((0.0, 0.0, 0.0, 4.0), (4, 0.0, 4.0, 4.0)),  # three exposures at 0
        ((0.0, 1.0, 1.0, 4.0), (4, 0.0, 4.0, 2.0)),  # 1, 3
        ((-3.0, -3.0, 0.0, 0.0, 3.0, 3.0), (6, -3.0, 3.0, 3.0)),
        ((0.0, 0.05, 3.0, 3.0, 6.0), (5, 0.0, 6.0, 3.0)),  # 0.05° is no step
        (
            (-0.02, 0.05, 2.98, 3.05, 5.98, 6.01),
            (6, -0.02, 6.01, 3.0),
        ),  # between first exposures
        ((0.0, 0.25, 0.5), (3, 0.0, 0.5, 0.25)),
        ((-3.0, 0.0, None, 3.0, 60.0), (5, -3.0, 60.0, 3.0)),
        ((1.0, 2.0, 4.0, 7.0, 11.0), (5, 1.0, 11.0, 2.5)),  # 1, 2, 3, 4
    ],
)
def test_tilt_scheme(angles: tuple[float | None, ...], scheme: tuple[float | None, ...]) -> None:
    with store_of(tilt_series_sets=[{"tilt_series": [series(*angles)]}]) as store:
        (row,) = queries.tilt_schemes(store)
    assert (row.tilts, row.minimum, row.maximum, row.step) == scheme


def test_series_do_not_mix() -> None:
    two = [series(-60.0, -58.0, -56.0), series(0.0, 10.0)]
    with store_of(tilt_series_sets=[{"tilt_series": two}]) as store:
        rows = queries.tilt_schemes(store)
    assert [(row.tilts, row.minimum, row.maximum, row.step) for row in rows] == [
        (3, -60.0, -56.0, 2.0),
        (2, 0.0, 10.0, 10.0),
    ]


def test_dangling_references() -> None:
    imaging = {
        "tilt_series_sets": [{"tilt_series": [{"id": "a", "movie_stack_series_id": "gone"}]}],
        "alignments": [
            {
                "id": "x",
                "tilt_series_id": "a",
                "projection_alignments": [{"id": "p", "tilt_image_id": 'no "image"'}],
            }
        ],
        "tomogram_sets": [
            {
                "tomograms": [
                    {
                        "id": "t",
                        "tilt_series_id": "b",
                        "annotations": [
                            {"type": "Text", "id": "n", "source_tomogram_id": "t", "target_id": "b"}
                        ],
                    }
                ]
            }
        ],
    }
    tomogram = f"{TOMOGRAM}/t"
    alignment = f"{IMAGING}/alignment/x/projection-alignment/p"
    tilt_series = f"{SERIES}/a"
    with store_of(**imaging) as store:
        rows = queries.dangling_references(store)
    assert {(row.dataset, row.object, row.reference, row.id) for row in rows} == {
        (D, tilt_series, "movieStackSeries", "gone"),
        (D, alignment, "tiltImage", 'no "image"'),
        (D, tomogram, "tiltSeries", "b"),
        (D, f"{tomogram}/annotation/n", "target", "b"),
    }


def tomogram(**fields: Any) -> dict[str, Any]:
    return {"tomogram_sets": [{"tomograms": [fields]}]}


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        ({"voxel_size": 13.699999809}, True),
        ({"voxel_size": 13.6999}, False),
        ({}, False),
        ({"voxel_size_x": 13.7, "voxel_size_y": 13.7, "voxel_size_z": 13.7}, True),
        ({"voxel_size_x": 13.7, "voxel_size_y": 13.7, "voxel_size_z": 27.4}, False),
        ({"voxel_size": 13.7, "voxel_size_z": 27.4}, False),
        ({"voxel_size_x": 13.7}, False),
    ],
)
def test_a_voxel_size_is_asked_for_along_each_axis(sizes: dict[str, float], found: bool) -> None:
    with store_of(**tomogram(**sizes)) as store:
        rows = queries.tomograms_by_voxel_size(store, minimum=13.7, maximum=13.7)
    assert len(rows) == found


def test_points_in_nested_sets_are_of_the_outer_object() -> None:
    point = {"type": "Point", "location": {"x": 0.0, "y": 0.0}}
    inner = {"type": "AnnotationSet", "name": "left", "members": [point, point]}
    outer = {"type": "AnnotationSet", "annotated_object": "GO:0005840", "members": [inner, point]}
    with store_of(**tomogram(annotations=[outer, point])) as store:
        for object_, points in (("go:0005840", 3), ("left", 2), (["left", "GO:0005840"], 3)):
            (row,) = queries.tomograms_by_point_count(store, object=object_, minimum=1)
            assert row.points == points


def test_a_mask_alone_is_not_enough() -> None:
    mask = {"type": "SegmentationMask", "path": "m.mrc"}
    empty = {"type": "PointSet", "coordinates": []}
    with store_of(**tomogram(annotations=[mask, empty])) as store:
        assert queries.masks_and_points(store) == []


def test_an_empty_store_has_no_rows() -> None:
    with LocalStore.memory() as store:
        for name in queries.names():
            assert list(store.select(queries.load(name).text)) == [], name


def test_a_data_set_without_a_name_has_the_one_that_it_was_put_under() -> None:
    with LocalStore.memory() as store:
        put(store, DataSet(), name="unnamed")
        (row,) = queries.dataset_summary(store)
    assert (row.name, row.regions, row.triples) == ("unnamed", 0, 2)
