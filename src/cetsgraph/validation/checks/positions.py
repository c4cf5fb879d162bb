"""Checks that positions, and what is around them, are inside the volume that they annotate."""

from collections.abc import Iterator
from math import inf

from cetsgraph.graph.extent import axes_of, extent, numbers_of
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import (
    Coordinates,
    CuboidSet,
    Cylinder,
    CylinderSet,
    Geometry,
    Point,
    PointSet,
    Raster3D,
    Sphere,
    SphereSet,
    Spline,
    SubTomogram,
    Tomogram,
    Vector,
)
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.surroundings import limits_along, within
from cetsgraph.validation.checks.views import numbers_as_text, sampling, sides

__all__ = [
    "positions_are_inside",
    "positions_are_inside_from_some_origin",
    "radii_are_no_larger",
    "sets_are_inside",
    "sub_tomograms_are_inside",
]


@check("points-inside", Point, Sphere, Vector)
def positions_are_inside(place: Place, placement: Placement) -> Iterator[Fault]:
    """A single position lies inside the volume, where its unit and origin are known; shapes ask of sets."""
    shape = place.entity
    target = placement.about(place)
    if target is None or not isinstance(target.entity, Raster3D) or not isinstance(shape, Geometry):
        return
    for name in ("location", "center", "start", "end"):
        point = shape.__dict__.get(name)
        if not isinstance(point, Coordinates) or point.z is None:
            continue
        for axis, value in enumerate((point.x, point.y, point.z)):
            limits = limits_along(shape, target.entity, axis)
            if value is not None and limits is not None and not limits[0] <= value <= limits[1]:
                yield Fault(
                    name,
                    found=numbers_as_text(numbers_of(point)),
                    expected=f"{'xyz'[axis]} from {limits[0]:.6g} to {limits[1]:.6g} {shape.unit}",
                    message="this position lies outside the tomogram that it annotates",
                )
                break


@check("points-inside", PointSet, SphereSet, Spline)
def positions_are_inside_from_some_origin(place: Place, placement: Placement) -> Iterator[Fault]:
    """Positions whose origin is not known are inside the volume from its centre or from its corner."""
    shape, target = place.entity, placement.about(place)
    if target is None or not isinstance(target.entity, Raster3D) or not isinstance(shape, Geometry):
        return
    rows: list[list[float]] = shape.__dict__["coordinates"] or []
    if shape.origin is not None or not rows or any(len(row) != 3 for row in rows):
        return
    for column, axis in enumerate(axes_of(shape, 3)):
        centred = limits_along(shape, target.entity, axis, origin="centre")
        cornered = limits_along(shape, target.entity, axis, origin="corner")
        values = [row[column] for row in rows]
        if centred and cornered and (min(values) < centred[0] or max(values) > cornered[1]):
            yield Fault(
                "coordinates",
                found=f"{'xyz'[axis]} from {min(values):.6g} to {max(values):.6g} {shape.unit}",
                expected=f"{centred[0]:.6g} to {centred[1]:.6g} from the centre, or 0 to {cornered[1]:.6g}",
                message="these positions lie outside the tomogram that they annotate, from any origin",
            )
            return


@check("points-inside", PointSet, SphereSet, CylinderSet, CuboidSet, Spline, shape="points-inside-x")
def sets_are_inside(place: Place, placement: Placement) -> Iterator[Fault]:
    """The box around the positions of a set lies inside the volume, within a voxel."""
    target = placement.about(place)
    if target is None or not isinstance(target.entity, Raster3D) or not isinstance(place.entity, Geometry):
        return
    volume = target.entity
    box = {name: value for name, value, _ in extent(place.entity, volume, alone=False)}
    counts = (volume.width, volume.height, volume.depth)
    sizes = (volume.voxel_size_x, volume.voxel_size_y, volume.voxel_size_z)
    for axis, count, own in zip("XYZ", counts, sizes, strict=True):
        low, high = box.get(f"centredMin{axis}"), box.get(f"centredMax{axis}")
        known = [size for size in (volume.voxel_size, own) if size is not None]
        if low is None or high is None or count is None:
            continue
        if any(high > 0.5 * count * size + size or low + 0.5 * count * size + size < 0 for size in known):
            yield _farthest(place.entity, volume, "XYZ".index(axis))
            return


def _farthest(shape: Geometry, volume: Raster3D, axis: int) -> Fault:
    """The fault of positions outside along an axis: the row that is farthest outside, and what is allowed."""
    rows: list[list[float]] = shape.__dict__.get("coordinates") or []
    limits = limits_along(shape, volume, axis)
    columns = axes_of(shape, 3)
    if limits is None or not rows or any(len(row) != 3 for row in rows):
        return Fault(None)
    middle, column = sum(limits) / 2, columns.index(axis)
    index = max(range(len(rows)), key=lambda index: abs(rows[index][column] - middle))
    return Fault(
        None,
        found=f"{numbers_as_text(rows[index])}, row {index}",
        expected=f"{'xyz'[axis]} from {limits[0]:.6g} to {limits[1]:.6g} {shape.unit}",
    )


@check("points-inside", SubTomogram, given="location")
def sub_tomograms_are_inside(place: Place, placement: Placement) -> Iterator[Fault]:
    """What was cut from a tomogram was there, from its centre or corner, in voxels or Å."""
    tomogram, position = within(place, Tomogram), numbers_of(place.entity.__dict__["location"])
    if tomogram is None or len(position) != 3:
        return
    lengths, size = sides(tomogram.entity), sampling(tomogram.entity)
    if len(lengths) < 3 or size is None:
        return
    for axis, (value, length) in enumerate(zip(position, lengths, strict=True)):
        most = length * max(size, 1.0) + size
        if not -most / 2 <= value <= most:
            yield Fault(
                "location",
                found=numbers_as_text(position),
                expected=f"{'xyz'[axis]} from {-most / 2:.6g} to {most:.6g}, at most",
                message="this sub-tomogram lies outside its tomogram, in whichever unit",
            )
            return


@check("points-inside", Sphere, Cylinder, given="radius")
@check("points-inside", SphereSet, CylinderSet, given="radii")
def radii_are_no_larger(place: Place, placement: Placement) -> Iterator[Fault]:
    """No sphere or cylinder is wider than the volume that it is in."""
    shape, target = place.entity, placement.about(place)
    if target is None or not isinstance(target.entity, Raster3D) or not isinstance(shape, Geometry):
        return
    field = "radius" if "radius" in shape.__dict__ else "radii"
    limits = [limits_along(shape, target.entity, axis, origin="corner") for axis in range(3)]
    largest = max((high - low for low, high in filter(None, limits)), default=inf)
    found: float | list[float] = shape.__dict__[field]
    radii = found if isinstance(found, list) else [found]
    for index, radius in enumerate(radii):
        if isinstance(radius, float) and radius > largest:
            yield Fault(
                field,
                found=radius,
                expected=f"at most {largest:.6g} {shape.unit}, the longest side of the tomogram",
                message="this radius is larger than the tomogram",
                hint="Correct the radius; it is in the unit of the annotation.",
                index=index if field == "radii" else None,
            )
            return
