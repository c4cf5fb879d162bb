"""Points and particles of sets: their orientations, which sets have the same, and what has no position."""

from collections.abc import Iterator

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import Entity
from cetsgraph.validation.checks.registry import Fault

__all__ = ["have_the_same_points", "oriented", "without_position"]

_ORIENTATIONS = ("rotations", "vectors")


def oriented(points: Entity) -> Iterator[str]:
    """Each position of a set with its rotation and vector, where they are known."""
    values = points.__dict__
    positions = values["coordinates"]
    columns = [rows for field in _ORIENTATIONS if len(rows := values[field] or []) == len(positions)]
    return map(str, zip(positions, *columns, strict=True))


def have_the_same_points(one: Place, other: Place, placement: Placement) -> bool:
    """Whether sets of two regions have the same points, or of one object with their orientations."""
    apart = one.scope.region is not other.scope.region
    fields = ("coordinates",) if apart else ("coordinates", *_ORIENTATIONS)
    if not apart and placement.about(one) is not placement.about(other):
        return False
    return all(one.entity.__dict__[field] == other.entity.__dict__[field] for field in fields)


def without_position(particles: Entity) -> Iterator[Fault]:
    """The few particles of a set that have no position."""
    known = particles.__dict__["sub_tomograms"]
    without = [one for one in known if one.location is None]
    for one in without if len(without) <= len(known) // 10 else ():
        yield Fault(
            None,
            expected="its position",
            message="this particle has no position, unlike nearly all others of its set",
            hint="Add its position, or take the particle out.",
            entity=one,
        )
