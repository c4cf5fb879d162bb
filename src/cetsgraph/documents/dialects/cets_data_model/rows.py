"""Single annotations and sets of them in dialect B, which has arrays: a row for each point or sphere."""

from collections.abc import Iterator, Sequence
from typing import Any

from cetsgraph.documents.dialects.mapping import WriteSession
from cetsgraph.documents.dialects.shapes import SCORE, box, centre_line, placed_at
from cetsgraph.graph.extent import numbers_of
from cetsgraph.graph.matrices import IDENTITY, Matrix, matrix_of, shift
from cetsgraph.model import (
    Annotation,
    AnnotationSet,
    Cuboid,
    CuboidSet,
    Cylinder,
    CylinderSet,
    Entity,
    Geometry,
    Particle,
    ParticleSet,
    Point,
    PointAttribute,
    PointSet,
    Sphere,
    SphereSet,
    Spline,
    Vector,
)

__all__ = ["in_arrays"]

Placed = tuple[Geometry, str]
"""A single annotation, and where the model has it."""

_ABOUT = frozenset(Annotation.model_fields)
_COUNTED = ("unit", "origin", "dimension")
_KINDS: dict[type[Entity], tuple[type[Geometry], tuple[str, ...]]] = {
    Point: (PointSet, ("location",)),
    Particle: (PointSet, ("location",)),
    Vector: (PointSet, ("start", "end")),
    Sphere: (SphereSet, ("center",)),
    Spline: (Spline, ("points",)),
    Cuboid: (CuboidSet, ("v1", "v2")),
    Cylinder: (CylinderSet, ("vector",)),
}
"""What a single annotation is in arrays, and its fields with positions."""

_BESIDE: dict[type[Entity], tuple[str, ...]] = {
    Sphere: ("radius",),
    Cylinder: ("radius",),
    Particle: ("alignment_transformations", "figure_of_merit"),
}
"""Fields of a single annotation that arrays have beside the positions."""


def in_arrays(writing: WriteSession, annotation: Annotation, pointer: str) -> Iterator[Annotation]:
    """What dialect B has for an annotation: arrays for what is single, and the members of a set.

    Points of one kind and frame become one array. What has no array is given as it is.
    """
    if isinstance(annotation, AnnotationSet):
        yield from _of_set(writing, annotation, pointer)
        return
    row = _row(annotation)
    if row is None:
        writing.moved_from(annotation, pointer)  # sets before it may have made its list longer
        yield annotation
        return
    assert isinstance(annotation, Geometry)
    about = {name: found for name, found in annotation.__dict__.items() if name in _ABOUT}
    made = _array(writing, [(annotation, pointer)], about)
    writing.report_normalised(pointer, "it becomes a row of an array", kind=type(annotation).__name__)
    writing.moved_from(made, pointer)
    yield made


def _of_set(writing: WriteSession, held: AnnotationSet, pointer: str) -> Iterator[Annotation]:
    singles: list[tuple[Annotation, str]] = [
        (one, f"{pointer}/members/{index}") for index, one in enumerate(held.members)
    ]
    if isinstance(held, ParticleSet):
        singles += [(one, f"{pointer}/particles/{index}") for index, one in enumerate(held.particles)]
    rows = [(one, place) for one, place in singles if isinstance(one, Geometry) and _row(one) is not None]
    if rows and len(rows) == len(singles) and len({_kind(one) for one, _ in rows}) == 1:
        about = {name: found for name, found in held.__dict__.items() if name in _ABOUT}
        array = _array(writing, rows, about)
        for row, place in rows:
            writing.report_others(row, place, *_KINDS[type(row)][1], *_BESIDE.get(type(row), ()), *_COUNTED)
        writing.report_others(held, pointer, *_ABOUT, "members", "particles")
        writing.report_normalised(pointer, "the set becomes an array", kind=type(held).__name__)
        writing.moved_from(array, pointer)
        yield array
        return
    if singles:
        writing.report_normalised(pointer, "the members of the set stand by themselves")
    writing.report_others(held, pointer, "members", "particles", "source_tomogram_id")
    for one, place in singles:
        for found in in_arrays(writing, _with_target(one, held), place):
            writing.moved_from(found, writing.place_of(found, place))
            yield found


def _with_target(one: Annotation, held: AnnotationSet) -> Annotation:
    """A member that is about what its set is about."""
    if held.source_tomogram_id is None or one.source_tomogram_id is not None:
        return one
    return one.model_copy(update={"source_tomogram_id": held.source_tomogram_id})


def _kind(one: Geometry) -> tuple[Any, ...]:
    """What members of one array have in common; each curve and each cylinder has an array of its own."""
    if isinstance(one, Spline | Cylinder):
        return (id(one),)
    cls, names = _KINDS[type(one)]
    return cls, names, one.unit, one.origin, len(_row(one) or ())


def _row(one: Annotation) -> list[float] | None:
    """The position of a single annotation; None if it has none that is whole, or no array is the same."""
    if type(one) not in _KINDS or (isinstance(one, Spline) and one.coordinates):
        return None
    if isinstance(one, Cuboid | Cylinder):
        solid = box(one) if isinstance(one, Cuboid) else centre_line(one)
        return None if solid is None else solid[0]
    cls, names = _KINDS[type(one)]
    found = [getattr(one, name) for name in names]
    positions = found[0] if cls is Spline else found
    rows = [numbers_of(position) for position in positions]
    return rows[0] if rows and all(rows) and len(set(map(len, rows))) == 1 else None


def _array(writing: WriteSession, rows: Sequence[Placed], about: dict[str, Any]) -> Geometry:
    """The array of single annotations of one kind; what it has no place for is reported."""
    first = rows[0][0]
    counted: dict[str, Any] = {
        "unit": first.unit,
        "origin": first.origin,
        "dimension": len(_row(first) or ()),
    }
    for one, place in rows:
        _report_positions(writing, one, place)
    if isinstance(first, Spline):
        return Spline(coordinates=[numbers_of(point) for point in first.points], **counted, **about)
    positions = [_row(one) or [] for one, _ in rows]
    if isinstance(first, Sphere):
        return SphereSet(coordinates=positions, radii=_radii(rows), **counted, **about)
    if isinstance(first, Cuboid):
        sides = [found[1] for one, _ in rows if isinstance(one, Cuboid) and (found := box(one))]
        return CuboidSet(coordinates=positions, dimensions=sides, **counted, **about)
    if isinstance(first, Cylinder):
        start, along = centre_line(first) or ([], [])
        return CylinderSet(
            vectors=[along],
            radii=_radii(rows),
            coordinate_transformations=[placed_at(start)],
            **counted,
            **about,
        )
    if isinstance(first, Vector):
        vectors = [_along(one) for one, _ in rows if isinstance(one, Vector)]
        return PointSet(coordinates=positions, vectors=vectors, **counted, **about)
    return PointSet(
        coordinates=positions,
        rotations=_rotations(writing, rows),
        point_attributes=_scores(writing, rows),
        **counted,
        **about,
    )


def _report_positions(writing: WriteSession, one: Entity, pointer: str) -> None:
    """Say what positions, which become numbers, and the lines between them say besides."""
    for name in ("start", "end") if isinstance(one, Vector) else _KINDS[type(one)][1]:
        found = getattr(one, name)
        for index, position in enumerate(found if isinstance(found, list) else [found]):
            place = f"{pointer}/{name}/{index}" if isinstance(found, list) else f"{pointer}/{name}"
            if isinstance(position, Vector):
                writing.report_others(position, place, "start", "end", *_COUNTED)
                _report_positions(writing, position, place)
            else:
                writing.report_others(position, place, "x", "y", "z")


def _radii(rows: Sequence[Placed]) -> list[float] | None:
    radii = [one.radius for one, _ in rows if isinstance(one, Sphere | Cylinder) and one.radius is not None]
    return radii if len(radii) == len(rows) else None


def _scores(writing: WriteSession, rows: Sequence[Placed]) -> list[PointAttribute]:
    """The figures of merit of particles as a column, if all have one."""
    scored = [(one, place) for one, place in rows if getattr(one, SCORE, None) is not None]
    if scored and len(scored) == len(rows):
        column = PointAttribute(name=SCORE, values=[getattr(one, SCORE) for one, _ in scored])
        writing.moved_from(column, f"{scored[0][1]}/{SCORE}")
        return [column]
    for one, place in scored:
        writing.report_left_out(one, place, SCORE)
    return []


def _along(one: Vector) -> list[float]:
    start, end = numbers_of(one.start), numbers_of(one.end)
    return [b - a for a, b in zip(start, end, strict=True)]


def _rotations(writing: WriteSession, rows: Sequence[Placed]) -> list[Matrix] | None:
    """The rotation of each particle, if all have one and nothing else."""
    found = [_rotation(one) for one, _ in rows]
    rotations = [rotation for rotation in found if rotation is not None]
    if len(rotations) == len(rows):
        return rotations
    for one, place in rows:
        if isinstance(one, Particle) and one.alignment_transformations:
            writing.report_left_out(one, place, "alignment_transformations")
    return None


def _rotation(one: Geometry) -> Matrix | None:
    transformations = one.alignment_transformations if isinstance(one, Particle) else []
    if (
        len(transformations) != 1
        or transformations[0].annotations
        or transformations[0].transformation_type != "rotation"
    ):
        return None
    matrix, size = matrix_of(transformations[0]), len(_row(one) or ())
    if matrix is None or any(shift(matrix)) or matrix[3] != IDENTITY[3]:
        return None
    return [row[:size] for row in matrix[:size]]
