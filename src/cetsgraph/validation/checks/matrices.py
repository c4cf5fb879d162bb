"""Arithmetic on small matrices, and on those of alignments."""

from collections.abc import Sequence
from functools import reduce
from operator import mul

from cetsgraph.graph.matrices import Matrix, matrix_of, product
from cetsgraph.model import ProjectionAlignment

__all__ = ["determinant", "is_turning", "linear_of"]

_ORTHOGONAL = 0.02
_UNTURNED: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]


def determinant(matrix: Sequence[Sequence[float]]) -> float:
    """The determinant of a square matrix, by the first of its rows.

    >>> determinant([[0.0, -1.0], [1.0, 0.0]])
    1.0
    """
    if len(matrix) == 3:  # what nearly all are
        (a, b, c), (d, e, f), (g, h, i) = matrix
        return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    first, *others = matrix
    if not others:
        return first[0]
    minors = ([[*row[:place], *row[place + 1 :]] for row in others] for place in range(len(first)))
    parts = [number * determinant(minor) for number, minor in zip(first, minors, strict=True)]
    return sum(parts[::2]) - sum(parts[1::2])


def linear_of(row: ProjectionAlignment) -> Matrix | None:
    """What the steps of a row do beside shifting, one after another (3×3); None where one states nothing."""
    steps = [matrix_of(step) for step in row.sequence]
    linear = [[numbers[:3] for numbers in step[:3]] for step in steps if step is not None]
    if not steps or len(linear) < len(steps):
        return None
    turning = [step for step in linear if step != _UNTURNED]
    return reduce(lambda done, step: product(step, done), turning) if turning else _UNTURNED


def is_turning(linear: Matrix) -> bool:
    """Whether a matrix (3×3) is a rotation, possibly scaled as a whole."""
    if determinant(linear) <= 0:
        return False
    lengths: list[float] = [sum(map(mul, one, one)) for one in linear]
    pairs = zip(linear, (*linear[1:], linear[0]), strict=True)
    slant: float = max(abs(sum(map(mul, one, other))) for one, other in pairs)
    return max(slant, max(lengths) - min(lengths)) <= _ORTHOGONAL * max(lengths)
