"""Checks on the geometry of annotations: shapes, point sets and masks."""

import math
from collections.abc import Iterator, Sequence
from operator import mul

from cetsgraph.findings import Severity
from cetsgraph.graph.extent import numbers_of
from cetsgraph.graph.fitted_maps import CENTRE, placing_transformations
from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.model import (
    AnnotationSet,
    Cuboid,
    CuboidSet,
    CylinderSet,
    FitMap,
    Geometry,
    Ovoid,
    Point,
    PointAttribute,
    PointSet,
    ProbabilityMap,
    Raster3D,
    SegmentationMask,
    SphereSet,
    Spline,
    SubTomogramSet,
    Text,
    Vector,
)
from cetsgraph.validation.checks.dimensions import dimension_of, points_of
from cetsgraph.validation.checks.picked import without_position
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import again
from cetsgraph.validation.checks.surroundings import annotated_volume, is_placed
from cetsgraph.validation.checks.views import is_rebinned, near, numbers_as_text, sampling, sides

__all__ = [
    "arrays_have_one_length",
    "corner_vectors_start_together",
    "cuboid_has_a_volume",
    "map_has_more_than_a_sampling",
    "mask_has_the_size_of_its_tomogram",
    "particles_have_positions",
    "points_have_one_dimension",
    "points_have_the_dimension_of_their_image",
    "radii_are_positive",
    "rows_have_one_length",
    "sets_are_not_empty",
    "sides_are_positive",
    "spline_has_a_length",
    "systems_have_an_axis_per_side",
    "text_says_something",
    "vector_has_a_length",
    "vectors_have_a_length",
    "waist_lies_on_the_centre_line",
]

_SAME_POINT = 1e-6  # of the size of the shape
_ON_LINE = 1e-3  # of the length of the line
_PARALLEL = 1e-6  # of the cosine

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
    count = values.get("point_count")
    if count is not None and count != len(entries):
        hint = f"Write {len(entries)}, or add the points that are missing."
        yield Fault("point_count", count, f"{len(entries)}, as positions are given", hint=hint)
    ids = values.get("point_ids") or ()
    index = next(again((name, index) for index, name in enumerate(ids)), None)
    if index is not None:
        yield Fault("point_ids", ids[index], "an id of its own", "another point has this id", index=index)
    yield from _unnamed(values.get("point_attributes", ()))
    for attribute in values.get("point_attributes", ()):
        if attribute.values is not None and len(attribute.values) != len(entries):
            yield Fault(
                "values",
                found=f"{len(attribute.values)} entries",
                expected=f"{len(entries)}, one for each point",
                entity=attribute,
            )


def _unnamed(attributes: Sequence[PointAttribute]) -> Iterator[Fault]:
    """Attributes that have no name, or that of another."""
    names: set[str] = set()
    for attribute in attributes:
        name = (attribute.name or "").strip()
        if not name or name in names:
            yield Fault(
                "name",
                found=attribute.name,
                expected="a name of its own, as of a column",
                message="another attribute of these points has this name"
                if name
                else "this attribute has no name",
                hint="Name each attribute for what it says of a point, such as score.",
                severity=Severity.WARNING,
                entity=attribute,
            )
        names.add(name)


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
    if isinstance(place.entity, Point | PointSet) or not isinstance(place.entity, Geometry):
        return  # of one position, or of arrays
    points = [point for *_, point in points_of(place.entity)]
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


@check("dimension-match", Raster3D, given="coordinate_systems")
def systems_have_an_axis_per_side(place: Place, placement: Placement) -> Iterator[Fault]:
    """A volume has three axes in each of its coordinate systems."""
    volume = place.entity
    for system in volume.__dict__["coordinate_systems"] if dimension_of(volume) == 3 else ():
        if system.axes and len(system.axes) != 3:
            yield Fault(
                "axes",
                found=f"{len(system.axes)} axes",
                expected="3 axes",
                message="this coordinate system of a volume has "
                f"{'fewer' if len(system.axes) < 3 else 'more'} than three axes",
                severity=Severity.WARNING,
                entity=system,
            )


@check("fitmap-complete", FitMap, given="coordinate_transformations")
def map_has_more_than_a_sampling(place: PlaceOf[FitMap], placement: Placement) -> Iterator[Fault]:
    """A map whose transformations only say how large its voxels are is not placed, unless it is a whole
    tomogram; shapes ask for any transformation."""
    fitted, target = place.entity, placement.about(place)
    stated = (fitted.transformation, fitted.center, fitted.rotations)
    if any(one is not None for one in stated) or placing_transformations(fitted):
        return
    whole = target is not None and bool(sides(fitted)) and sides(fitted) == sides(target.entity)
    if not whole and all(one.name != CENTRE for one in fitted.coordinate_transformations):
        yield Fault(
            None,
            expected="a rotation and a position",
            message="this FitMap says how large its voxels are, and not where its map is placed",
            severity=Severity.WARNING,
        )


@check("cuboid-origin", Cuboid)
def corner_vectors_start_together(place: Place, placement: Placement) -> Iterator[Fault]:
    """Both corner vectors start at the centre."""
    v1, v2 = place.entity.__dict__["v1"], place.entity.__dict__["v2"]
    if v1 is None or v2 is None:
        return
    one, other = numbers_of(v1.start), numbers_of(v2.start)
    if not one or len(one) != len(other):
        return
    ends = [end for end in (numbers_of(v1.end), numbers_of(v2.end)) if end and len(end) == len(one)]
    size = max((math.dist(one, end) for end in ends), default=1.0)
    if math.dist(one, other) > _SAME_POINT * max(size, 1e-12):
        yield Fault("v2", found=numbers_as_text(other), expected=numbers_as_text(one))


@check("ovoid-waist", Ovoid)
def waist_lies_on_the_centre_line(place: Place, placement: Placement) -> Iterator[Fault]:
    """The waist point lies between start and end of the centre line."""
    vector, waist = place.entity.__dict__["vector"], numbers_of(place.entity.__dict__["waist_point"])
    start, end = ([], []) if vector is None else (numbers_of(vector.start), numbers_of(vector.end))
    if not waist or not len(start) == len(end) == len(waist):
        return
    length = math.dist(start, end)
    if length > 0 and _distance(start, end, waist) > _ON_LINE * length:
        yield Fault(
            "waist_point",
            found=numbers_as_text(waist),
            expected=f"between {numbers_as_text(start)} and {numbers_as_text(end)}",
        )


@check("shape-positive", Vector)
def vector_has_a_length(place: Place, placement: Placement) -> Iterator[Fault]:
    """A vector leads somewhere."""
    start, end = (numbers_of(place.entity.__dict__[name]) for name in ("start", "end"))
    if start and start == end:
        yield Fault(
            None,
            found=f"from {numbers_as_text(start)} to {numbers_as_text(end)}",
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


@check("shape-positive", CuboidSet, given="dimensions")
def sides_are_positive(place: Place, placement: Placement) -> Iterator[Fault]:
    """Each side of many boxes is longer than 0."""
    for index, row in enumerate(place.entity.__dict__["dimensions"]):
        if min(row, default=1.0) <= 0:
            yield Fault(
                "dimensions",
                found=numbers_as_text(row),
                expected="above 0",
                message=f"a side of box {index} is not longer than 0",
                index=index,
            )
            return


@check("shape-positive", PointSet, CylinderSet, given="vectors")
def vectors_have_a_length(place: Place, placement: Placement) -> Iterator[Fault]:
    """Each of many vectors leads somewhere."""
    for index, row in enumerate(place.entity.__dict__["vectors"]):
        if row and not any(row):
            yield Fault(
                "vectors",
                found=numbers_as_text(row),
                expected="a direction",
                message=f"vector {index} has no length",
                hint="Give its direction, or take the point out of all arrays of the set.",
                severity=Severity.WARNING,
                index=index,
            )
            return


@check("shape-positive", Spline)
def spline_has_a_length(place: PlaceOf[Spline], placement: Placement) -> Iterator[Fault]:
    """The points of a curve are not all the same."""
    spline = place.entity
    field = "points" if spline.points else "coordinates"
    rows = [numbers_of(point) for point in spline.points] or spline.coordinates or []
    if len(rows) > 1 and all(row == rows[0] for row in rows):
        yield Fault(
            field,
            found=f"{len(rows)} times {numbers_as_text(rows[0])}",
            expected="different points",
            message="all points of this spline are the same",
            hint="Give the positions along the curve, or take it out.",
        )


@check("shape-positive", Cuboid)
def cuboid_has_a_volume(place: Place, placement: Placement) -> Iterator[Fault]:
    """The vectors to the corners of a cuboid do not lead into one direction."""
    v1, v2 = (_direction(place.entity.__dict__[name]) for name in ("v1", "v2"))
    lengths = math.hypot(*v1) * math.hypot(*v2)
    if len(v1) == len(v2) and lengths > 0 and sum(map(mul, v1, v2)) > (1 - _PARALLEL) * lengths:
        yield Fault(
            "v2",
            found=numbers_as_text(v2),
            expected=f"another direction than {numbers_as_text(v1)}",
            message="both corner vectors of this cuboid have one direction, so that it has no volume",
            hint="Give two opposite corners, each as seen from the centre.",
        )


def _direction(vector: Vector | None) -> list[float]:
    """What a vector leads along; nothing if start or end are not known."""
    ends = [] if vector is None else [numbers_of(vector.start), numbers_of(vector.end)]
    return [b - a for a, b in zip(*ends, strict=False)] if ends else []


@check("text-given", Text)
def text_says_something(place: PlaceOf[Text], placement: Placement) -> Iterator[Fault]:
    """A text has words, or a name."""
    text = place.entity
    if not (text.description or "").strip() and not (text.name or "").strip():
        yield Fault("description", found=text.description)


@check("points-given", PointSet, SphereSet, CuboidSet, Spline, AnnotationSet)
def sets_are_not_empty(place: Place, placement: Placement) -> Iterator[Fault]:
    """A set of points gives them, their number or file, one of shapes positions, and others members."""
    values = place.entity.__dict__
    if isinstance(place.entity, PointSet):
        empty = all(values[name] is None for name in ("coordinates", "path", "point_count"))
    elif isinstance(place.entity, Geometry):
        empty = values["coordinates"] is None and not values.get("points")
    else:
        empty = not values["members"] and not values.get("particles")
    if empty:
        yield Fault(None)


@check("points-given", SubTomogramSet, given="sub_tomograms")
def particles_have_positions(place: Place, placement: Placement) -> Iterator[Fault]:
    """No particle of a set is without position where nearly all others have one."""
    yield from without_position(place.entity)


@check("mask-size", SegmentationMask, ProbabilityMap)
def mask_has_the_size_of_its_tomogram(place: Place, placement: Placement) -> Iterator[Fault]:
    """A mask without a voxel size of its own, or with its tomogram's, has as many voxels as that."""
    mask, volume = place.entity, annotated_volume(place, placement)
    if volume is None or not isinstance(mask, Raster3D):
        return
    if dimension_of(mask) == 2 or _is_sampled_apart(mask, volume):
        return
    for name in ("width", "height", "depth"):
        own, theirs = mask.__dict__[name], volume.__dict__[name]
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


def _distance(start: Sequence[float], end: Sequence[float], point: Sequence[float]) -> float:
    """From a point to the part of a line between start and end."""
    line = [b - a for a, b in zip(start, end, strict=True)]
    length = math.hypot(*line)
    along = sum((p - a) / length * (step / length) for p, a, step in zip(point, start, line, strict=True))
    nearest = [a + min(max(along, 0.0), 1.0) * step for a, step in zip(start, line, strict=True)]
    return math.dist(point, nearest)
