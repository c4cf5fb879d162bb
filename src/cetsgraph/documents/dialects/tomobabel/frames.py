"""Positions in the frame of dialect A: in angstrom from the image's centre, converted from any that is known.

The centre of N voxels is voxel ⌊N/2⌋; the corner is the middle of voxel 0 (ontology, `cets:origin`).
"""

from dataclasses import dataclass
from typing import Any

from cetsgraph.documents.dialects.mapping import WriteSession
from cetsgraph.graph.extent import ANGSTROM_PER_UNIT
from cetsgraph.graph.placement import Placement
from cetsgraph.model import Annotation, Coordinates, Entity, Geometry, Raster2D, Raster3D, Transformation

__all__ = ["Frame", "annotated", "frame_in", "in_frame"]

_AXES = "xyz"
_LENGTHS = ("radius", "start_radius", "end_radius", "waist_radius")


@dataclass(frozen=True, slots=True)
class Frame:
    """Along each axis, Å per unit, and Å from the centre of the image to the origin; None where unknown."""

    factors: tuple[float | None, ...]
    shifts: tuple[float | None, ...]

    @property
    def factor(self) -> float | None:
        """Å per unit, where it is the same along all axes."""
        return self.factors[0] if len(set(self.factors)) == 1 else None


def annotated(writing: WriteSession) -> dict[int, Entity]:
    """For annotations, by `id()`, the object that each is about, where that is one of the data set."""
    if writing.targets is None:
        placement = Placement(writing.dataset, "urn:x")
        about = ((place.entity, placement.about(place)) for place in placement.of(Annotation))
        writing.targets = {id(one): place.entity for one, place in about if place is not None}
    return writing.targets


def frame_in(unit: str | None, origin: str | None, target: Entity | None) -> Frame | None:
    """The frame of positions in an image, relative to that of the dialect; None if unit or origin is unknown.

    >>> frame_in("nanometre", "centre", None)
    Frame(factors=(10.0, 10.0, 10.0), shifts=(0.0, 0.0, 0.0))
    """
    if unit is None or origin is None:
        return None
    sizes, counts = _sampling(target)
    factors = sizes if unit == "pixel" else (ANGSTROM_PER_UNIT[unit],) * 3
    shifts: tuple[float | None, ...] = (0.0, 0.0, 0.0)
    if origin == "corner":
        shifts = tuple(
            None if size is None or count is None else -(count // 2) * size
            for size, count in zip(sizes, counts, strict=True)
        )
    if None in (*factors[:2], *shifts[:2]):
        return None
    return Frame(factors, shifts)


def _sampling(target: Entity | None) -> tuple[tuple[float | None, ...], tuple[int | None, ...]]:
    """Å per pixel and number of pixels along X, Y and Z."""
    if isinstance(target, Raster3D):
        sizes = tuple(target.voxel_size or getattr(target, f"voxel_size_{axis}") for axis in _AXES)
        return sizes, (target.width, target.height, target.depth)
    if isinstance(target, Raster2D):
        flat = tuple(target.pixel_size or getattr(target, f"pixel_size_{axis}") for axis in _AXES[:2])
        return (*flat, None), (target.width, target.height, None)
    return (None, None, None), (None, None, None)


def in_frame(entity: Any, frame: Frame, within: Geometry | None = None) -> Any:
    """A copy of an annotation, or of what it consists of, in the dialect's frame; None if that cannot be."""
    if isinstance(entity, Coordinates):
        return _position(entity, frame)
    if isinstance(entity, Transformation):
        return _placement(entity, frame)
    if not isinstance(entity, Entity):
        return entity
    if within is not None and isinstance(entity, Geometry) and not _says_the_same(entity, within):
        return None
    holder = entity if isinstance(entity, Geometry) else within
    updates: dict[str, Any] = {}
    for name, found in entity.__dict__.items():
        if name in _LENGTHS and found is not None:
            updates[name] = None if frame.factor is None else found * frame.factor
        elif isinstance(found, Coordinates | Transformation | Geometry):
            updates[name] = in_frame(found, frame, holder)
        elif isinstance(found, list) and any(isinstance(one, Coordinates | Geometry) for one in found):
            updates[name] = [in_frame(one, frame, holder) for one in found]
        elif name == "alignment_transformations":
            updates[name] = [in_frame(one, Frame(frame.factors, (0.0, 0.0, 0.0))) for one in found]
    if any(made is None or (isinstance(made, list) and None in made) for made in updates.values()):
        return None
    if isinstance(entity, Geometry):
        updates.update(unit="angstrom", origin="centre")
    return entity.model_copy(update=updates)


def _says_the_same(inner: Geometry, outer: Geometry) -> bool:
    """Whether a part of a shape counts as the shape does; where it says nothing, it does."""
    return inner.unit in (None, outer.unit) and inner.origin in (None, outer.origin)


def _position(found: Coordinates, frame: Frame) -> Coordinates | None:
    updates: dict[str, float] = {}
    for index, axis in enumerate(_AXES):
        value, factor, shift = getattr(found, axis), frame.factors[index], frame.shifts[index]
        if value is None:
            continue
        if factor is None or shift is None:
            return None
        updates[axis] = value * factor + shift
    return found.model_copy(update=updates)


def _placement(found: Transformation, frame: Frame) -> Transformation | None:
    """A map's placement: r' = s (A r + t) + o for r given in the map's own frame, of the same unit."""
    factor = frame.factor
    matrix = found.matrix
    moved = any(frame.shifts)
    if matrix is None or len(matrix) != 4 or any(len(row) != 4 for row in matrix):
        same = factor == 1.0 and not moved
        pure = not moved and found.transformation_type in ("identity", "rotation", "flip", "scale")
        return found if same or pure else None
    if factor is None or None in frame.shifts:
        return None
    rows = [
        [*row[:3], row[3] * factor + (shift or 0.0)]
        for row, shift in zip(matrix[:3], frame.shifts, strict=True)
    ]
    kind = "affine" if moved and found.transformation_type != "translation" else found.transformation_type
    return found.model_copy(update={"matrix": [*rows, list(matrix[3])], "transformation_type": kind})
