"""Points of sets with their orientations, and which sets have the same."""

from collections.abc import Iterator

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import Entity

__all__ = ["have_the_same_points", "oriented"]

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
