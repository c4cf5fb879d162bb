"""Coordinates of points and particles, and those outside their tomogram."""

import pytest
from queries.example_documents import (
    CELL_REGION,
    CELL_TOMOGRAM,
    CURATED,
    HIV_TOMOGRAM,
    IMAGING,
    POINT,
    SHIFT,
    SMALL,
    TURN,
    VLP_TOMOGRAM,
    D,
    Row,
    T,
    cell,
    hiv,
    particle,
    store_of,
    tilt_series,
    tuples,
    with_tomogram,
)

from cetsgraph import queries
from cetsgraph.store import LocalStore


def coordinates_of(store: LocalStore, *annotations: str) -> list[Row]:
    return tuples(queries.point_coordinates(store, annotation=annotations))


def test_coordinates_of_several_annotations(examples: LocalStore) -> None:
    region = cell["regions"][0]
    ribosomes, fiducials, proteins, _, synthases, lattice = region["annotations"][:6]
    of_hiv = hiv["regions"][0]["tomo_image_sets"][0]["tomogram_sets"][0]["tomograms"][0]["annotations"][0]
    of_cell, of_hiv_tomogram = [13.7] * 6, [10.8] * 6
    # object, position, coordinates, rotations, vectors, unit, origin, axes, target, Å of the unit, voxel size
    expected = [
        *(
            (
                f"{CELL_REGION}/annotation/{each['id']}",
                position,
                each.get("origin3D") or each["origin2D"],
                each.get("matrix3D") or each.get("matrix2D"),
                each.get("vector3D"),
                "pixel",
                "corner",
                None,
                *where,
            )
            for position, each, where in (
                (4, synthases, (CELL_TOMOGRAM, *of_cell)),
                (1, fiducials, (CELL_REGION, *[None] * 6)),
                (5, lattice, (CELL_REGION, *[None] * 6)),
                (2, proteins, (CELL_TOMOGRAM, *of_cell)),
                (0, ribosomes, (CELL_TOMOGRAM, *of_cell)),
            )
        ),
        (
            f"{HIV_TOMOGRAM}/annotation/hexamers",
            0,
            of_hiv["coordinates"],
            of_hiv["rotations"],
            None,
            "pixel",
            "corner",
            None,
            HIV_TOMOGRAM,
            *of_hiv_tomogram,
        ),
    ]
    asked = [row[0] for row in expected]
    assert coordinates_of(examples, *reversed(asked)) == [(row[0], *row) for row in expected]


TURNED = (
    [0.866025404, -0.5, 0.0, 0.0],
    [0.5, 0.866025404, 0.0, 0.0],
    [0.0, 0.0, 1.0, 0.0],
    [0.0, 0.0, 0.0, 1.0],
)


TURNED_MORE = (
    [0.743144825, -0.669130606, 0.0, 0.0],
    [0.669130606, 0.743144825, 0.0, 0.0],
    [0.0, 0.0, 1.0, 0.0],
    [0.0, 0.0, 0.0, 1.0],
)


PARTICLES = f"{VLP_TOMOGRAM}/annotation/~6"


VLPS = f"{VLP_TOMOGRAM}/annotation/~5"


OF_VLP = (None, "angstrom", "centre", None, VLP_TOMOGRAM, 1.0, 1.0, 1.0, 10.8, 10.8, 10.8)


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (
            PARTICLES,
            [
                (f"{PARTICLES}/particle/~0", 0, [[512.5, -340.2, 61.0]], [list(TURNED)], *OF_VLP),
                (f"{PARTICLES}/particle/~1", 1, [[548.1, -402.7, 74.6]], [list(TURNED_MORE)], *OF_VLP),
                (f"{PARTICLES}/particle/~2", 2, [[590.9, -310.4, 32.8]], None, *OF_VLP),
            ],
        ),
        (
            f"{PARTICLES}/particle/~1",
            [(f"{PARTICLES}/particle/~1", 1, [[548.1, -402.7, 74.6]], [list(TURNED_MORE)], *OF_VLP)],
        ),
        (
            VLPS,
            [
                (f"{VLPS}/member/~0", 0, [[430.0, -290.0, 20.0]], None, *OF_VLP),
                (f"{VLPS}/member/~1", 1, [[-1150.0, 760.0, -35.0]], None, *OF_VLP),
                (f"{VLPS}/member/~2", 2, [[2510.0, 1930.0, 12.0]], None, *OF_VLP),
            ],
        ),
        (
            f"{VLP_TOMOGRAM}/annotation/~4",
            [(f"{VLP_TOMOGRAM}/annotation/~4", 4, [[-1203.4, 880.1, 310.5]], None, *OF_VLP)],
        ),
        (
            f"{HIV_TOMOGRAM}/annotation/particle-1",
            [
                (
                    f"{HIV_TOMOGRAM}/annotation/particle-1/member/centre",
                    2,
                    [[43.0, -29.0, 2.0]],
                    None,
                    None,
                    "nanometre",
                    "centre",
                    None,
                    HIV_TOMOGRAM,
                    *[10.0] * 3,
                    *[10.8] * 3,
                )
            ],
        ),
        (f"{VLP_TOMOGRAM}/annotation/~2", []),  # a sphere
        (f"{D}/nowhere", []),
    ],
)
def test_coordinates_of_points_and_particles(
    examples: LocalStore, annotation: str, expected: list[Row]
) -> None:
    assert coordinates_of(examples, annotation) == [(annotation, *row) for row in expected]


def test_coordinates_to_be_curated(curated: LocalStore) -> None:
    def row(position: int, name: str, coordinates: list[list[float]], unit: str, angstrom: float) -> Row:
        iri = f"{SMALL}/annotation/{name}"
        where = (unit, "corner", None, SMALL, *[angstrom] * 3, *[10.0] * 3)
        return (iri, iri, position, coordinates, None, None, *where)

    names = [f"{SMALL}/annotation/{name}" for name in ("outside", "lost", "inside")]
    assert coordinates_of(curated, *names) == [
        row(1, "inside", [[10.0] * 3, [990.0, 790.0, 490.0]], "angstrom", 1.0),
        row(2, "lost", [[1.0] * 3], "pixel", 10.0),
        row(0, "outside", [[50.0, 40.0, 25.0], [130.0, 40.0, 60.0]], "pixel", 10.0),
    ]


@pytest.mark.parametrize(
    ("unit", "tomogram", "angstrom"),
    [
        ("angstrom", {"voxel_size": 8.0}, (1.0, 1.0, 1.0)),
        ("angstrom", {}, (1.0, 1.0, 1.0)),
        ("nanometre", {}, (10.0, 10.0, 10.0)),
        ("pixel", {"voxel_size": 8.0}, (8.0, 8.0, 8.0)),
        ("pixel", {"voxel_size_x": 8.0, "voxel_size_z": 9.0}, (8.0, None, 9.0)),
        ("pixel", {}, (None, None, None)),
        (None, {"voxel_size": 8.0}, (None, None, None)),
    ],
)
def test_length_of_the_unit(unit: str | None, tomogram: dict[str, float], angstrom: Row) -> None:
    points = {"type": "PointSet", "id": "a", "unit": unit, "coordinates": [[1.0, 2.0, 3.0]]}
    with store_of(**with_tomogram(points, {**POINT, "id": "b", "unit": unit}, **tomogram)) as store:
        rows = queries.point_coordinates(store, annotation=[f"{T}/annotation/{name}" for name in "ab"])
    assert [(row.angstrom_x, row.angstrom_y, row.angstrom_z) for row in rows] == [angstrom] * 2


@pytest.mark.parametrize(
    ("image", "angstrom"),
    [
        ({"pixel_size": 1.25}, (1.25, 1.25, None)),
        ({"pixel_size_x": 1.25, "pixel_size_y": 1.5}, (1.25, 1.5, None)),
        ({}, (None, None, None)),
    ],
)
def test_points_of_a_tilt_image(image: dict[str, float], angstrom: Row) -> None:
    annotations = [
        {"type": "PointSet", "id": "a", "unit": "pixel", "dimension": 2, "coordinates": [[1.0, 2.5]]},
        {"type": "Point", "id": "b", "unit": "pixel", "dimension": 2, "location": {"x": -1.5, "y": 2e-7}},
    ]
    series = {"id": "s", "micrographs": [{"id": "i", **image, "annotations": annotations}]}
    with store_of(**tilt_series(series)) as store:
        iri = f"{IMAGING}/tilt-series-set/~0/tilt-series/s/micrograph/i"
        rows = queries.point_coordinates(store, annotation=[f"{iri}/annotation/{name}" for name in "ab"])
    assert [row.coordinates for row in rows] == [[[1.0, 2.5]], [[-1.5, 2e-7]]]
    for row in rows:
        assert (row.angstrom_x, row.angstrom_y, row.angstrom_z) == angstrom
        assert (row.target, row.voxel_size_x, row.voxel_size_y) == (iri, None, None)


def test_a_sub_tomogram_is_no_point() -> None:
    boxes = [{"id": "boxes", "sub_tomograms": [{"id": "box", "location": POINT["location"]}]}]
    with store_of(**with_tomogram(voxel_size=8.0, sub_tomogram_sets=boxes)) as store:
        assert coordinates_of(store, f"{T}/sub-tomogram-set/boxes/sub-tomogram/box") == []


def test_two_transformations_are_no_rotation() -> None:
    particles = [{"id": "two", **particle(TURN, SHIFT)}, {"id": "shift", **particle(SHIFT)}]
    with store_of(**with_tomogram({"type": "ParticleSet", "id": "a", "particles": particles})) as store:
        rows = queries.point_coordinates(store, annotation=f"{T}/annotation/a")
    assert [(row.position, row.rotations) for row in rows] == [(0, None), (1, None)]


def test_points_outside_tomogram(examples: LocalStore, curated: LocalStore) -> None:
    assert tuples(queries.points_outside_tomogram(examples)) == []
    outside = f"{SMALL}/annotation/outside"
    # 130 pixels of 10 Å from the corner of 100, and 60 of 50
    assert tuples(queries.points_outside_tomogram(curated)) == [
        (CURATED, outside, "ribosomes", 2, SMALL, "X", 0.0, 800.0, 500.0, 300.0),
        (CURATED, outside, "ribosomes", 2, SMALL, "Z", 0.0, 350.0, 250.0, 100.0),
    ]


SIZES = {"width": 100, "height": 60, "depth": 40, "voxel_size": 10.0}


@pytest.mark.parametrize(
    ("unit", "origin", "point", "expected"),
    [
        ("angstrom", "centre", (500.0, -300.0, 200.0), []),  # at the border
        ("angstrom", "centre", (510.0, -310.0, -210.0), []),  # by one voxel
        ("angstrom", "centre", (510.1, 0.0, 0.0), [("X", 510.1, 10.1)]),
        ("angstrom", "centre", (-510.1, 0.0, 0.0), [("X", -510.1, 10.1)]),
        (
            "angstrom",
            "centre",
            (0.0, -311.0, 220.0),
            [("Y", -311.0, 11.0), ("Z", 220.0, 20.0)],
        ),
        ("nanometre", "centre", (51.0, 31.0, 21.0), []),
        ("nanometre", "centre", (52.0, 0.0, 0.0), [("X", 520.0, 20.0)]),
        ("pixel", "centre", (50.0, -31.0, 21.0), []),
        ("pixel", "centre", (0.0, 0.0, 22.0), [("Z", 220.0, 20.0)]),
        ("pixel", "corner", (0.0, 60.0, -1.0), []),
        ("pixel", "corner", (101.0, 61.0, 41.0), []),
        (
            "pixel",
            "corner",
            (102.0, -2.0, 0.0),
            [("X", 520.0, 20.0), ("Y", -320.0, 20.0)],
        ),
        ("angstrom", "corner", (1000.0, 0.0, -10.0), []),
        ("angstrom", "corner", (1020.0, 0.0, 0.0), [("X", 520.0, 20.0)]),
        ("nanometre", "corner", (0.0, 62.0, 0.0), [("Y", 320.0, 20.0)]),
        ("pixel", "centre", (0.0, 40.0), [("Y", 400.0, 100.0)]),  # of a slice
        (None, "centre", (1e6, 0.0, 0.0), []),
        ("pixel", None, (1e6, 0.0, 0.0), []),
    ],
)
def test_where_a_point_is_outside(
    unit: str | None, origin: str | None, point: tuple[float, ...], expected: list[tuple[str, float, float]]
) -> None:
    inside = [25.0] * len(point) if origin == "corner" else [0.0] * len(point)
    points = {"type": "PointSet", "unit": unit, "origin": origin, "coordinates": [list(point), inside]}
    with store_of(**with_tomogram(points, **SIZES)) as store:
        rows = queries.points_outside_tomogram(store)
    assert [(row.axis, row.points, row.half_length) for row in rows] == [
        (axis, 2, {"X": 500.0, "Y": 300.0, "Z": 200.0}[axis]) for axis, _, _ in expected
    ]
    for row, (_, farthest, outside) in zip(rows, expected, strict=True):
        assert max(row.smallest, row.largest, key=abs) == farthest
        assert row.outside == pytest.approx(outside, rel=1e-9)


@pytest.mark.parametrize("size", [13.7, 10.012, 4.99, 1.35])
@pytest.mark.parametrize("count", [100, 101, 630])
def test_one_voxel_outside_is_not_outside_for_rounding(size: float, count: int) -> None:
    points = {"type": "PointSet", "unit": "pixel", "origin": "corner"}
    both = [{**points, "id": name, "coordinates": [[at] * 3]} for name, at in (("a", -1), ("b", -2))]
    sizes = {"width": count, "height": count, "depth": count, "voxel_size": size}
    with store_of(**with_tomogram(*both, **sizes)) as store:
        rows = queries.points_outside_tomogram(store)
    assert [(row.name, row.axis) for row in rows] == [("b", axis) for axis in "XYZ"]


@pytest.mark.parametrize(
    ("tomogram", "axes"),
    [
        ({"width": 10, "height": 10, "depth": 10, "voxel_size": 1.0}, "XYZ"),
        ({"width": 10, "height": 10, "depth": 10}, ""),
        ({"width": 10, "depth": 10, "voxel_size": 1.0}, "XZ"),
        ({"width": 10, "height": 10, "depth": 10, "voxel_size_x": 1.0, "voxel_size_z": 1.0}, "XZ"),
        ({"width": 10, "height": 500, "depth": 10, "voxel_size_x": 1.0, "voxel_size_y": 1.0}, "X"),
        ({"voxel_size": 1.0}, ""),
    ],
)
def test_axes_along_which_a_tomogram_has_an_end(tomogram: dict[str, float], axes: str) -> None:
    for kind in ("PointSet", "SphereSet"):
        points = {"type": kind, "unit": "angstrom", "origin": "centre", "coordinates": [[99.0] * 3]}
        with store_of(**with_tomogram(points, **tomogram)) as store:
            rows = queries.points_outside_tomogram(store)
        assert [row.axis for row in rows] == list(axes)
