"""Arithmetic on small matrices, and on those of alignments."""

from collections.abc import Sequence
from functools import reduce
from operator import mul

from cetsgraph.graph.matrices import matrix_of, product
from cetsgraph.model import ProjectionAlignment

__all__ = ["Rows", "determinant", "linear_of", "turning_of"]

Rows = list[list[float]]

_ORTHOGONAL = 0.02


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
        result *= rows[i][i]
        for k in range(i + 1, size):
            factor = rows[k][i] / rows[i][i]
            for j in range(i, size):
                rows[k][j] -= factor * rows[i][j]
    return result


def linear_of(row: ProjectionAlignment) -> Rows | None:
    """What the steps of a row do beside shifting, one after another (3×3); None where one states nothing."""
    steps = [matrix_of(step) for step in row.sequence]
    known = [step for step in steps if step is not None]
    if not steps or len(known) < len(steps):
        return None
    whole = reduce(lambda done, step: product(step, done), known)
    return [numbers[:3] for numbers in whole[:3]]


def turning_of(row: ProjectionAlignment) -> Rows | None:
    """The same where it is a rotation, possibly scaled as a whole."""
    linear = linear_of(row)
    if linear is None or determinant(linear) <= 0:
        return None
    lengths = [sum(map(mul, one, one)) for one in linear]
    pairs = zip(linear, (*linear[1:], linear[0]), strict=True)
    slant = max(abs(sum(map(mul, one, other))) for one, other in pairs)
    alike = max(lengths) - min(lengths) <= _ORTHOGONAL * max(lengths)
    return linear if alike and slant <= _ORTHOGONAL * max(lengths) else None
