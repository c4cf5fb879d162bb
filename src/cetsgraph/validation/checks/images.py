"""Checks on the files that a document names."""

from collections.abc import Iterator

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import (
    DataSet,
    Entity,
    Map,
    MovieFrame,
    MovieStack,
    ProbabilityMap,
    SegmentationMask,
    Surface,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    Tomogram,
)
from cetsgraph.validation.checks.registry import Fault, check

__all__ = ["files_are_named_once"]

# Several references to one gain file, or placements of one map, are meant.
_OF_THEIR_OWN = (
    MovieStack,
    MovieFrame,
    TiltSeriesMicrographStack,
    TiltSeriesMicrograph,
    Tomogram,
    Map,
    SegmentationMask,
    ProbabilityMap,
    Surface,
)


@check("path-unique", DataSet)
def files_are_named_once(place: Place, placement: Placement) -> Iterator[Fault]:
    """No two objects of a kind name the same section of a file; SHACL would compare all with all."""
    first: dict[tuple[type[Entity], str, int | None], Place] = {}
    for there in placement.places:
        entity = there.entity
        path = entity.__dict__.get("path")
        if path is None or not isinstance(entity, _OF_THEIR_OWN):
            continue
        known = first.setdefault((type(entity), path, getattr(entity, "section", None)), there)
        if known is not there:
            named = known.entity.id or known.entity.name or known.entity.pointer or known.pointer
            yield Fault("path", found=path, expected=f"not the file of {named}", entity=entity)
