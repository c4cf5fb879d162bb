"""Columns of positions by the names of axes: a coordinate system may list them as z, y, x."""

from collections.abc import Sequence
from typing import Any, TypeVar

from cetsgraph.model import Geometry

__all__ = ["along_axes", "axes_of"]

_Shape = TypeVar("_Shape", bound=Geometry)
_AXES = "xyz"
_ROWS = ("coordinates", "vectors", "dimensions")


def axes_of(annotation: Geometry, count: int) -> list[int]:
    """Which axis each column is: by the names of its one coordinate system, or x, y, z in order.

    >>> from cetsgraph.model import Axis, CoordinateSystem, PointSet
    >>> system = CoordinateSystem(axes=[Axis(name=name) for name in "zyx"])
    >>> axes_of(PointSet(coordinate_systems=[system]), 3), axes_of(PointSet(), 3)
    ([2, 1, 0], [0, 1, 2])
    """
    systems = annotation.coordinate_systems
    axes = systems[0].axes if len(systems) == 1 else []
    ends = [(axis.name or "")[-1:].lower() for axis in axes]
    known = sorted(ends) == sorted(_AXES[:count])
    return [_AXES.index(end) for end in ends] if known else list(range(count))


def along_axes(annotation: _Shape) -> _Shape:
    """An annotation whose rows and matrices are along X, Y and Z, in that order.

    >>> from cetsgraph.model import Axis, CoordinateSystem, PointSet
    >>> system = CoordinateSystem(axes=[Axis(name=name) for name in "zyx"])
    >>> along_axes(PointSet(coordinates=[[3.0, 2.0, 1.0]], coordinate_systems=[system])).coordinates
    [[1.0, 2.0, 3.0]]
    """
    count = len(annotation.coordinate_systems[0].axes) if annotation.coordinate_systems else 0
    axes = axes_of(annotation, count)
    if axes == sorted(axes):
        return annotation
    order = [axes.index(axis) for axis in range(count)]
    made: dict[str, Any] = {}
    for name in _ROWS:
        rows: Sequence[Sequence[float]] | None = annotation.__dict__.get(name)
        if rows and all(len(row) == count for row in rows):
            made[name] = [[row[column] for column in order] for row in rows]
    turned: Sequence[Sequence[Sequence[float]]] | None = annotation.__dict__.get("rotations")
    if turned and all(len(one) == count for one in turned):
        made["rotations"] = [[[one[i][j] for j in order] for i in order] for one in turned]
    return annotation.model_copy(update=made)
