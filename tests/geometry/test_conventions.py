"""Positions and rotations against the formulas of each program, written out here."""

import json
from math import cos, radians, sin
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cetsgraph.errors import ParameterError
from cetsgraph.geometry import (
    ANGLES,
    POSITIONS,
    Grid,
    PositionFrame,
    angles_of,
    convert_matrices,
    convert_positions,
    matrices_of,
)

GRID = Grid((928, 961, 300), (10.0, 10.0, 10.0))
COPICK = Path(__file__).parents[3] / "shared/data/import/picks/copick.json"


def rx(a: float) -> np.ndarray:
    c, s = cos(radians(a)), sin(radians(a))
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def ry(a: float) -> np.ndarray:
    c, s = cos(radians(a)), sin(radians(a))
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def rz(a: float) -> np.ndarray:
    c, s = cos(radians(a)), sin(radians(a))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


FORMULAS = {
    "relion": lambda rot, tilt, psi: (rz(rot) @ ry(tilt) @ rz(psi)).T,
    "warp": lambda rot, tilt, psi: (rz(rot) @ ry(tilt) @ rz(psi)).T,
    "dynamo": lambda tdrot, tilt, narot: rz(-tdrot) @ rx(-tilt) @ rz(-narot),
    "stopgap": lambda phi, psi, the: rz(psi) @ rx(the) @ rz(phi),
    "imod": lambda x, y, z: rz(-z) @ ry(-y) @ rx(-x),
}
angles = st.floats(-720, 720)


def test_every_convention_of_angles_has_a_formula() -> None:
    assert ANGLES.keys() == FORMULAS.keys()


@pytest.mark.parametrize("convention", FORMULAS)
@given(angles, angles, angles)
def test_angles_make_the_matrix_of_the_formula_and_come_back_as_it(
    convention: str, a: float, b: float, c: float
) -> None:
    expected = FORMULAS[convention](a, b, c)
    np.testing.assert_allclose(matrices_of([[a, b, c]], convention)[0], expected, atol=1e-9)
    back = angles_of([expected], convention)
    np.testing.assert_allclose(FORMULAS[convention](*back[0]), expected, atol=1e-6)


@pytest.mark.real_data
def test_relion_angles_make_the_matrices_that_copick_wrote() -> None:
    if not COPICK.exists():
        pytest.skip("../shared/data is not here")
    first = json.loads(COPICK.read_text())["points"][0]
    written = np.array(first["transformation_"])[:3, :3]
    np.testing.assert_allclose(matrices_of([[90, 45, 180]], "relion")[0], written, atol=1e-9)


# Voxel (464, 480, 150) is the centre: the point is ten voxels from it along X, and -1 along Z.
ONE_POINT = {
    "centred": (100, 0, -10),
    "corner": (4740, 4800, 1490),
    "voxel": (474, 480, 149),
    "portal": (474, 480, 149),
    "stopgap": (474, 480, 149),
    "imod": (474, 480, 149),
    "dynamo": (475, 481, 150),
    "relion": (100, 0, -10),
    "relion4": (1896, 1920, 596),
    "warp": (1896, 1920, 596),
}


@pytest.mark.parametrize("target", POSITIONS)
@pytest.mark.parametrize("source", POSITIONS)
def test_one_point_in_every_convention(source: str, target: str) -> None:
    frames = [PositionFrame.of(name, GRID, binning=4) for name in (source, target)]
    np.testing.assert_allclose(
        convert_positions([ONE_POINT[source]], *frames)[0], ONE_POINT[target], atol=1e-9
    )
    placed = np.eye(4)
    placed[:3, 3] = ONE_POINT[source]
    np.testing.assert_allclose(convert_matrices(placed, *frames)[:3, 3], ONE_POINT[target], atol=1e-9)


def test_a_placement_takes_a_point_of_the_map_where_the_converted_one_takes_it() -> None:
    source, target = PositionFrame.of("dynamo", GRID), PositionFrame.of("corner", GRID)
    placement = np.eye(4)
    placement[:3, :3] = rz(30) / 10
    placement[:3, 3] = 475, 481, 150
    point = np.array([7.0, -3.0, 2.0, 1.0])
    expected = convert_positions((placement @ point)[:3], source, target)
    np.testing.assert_allclose((convert_matrices(placement, source, target) @ point)[:3], expected, atol=1e-9)


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        (np.diag([1.0, 1.0, -1.0]), "rotation matrices"),
        (2 * np.eye(3), "rotation matrices"),
        (np.full((3, 3), np.nan), "finite"),
        (np.eye(4), "N×3×3"),
    ],
)
def test_what_is_no_rotation_is_refused(matrix: np.ndarray, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        angles_of([matrix], "relion")


@pytest.mark.parametrize(
    "call", [lambda: PositionFrame.of("relino", GRID), lambda: matrices_of([[0, 0, 0]], "eman")]
)
def test_an_unknown_convention_is_refused_with_those_that_there_are(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ParameterError, match="dynamo"):
        call()
