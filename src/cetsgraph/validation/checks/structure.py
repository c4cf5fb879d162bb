"""Checks on the structure of a data set: ids, words, and positions in lists."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from cetsgraph.findings import Severity
from cetsgraph.graph.nodes import POSITION
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import (
    Alignment,
    Annotation,
    DataSet,
    DeformationChannels,
    Detector,
    Entity,
    GridSampling,
    ImagingParameters,
    Map,
    MovieAlignment,
    MovieFrame,
    NonRigidAlignment,
    OntologyTerm,
    ProjectionAlignment,
    SampleSupport,
    TiltAngleObservation,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    Tomogram,
    Vitrification,
)
from cetsgraph.namespaces import XSD
from cetsgraph.texts import nearest
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import repeated
from cetsgraph.vocabulary import Kind, vocabulary

__all__ = ["broken_lists", "grid_has_samples", "ids_are_unique", "words_are_spelt_as_usual"]


@check("id-unique", DataSet)
def ids_are_unique(place: Place, placement: Placement) -> Iterator[Fault]:
    """No two objects of a kind have one id in a series, movie or region, or as parts of the data set."""
    keyed = (((_scope(one), _kind(one.entity), one.entity.id), one.entity) for one in _with_ids(placement))
    for entity in repeated(keyed):
        yield Fault("id", found=entity.id, entity=entity)


@check("value-enum", ImagingParameters, Detector, Vitrification, SampleSupport)
@check("value-enum", TiltAngleObservation, NonRigidAlignment, DeformationChannels, MovieAlignment)
@check("value-enum", Alignment, Tomogram, Map, TiltSeriesMicrographStack, DataSet)
def words_are_spelt_as_usual(place: Place, placement: Placement) -> Iterator[Fault]:
    """A word that may be any other is not a usual one with a letter swapped, left out or added."""
    for field, words in _USUAL.items():
        value = place.entity.__dict__.get(field)
        if not isinstance(value, str) or len(value) < _LONG or value in words:
            continue
        word = _plain(value)
        plain = {_plain(usual): usual for usual in words}
        meant = () if word in plain else _swapped(word, plain) or nearest(word, plain, count=1, cutoff=_CLOSE)
        if meant and abs(len(meant[0]) - len(word)) < _LONGER:
            yield Fault(
                field,
                found=value,
                expected=plain[meant[0]],
                message=f"{value} is not a usual word here, and nearly one",
                hint=f"Write {plain[meant[0]]}, if it is meant.",
                severity=Severity.WARNING,
            )


def _swapped(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known words with the same letters in another order."""
    return tuple(other for other in known if sorted(other) == sorted(word))


def _plain(word: str) -> str:
    """The letters and digits of a word, in small letters."""
    return "".join(filter(str.isalnum, word.lower()))


_USUAL = {
    "illumination_mode": ("FLOOD BEAM", "SPOT SCAN"),
    "imaging_mode": ("BRIGHT FIELD", "DARK FIELD", "DIFFRACTION", "4D-STEM"),
    "electron_source": ("FIELD EMISSION GUN", "TUNGSTEN HAIRPIN", "LAB6"),
    "alignment_procedure": ("BASIC", "ZEMLIN TABLEAU", "COMA FREE"),
    "cryogen": ("NITROGEN", "HELIUM"),
    "cryogen_name": ("ETHANE", "ETHANE-PROPANE", "PROPANE", "METHANE", "NITROGEN", "HELIUM"),
    "detector_mode": ("COUNTING", "INTEGRATING", "SUPER-RESOLUTION"),
    "grid_material": ("COPPER", "GOLD", "NICKEL", "MOLYBDENUM", "TITANIUM", "SILICON NITRIDE"),
    "film_material": ("CARBON", "GOLD", "GRAPHENE", "GRAPHENE OXIDE", "SILICON DIOXIDE"),
    "angle_kind": ("nominal", "stage", "refined"),
    "residual_kind": ("tilt-series-projection-residual", "movie-frame-residual"),
    "displacement_3d": ("none", "zero_at_samples"),
    "ctf_depth": ("none", "zero_at_samples"),
    "gauge": ("reference-frame",),
    "alignment_type": ("global", "local", "non-rigid"),
    "processing": ("raw", "filtered", "denoised", "sharpened"),
    "sample_type": ("cell", "tissue", "organism", "organelle", "virus", "in vitro", "in silico"),
    "tilt_scheme": ("dose-symmetric", "bidirectional", "unidirectional"),
}
"""Words of the mmCIF dictionary, and of the profiles of alignments."""
_CLOSE = 0.85
_LONG = 4  # letters
_LONGER = 3


@check("value-range", GridSampling, given="grid_shape")
def grid_has_samples(place: Place, placement: Placement) -> Iterator[Fault]:
    """A grid has at least one sample along each axis of an image or volume."""
    shape: list[int] = place.entity.__dict__["grid_shape"]
    if len(shape) not in (2, 3) or min(shape) < 1:
        yield Fault(
            "grid_shape",
            found=", ".join(map(str, shape)),
            expected="two or three numbers of samples, each 1 or more",
            message="this is not the shape of a grid",
        )


def broken_lists(quads: Iterable[ox.Quad]) -> Iterator[tuple[str, str, str]]:
    """Lists whose positions are not 0, 1, 2 … each once: holder, field of the model, positions found.

    Objects without any position are left to the shapes.
    """
    lists = {
        prop.iri: prop.field
        for prop in vocabulary().properties.values()
        if prop.many and prop.kind is Kind.PART
    }
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    positions: dict[str, int] = {}
    for quad in quads:
        subject, predicate, value = quad.subject, quad.predicate.value, quad.object
        if not isinstance(subject, ox.NamedNode):
            continue
        if predicate in lists and isinstance(value, ox.NamedNode):
            held[subject.value, predicate].append(value.value)
        elif predicate == POSITION and (position := _as_integer(value)) is not None:
            positions[subject.value] = position
    for (holder, predicate), members in held.items():
        found = sorted(positions[member] for member in members if member in positions)
        if len(found) == len(members) and found != list(range(len(found))):
            yield holder, lists[predicate], ", ".join(map(str, found[:20]))


def _with_ids(placement: Placement) -> Iterator[Place]:
    """Objects whose ids others can refer to; parts of the data set itself, if they have one."""
    for place in placement.places:
        entity = place.entity
        if entity.id is None or place.parent is None or isinstance(entity, OntologyTerm):
            continue
        within_region = isinstance(entity, ProjectionAlignment | MovieFrame | Annotation)
        if (
            place.parent is placement.root
            or type(entity).indexed
            or (place.scope.region is not None and within_region)
        ):
            yield place


def _scope(place: Place) -> str | None:
    """The series, movie or region within which an id is unique; None for the whole data set."""
    if isinstance(place.entity, TiltSeriesMicrograph | MovieFrame) and place.parent is not None:
        return place.parent.iri
    region = place.scope.region
    return None if region is None or region is place else region.iri


def _kind(entity: Entity) -> str:
    return "Annotation" if isinstance(entity, Annotation) else type(entity).__name__


def _as_integer(value: object) -> int | None:
    """The number of an `xsd:integer`; None for all else, and for one that is no integer."""
    if not isinstance(value, ox.Literal) or value.datatype.value != _INTEGER:
        return None
    try:
        return int(value.value)
    except ValueError:  # no integer, or one of more digits than Python reads
        return _FAR if value.value.lstrip("+-").isdecimal() else None


_INTEGER = f"{XSD}integer"
_FAR = 2**63  # beyond every list
