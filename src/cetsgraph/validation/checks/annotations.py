"""Checks on the geometry of annotations: shapes, point sets and masks."""

import math
from collections.abc import Iterator, Sequence

from cetsgraph.findings import Severity
from cetsgraph.graph.extent import axes_of, extent, numbers_of
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import (
    AnnotationSet,
    Coordinates,
    Cuboid,
    CuboidSet,
    CylinderSet,
    Entity,
    Geometry,
    Ovoid,
    Point,
    PointSet,
    ProbabilityMap,
    Raster3D,
    SegmentationMask,
    Sphere,
    SphereSet,
    Spline,
    SubTomogram,
    Tomogram,
    Vector,
)
from cetsgraph.validation.checks.dimensions import dimension_of
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.surroundings import is_placed, limits_along, within
from cetsgraph.validation.checks.views import is_rebinned, near, sampling, sides

__all__ = [
    "arrays_have_one_length",
    "corner_vectors_start_together",
    "mask_has_the_size_of_its_tomogram",
    "points_have_one_dimension",
    "points_have_the_dimension_of_their_image",
    "positions_are_inside",
    "positions_are_inside_from_some_origin",
    "radii_are_positive",
    "rows_have_one_length",
    "sets_are_inside",
    "sets_are_not_empty",
    "spheres_are_no_larger",
    "sub_tomograms_are_inside",
    "vector_has_a_length",
    "waist_lies_on_the_centre_line",
]

_SAME_POINT = 1e-6  # of the size of the shape
_ON_LINE = 1e-3  # of the length of the line

_ARRAYS = ("coordinates", "vectors", "rotations", "radii", "dimensions", "point_ids")
_POSITIONS = ("coordinates", "vectors", "dimensions")


@check("array-lengths", PointSet, SphereSet, CylinderSet, CuboidSet, Spline)
def arrays_have_one_length(place: Place, placement: Placement) -> Iterator[Fault]:
    """Entry i of each array is about point i, so all have the same number, at least one."""
    values = place.entity.__dict__
    arrays = {name: values[name] for name in _ARRAYS if isinstance(values.get(name), list)}
    if not arrays:
        return
    entries = next(iter(arrays.values()))
    for name, array in arrays.items():
        if not array:
            yield Fault(name, found="0 entries", expected="at least 1")
        elif len(array) != len(entries):
            yield Fault(name, found=f"{len(array)} entries", expected=f"{len(entries)}, one for each point")
    for attribute in values.get("point_attributes", ()):
        if attribute.values is not None and len(attribute.values) != len(entries):
            yield Fault(
                "values",
                found=f"{len(attribute.values)} entries",
                expected=f"{len(entries)}, one for each point",
                entity=attribute,
            )


@check("dimension-match", PointSet, SphereSet, CylinderSet, CuboidSet, Spline)
def rows_have_one_length(place: Place, placement: Placement) -> Iterator[Fault]:
    """All rows of positions have two numbers, or all have three."""
    values = place.entity.__dict__
    expected: int | None = values["dimension"]
    for name in _POSITIONS:
        rows: Sequence[Sequence[float]] = values.get(name) or ()
        for index, row in enumerate(rows):
            expected = expected or (len(row) if len(row) in (2, 3) else None)
            if len(row) != (expected or 3):
                yield Fault(
                    name,
                    found=f"{len(row)} numbers",
                    expected=f"{expected} numbers" if expected else "2 or 3 numbers",
                    message=f"row {index} has another dimension than the other points",
                    index=index,
                )
                break


@check("dimension-match", Geometry)
def points_have_one_dimension(place: Place, placement: Placement) -> Iterator[Fault]:
    """Single points of a shape have all a z, or none has."""
    if isinstance(place.entity, Point | PointSet):
        return  # of one position, or of arrays
    points = list(_points(place.entity))
    with_z = sum(point.z is not None for point in points)
    # Of a shape within a shape, the outer one speaks.
    if 0 < with_z < len(points) and not (place.parent and isinstance(place.parent.entity, Geometry)):
        yield Fault(None, found=f"{with_z} of {len(points)} points with z", expected="all or none")


@check("dimension-match", Geometry)
def points_have_the_dimension_of_their_image(place: Place, placement: Placement) -> Iterator[Fault]:
    """Points in a volume have three coordinates, in an image two."""
    target = placement.about(place)
    if target is None or isinstance(place.entity, Raster3D):
        return
    own, theirs = dimension_of(place.entity), dimension_of(target.entity)
    if own is not None and theirs is not None and own != theirs:
        yield Fault(
            None,
            found=f"{own}D",
            expected=f"{theirs}D",
            message="the points have another dimension than what they annotate",
            severity=Severity.WARNING,
        )


@check("cuboid-origin", Cuboid)
def corner_vectors_start_together(place: Place, placement: Placement) -> Iterator[Fault]:
    """Both corner vectors start at the centre."""
    v1, v2 = place.entity.__dict__["v1"], place.entity.__dict__["v2"]
    if v1 is None or v2 is None:
        return
    one, other = _position(v1.start), _position(v2.start)
    if one is None or other is None or len(one) != len(other):
        return
    ends = [end for end in (_position(v1.end), _position(v2.end)) if end and len(end) == len(one)]
    size = max((math.dist(one, end) for end in ends), default=1.0)
    if math.dist(one, other) > _SAME_POINT * max(size, 1e-12):
        yield Fault("v2", found=_text(other), expected=_text(one))


@check("ovoid-waist", Ovoid)
def waist_lies_on_the_centre_line(place: Place, placement: Placement) -> Iterator[Fault]:
    """The waist point lies between start and end of the centre line."""
    vector, waist = place.entity.__dict__["vector"], _position(place.entity.__dict__["waist_point"])
    start, end = (None, None) if vector is None else (_position(vector.start), _position(vector.end))
    if waist is None or start is None or end is None or not len(start) == len(end) == len(waist):
        return
    length = math.dist(start, end)
    if length > 0 and _distance(start, end, waist) > _ON_LINE * length:
        yield Fault("waist_point", found=_text(waist), expected=f"between {_text(start)} and {_text(end)}")


@check("shape-positive", Vector)
def vector_has_a_length(place: Place, placement: Placement) -> Iterator[Fault]:
    """A vector leads somewhere."""
    start, end = (_position(place.entity.__dict__[name]) for name in ("start", "end"))
    if start is not None and start == end:
        yield Fault(
            None,
            found=f"from {_text(start)} to {_text(end)}",
            expected="different start and end",
            message="this vector has no length",
        )


@check("shape-positive", SphereSet, CylinderSet)
def radii_are_positive(place: Place, placement: Placement) -> Iterator[Fault]:
    """Each of many radii is above 0."""
    radii = place.entity.__dict__["radii"] or ()
    flat = [min(radius, default=1.0) if isinstance(radius, list) else radius for radius in radii]
    wrong = [index for index, radius in enumerate(flat) if radius <= 0]
    if wrong:
        others = "" if len(wrong) == 1 else f", and {len(wrong) - 1} others as well"
        yield Fault(
            "radii",
            found=flat[wrong[0]],
            expected="above 0",
            message=f"radius {wrong[0]} is not above 0{others}",
            index=wrong[0],
        )


@check("points-given", PointSet, AnnotationSet)
def sets_are_not_empty(place: Place, placement: Placement) -> Iterator[Fault]:
    """A set of points gives them, their number or their file; other sets have members."""
    values = place.entity.__dict__
    if isinstance(place.entity, PointSet):
        given = (values["coordinates"], values["path"], values["point_count"], values["rotations"])
        empty = all(one is None for one in given) and not values["vectors"]
    else:
        empty = not values["members"] and not values.get("particles")
    if empty:
        yield Fault(None)


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
                    found=_text(_position(point)),
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
            yield Fault(None)
            return


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
                found=_text(position),
                expected=f"{'xyz'[axis]} from {-most / 2:.6g} to {most:.6g}, at most",
                message="this sub-tomogram lies outside its tomogram, in whichever unit",
            )
            return


@check("points-inside", Sphere)
def spheres_are_no_larger(place: Place, placement: Placement) -> Iterator[Fault]:
    """A sphere is no larger than the volume that it is in."""
    sphere, target = place.entity, placement.about(place)
    if target is None or not isinstance(target.entity, Raster3D) or not isinstance(sphere, Sphere):
        return
    limits = [limits_along(sphere, target.entity, axis) for axis in range(3)]
    largest = max((high - low for low, high in filter(None, limits)), default=None)
    if largest is not None and sphere.radius is not None and sphere.radius > largest:
        yield Fault(
            "radius",
            found=sphere.radius,
            expected=f"at most {largest:.6g} {sphere.unit}, the longest side of the tomogram",
            message="this sphere is larger than the tomogram that it is in",
        )


@check("mask-size", SegmentationMask, ProbabilityMap)
def mask_has_the_size_of_its_tomogram(place: Place, placement: Placement) -> Iterator[Fault]:
    """A mask without a voxel size of its own, or with its tomogram's, has as many voxels as that."""
    mask, target = place.entity, placement.about(place)
    if target is None or not isinstance(mask, Raster3D) or not isinstance(target.entity, Raster3D):
        return
    values = mask.__dict__
    if dimension_of(mask) == 2 or _is_sampled_apart(mask, target.entity):
        return
    for name in ("width", "height", "depth"):
        own, theirs = values[name], target.entity.__dict__[name]
        if own is not None and theirs is not None and own != theirs:
            yield Fault(name, found=own, expected=theirs)


def _is_sampled_apart(mask: Raster3D, volume: Raster3D) -> bool:
    """Whether a mask states a place or sampling of its own."""
    values = mask.__dict__
    own, theirs = sampling(mask), sampling(volume)
    if own is None:
        return any(values[name] is not None for name in _SAMPLING)
    if theirs is None or is_placed(mask, volume) or not near(own / theirs, _SAME_SAMPLING):
        return True
    pixels = [sides(mask), sides(volume)]
    return min(map(len, pixels)) == 3 and is_rebinned(*pixels)  # of which `sampling-coherent` asks


_SAMPLING = ("voxel_size", "voxel_size_x", "voxel_size_y", "voxel_size_z", "pixel_size")
_SAME_SAMPLING = 1e-3


def _points(entity: Entity) -> Iterator[Coordinates]:
    """The single positions of a shape and of the shapes within it, without what annotates them."""
    for field, _, child in entity.children():
        if isinstance(child, Coordinates):
            yield child
        elif isinstance(child, Geometry) and field not in ("annotations", "members", "particles"):
            yield from _points(child)


def _position(point: Coordinates | None) -> tuple[float, ...] | None:
    if point is None or point.x is None or point.y is None:
        return None
    return (point.x, point.y) if point.z is None else (point.x, point.y, point.z)


def _distance(start: Sequence[float], end: Sequence[float], point: Sequence[float]) -> float:
    """From a point to the part of a line between start and end."""
    line = [b - a for a, b in zip(start, end, strict=True)]
    length = math.hypot(*line)
    along = sum((p - a) / length * (step / length) for p, a, step in zip(point, start, line, strict=True))
    nearest = [a + min(max(along, 0.0), 1.0) * step for a, step in zip(start, line, strict=True)]
    return math.dist(point, nearest)


def _text(numbers: Sequence[float] | None) -> str:
    return "nothing" if numbers is None else "(" + ", ".join(f"{number:.6g}" for number in numbers) + ")"
