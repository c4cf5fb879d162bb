"""Checks on matrices and shapes, on random and on extreme numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cetsgraph.graph.placement import Placement
from cetsgraph.model import (
    Annotation,
    DataSet,
    FitMap,
    PointSet,
    Region,
    SphereSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
    Transformation,
)
from cetsgraph.validation.checks import CHECKS

ANGLES = st.integers(-360_000, 360_000).map(lambda thousandths: thousandths / 1000)
IDENTITY = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]


def product(one: list[list[float]], other: list[list[float]]) -> list[list[float]]:
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*other, strict=True)]
        for row in one
    ]


@st.composite
def rotations(draw: st.DrawFn) -> list[list[float]]:
    """ZYZ Euler angles, as the field writes orientations."""
    result = IDENTITY
    for axis, angle in zip("zyz", draw(st.tuples(ANGLES, ANGLES, ANGLES)), strict=True):
        c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        about = [[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]
        if axis == "y":
            about = [[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]]
        result = product(result, about)
    return result


def rules_broken(annotation: Annotation) -> set[str]:
    """Rules of the checks that an annotation of a tomogram breaks; where a map lands is not asked."""
    tomogram = Tomogram(width=400, height=400, depth=200, voxel_size=10.0, annotations=[annotation])
    images = TomoImageSet(tomogram_sets=[TomogramSet(tomograms=[tomogram])])
    placement = Placement(DataSet(regions=[Region(tomo_image_sets=[images])]))
    return {
        one.rule
        for place in placement.places
        for one in CHECKS
        if one.profile is None and isinstance(place.entity, one.classes) and one.rule != "fitmap-placed"
        if one.given is None or place.entity.__dict__[one.given]
        for _ in one.function(place, placement)
    }


def points(*matrices: list[list[float]]) -> PointSet:
    positions = [[1.0 + index, 2.0, 3.0] for index in range(len(matrices))]
    return PointSet(coordinates=positions, rotations=list(matrices))


def fitted(matrix: list[list[float]], kind: str = "affine") -> FitMap:
    transformation = Transformation.model_validate({"transformation_type": kind, "matrix": matrix})
    return FitMap(path="map.mrc", transformation=transformation)


@given(st.lists(rotations(), min_size=1, max_size=5))
def test_rotations_are_accepted(matrices: list[list[list[float]]]) -> None:
    assert rules_broken(points(*matrices)) == set()


@given(rotations(), st.integers(0, 2), st.floats(1.0021, 1e6))
def test_a_row_of_another_length_is_no_rotation(matrix: list[list[float]], row: int, factor: float) -> None:
    matrix[row] = [value * factor for value in matrix[row]]
    assert rules_broken(points(IDENTITY, matrix)) == {"matrix-rotation"}


@given(rotations(), st.integers(0, 2))
def test_a_mirror_is_no_rotation(matrix: list[list[float]], row: int) -> None:
    matrix[row] = [-value for value in matrix[row]]
    assert rules_broken(points(matrix)) == {"matrix-rotation"}


@given(rotations(), st.tuples(*[st.floats(-1e7, 1e7)] * 3), st.floats(1e-6, 1e6))
def test_a_placement_can_be_inverted_however_far_it_shifts(
    matrix: list[list[float]], shift: tuple[float, float, float], scale: float
) -> None:
    """A shift of thousands of Å, and a scale from pixels to metres, make no matrix singular."""
    rows = [[*(scale * value for value in row), step] for row, step in zip(matrix, shift, strict=True)]
    assert rules_broken(fitted([*rows, [0.0, 0.0, 0.0, 1.0]])) == set()


@given(rotations(), st.integers(0, 2), st.floats(1e-3, 1e3))
def test_rows_that_depend_on_each_other_have_no_inverse(
    matrix: list[list[float]], row: int, factor: float
) -> None:
    matrix[row] = [value * factor for value in matrix[(row + 1) % 3]]
    assert rules_broken(fitted(matrix)) == {"matrix-affine"}


@pytest.mark.parametrize(
    ("matrix", "kind", "broken"),
    [
        pytest.param(IDENTITY, "rotation", set(), id="identity"),
        pytest.param([[0, -1, 0], [1, 0, 0], [0, 0, 1]], "rotation", set(), id="quarter turn"),
        pytest.param(
            [[0.707, -0.707, 0], [0.707, 0.707, 0], [0, 0, 1]], "rotation", set(), id="three decimals"
        ),
        pytest.param(
            [[0.71, -0.71, 0], [0.71, 0.71, 0], [0, 0, 1]], "rotation", {"matrix-rotation"}, id="two decimals"
        ),
        pytest.param([[1, 0, 0], [0, 1, 0], [0, 0, -1]], "affine", set(), id="mirror called affine"),
        pytest.param([[1, 0, 0], [0, 1, 0], [5, 5, 1]], "affine", set(), id="3×3 in a volume is linear"),
        pytest.param([[5e-324, 0, 0], [0, 1, 0], [0, 0, 1]], "affine", set(), id="smallest double"),
        pytest.param([[1e308, 0, 0], [0, 1, 0], [0, 0, 1]], "affine", set(), id="largest doubles"),
        pytest.param(
            [[1e308] * 3] * 3, "rotation", {"matrix-affine", "matrix-rotation"}, id="huge and equal"
        ),
        pytest.param([[0, 0, 0], [0, 1, 0], [0, 0, 1]], "affine", {"matrix-affine"}, id="row of zeros"),
        pytest.param([[1, 0], [0, 1]], "affine", {"matrix-shape"}, id="2×2 in a volume"),
        pytest.param([[1, 0, 0], [0, 1], [0, 0, 1]], "affine", {"matrix-shape"}, id="ragged"),
        pytest.param([[1, 0, 0, 5], [0, 1, 0, 5], [0, 0, 1, 5]], "affine", {"matrix-shape"}, id="3×4"),
        pytest.param(
            [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [5, 5, 5, 1]],
            "affine",
            {"matrix-affine"},
            id="row vectors",
        ),
    ],
)
def test_matrices_by_hand(matrix: list[list[float]], kind: str, broken: set[str]) -> None:
    assert rules_broken(fitted([list(map(float, row)) for row in matrix], kind)) == broken


@given(st.integers(1, 20), st.integers(1, 20))
def test_arrays_have_one_length(centres: int, radii: int) -> None:
    spheres = SphereSet(coordinates=[[1.0, 2.0, 3.0]] * centres, radii=[5.0] * radii)
    assert rules_broken(spheres) == (set() if centres == radii else {"array-lengths"})


@given(st.lists(st.floats(-10, 10), min_size=1))
def test_radii_are_above_zero(radii: list[float]) -> None:
    spheres = SphereSet(coordinates=[[1.0, 2.0, 3.0]] * len(radii), radii=radii)
    assert rules_broken(spheres) == ({"shape-positive"} if min(radii) <= 0 else set())
