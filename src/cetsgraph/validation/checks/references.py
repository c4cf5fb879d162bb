"""Checks on what objects say of the objects that they refer to."""

from collections.abc import Iterator

from cetsgraph.findings import Severity
from cetsgraph.graph.extent import extent
from cetsgraph.graph.placement import Place, Placement, reference_of
from cetsgraph.model import (
    Alignment,
    Annotation,
    DataSet,
    Entity,
    Map,
    ProbabilityMap,
    ProjectionAlignment,
    SegmentationMask,
    Surface,
    Text,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    Tomogram,
    TomogramSet,
)
from cetsgraph.texts import listed
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.surroundings import referred

__all__ = ["annotation_is_of_one_region", "index_is_of_a_point", "parts_of_one_experiment_are_here"]


@check("reference-resolves", DataSet)
def parts_of_one_experiment_are_here(place: Place, placement: Placement) -> Iterator[Fault]:
    """What a tomogram, alignment or image was made from is not in another data set where its region has such
    objects itself."""
    for cls, field in _FROM_ITS_REGION:
        for there in placement.of(cls):
            value = there.entity.__dict__[field]
            for name in [value] if isinstance(value, str) else value or ():
                if "://" in name and _leads_out(there, field, name, placement):
                    yield Fault(
                        field,
                        found=name,
                        hint="Name the object of this region by its id, if that is meant.",
                        message="this leads to another data set, and the region has such objects itself",
                        severity=Severity.WARNING,
                        entity=there.entity,
                    )


def _leads_out(place: Place, field: str, name: str, placement: Placement) -> bool:
    """Whether a reference names an object of another data set, and its region has some of that kind."""
    reference = reference_of(type(place.entity), field)
    if placement.resolve(place, reference, name) is not None or not placement.is_elsewhere(name):
        return False
    kind = Entity.kinds[reference.range or ""]
    regions = placement.once((_leads_out, kind), lambda: {one.scope.region for one in placement.of(kind)})
    return place.scope.region in regions


_FROM_ITS_REGION: tuple[tuple[type[Entity], str], ...] = (
    (Tomogram, "tilt_series_id"),
    (TomogramSet, "tilt_series_id"),
    (Tomogram, "alignment_id"),
    (Alignment, "tilt_series_id"),
    (Alignment, "reference_volume_id"),
    (ProjectionAlignment, "tilt_image_id"),
    (TiltSeriesMicrograph, "movie_stack_id"),
    (TiltSeriesMicrographStack, "movie_stack_series_id"),
)
"""References within one experiment; derived tomograms, averages and annotations may be of other data sets."""


@check("reference-resolves", Map, given="source_annotation_id")
def annotation_is_of_one_region(place: Place, placement: Placement) -> Iterator[Fault]:
    """A map that names no region names annotations by ids that one region alone has."""
    values = place.entity.__dict__
    if values["source_region_id"] is not None or place.scope.region is not None:
        return
    regions = placement.once(annotation_is_of_one_region, lambda: _regions_by_annotation(placement))
    for name in values["source_annotation_id"]:
        known = regions.get(name, [])
        if len(known) > 1:
            yield Fault(
                "source_annotation_id",
                found=name,
                expected="an id that one region has, or source_region_id beside it",
                message=f"annotations of {len(known)} regions have this id, and the map names no region",
                hint=f"Name the region in `source_region_id`: {listed(known[:3], ' or ')}.",
                severity=Severity.WARNING,
            )


def _regions_by_annotation(placement: Placement) -> dict[str, list[str]]:
    """The regions that have an annotation of each id."""
    found: dict[str, dict[str, None]] = {}
    for there in placement.of(Annotation):
        if there.entity.id is not None and there.scope.region is not None:
            region = there.scope.region
            found.setdefault(there.entity.id, {})[region.entity.id or region.pointer] = None
    return {name: [*regions] for name, regions in found.items()}


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
