"""Checks that positions, and what is around them, are inside the volume that they annotate."""

from collections.abc import Iterator
from math import hypot, inf

from cetsgraph.findings import Severity
from cetsgraph.graph.axes import axes_of
from cetsgraph.graph.extent import extent, numbers_of
from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.model import (
    AnnotationSet,
    Cone,
    CuboidSet,
    Cylinder,
    CylinderSet,
    DataSet,
    Geometry,
    Ovoid,
    ParticleSet,
    Point,
    PointSet,
    Raster3D,
    Shell,
    Sphere,
    SphereSet,
    Spline,
    SubTomogram,
    Surface,
    Tomogram,
)
from cetsgraph.texts import counted
from cetsgraph.validation.checks.dimensions import points_of
from cetsgraph.validation.checks.picked import have_the_same_points, oriented
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import again
from cetsgraph.validation.checks.surroundings import (
    annotated_volume,
    is_measured_from_the_centre,
    limits_along,
    systems_from_the_centre,
)
from cetsgraph.validation.checks.views import numbers_as_text, sampling, sides

__all__ = [
    "lengths_are_no_larger",
    "particles_are_picked_once",
    "points_are_picked_once",
    "positions_are_inside",
    "positions_are_inside_from_some_origin",
    "positions_are_not_in_voxels",
    "scaled_positions_are_inside",
    "sets_are_inside",
    "sets_have_points_of_their_own",
    "sub_tomograms_are_inside",
    "vertices_are_near",
]


@check("points-inside", Geometry)
def positions_are_inside(place: PlaceOf[Geometry], placement: Placement) -> Iterator[Fault]:
    """Each single position of a shape, and of the shapes within it, lies inside the volume, where its unit
    and origin are known; shapes ask of sets."""
    volume = annotated_volume(place, placement)
    if volume is None:
        return
    for shape, field, index, point in points_of(place.entity):
        frame = place.entity if shape.unit is None else shape
        limits = [limits_along(frame, volume, axis) for axis in range(3)]
        for axis, (value, limit) in enumerate(zip(numbers_of(point), limits, strict=False)):
            if point.z is not None and limit is not None and not limit[0] <= value <= limit[1]:
                yield _outside(shape, field, index, numbers_of(point), axis, limit, frame.unit)
                break


def _outside(
    shape: Geometry,
    field: str,
    index: int | None,
    row: list[float],
    axis: int,
    limit: tuple[float, float],
    unit: str | None,
) -> Fault:
    return Fault(
        field,
        found=numbers_as_text(row),
        expected=f"{'xyz'[axis]} from {limit[0]:.6g} to {limit[1]:.6g} {unit}",
        message="this position lies outside the tomogram that it annotates",
        index=index,
        entity=shape,
    )


@check("points-inside", PointSet, SphereSet, Spline)
def positions_are_inside_from_some_origin(place: PlaceOf[Geometry], placement: Placement) -> Iterator[Fault]:
    """Positions whose origin is not known are inside the volume from its centre or from its corner; from its
    centre, where the volume measures their coordinate system from there."""
    shape, volume = place.entity, annotated_volume(place, placement)
    if volume is None:
        return
    rows: list[list[float]] = shape.__dict__["coordinates"] or []
    if shape.origin is not None or not rows or any(len(row) != 3 for row in rows):
        return
    measured = is_measured_from_the_centre(shape, volume) and _tell_their_origin(rows, shape, volume)
    for column, axis in enumerate(axes_of(shape, 3)):
        ends = min(row[column] for row in rows), max(row[column] for row in rows)
        centred, cornered = (
            limits_along(shape, volume, axis, origin=origin) for origin in ("centre", "corner")
        )
        if centred is None or cornered is None:
            continue
        if ends[0] < centred[0] or ends[1] > (centred if measured else cornered)[1]:
            yield _outside_from_any(shape, ends, axis, centred, None if measured else cornered)
            return


@check("points-inside", PointSet, SphereSet, Spline, given="coordinate_transformations")
def scaled_positions_are_inside(place: PlaceOf[Geometry], placement: Placement) -> Iterator[Fault]:
    """Positions that are scaled into a system which counts from the centre are not from the first voxel."""
    shape, volume = place.entity, annotated_volume(place, placement)
    if volume is None:
        return
    rows: list[list[float]] = shape.__dict__["coordinates"] or []
    if len(rows) < _MANY or any(len(row) != 3 for row in rows) or min(map(min, rows)) < 0:
        return
    centred = systems_from_the_centre(volume)
    for one in shape.coordinate_transformations:
        if one.scale is None or one.output not in centred or len(one.scale) != 3:
            continue
        lengths = [(size or 0) * factor for size, factor in zip(sides(volume), one.scale, strict=False)]
        ends = [factor * max(row[axis] for row in rows) for axis, factor in enumerate(one.scale)]
        if len(lengths) == 3 and any(end > length / 2 for end, length in zip(ends, lengths, strict=True)):
            yield Fault(
                "scale",
                found=f"positions up to {numbers_as_text(ends)} in {one.output}",
                expected=f"up to {numbers_as_text([length / 2 for length in lengths])}, from the centre",
                message=f"this scale leads into {one.output}, which counts from the centre of the tomogram, "
                "and the positions from its first voxel",
                hint="Let a translation by minus half of each side go before the scale, in a sequence.",
                entity=one,
            )
            return


def _tell_their_origin(rows: list[list[float]], shape: Geometry, volume: Raster3D) -> bool:
    """Whether positions show where they are counted from: all from the first voxel, or nearly all from the
    centre."""
    columns = [*enumerate(axes_of(shape, 3))]
    limits = [(column, limits_along(shape, volume, axis, origin="centre")) for column, axis in columns]
    known = [(column, limit) for column, limit in limits if limit is not None]
    outside = sum(any(not limit[0] <= row[at] <= limit[1] for at, limit in known) for row in rows)
    return outside <= _FEW * len(rows) or (len(rows) >= _MANY and min(map(min, rows)) >= 0)


_FEW = 0.1  # of all positions
_MANY = 5  # of which none is negative


def _outside_from_any(
    shape: Geometry,
    ends: tuple[float, float],
    axis: int,
    centred: tuple[float, float],
    cornered: tuple[float, float] | None,
) -> Fault:
    """The fault of positions outside along an axis: from both origins, or from the centre, if known."""
    outside = "these positions lie outside the tomogram that they annotate"
    fits = cornered is None and ends[0] >= 0 and ends[1] <= centred[1] - centred[0]
    return Fault(
        "coordinates",
        found=f"{'xyz'[axis]} from {ends[0]:.6g} to {ends[1]:.6g} {shape.unit}",
        expected=f"{centred[0]:.6g} to {centred[1]:.6g} from the centre"
        + ("" if cornered is None else f", or 0 to {cornered[1]:.6g}"),
        message=f"{outside}, whose coordinate system they name, and which counts from its centre"
        if fits
        else outside + ("" if cornered is None else ", from any origin"),
        hint="They look as if they were counted from the first voxel: subtract half of each side of the "
        "tomogram, or name a coordinate system of their own that begins there."
        if fits
        else None,
    )


@check("points-inside", PointSet, SphereSet, CylinderSet, CuboidSet, Spline, shape="points-inside-x")
def sets_are_inside(place: PlaceOf[Geometry], placement: Placement) -> Iterator[Fault]:
    """The box around the positions of a set lies inside the volume, within a voxel."""
    volume = annotated_volume(place, placement)
    if volume is None:
        return
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


@check("points-inside", Surface, given="vertices")
def vertices_are_near(place: PlaceOf[Surface], placement: Placement) -> Iterator[Fault]:
    """No vertex of a surface is far outside the volume: one that was fitted may lead a little beyond it."""
    volume, surface = annotated_volume(place, placement), place.entity
    if volume is None:
        return
    beyond = _BEYOND * max(sides(volume), default=0) * (sampling(volume) or 0.0)
    limits = [limits_along(surface, volume, axis, margin=beyond) for axis in range(3)]
    for index, row in enumerate(surface.vertices or []):
        for axis, (value, limit) in enumerate(zip(row, limits, strict=False)):
            if limit is not None and not limit[0] <= value <= limit[1]:
                yield _outside(surface, "vertices", index, row, axis, limit, surface.unit)
                return


_BEYOND = 0.2  # of the longest side


@check("points-inside", PointSet, given="coordinates")
def positions_are_not_in_voxels(place: PlaceOf[PointSet], placement: Placement) -> Iterator[Fault]:
    """Many points in Å from the corner do not spread over as many Å as the volume has voxels."""
    points, target = place.entity, placement.about(place)
    if target is None or points.unit != "angstrom" or points.origin != "corner":
        return
    size, own, rows = sampling(target.entity), sides(target.entity), points.coordinates or []
    if size is None or size < _COARSE or len(own) < 3 or len(rows) < _SPREAD or {*map(len, rows)} != {3}:
        return
    ends = [(min(column), max(column)) for column in zip(*rows, strict=True)]
    inside = all(low >= 0 and high < side for (low, high), side in zip(ends, own, strict=True))
    wide = [high - low > _WIDE * side for (low, high), side in zip(ends, own, strict=True)]
    if inside and sum(wide) > 1:
        yield Fault(
            "unit",
            found="angstrom",
            expected="pixel",
            message=f"all {len(rows)} points lie within the first {numbers_as_text(own)} Å of the volume, "
            "which is its size in voxels: they seem to be in voxels",
            hint="Write pixel as the unit, or multiply the positions by the size of a voxel.",
        )


_COARSE = 3.0  # Å: finer voxels are too much like Å
_SPREAD = 10  # points
_WIDE = 0.6  # of a side


@check("points-inside", SubTomogram, given="location")
def sub_tomograms_are_inside(place: Place, placement: Placement) -> Iterator[Fault]:
    """What was cut from a tomogram was there, from its centre or corner, in voxels or Å."""
    tomogram, position = place.holder(Tomogram), numbers_of(place.entity.__dict__["location"])
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


@check("points-inside", Sphere, Cylinder, Cone, Ovoid, SphereSet, CylinderSet, CuboidSet)
def lengths_are_no_larger(place: PlaceOf[Geometry], placement: Placement) -> Iterator[Fault]:
    """No sphere, cylinder, cone or ovoid is wider than the volume that it is in, and no box longer."""
    held = place.parent
    whole = held if held is not None and isinstance(held.entity, Shell) else place
    shape, volume = place.entity, annotated_volume(whole, placement)
    if volume is None or not isinstance(whole.entity, Geometry):
        return
    limits = [limits_along(whole.entity, volume, axis, origin="corner") for axis in range(3)]
    lengths = [high - low for low, high in filter(None, limits)] or [inf]
    for field, most in (*((name, max(lengths)) for name in _RADII), ("dimensions", hypot(*lengths))):
        found = shape.__dict__.get(field)
        rows = found if isinstance(found, list) else [found]
        longest = [max(row) if isinstance(row, list) and row else row for row in rows]
        index = next((at for at, one in enumerate(longest) if isinstance(one, float) and one > most), None)
        if index is not None:
            yield Fault(
                field,
                found=longest[index],
                expected=f"at most {most:.6g} {whole.entity.unit}, as the tomogram has",
                message=f"this {'box' if field == 'dimensions' else 'radius'} is larger than the tomogram",
                hint="Correct the length; it is in the unit of the annotation.",
                index=index if isinstance(found, list) else None,
            )
            return


_RADII = ("radius", "start_radius", "end_radius", "waist_radius", "radii")


@check("points-differ", PointSet, given="coordinates")
def points_are_picked_once(place: Place, placement: Placement) -> Iterator[Fault]:
    """No point of a set is there twice, with one orientation; a closed line may end where it begins."""
    positions: list[list[float]] = place.entity.__dict__["coordinates"]
    if len({hash(tuple(row)) for row in positions}) == len(positions):
        return
    first: dict[str, int] = {}
    pairs = [(first.setdefault(row, index), index) for index, row in enumerate(oriented(place.entity))]
    again = [(before, index) for before, index in pairs if before != index]
    if again and again != [(0, len(positions) - 1)]:
        before, index = again[0]
        others = "" if len(again) == 1 else f", beside {counted(len(again) - 1, 'other')} like it"
        yield Fault(
            "coordinates",
            found=numbers_as_text(positions[index]),
            expected="each point once",
            message=f"point {index} is point {before} again{others}",
            severity=Severity.INFO if len(first) > 1 else Severity.WARNING,
            index=index,
        )


@check("points-differ", ParticleSet, AnnotationSet)
def particles_are_picked_once(place: Place, placement: Placement) -> Iterator[Fault]:
    """No particle or point of a set is there twice, with one orientation."""
    values = place.entity.__dict__
    points = (one for one in (*values["members"], *values.get("particles", ())) if isinstance(one, Point))
    for one in again((_placed_at(one), one) for one in points if numbers_of(one.location)):
        yield Fault(
            "location",
            found=numbers_as_text(numbers_of(one.location)),
            expected="each point once",
            message="another point of the set is at this position",
            hint="Take one of the two out.",
            severity=Severity.INFO,
            entity=one,
        )


def _placed_at(point: Point) -> tuple[object, ...]:
    """What tells a point from others: what it is, where it is and how it is turned."""
    turns = (one.matrix for one in point.__dict__.get("alignment_transformations", ()))
    called = (point.name, point.annotated_object, point.annotated_object_name, point.unit, point.origin)
    return (*called, *numbers_of(point.location), str([*turns]))


@check("points-differ", DataSet)
def sets_have_points_of_their_own(place: Place, placement: Placement) -> Iterator[Fault]:
    """No two sets of one tomogram have the same points, with the same orientations, nor two of different
    regions the same points; tomograms of one region may share theirs."""
    first: dict[object, list[Place]] = {}
    for there in placement.of(PointSet):
        rows = there.entity.__dict__["coordinates"] or []
        if len(rows) < _FEWEST:
            continue
        known = first.setdefault((len(rows), *rows[0], *rows[-1]), [])
        same = next((one for one in known if have_the_same_points(one, there, placement)), None)
        known.append(there)
        if same is not None:
            name = same.entity.id or same.entity.name or "another set"
            apart = same.scope.region is not there.scope.region
            yield Fault(
                "coordinates",
                found=f"{len(rows)} points",
                expected="points of its own",
                message=f"this set has the points of {name}" + (", which is of another region" * apart),
                hint="Give the points of this set, or take it out, if both are one.",
                severity=Severity.INFO,
                entity=there.entity,
            )


_FEWEST = 3  # points
