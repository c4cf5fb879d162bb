"""4×4 homogeneous matrices of transformations, for column vectors: r' = A r, and A₂ A₁ applies A₁ first."""

from collections.abc import Sequence
from functools import reduce
from operator import mul

from cetsgraph.model import AxisMapping, Transformation

__all__ = ["IDENTITY", "Matrix", "embedded", "inverse", "matrix_of", "product", "scaling", "shift", "shifted"]

Matrix = list[list[float]]

IDENTITY: Matrix = [[float(row == column) for column in range(4)] for row in range(4)]
_AXES = "xyz"


def matrix_of(transformation: Transformation) -> Matrix | None:
    """The matrix of a transformation of any type, in three dimensions; None if it does not state one.

    A matrix that is stated counts, and not the type beside it.

    >>> matrix_of(Transformation(transformation_type="translation", translation=[1.0, 2.0, 3.0]))
    [[1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 2.0], [0.0, 0.0, 1.0, 3.0], [0.0, 0.0, 0.0, 1.0]]
    """
    matrix = IDENTITY
    if transformation.sequence:
        steps = [matrix_of(step) for step in transformation.sequence]
        known = [step for step in steps if step is not None]
        return reduce(lambda done, step: product(step, done), known) if len(known) == len(steps) else None
    if transformation.matrix is not None:
        stated = embedded(transformation.matrix)
    elif transformation.scale is not None:
        stated = scaling(transformation.scale)
    elif transformation.map_axis:
        stated = _permutation(transformation.map_axis)
    else:
        nothing = transformation.transformation_type != "identity" and transformation.translation is None
        stated = None if nothing else matrix
    if stated is None or transformation.translation is None or any(shift(stated)):
        return stated
    return shifted(stated, transformation.translation)


def embedded(matrix: Sequence[Sequence[float]]) -> Matrix | None:
    """A matrix in three dimensions: linear of 2×2 or 3×3, with a shift of 3×4 or 4×4; None for other shapes.

    >>> embedded([[0.0, -1.0], [1.0, 0.0]])
    [[0.0, -1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    """
    widths = {len(row) for row in matrix}
    if len(widths) != 1 or (len(matrix), *widths) not in _SHAPES:
        return None
    whole = [list(row) for row in IDENTITY]
    for index, row in enumerate(matrix):
        whole[index][: len(row)] = [float(number) for number in row]
    return whole


_SHAPES = {(2, 2), (3, 3), (3, 4), (4, 4)}


def scaling(factors: Sequence[float]) -> Matrix | None:
    """The matrix that multiplies each axis by its factor; one factor is for all axes."""
    if not 1 <= len(factors) <= len(_AXES):
        return None
    each = list(factors) * len(_AXES) if len(factors) == 1 else [*factors, 1.0]
    return [
        [number * factor for number in row] for row, factor in zip(IDENTITY, [*each[:3], 1.0], strict=True)
    ]


def _permutation(pairs: Sequence[AxisMapping]) -> Matrix | None:
    """The matrix that gives axes another order; axes are named by the ends of their names."""
    places = [(_axis(pair.axis2_name), _axis(pair.axis1_name)) for pair in pairs]
    if any(-1 in place for place in places):
        return None
    rows, columns = (set(axes) for axes in zip(*places, strict=True))
    if len(rows) < len(places) or rows != columns:
        return None
    moved = dict(places)
    return [list(IDENTITY[moved.get(row, row)]) for row in range(4)]


def _axis(name: str | None) -> int:
    return _AXES.find(name[-1].lower()) if name else -1


def product(left: Matrix, right: Matrix) -> Matrix:
    """The matrix, of any size, that applies `right`, then `left`."""
    columns = list(zip(*right, strict=True))
    return [[sum(map(mul, row, column)) for column in columns] for row in left]


def shift(matrix: Matrix) -> list[float]:
    """Where a matrix takes the origin."""
    return [row[3] for row in matrix[:3]]


def shifted(matrix: Matrix, by: Sequence[float]) -> Matrix:
    """The matrix with a shift after it; a shift in the plane has no third number."""
    added = [float(number) for number in (*by, 0.0, 0.0, 0.0)[:3]]
    return [[*row[:3], row[3] + extra] for row, extra in zip(matrix, [*added, 0.0], strict=True)]


def inverse(matrix: Matrix) -> Matrix | None:
    """The matrix that takes back; None if there is none, or the last row is not that of an affine matrix."""
    (a, b, c), (d, e, f), (g, h, i) = (row[:3] for row in matrix[:3])
    determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    if determinant == 0 or matrix[3] != IDENTITY[3]:
        return None
    adjugate = [
        [e * i - f * h, c * h - b * i, b * f - c * e],
        [f * g - d * i, a * i - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d],
    ]
    linear = [[number / determinant for number in row] for row in adjugate]
    back = [-sum(map(mul, row, shift(matrix))) for row in linear]
    return [*([*row, start] for row, start in zip(linear, back, strict=True)), list(IDENTITY[3])]
