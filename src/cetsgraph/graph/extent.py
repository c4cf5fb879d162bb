"""How many positions an annotation gives, and the box around them: what queries filter on.

The box is given as the annotation gives its numbers, and in angstrom from the centre of the annotated
tomogram where unit, origin and the tomogram's sampling are known. The centre of an image of N voxels is at
voxel ⌊N/2⌋ (whitepaper "Software Standards in Electron Tomography", May 2024).
"""

from collections.abc import Iterator

from cetsgraph.model import Entity, Geometry, PointSet, Raster3D
from cetsgraph.vocabulary import Kind

__all__ = ["axes_of", "dimension_class", "extent"]

_AXES = "XYZ"
_ANGSTROM_PER_UNIT = {"angstrom": 1.0, "nanometre": 10.0}


def extent(annotation: Entity, target: Entity | None) -> Iterator[tuple[str, float | int, Kind]]:
    """Yield (property, value, kind) for an annotation that has an array of positions, or says how many."""
    positions: list[list[float]] | None = getattr(annotation, "coordinates", None)
    if not isinstance(annotation, Geometry) or not isinstance(positions, list):
        if isinstance(annotation, PointSet) and annotation.point_count is not None:
            yield "pointCount", annotation.point_count, Kind.INTEGER
        return
    yield "pointCount", len(positions), Kind.INTEGER
    box = _box(positions)
    for axis, (low, high) in zip(axes_of(annotation, len(box)), box, strict=True):
        yield f"min{_AXES[axis]}", low, Kind.DOUBLE
        yield f"max{_AXES[axis]}", high, Kind.DOUBLE
        frame = _frame(annotation, target, axis) if isinstance(target, Raster3D) else None
        if frame is not None:
            factor, shift = frame
            yield f"centredMin{_AXES[axis]}", low * factor - shift, Kind.DOUBLE
            yield f"centredMax{_AXES[axis]}", high * factor - shift, Kind.DOUBLE


def axes_of(annotation: Geometry, count: int) -> list[int]:
    """Which axis each column is: by the names of its one coordinate system, or x, y, z in order."""
    systems = annotation.coordinate_systems
    axes = systems[0].axes if len(systems) == 1 else []
    ends = [(axis.name or "")[-1:].upper() for axis in axes]
    known = sorted(ends) == sorted(_AXES[:count])
    return [_AXES.index(end) for end in ends] if known else list(range(count))


def _box(positions: list[list[float]]) -> list[tuple[float, float]]:
    """Smallest and largest number on each axis; rows of different length have no box."""
    if not positions or len(set(map(len, positions))) != 1 or len(positions[0]) > len(_AXES):
        return []
    columns = [list(column) for column in zip(*positions, strict=True)]
    return [(min(column), max(column)) for column in columns]


def _frame(annotation: Geometry, target: Raster3D, axis: int) -> tuple[float, float] | None:
    """Å per unit of the annotation, and Å from its origin to the centre of the tomogram, along one axis."""
    voxel_size = target.voxel_size or (target.voxel_size_x, target.voxel_size_y, target.voxel_size_z)[axis]
    factor = voxel_size if annotation.unit == "pixel" else _ANGSTROM_PER_UNIT.get(annotation.unit or "")
    if factor is None:
        return None
    if annotation.origin == "centre":
        return factor, 0.0
    count = (target.width, target.height, target.depth)[axis]
    if annotation.origin != "corner" or count is None or voxel_size is None:
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
