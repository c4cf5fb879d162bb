"""Checks on what objects say of the objects that they refer to."""

from collections.abc import Iterator

from cetsgraph.graph.extent import extent
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import Annotation, Map, ProbabilityMap, SegmentationMask, Surface, Text
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.surroundings import referred

__all__ = ["index_is_of_a_point"]


@check("coord-index-range", Map, given="coord_index", shape="coord-index-range")
def index_is_of_a_point(place: Place, placement: Placement) -> Iterator[Fault]:
    """A map that belongs to one annotation belongs to one of its points."""
    index = place.entity.__dict__["coord_index"]
    named = {one.iri: one.entity for one in referred(place, "source_annotation_id", placement)}
    for annotation in named.values() if len(named) == 1 else ():
        assert isinstance(annotation, Annotation)
        counts = (value for name, value, _ in extent(annotation, None) if name == "pointCount")
        count = next(counts, None)
        if count is not None and index >= count:
            yield Fault("coord_index", found=index, expected=f"0 to {count - 1}")
        elif isinstance(annotation, _WITHOUT_POINTS):
            yield Fault(
                "coord_index",
                found=index,
                expected="an annotation with points",
                message=f"{annotation.id} is a {type(annotation).__name__}, which has no points",
            )


_WITHOUT_POINTS = (SegmentationMask, ProbabilityMap, Surface, Text)
