"""Axes: columns of positions by their names, which may be listed as z, y, x, and the voxels along each."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from cetsgraph.model import CoordinateSystem, Geometry, Raster3D

__all__ = ["along_axes", "axes_named", "axes_of", "columns_of", "counts_voxels", "voxels_along"]

_Shape = TypeVar("_Shape", bound=Geometry)
_AXES = "xyz"
_ROWS = ("coordinates", "vectors", "dimensions")


def axes_named(names: Iterable[str | None]) -> list[int] | None:
    """Which axis each name is, by its end; None where they are not the first axes of X, Y and Z, each once.

    >>> axes_named("zyx"), axes_named(["array/x", "array/Y"]), axes_named(["x", None])
    ([2, 1, 0], [0, 1], None)
    """
    ends = [(name or "")[-1:].lower() for name in names]
    return [_AXES.index(end) for end in ends] if sorted(ends) == sorted(_AXES[: len(ends)]) else None


def columns_of(names: Iterable[str | None]) -> list[int] | None:
    """The columns of X, Y and Z, where axes have these names; None where they stand in order, or are others.

    >>> columns_of("zxy"), columns_of("xyz")
    ([1, 2, 0], None)
    """
    axes = axes_named(names)
    return None if axes is None or axes == sorted(axes) else [axes.index(axis) for axis in sorted(axes)]


def counts_voxels(system: CoordinateSystem) -> bool:
    """Whether all axes of a coordinate system are those of an array.

    >>> from cetsgraph.model import Axis
    >>> counts_voxels(CoordinateSystem(axes=[Axis(axis_type="array")])), counts_voxels(CoordinateSystem())
    (True, False)
    """
    return bool(system.axes) and all(axis.axis_type == "array" for axis in system.axes)


def voxels_along(volume: Raster3D, axis: int) -> tuple[int | None, float | None]:
    """How many voxels a volume has along an axis, and how long each is in Å, as far as that is stated.

    >>> voxels_along(Raster3D(depth=64, voxel_size=10.0), 2), voxels_along(Raster3D(voxel_size_x=5.0), 0)
    ((64, 10.0), (None, 5.0))
    """
    count = (volume.width, volume.height, volume.depth)[axis]
    own = (volume.voxel_size_x, volume.voxel_size_y, volume.voxel_size_z)[axis]
    return count, volume.voxel_size or own


def axes_of(annotation: Geometry, count: int) -> list[int]:
    """Which axis each column is: by the names of its one coordinate system, or x, y, z in order.

    >>> from cetsgraph.model import Axis, CoordinateSystem, PointSet
    >>> system = CoordinateSystem(axes=[Axis(name=name) for name in "zyx"])
    >>> axes_of(PointSet(coordinate_systems=[system]), 3), axes_of(PointSet(), 3)
    ([2, 1, 0], [0, 1, 2])
    """
    axes = axes_named(_names(annotation))
    return axes if axes is not None and len(axes) == count else [*range(count)]


def along_axes(annotation: _Shape) -> _Shape:
    """An annotation whose rows and matrices are along X, Y and Z, in that order.

    >>> from cetsgraph.model import Axis, CoordinateSystem, PointSet
    >>> system = CoordinateSystem(axes=[Axis(name=name) for name in "zyx"])
    >>> along_axes(PointSet(coordinates=[[3.0, 2.0, 1.0]], coordinate_systems=[system])).coordinates
    [[1.0, 2.0, 3.0]]
    """
    order = columns_of(_names(annotation))
    if order is None:
        return annotation
    count = len(order)
    made: dict[str, Any] = {}
    for name in _ROWS:
        rows: Sequence[Sequence[float]] | None = annotation.__dict__.get(name)
        if rows and all(len(row) == count for row in rows):
            made[name] = [[row[column] for column in order] for row in rows]
    turned: Sequence[Sequence[Sequence[float]]] | None = annotation.__dict__.get("rotations")
    if turned and all(len(one) == count for one in turned):
        made["rotations"] = [[[one[i][j] for j in order] for i in order] for one in turned]
    return annotation.model_copy(update=made)


def _names(annotation: Geometry) -> list[str | None]:
    """Names of the axes of its coordinate system, if it has one alone."""
    systems = annotation.coordinate_systems
    return [axis.name for axis in systems[0].axes] if len(systems) == 1 else []
