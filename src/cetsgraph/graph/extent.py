"""How many positions an annotation gives, and the box around them: what queries filter on.

Positions are the rows of an array, those of a shape, or those of the members of a set. The box is given as
the annotation gives its numbers, and in angstrom from the centre of the annotated tomogram where unit, origin
and the tomogram's sampling are known. The centre of an image of N voxels is at voxel ⌊N/2⌋ (whitepaper
"Software Standards in Electron Tomography", May 2024).
"""

from collections.abc import Iterable, Iterator, Sequence

from cetsgraph.graph.axes import axes_of, voxels_along
from cetsgraph.graph.own_frames import rows_in_tomogram
from cetsgraph.model import (
    Annotation,
    AnnotationSet,
    Coordinates,
    Entity,
    FitMap,
    Geometry,
    PointSet,
    Raster3D,
)
from cetsgraph.vocabulary import Kind

__all__ = ["ANGSTROM_PER_UNIT", "dimension_class", "extent", "numbers_of"]

_AXES = "XYZ"
ANGSTROM_PER_UNIT = {"angstrom": 1.0, "nanometre": 10.0}


def extent(
    annotation: Annotation, target: Entity | None, *, alone: bool = True
) -> Iterator[tuple[str, float | int, Kind]]:
    """Yield (property, value, kind) for the positions of an annotation, or their number where it says that.

    A single shape within a set or another shape is not `alone`: it counts in the box of what holds it. A set
    has one where all its members have one unit and origin.
    """
    positions: list[list[float]] | None = getattr(annotation, "coordinates", None)
    if isinstance(positions, list) and isinstance(annotation, Geometry):
        yield "pointCount", len(positions), Kind.INTEGER
        box = _box(positions)
        axes = axes_of(annotation, len(box))
        yield from _limits(axes, box)
        if isinstance(target, Raster3D):
            yield from _in_tomogram(annotation, axes, box, positions, target)
        return
    if isinstance(annotation, PointSet) and annotation.point_count is not None:
        yield "pointCount", annotation.point_count, Kind.INTEGER
    counted = list(_counted(annotation)) if alone else []
    if counted and len({(one.unit, one.origin) for one, _ in counted}) == 1:
        box = _box([row for _, row in counted])
        yield from _limits(range(len(box)), box)
        if isinstance(target, Raster3D):
            frame = counted[0][0].unit, counted[0][0].origin
            yield from _centred_limits(*frame, range(len(box)), box, target)


_Box = list[tuple[float, float]]


def _limits(axes: Iterable[int], box: _Box) -> Iterator[tuple[str, float | int, Kind]]:
    """The limits of a box as an annotation counts."""
    for axis, (low, high) in zip(axes, box, strict=True):
        yield f"min{_AXES[axis]}", low, Kind.DOUBLE
        yield f"max{_AXES[axis]}", high, Kind.DOUBLE


def _in_tomogram(
    annotation: Geometry, axes: Sequence[int], box: _Box, rows: list[list[float]], target: Raster3D
) -> Iterator[tuple[str, float | int, Kind]]:
    """The limits in a tomogram of positions that count as it does, or are led into it."""
    led = rows_in_tomogram(annotation, rows, target) if annotation.coordinate_transformations else None
    if led is None:
        yield from _centred_limits(annotation.unit, annotation.origin, axes, box, target)
    else:
        unit, origin, moved = led
        yield from _centred_limits(unit, origin, range(3), _box(moved), target)


def _centred_limits(
    unit: str | None, origin: str | None, axes: Iterable[int], box: _Box, target: Raster3D
) -> Iterator[tuple[str, float | int, Kind]]:
    """The limits in angstrom from the centre of a tomogram, if unit, origin and sampling are known."""
    for axis, (low, high) in zip(axes, box, strict=True):
        if (frame := _frame(unit, origin, target, axis)) is not None:
            factor, shift = frame
            yield from _centred(low * factor - shift, high * factor - shift, target, axis)


def _centred(low: float, high: float, target: Raster3D, axis: int) -> Iterator[tuple[str, float, Kind]]:
    """The limits in Å from the centre of a tomogram, and how far outside of it they are, if they are."""
    yield f"centredMin{_AXES[axis]}", low, Kind.DOUBLE
    yield f"centredMax{_AXES[axis]}", high, Kind.DOUBLE
    count, voxel_size = voxels_along(target, axis)
    outside = max(high, -low) - (count or 0) * (voxel_size or 0) / 2
    if count and voxel_size and outside > 0:
        yield f"outside{_AXES[axis]}", outside, Kind.DOUBLE


def _counted(annotation: Entity) -> Iterator[tuple[Geometry, list[float]]]:
    """Positions that are objects, each with the shape that says how it counts."""
    if isinstance(annotation, AnnotationSet):
        for member in (*annotation.members, *getattr(annotation, "particles", ())):
            yield from _counted(member)
    elif isinstance(annotation, Geometry) and not isinstance(annotation, FitMap):
        for row in _single(annotation):
            yield annotation, row


def _single(shape: Entity) -> Iterator[list[float]]:
    """Positions of a shape and of the shapes that it consists of."""
    for name, _, part in shape.children():
        if isinstance(part, Coordinates):
            yield numbers_of(part)
        elif isinstance(part, Geometry) and name != "annotations":
            yield from _single(part)


def numbers_of(position: Coordinates | None) -> list[float]:
    """Two numbers of a position in the plane, three of one in space; none where they are not whole.

    >>> numbers_of(Coordinates(x=1.0, y=2.0)), numbers_of(Coordinates(x=1.0))
    ([1.0, 2.0], [])
    """
    if position is None or position.x is None or position.y is None:
        return []
    return [position.x, position.y, *([] if position.z is None else [position.z])]


def _box(positions: list[list[float]]) -> _Box:
    """Smallest and largest number on each axis; rows of different length have no box."""
    if not positions or len(set(map(len, positions))) != 1 or len(positions[0]) > len(_AXES):
        return []
    columns = [list(column) for column in zip(*positions, strict=True)]
    return [(min(column), max(column)) for column in columns]


def _frame(unit: str | None, origin: str | None, target: Raster3D, axis: int) -> tuple[float, float] | None:
    """Å per unit of positions, and Å from their origin to the centre of the tomogram, along one axis."""
    count, voxel_size = voxels_along(target, axis)
    factor = voxel_size if unit == "pixel" else ANGSTROM_PER_UNIT.get(unit or "")
    if factor is None:
        return None
    if origin == "centre":
        return factor, 0.0
    if origin != "corner" or count is None or voxel_size is None:
        return None
    return factor, (count // 2) * voxel_size


def dimension_class(entity: Entity) -> str | None:
    """`Raster2D` or `Raster3D`, by what a mask or probability map says; None where it says neither or both.

    >>> from cetsgraph.model import SegmentationMask
    >>> dimension_class(SegmentationMask(depth=64)), dimension_class(SegmentationMask(pixel_size=2.5))
    ('Raster3D', 'Raster2D')
    """
    values = entity.__dict__
    flat = values["dimension"] == 2 or any(values[name] is not None for name in _FLAT)
    deep = values["dimension"] == 3 or any(values[name] is not None for name in _DEEP)
    if flat == deep:
        return None
    return "Raster2D" if flat else "Raster3D"


_FLAT = ("pixel_size", "pixel_size_x", "pixel_size_y")
_DEEP = ("depth", "voxel_size", "voxel_size_x", "voxel_size_y", "voxel_size_z")
