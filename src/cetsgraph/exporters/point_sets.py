"""Every kind of picked positions as point sets: these, sets of particles, points and particles alone."""

from collections.abc import Iterable, Iterator, Sequence

from cetsgraph.graph.axes import along_axes
from cetsgraph.graph.placement import Place
from cetsgraph.model import Particle, ParticleSet, Point, PointAttribute, PointSet

__all__ = ["point_sets"]

_ABOUT = (
    *("annotated_object", "annotated_object_name", "annotated_object_state", "authors", "cross_references"),
    *("curator_recommended", "description", "ground_truth", "method", "method_description"),
    *("precision", "recall", "software"),
)
"""Fields of annotations that are said of the points as they are said of the set."""


def point_sets(places: Iterable[Place]) -> Iterator[tuple[Place, PointSet]]:
    """The points of annotations, each with its place; those that stand alone, together with their like.

    Alike are points of one holder that mark the same, and are counted in the same way.
    """
    alone: dict[tuple[object, ...], list[Place]] = {}
    for place in places:
        one = place.entity
        if isinstance(one, PointSet):
            yield place, along_axes(one)
        elif isinstance(one, ParticleSet) and one.particles:
            yield place, _together(one, one.particles)
        elif isinstance(one, Point) and place.field != "particles":
            marked = one.annotated_object, one.annotated_object_name
            alone.setdefault((id(place.parent), *marked, one.unit, one.origin), []).append(place)
    for several in alone.values():
        points = [place.entity for place in several if isinstance(place.entity, Point)]
        yield several[0], _together(points[0], points)


def _together(annotation: ParticleSet | Point, points: Sequence[Point]) -> PointSet:
    """Points as a set; without positions if they are counted in several ways, or one is in a plane."""
    first = points[0]
    found = PointSet(dimension=3, unit=first.unit, origin=first.origin)
    for field in _ABOUT:
        setattr(found, field, getattr(annotation, field))
    places = [_position(one) for one in points]
    known = [place for place in places if place is not None]
    if len(known) == len(points) and len({(one.unit, one.origin) for one in points}) == 1:
        found.coordinates = known
    turned = [matrix for one in points if (matrix := _rotation(one)) is not None]
    found.rotations = turned if len(turned) == len(points) else None
    identifiers = [one.id for one in points if one.id is not None]
    found.point_ids = identifiers if len(identifiers) == len(points) else None
    merits = [one.figure_of_merit if isinstance(one, Particle) else None for one in points]
    if any(merit is not None for merit in merits):
        found.point_attributes = [PointAttribute(name="figure_of_merit", values=list(merits))]
    return found


def _position(point: Point) -> list[float] | None:
    at = point.location
    if at is None or at.x is None or at.y is None or at.z is None:
        return None
    return [at.x, at.y, at.z]


def _rotation(point: Point) -> list[list[float]] | None:
    """The rotation of a particle, if it has one transformation with a matrix."""
    steps = point.alignment_transformations if isinstance(point, Particle) else []
    matrix = steps[0].matrix if len(steps) == 1 else None
    return None if matrix is None or len(matrix) < 3 else [row[:3] for row in matrix[:3]]
