"""How many dimensions an object has, and which positions: what checks ask of shapes."""

from collections.abc import Iterator
from functools import cache

from cetsgraph.graph.placement import Place
from cetsgraph.model import (
    Coordinates,
    Entity,
    Geometry,
    Raster2D,
    Raster3D,
    Transformation,
)

__all__ = ["dimension_of", "in_context", "points_of"]


def dimension_of(entity: Entity) -> int | None:
    """2 or 3 for images, shapes and points; None where nothing says."""
    if isinstance(entity, Geometry):
        shape: Entity = entity
        return entity.dimension or _of_positions(shape) or _of_mask(shape)
    if isinstance(entity, Raster3D):
        return 3
    if isinstance(entity, Raster2D):
        return 2
    return None


def in_context(place: Place) -> int | None:
    """The dimension of the object that a transformation belongs to."""
    holder = place.parent
    while holder is not None and isinstance(holder.entity, Transformation | Coordinates):
        holder = holder.parent
    return None if holder is None else dimension_of(holder.entity)


def points_of(shape: Geometry) -> Iterator[tuple[Geometry, str, int | None, Coordinates]]:
    """The single positions of a shape and of the shapes within it, without what annotates them: each with
    its shape, the field, and the place in a list."""
    for field in _parts_of(type(shape)):
        value = shape.__dict__[field]
        many = isinstance(value, list)
        for index, child in enumerate(value if many else (value,)):
            if isinstance(child, Coordinates):
                yield shape, field, index if many else None, child
            elif isinstance(child, Geometry):
                yield from points_of(child)


@cache
def _parts_of(cls: type[Geometry]) -> tuple[str, ...]:
    return tuple(field for field in _PARTS if field in cls.model_fields)


_PARTS = (
    *("location", "center", "start", "end", "waist_point", "points"),
    *("vector", "v1", "v2", "base", "cut_outs", "surface"),
)
"""Fields of shapes with positions, and with other shapes."""


def _of_positions(entity: Entity) -> int | None:
    for name in ("coordinates", "vectors", "dimensions"):
        rows = getattr(entity, name, None)
        if isinstance(rows, list) and rows and len(rows[0]) in (2, 3):
            return len(rows[0])
    if getattr(entity, "rotations", None) and not isinstance(entity, Raster3D):
        size = len(entity.__dict__["rotations"][0])
        return size if size in (2, 3) else None
    for name in ("location", "start", "center"):
        position = getattr(entity, name, None)
        if isinstance(position, Coordinates):
            return 2 if position.z is None else 3
    return None


def _of_mask(entity: Entity) -> int | None:
    """Masks can be of either: those that say a depth are volumes. A fitted map always is one."""
    values = entity.__dict__
    if "depth" not in values:
        return None
    if "pixel_size" not in values or values["depth"] is not None or values["voxel_size"] is not None:
        return 3
    return 2 if values["pixel_size"] is not None else None
