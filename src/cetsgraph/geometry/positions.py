"""Positions in a tomogram: how programs count them, and from one way to another."""

from dataclasses import dataclass
from typing import Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cetsgraph.errors import ParameterError

__all__ = ["POSITIONS", "PositionFrame", "Grid", "centre_of", "convert_matrices", "convert_positions"]

N = TypeVar("N", int, float)
Floats = NDArray[np.float64]


def centre_of(size: tuple[N, N, N]) -> tuple[N, N, N]:
    """Index of the voxel that is the centre, ⌊N/2⌋ along each axis, counted from 0.

    >>> centre_of((100, 101, 1))
    (50, 50, 0)
    """
    x, y, z = size
    return x // 2, y // 2, z // 2


@dataclass(frozen=True, slots=True)
class Grid:
    """The voxels of a tomogram."""

    size: tuple[int, int, int]
    """Number of voxels along X, Y and Z."""
    voxel: tuple[float, float, float]
    """Length of a voxel along X, Y and Z, in Å."""

    @property
    def centre(self) -> tuple[int, int, int]:
        """Index of the voxel that is the centre, counted from 0."""
        return centre_of(self.size)


@dataclass(frozen=True, slots=True)
class _Counting:
    """How a program counts positions.

    unit: "angstrom", "voxel" of the tomogram, or "pixel" of the tilt images, unbinned.
    first: number of the first voxel; None if positions are counted from the centre.
    """

    unit: str
    first: int | None


POSITIONS = {
    "centred": _Counting("angstrom", None),  # CETS (cryoet-geometry)
    "corner": _Counting("angstrom", 0),  # copick
    "voxel": _Counting("voxel", 0),
    "portal": _Counting("voxel", 0),  # CryoET Data Portal, ndjson
    "stopgap": _Counting("voxel", 0),
    "imod": _Counting("voxel", 0),
    "dynamo": _Counting("voxel", 1),  # MATLAB counts from 1
    "relion": _Counting("angstrom", None),  # RELION 5: rlnCenteredCoordinateXAngst
    "relion4": _Counting("pixel", 0),  # RELION 3 and 4: rlnCoordinateX
    "warp": _Counting("pixel", 0),  # as RELION 3
}
"""How positions are counted, by the name of a convention or program.

Sources: RELION 5 (jaz/tomography/particle_set.cpp), dyn2rel for Dynamo, the portal's schema, copick.
"""


@dataclass(frozen=True, slots=True)
class PositionFrame:
    """A way to count positions in one tomogram: `(position - zero) * step` is in Å from the centre."""

    step: tuple[float, float, float]
    """Length of the unit along X, Y and Z, in Å."""
    zero: tuple[float, float, float]
    """Coordinates of the centre, in the unit."""

    @classmethod
    def of(cls, convention: str, grid: Grid, *, binning: float = 1.0) -> Self:
        """The frame of a convention in a tomogram.

        >>> PositionFrame.of("dynamo", Grid((100, 100, 50), (10.0, 10.0, 10.0)))
        PositionFrame(step=(10.0, 10.0, 10.0), zero=(51.0, 51.0, 26.0))

        Args:
            convention: one of `POSITIONS`.
            grid: the voxels of the tomogram.
            binning: pixels of the tilt images per voxel of the tomogram, for conventions that count these.

        Raises:
            ParameterError: there is no such convention.
        """
        counting = POSITIONS.get(convention)
        if counting is None:
            raise ParameterError(
                "the convention of positions is not known",
                query="geometry",
                parameter="convention",
                found=repr(convention),
                expected=", ".join(POSITIONS),
            )
        x, y, z = grid.voxel
        per_voxel = {"angstrom": (x, y, z), "voxel": (1.0, 1.0, 1.0), "pixel": (binning,) * 3}[counting.unit]
        step = (x / per_voxel[0], y / per_voxel[1], z / per_voxel[2])
        if counting.first is None:
            return cls(step, (0.0, 0.0, 0.0))
        a, b, c = (index * one for index, one in zip(grid.centre, per_voxel, strict=True))
        return cls(step, (a + counting.first, b + counting.first, c + counting.first))

    def to_centred(self, positions: ArrayLike) -> Floats:
        """Positions (…×3) in Å from the centre."""
        return (np.asarray(positions, np.float64) - self.zero) * self.step

    def from_centred(self, positions: ArrayLike) -> Floats:
        """Positions (…×3) that are in Å from the centre, in this frame."""
        return np.asarray(positions, np.float64) / self.step + self.zero

    def matrix(self) -> Floats:
        """The 4×4 matrix that takes positions of this frame to Å from the centre, for column vectors."""
        matrix = np.diag([*self.step, 1.0])
        matrix[:3, 3] = -np.multiply(self.zero, self.step)
        return matrix


def convert_positions(positions: ArrayLike, source: PositionFrame, target: PositionFrame) -> Floats:
    """Positions (…×3) of one frame in another of the same tomogram.

    >>> grid = Grid((100, 100, 50), (10.0, 10.0, 10.0))
    >>> portal, relion = PositionFrame.of("portal", grid), PositionFrame.of("relion", grid)
    >>> convert_positions([[51, 50, 25]], portal, relion).tolist()
    [[10.0, 0.0, 0.0]]
    """
    return target.from_centred(source.to_centred(positions))


def convert_matrices(matrices: ArrayLike, source: PositionFrame, target: PositionFrame) -> Floats:
    """Placements (…×4×4) that lead into one frame, made to lead into another of the same tomogram.

    A placement takes positions of a map into the tomogram, for column vectors; the map's side stays.

    >>> grid = Grid((100, 100, 50), (10.0, 10.0, 10.0))
    >>> shift = [[1, 0, 0, 51], [0, 1, 0, 50], [0, 0, 1, 25], [0, 0, 0, 1]]
    >>> portal, centred = PositionFrame.of("portal", grid), PositionFrame.of("centred", grid)
    >>> convert_matrices(shift, portal, centred)[:3, 3].tolist()
    [10.0, 0.0, 0.0]
    """
    change = np.linalg.solve(target.matrix(), source.matrix())
    return np.asarray(change @ np.asarray(matrices, np.float64), np.float64)
