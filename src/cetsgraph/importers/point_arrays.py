"""Arrays of positions and rotations into point sets, without copies."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cetsgraph.model import PointSet

__all__ = ["fill"]

Floats = NDArray[np.float64]


def fill(points: PointSet, positions: Floats, rotations: Floats | None) -> None:
    """Give points their positions, with six digits, and rotations, with nine; the arrays are changed.

    >>> points = PointSet()
    >>> fill(points, np.array([[1.23456789, 2.0, -1e-9]]), None)
    >>> points.coordinates
    [[1.234568, 2.0, 0.0]]

    Args:
        points: what is filled.
        positions: N×3.
        rotations: N×3×3, if there are some.
    """
    points.coordinates = []  # filled, since what is assigned is copied
    points.coordinates.extend(_rounded(positions, 6))
    if rotations is not None:
        points.rotations = []
        points.rotations.extend(_rounded(rotations, 9))


def _rounded(numbers: Floats, digits: int) -> Iterator[Any]:
    """The rows of an array as data sets have numbers, without negative zeros."""
    np.round(numbers, digits, out=numbers)
    numbers += 0.0
    return (row.tolist() for row in numbers)
