"""Single annotations and sets of them in dialect B, which has arrays: a row for each point or sphere."""

from collections.abc import Iterator, Sequence
from typing import Any

from cetsgraph.documents.dialects.mapping import WriteSession
from cetsgraph.graph.matrices import IDENTITY, Matrix, matrix_of, shift
from cetsgraph.model import (
    Annotation,
    AnnotationSet,
    Coordinates,
    Entity,
    Geometry,
    Particle,
    ParticleSet,
    Point,
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
}
"""What a single annotation is in arrays, and its fields with positions."""


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
            writing.report_others(row, place, *_fields(row), *_COUNTED)
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
    """What members of one array have in common; curves have an array each."""
    cls, names = _KINDS[type(one)]
    return (id(one),) if cls is Spline else (cls, names, one.unit, one.origin, len(_row(one) or ()))


def _fields(one: Geometry) -> tuple[str, ...]:
    return {Sphere: ("center", "radius"), Particle: ("location", "alignment_transformations")}.get(
        type(one), _KINDS[type(one)][1]
    )


def _row(one: Annotation) -> list[float] | None:
    """The position of a single annotation; None if it has none that is whole."""
    if type(one) not in _KINDS or (isinstance(one, Spline) and one.coordinates):
        return None
    cls, names = _KINDS[type(one)]
    found = [getattr(one, name) for name in names]
    positions = found[0] if cls is Spline else found
    rows = [_numbers(position) for position in positions]
    if not rows or None in rows or len({len(row or ()) for row in rows}) != 1:
        return None
    return rows[0]


def _numbers(position: Coordinates | None) -> list[float] | None:
    if position is None or position.x is None or position.y is None:
        return None
    return [position.x, position.y, *([] if position.z is None else [position.z])]


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
        return Spline(coordinates=[_numbers(point) or [] for point in first.points], **counted, **about)
    positions = [_row(one) or [] for one, _ in rows]
    if isinstance(first, Sphere):
        return SphereSet(coordinates=positions, radii=_radii(rows), **counted, **about)
    if isinstance(first, Vector):
        vectors = [_along(one) for one, _ in rows if isinstance(one, Vector)]
        return PointSet(coordinates=positions, vectors=vectors, **counted, **about)
    return PointSet(coordinates=positions, rotations=_rotations(writing, rows), **counted, **about)


def _report_positions(writing: WriteSession, one: Geometry, pointer: str) -> None:
    """Say what positions, which become numbers, say besides."""
    for name in _KINDS[type(one)][1]:
        found = getattr(one, name)
        for index, position in enumerate(found if isinstance(found, list) else [found]):
            place = f"{pointer}/{name}/{index}" if isinstance(found, list) else f"{pointer}/{name}"
            writing.report_others(position, place, "x", "y", "z")


def _radii(rows: Sequence[Placed]) -> list[float] | None:
    radii = [one.radius for one, _ in rows if isinstance(one, Sphere) and one.radius is not None]
    return radii if len(radii) == len(rows) else None


def _along(one: Vector) -> list[float]:
    start, end = _numbers(one.start) or [], _numbers(one.end) or []
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
