"""Points as binary models of IMOD, one for each tomogram, with an object for each point set."""

import struct
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import ArrayLike

from cetsgraph.exporters.losses import Losses
from cetsgraph.exporters.options import PointOptions
from cetsgraph.exporters.points import Floats, PlacedPoints, Values

__all__ = ["imod"]

_SCATTERED, _OPEN = 1 << 9, 1 << 3
_MOST = 2**31 - 1
_UNIT = -10  # the size of a voxel is in 10⁻¹⁰ m
_COLOURS = ((0.0, 1.0, 0.0), (1.0, 0.0, 1.0), (0.0, 1.0, 1.0), (1.0, 1.0, 0.0), (1.0, 0.5, 0.0))


def imod(given: Sequence[PlacedPoints], losses: Losses, options: PointOptions) -> Iterator[tuple[str, bytes]]:
    """Paths and bytes of the files."""
    tomograms: dict[str, list[tuple[PlacedPoints, Floats]]] = {}
    for one in given:
        positions = one.placed("imod", losses, "IMOD")
        if positions is None:
            continue
        if not _has_room(one, positions):
            losses.add(one.pointer, "points with numbers that IMOD has no room for are left out")
        else:
            tomograms.setdefault(one.name, []).append((one, positions))
            one.leave_attributes(losses, "IMOD", ("contour", "sphere_radius"))
            one.leave_identifiers(losses, "IMOD")
    for name, sets in tomograms.items():
        yield f"{name}/{name}.mod", _model(sets, losses)


def _has_room(one: PlacedPoints, positions: Floats) -> bool:
    """Whether all numbers are below those that 32 bits hold."""
    radii = [_radius(value) for value in one.attributes.get("sphere_radius", ())]
    numbers = [*(one.size or ()), *(one.voxel or ()), *radii, *positions.ravel()]
    return bool((np.abs(np.array(numbers, np.float64)) <= _MOST).all())


def _model(sets: Sequence[tuple[PlacedPoints, Floats]], losses: Losses) -> bytes:
    first = sets[0][0]
    x, y, z = first.size or (0, 0, 0)
    spacing, unit = (1.0, 0) if first.spacing is None else (first.spacing, _UNIT)
    head = b"IMODV1.2" + b"cetsgraph".ljust(128, b"\0")
    head += struct.pack(">4iI4i6f", x, y, z, len(sets), 0xF000, 1, 1, 0, 255, 0, 0, 0, 1, 1, 1)
    head += struct.pack(">5ifii3f", 0, 0, 0, 3, 128, spacing, unit, 0, 0, 0, 0)
    objects = (_object(one, positions, place) for place, (one, positions) in enumerate(sets))
    minx = b"" if first.voxel is None else _chunk(b"MINX", struct.pack(">18f", *_reference(first.voxel)))
    return b"".join([head, *objects, *_views(sets, losses), minx, b"IEOF"])


def _object(one: PlacedPoints, positions: Floats, place: int) -> bytes:
    """An object: open contours where the points have these, else one of scattered points."""
    groups = [list(group) for _, group in groupby(range(len(one)), _contour_of(one))]
    radii = one.attributes.get("sphere_radius")
    whole = _whole_radius(radii)
    flags = _SCATTERED if len(groups) == 1 else _OPEN
    name = (one.points.annotated_object_name or one.points.name or "").encode(errors="replace")[:63]
    head = struct.pack(">64s64xiIii", name, len(groups), flags, 0, 1)
    colour = _COLOURS[place % len(_COLOURS)]
    head += struct.pack(">3fi8B2i", *colour, whole or 0, 1, 3, 1, 1, 0, 0, 0, 0, 0, 0)
    parts = [b"OBJT", head]
    for group in groups:
        parts += [b"CONT", struct.pack(">iIii", len(group), 0, 0, 0), _floats(positions[group])]
        if radii is not None and whole is None:
            parts.append(_chunk(b"SIZE", _floats([_radius(radii[point]) for point in group])))
    return b"".join(parts)


def _floats(numbers: ArrayLike) -> bytes:
    return np.asarray(numbers, ">f4").tobytes()


def _contour_of(one: PlacedPoints) -> Callable[[int], object]:
    contours = one.attributes.get("contour")
    return (lambda _: 0) if contours is None else contours.__getitem__


def _whole_radius(radii: Values | None) -> int | None:
    """The radius of all points in whole voxels, which the object has; None if they differ, or have parts."""
    if radii is None or len(set(radii)) > 1:
        return None
    radius = _radius(radii[0])
    return int(radius) if radius >= 0 and radius.is_integer() else None


def _radius(value: object) -> float:
    """A radius; negative for a point that has none of its own."""
    return float(value) if isinstance(value, int | float) else -1.0


def _views(sets: Sequence[tuple[PlacedPoints, Floats]], losses: Losses) -> Iterator[bytes]:
    """Angles of the slicer for each point, if all points of the model have an orientation."""
    turned = [one.angles("imod", losses) for one, _ in sets]
    for (one, positions), angles in zip(sets, turned, strict=True):
        if angles is not None and any(other is None for other in turned):
            message = "IMOD has orientations for all points of a model, or for none: they are left out"
            losses.add(one.pointer, message, found=f"{len(one)} orientations")
        elif angles is not None:
            for angle, position in zip(angles.tolist(), positions.tolist(), strict=True):
                yield _chunk(b"SLAN", struct.pack(">i6f32x", 1, *angle, *position))


def _reference(voxel: tuple[float, float, float]) -> tuple[float, ...]:
    """Scale, shift and turn of the volume, as it was and as it is."""
    nothing = (0.0,) * 6
    return (*voxel, *nothing, *voxel, *nothing)


def _chunk(mark: bytes, data: bytes) -> bytes:
    return mark + struct.pack(">i", len(data)) + data
