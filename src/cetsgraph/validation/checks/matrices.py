"""Arithmetic on small matrices."""

from collections.abc import Sequence

__all__ = ["determinant"]


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
