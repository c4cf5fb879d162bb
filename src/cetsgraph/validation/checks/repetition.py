"""Checks on what may be there only once; SHACL would compare all with all."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import TypeVar

from cetsgraph.findings import Severity
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import (
    Alignment,
    Annotation,
    DataSet,
    Entity,
    MovieFrame,
    ProjectionAlignment,
    TiltSeriesMicrographStack,
)
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.vocabulary import vocabulary

__all__ = ["ids_are_unique", "images_are_aligned_once", "movies_serve_once"]

_Part = TypeVar("_Part", bound=Entity)


@check("id-unique", DataSet)
def ids_are_unique(place: Place, placement: Placement) -> Iterator[Fault]:
    """No two objects of a kind have the same id in one region, or as parts of the data set itself."""
    keyed = (((_scope(one), _kind(one.entity), one.entity.id), one.entity) for one in _with_ids(placement))
    for entity in _repeated(keyed):
        yield Fault("id", found=entity.id, entity=entity)


@check("alignment-target", Alignment)
def images_are_aligned_once(place: Place, placement: Placement) -> Iterator[Fault]:
    """Each projection alignment of an alignment has a tilt image of its own."""
    alignment = place.entity
    assert isinstance(alignment, Alignment)
    for one in _naming_the_same(alignment.projection_alignments, "tilt_image_id", placement):
        yield Fault(
            "tilt_image_id",
            found=one.tilt_image_id,
            expected="each tilt image once",
            message="another projection alignment of the same alignment has the same tilt image",
            entity=one,
        )


@check("reference-consistent", TiltSeriesMicrographStack)
def movies_serve_once(place: Place, placement: Placement) -> Iterator[Fault]:
    """Each tilt image of a series has a movie of its own."""
    series = place.entity
    assert isinstance(series, TiltSeriesMicrographStack)
    for image in _naming_the_same(series.micrographs, "movie_stack_id", placement):
        yield Fault(
            "movie_stack_id",
            found=image.movie_stack_id,
            expected="a movie of its own",
            message="another tilt image of the series names the same movie",
            severity=Severity.WARNING,
            entity=image,
        )


def _with_ids(placement: Placement) -> Iterator[Place]:
    """Objects whose ids others can refer to; parts of the data set itself, if they have one."""
    for place in placement.places:
        entity = place.entity
        if entity.id is None or place.parent is None:
            continue
        if place.parent is placement.root or (
            place.scope.region is not None
            and (type(entity).indexed or isinstance(entity, ProjectionAlignment | MovieFrame | Annotation))
        ):
            yield place


def _scope(place: Place) -> str | None:
    """The region within which an id is unique; None for the whole data set."""
    region = place.scope.region
    return None if region is None or region is place else region.iri


def _kind(entity: Entity) -> str:
    return "Annotation" if isinstance(entity, Annotation) else type(entity).__name__


def _naming_the_same(parts: list[_Part], field: str, placement: Placement) -> Iterator[_Part]:
    """The parts whose reference leads where that of another part leads."""
    if not parts:
        return
    terms = vocabulary().classes[type(parts[0]).__name__].properties
    reference = next(prop for prop in terms if prop.field == field)
    named = ((value, part) for part in parts if (value := getattr(part, field)) is not None)
    for part in _repeated(named):
        if placement.resolve(placement.place_of(part), reference, getattr(part, field)) is not None:
            yield part


def _repeated(keyed: Iterable[tuple[Hashable, _Part]]) -> Iterator[_Part]:
    """All that share a key with another."""
    groups: dict[Hashable, list[_Part]] = defaultdict(list)
    for key, part in keyed:
        groups[key].append(part)
    for group in groups.values():
        if len(group) > 1:
            yield from group
