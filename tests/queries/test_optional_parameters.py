"""Parameters that can be left out, on the examples: rows worked out from the documents."""

from typing import Any

import pytest
from queries.example_documents import (
    CELL_TOMOGRAM,
    HIV_TOMOGRAMS,
    MAP_TOMOGRAM,
    RUN_TOMOGRAMS,
    VLP_TOMOGRAM,
)

from cetsgraph import queries
from cetsgraph.store import LocalStore

HIV_TOMOGRAM, RUN_TOMOGRAM = f"{HIV_TOMOGRAMS}/TS_01_10.8A", f"{RUN_TOMOGRAMS}/18956"
OTHER_VLP_TOMOGRAM = VLP_TOMOGRAM.replace("region/~0", "region/~2")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # Points of the 10.8 Å tomogram are 4 hexamers and a centre; those of a set of particles are 2.
        (
            {},
            {CELL_TOMOGRAM: 9, VLP_TOMOGRAM: 7, RUN_TOMOGRAM: 6, HIV_TOMOGRAM: 5, MAP_TOMOGRAM: 2},
        ),
        ({"minimum": 7}, {CELL_TOMOGRAM: 9, VLP_TOMOGRAM: 7}),
        ({"method": "automated"}, {HIV_TOMOGRAM: 4, RUN_TOMOGRAM: 2}),
        # The particles are in a set that was made in both ways; no particle says so itself.
        ({"method": ["hybrid", "manual"]}, {MAP_TOMOGRAM: 2, RUN_TOMOGRAM: 4}),
        ({"ground_truth": True}, {RUN_TOMOGRAM: 4}),
        ({"ground_truth": False}, {HIV_TOMOGRAM: 4, RUN_TOMOGRAM: 2}),
        ({"software": "PYTOM"}, {HIV_TOMOGRAM: 4}),
        ({"author": "ada"}, {HIV_TOMOGRAM: 4}),
        ({"author": "0000-0002-1825-0097"}, {}),  # of the data set, not of the annotation
        (
            {"smallest_voxels": 10.8, "largest_voxels": 13.7},
            {CELL_TOMOGRAM: 9, VLP_TOMOGRAM: 7, HIV_TOMOGRAM: 5},
        ),
        ({"largest_voxels": 4.99}, {RUN_TOMOGRAM: 6, MAP_TOMOGRAM: 2}),
        ({"object": "capsid hexamers", "smallest_voxels": 5}, {VLP_TOMOGRAM: 3, HIV_TOMOGRAM: 4}),
        ({"object": "GO:0070288", "ground_truth": True, "minimum": 2}, {RUN_TOMOGRAM: 2}),
        ({"object": "GO:0070288", "ground_truth": True, "minimum": 3}, {}),
    ],
)
def test_tomograms_by_point_count(
    examples: LocalStore, given: dict[str, Any], expected: dict[str, int]
) -> None:
    rows = queries.tomograms_by_point_count(examples, **given)
    assert {row.tomogram: row.points for row in rows} == expected
    assert len(rows) == len(expected)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"method": "manual"}, {HIV_TOMOGRAM: 1}),  # the membrane
        ({"method": "hybrid"}, {MAP_TOMOGRAM: 4, RUN_TOMOGRAM: 2}),  # a set with its text and particles
        ({"ground_truth": True, "object": "membrane"}, {HIV_TOMOGRAM: 1}),
        ({"object": "membrane", "software": "membrain"}, {RUN_TOMOGRAM: 1}),
        ({"object": "membrane", "smallest_voxels": 5}, {HIV_TOMOGRAM: 1}),
        ({"minimum": 9}, {VLP_TOMOGRAM: 14, OTHER_VLP_TOMOGRAM: 9, CELL_TOMOGRAM: 11}),
        ({"author": "Ada Example"}, {HIV_TOMOGRAM: 1}),
    ],
)
def test_tomograms_by_annotated_object(
    examples: LocalStore, given: dict[str, Any], expected: dict[str, int]
) -> None:
    rows = queries.tomograms_by_annotated_object(examples, **given)
    assert {row.tomogram: row.annotations for row in rows} == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"method": "automated"}, {"apo-ferritin-octopi-1", "capsid hexamers"}),
        ({"object": "Gag polyprotein", "minimum": 2}, {"capsid hexamers"}),
        ({"ground_truth": True}, set()),
        ({"smallest_voxels": 13}, {"ATP synthases", "membrane proteins"}),
        ({"software": "octopi"}, {"apo-ferritin-octopi-1"}),
    ],
)
def test_oriented_particles(examples: LocalStore, given: dict[str, Any], expected: set[str]) -> None:
    rows = queries.oriented_particles(examples, **given)
    assert {row.name for row in rows} == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"object": "membrane"}, [("automated", False, 1), ("manual", True, 1)]),
        (
            {"object": "ice"},
            [("manual", True, 1), (None, None, 1)],
        ),  # a label; a map of a cell
        ({"method": "manual"}, [("manual", True, 1)]),
        ({"ground_truth": True, "smallest_voxels": 10}, [("manual", True, 1)]),
        ({"ground_truth": False}, [("automated", False, 2), ("automated", False, 1)]),
        ({"minimum": 3, "software": "IMOD"}, []),
        ({"author": "Ada"}, [("automated", False, 1)]),
    ],
)
def test_annotations_by_method(
    examples: LocalStore, given: dict[str, Any], expected: list[tuple[Any, ...]]
) -> None:
    rows = queries.annotations_by_method(examples, **given)
    found = [(row.method, row.ground_truth, row.annotations) for row in rows]
    assert sorted(found, key=repr) == sorted(expected, key=repr)
