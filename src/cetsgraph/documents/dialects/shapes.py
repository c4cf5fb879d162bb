"""Shapes as dialect A has them, one by one with corners and centre lines, and as rows, as dialect B has them.

The position of a box is its centre; a cylinder of a set starts at the set's origin.
"""

from collections.abc import Iterator, Sequence
from math import isclose
from typing import Any

from cetsgraph.graph.extent import numbers_of
from cetsgraph.graph.fitted_maps import PLACEMENT
from cetsgraph.graph.matrices import matrix_of, shift
from cetsgraph.model import Coordinates, Cuboid, CuboidSet, Cylinder, CylinderSet, Transformation, Vector

__all__ = ["SCORE", "at", "box", "centre_line", "cuboids", "cylinders", "placed_at"]

SCORE = "figure_of_merit"
"""Field of a particle, and name of the column that has it in a set of points."""

Numbers = Sequence[float]
_SAME = 1e-9  # of the size of a box


def at(numbers: Numbers) -> Coordinates:
    """The position of two or three numbers."""
    x, y, *z = numbers
    return Coordinates(x=x, y=y, z=z[0] if z else None)


def box(cuboid: Cuboid) -> tuple[list[float], list[float]] | None:
    """Centre and lengths of the sides of a box along the axes; None unless its corners are opposite.

    >>> def vector(*end):
    ...     return Vector(start=at([1.0, 1.0]), end=at(end))
    >>> box(Cuboid(v1=vector(3.0, 2.0), v2=vector(-1.0, 0.0)))
    ([1.0, 1.0], [4.0, 2.0])
    """
    vectors = (cuboid.v1, cuboid.v2)
    ends = [[] if one is None else numbers_of(one.end) for one in vectors]
    starts = [[] if one is None else numbers_of(one.start) for one in vectors]
    centre = starts[0]
    if not centre or any(len(numbers) != len(centre) for numbers in (*starts, *ends)):
        return None
    sides = [abs(a - b) for a, b in zip(*ends, strict=True)]
    near = _SAME * max(*sides, *map(abs, centre))
    middle = [(a + b) / 2 for a, b in zip(*ends, strict=True)]
    same = zip(centre * 2, [*starts[1], *middle], strict=True)
    return (centre, sides) if all(isclose(a, b, rel_tol=_SAME, abs_tol=near) for a, b in same) else None


def centre_line(cylinder: Cylinder) -> tuple[list[float], list[float]] | None:
    """Where a cylinder of three dimensions starts, and the vector along it; None if it is not whole."""
    line = cylinder.vector
    start, end = ([], []) if line is None else (numbers_of(line.start), numbers_of(line.end))
    if len(start) != 3 or len(end) != 3:
        return None
    return start, [b - a for a, b in zip(start, end, strict=True)]


def cuboids(found: CuboidSet, centres: Sequence[Coordinates], **counted: Any) -> Iterator[Cuboid | None]:
    """A cuboid for each row of a set of boxes; None for one that is not along the axes, or has no sides."""
    sides = found.dimensions or []
    for index, centre in enumerate(centres):
        numbers = numbers_of(centre)
        turn = found.rotations[index] if found.rotations else None
        along = _along_axes(turn, sides[index]) if index < len(sides) else None
        if along is None or len(along) != len(numbers):
            yield None
            continue
        ends = [[c + sign * s / 2 for c, s in zip(numbers, along, strict=True)] for sign in (1, -1)]
        v1, v2 = (Vector(start=centre.model_copy(), end=at(end), **counted) for end in ends)
        yield Cuboid(v1=v1, v2=v2, **counted)


def _along_axes(turn: Sequence[Numbers] | None, sides: Numbers) -> list[float] | None:
    """Lengths of the sides of a turned box along the axes; None where these are not its sides."""
    if turn is None:
        return list(sides)
    rows = [[abs(number) for number in row] for row in turn]
    if len(rows) != len(sides) or any(sorted(row) != [0.0] * (len(sides) - 1) + [1.0] for row in rows):
        return None
    return [sum(number * side for number, side in zip(row, sides, strict=True)) for row in rows]


def cylinders(found: CylinderSet, **counted: Any) -> Iterator[Cylinder | None]:
    """A cylinder for each row of a set whose origin a coordinate transformation places; else None."""
    start, radii = _start(found), found.radii or []
    for index, along in enumerate(found.vectors or ()):
        radius = radii[index] if index < len(radii) else None
        if start is None or len(along) != 3 or isinstance(radius, list):
            yield None
            continue
        end = [a + b for a, b in zip(start, along, strict=True)]
        yield Cylinder(vector=Vector(start=at(start), end=at(end), **counted), radius=radius, **counted)


def placed_at(start: Numbers) -> Transformation:
    """The transformation that takes the origin of a set to a position."""
    return Transformation(transformation_type="translation", name=PLACEMENT, translation=[*start])


def _start(found: CylinderSet) -> list[float] | None:
    """Where the one transformation of a set, which only shifts, takes its origin."""
    if [one.name for one in found.coordinate_transformations] != [PLACEMENT]:
        return None
    matrix = matrix_of(found.coordinate_transformations[0])
    if matrix is None or matrix != matrix_of(placed_at(shift(matrix))):
        return None
    return shift(matrix)
