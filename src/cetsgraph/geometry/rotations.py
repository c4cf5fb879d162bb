"""Rotations of particles: Euler angles as programs write them, and matrices from reference to tomogram."""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cetsgraph.errors import ExtraNotInstalled, ParameterError

if TYPE_CHECKING:
    from scipy.spatial.transform import Rotation

__all__ = ["ANGLES", "angles_of", "matrices_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Euler:
    """How three angles, in degrees, make a rotation; axes in the words of scipy."""

    names: tuple[str, str, str]
    """The program's names of the angles, in the order of its files."""
    axes: str
    """Capitals: the axes turn with the particle. Small letters: they stand still."""
    order: tuple[int, int, int] = (0, 1, 2)
    """Which of the named angles each axis takes."""
    inverse: bool = False
    sign: int = 1


ANGLES = {
    "relion": _Euler(("rot", "tilt", "psi"), "ZYZ", inverse=True),
    "warp": _Euler(("rot", "tilt", "psi"), "ZYZ", inverse=True),
    "dynamo": _Euler(("tdrot", "tilt", "narot"), "zxz", inverse=True),
    "stopgap": _Euler(("phi", "psi", "the"), "zxz", order=(0, 2, 1)),
    "imod": _Euler(("slicer_x", "slicer_y", "slicer_z"), "xyz", sign=-1),  # also PEET
}
"""How angles make a rotation, by program: names of the angles and the order of the axes.

Sources: Heymann, Chagoyen & Belnap 2005 (ZYZ of RELION), dyn2rel (Dynamo), the portal's converters.
"""


def matrices_of(angles: ArrayLike, convention: str) -> Floats:
    """Rotation matrices (N×3×3) of angles (N×3, in degrees), for column vectors: reference into tomogram.

    >>> matrices_of([[90.0, 0.0, 0.0]], "relion")[0].round().tolist()
    [[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]

    Args:
        angles: in the order of the program's files, as `ANGLES` names them.
        convention: one of `ANGLES`.

    Raises:
        ParameterError: there is no such convention, or angles are not N×3 finite numbers.
    """
    euler = _euler(convention)
    given = _finite(angles, (3,))
    turned = _rotation().from_euler(euler.axes, euler.sign * given[:, list(euler.order)], degrees=True)
    return np.asarray((turned.inv() if euler.inverse else turned).as_matrix(), np.float64)


def angles_of(matrices: ArrayLike, convention: str) -> Floats:
    """Angles (N×3, in degrees) of rotation matrices (N×3×3), in the order of the program's files.

    Where the second axis leaves the others undetermined, the last angle is 0.

    >>> angles_of([[[0, 1, 0], [-1, 0, 0], [0, 0, 1]]], "relion").tolist()
    [[90.0, 0.0, 0.0]]

    Raises:
        ParameterError: there is no such convention, or a matrix is no rotation: not 3×3, mirrored, or
            stretched by more than a thousandth.
    """
    euler = _euler(convention)
    given = _finite(matrices, (3, 3))
    _check_rotations(given)
    turned = _rotation().from_matrix(given)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # gimbal lock: said above
        found = (turned.inv() if euler.inverse else turned).as_euler(euler.axes, degrees=True)
    angles: Floats = np.empty((len(given), 3))
    angles[:, list(euler.order)] = euler.sign * found
    return angles + 0.0  # no -0.0


def _rotation() -> "type[Rotation]":
    """The class that turns angles into matrices; it takes 30 MB."""
    try:
        from scipy.spatial.transform import Rotation
    except ModuleNotFoundError as error:
        raise ExtraNotInstalled(package="scipy", extra="frames") from error
    rotation: type[Rotation] = Rotation
    return rotation


def _euler(convention: str) -> _Euler:
    if convention not in ANGLES:
        raise _wrong("convention", repr(convention), ", ".join(ANGLES))
    return ANGLES[convention]


def _finite(numbers: ArrayLike, shape: tuple[int, ...]) -> Floats:
    given = np.asarray(numbers, np.float64)
    if given.shape[1:] != shape or given.ndim != len(shape) + 1:
        raise _wrong("shape", "×".join(map(str, given.shape)), "×".join(["N", *map(str, shape)]))
    if not np.isfinite(given).all():
        row = int(np.argwhere(~np.isfinite(given))[0][0])
        raise _wrong("numbers", f"row {row} has {given[row].tolist()}", "finite numbers")
    return given


def _check_rotations(matrices: Floats) -> None:
    deviation = np.abs(matrices @ matrices.transpose(0, 2, 1) - np.eye(3)).max(axis=(1, 2), initial=0.0)
    wrong = (deviation > 1e-3) | (np.linalg.det(matrices) < 0)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise _wrong("matrices", f"row {row} has {matrices[row].tolist()}", "rotation matrices")


def _wrong(parameter: str, found: str, expected: str) -> ParameterError:
    message = "the rotation cannot be converted"
    return ParameterError(message, query="geometry", parameter=parameter, found=found, expected=expected)
