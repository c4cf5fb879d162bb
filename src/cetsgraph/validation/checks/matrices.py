"""Arithmetic on small matrices, and on those of alignments."""

from collections.abc import Sequence
from functools import reduce
from operator import mul

from cetsgraph.graph.matrices import matrix_of, product
from cetsgraph.model import ProjectionAlignment

__all__ = ["Rows", "determinant", "is_turning", "linear_of"]

Rows = list[list[float]]

_ORTHOGONAL = 0.02
_UNTURNED: Rows = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]


def determinant(matrix: Sequence[Sequence[float]]) -> float:
    """The determinant, by elimination with pivots, which keeps its digits.

    >>> determinant([[0.0, -1.0], [1.0, 0.0]])
    1.0
    """
    rows = [list(row) for row in matrix]
    size = len(rows)
    result = 1.0
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        if rows[pivot][i] == 0:
            return 0.0
        if pivot != i:
            rows[i], rows[pivot] = rows[pivot], rows[i]
            result = -result
        top = rows[i][i:]
        result *= top[0]
        for row in rows[i + 1 :]:
            if row[i]:
                factor = row[i] / top[0]
                row[i:] = [a - factor * b for a, b in zip(row[i:], top, strict=True)]
    return result


def linear_of(row: ProjectionAlignment) -> Rows | None:
    """What the steps of a row do beside shifting, one after another (3×3); None where one states nothing."""
    steps = [matrix_of(step) for step in row.sequence]
    linear = [[numbers[:3] for numbers in step[:3]] for step in steps if step is not None]
    if not steps or len(linear) < len(steps):
        return None
    turning = [step for step in linear if step != _UNTURNED]
    return reduce(lambda done, step: product(step, done), turning) if turning else _UNTURNED


def is_turning(linear: Rows) -> bool:
    """Whether a matrix (3×3) is a rotation, possibly scaled as a whole."""
    if determinant(linear) <= 0:
        return False
    lengths: list[float] = [sum(map(mul, one, one)) for one in linear]
    pairs = zip(linear, (*linear[1:], linear[0]), strict=True)
    slant: float = max(abs(sum(map(mul, one, other))) for one, other in pairs)
    return max(slant, max(lengths) - min(lengths)) <= _ORTHOGONAL * max(lengths)
