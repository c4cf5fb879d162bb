"""The model as N-Quads.

Writing goes over the objects in document order and appends lines of text, which is several times faster than
building terms. There is no code for any single field: each class has a plan, compiled from the vocabulary.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from cetsgraph.errors import DocumentError
from cetsgraph.findings import Finding, Severity
from cetsgraph.graph.departures import departs
from cetsgraph.graph.extent import dimension_class, extent
from cetsgraph.graph.fitted_maps import placements
from cetsgraph.graph.links import LABEL, label, links
from cetsgraph.graph.literals import DATATYPES, LEXICAL, UnrepresentableText, escape, json_literal
from cetsgraph.graph.nodes import SAME_AS
from cetsgraph.graph.object_keys import object_keys, search_text
from cetsgraph.graph.overviews import TextsOfObjects, values_of_images
from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.graph.writing_plans import AskedTerms, WritingPlan, writing_plans
from cetsgraph.iris import is_iri
from cetsgraph.model import Annotation, DataSet, Entity, Region
from cetsgraph.namespaces import CETS, RDF_JSON, RDF_TYPE, XSD
from cetsgraph.texts import has_unrepresentable
from cetsgraph.vocabulary import DERIVED, Property

__all__ = ["AskedTerms", "encode", "encoded", "triples"]

_POSITION = f" <{CETS}position>"
_PIECE = 2**20  # characters
_OF_POSITIONS = frozenset(prop.name for prop in DERIVED if "Entity" not in prop.domains)
"""What is derived from the positions of an annotation, and from what it is about."""


def encode(dataset: DataSet, iri: str) -> bytes:
    """Write a data set as N-Quads, every quad in the named graph `iri`, which is the data set's IRI as well.

    >>> b'<https://w3id.org/cetsgraph/ontology#name> "A" <urn:a> .' in encode(DataSet(name="A"), "urn:a")
    True

    Raises:
        ValueError: `iri` is not an absolute IRI.
        DocumentError: a text holds a character that no RDF or XML tool carries (U+0000, U+FFFE, U+FFFF, a
            lone surrogate); every such place is named.
    """
    return b"".join(encoded(dataset, iri))


def encoded(dataset: DataSet, iri: str, regions: Iterable[Region] = ()) -> Iterator[bytes]:
    """What `encode` gives, in pieces of about a megabyte, so that a large data set takes little memory.

    Objects come in document order, with the quads of each sorted, so that equal data sets give equal bytes.

    >>> [piece.count(b"\\n") for piece in encoded(DataSet(name="A"), "urn:a")]
    [4]

    Args:
        dataset: the data set.
        iri: its IRI.
        regions: more regions of it, which come one at a time and refer to nothing in each other.

    Raises:
        ValueError: as `encode` does, before the first piece.
        DocumentError: as `encode` does, at any piece.
    """
    if not is_iri(iri):
        raise ValueError(f"not an absolute IRI: {iri!r}")
    texts = _region_by_region(dataset, iri, regions)
    return (piece.encode() for piece in _joined(texts))


def triples(placement: Placement, asked: AskedTerms | None = None) -> Iterator[str]:
    """Write a data set as N-Triples with the IRIs that its placement gives, for shapes to judge.

    It comes in pieces of about a megabyte, without IRIs of elsewhere and what questions find objects by.

    >>> (text,) = triples(Placement(DataSet(name="A"), "urn:a"))
    >>> '<urn:a> <https://w3id.org/cetsgraph/ontology#name> "A" .' in text
    True

    Args:
        placement: the objects of the data set.
        asked: what shapes ask for; other classes and properties, and positions, are left out. Everything is
            written if not given.

    Raises:
        DocumentError: as `encode` does, at any piece.
    """
    return _joined(_texts(_Encoder(placement, " .\n", asked=asked), placement.places))


def _region_by_region(dataset: DataSet, iri: str, regions: Iterable[Region]) -> Iterator[str]:
    """The texts of all objects, with those of further regions behind the regions of the data set."""
    end = f" <{iri}> .\n"
    placement = Placement(dataset, iri)
    before, after = placement.around_regions()
    texts = TextsOfObjects()
    yield from _texts(_Encoder(placement, end, texts=texts), before)
    taken = {place.iri for place in before if place.field == "regions"}
    for number, region in enumerate(regions, start=len(dataset.regions)):
        alone = dataset.model_copy(update={"regions": [region]})
        placed = Placement(alone, iri, first_region=number, taken=taken)
        places = [place for place in placed.places if place.scope.region is not None]
        taken.add(places[0].iri)
        yield from _texts(_Encoder(placed, end, texts=texts), places)
    rest = _Encoder(placement, end, texts=texts)
    yield from _texts(rest, after)
    yield from rest.gathered(last=True)


def _texts(encoder: "_Encoder", places: Iterable[Place]) -> Iterator[str]:
    try:
        for place in places:
            yield encoder.text(place)
            if encoder.identified:
                yield from encoder.gathered()
    except UnrepresentableText:
        raise _unrepresentable(encoder.placement) from None


def _joined(texts: Iterable[str]) -> Iterator[str]:
    """Texts in pieces of about a megabyte."""
    waiting: list[str] = []
    size = 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= _PIECE:
            yield "".join(waiting)
            waiting.clear()
            size = 0
    if waiting:
        yield "".join(waiting)


class _Encoder:
    """Writes the objects of a data set, each by itself; `end` is what stands behind each statement.

    Where their `texts` are gathered, IRIs elsewhere, links, labels and what objects are found by are written,
    too; what is `asked`, as `triples` has it.
    """

    def __init__(
        self,
        placement: Placement,
        end: str,
        *,
        texts: TextsOfObjects | None = None,
        asked: AskedTerms | None = None,
    ) -> None:
        self.identified = texts is not None
        self.texts = texts or TextsOfObjects()
        self.sparse = asked is not None
        self.placement = placement
        self.end = end
        self.in_data_set = f" <{CETS}inDataSet> <{placement.root.iri}>{end}"
        self.plans = writing_plans(None if asked is None else asked.rules)
        self.plans_of_departing = writing_plans(None if asked is None else asked.all)
        self.departing: set[Place] = set()

    def text(self, place: Place) -> str:
        """The statements about an object, after the one that says what contains it."""
        plan = self._plan(place)
        lines = [] if plan.silent else self._own(place, plan)
        if self.identified:
            lines.sort()
        parent = place.parent
        if parent is None:
            return "".join(lines)
        plans = self.plans_of_departing if parent in self.departing else self.plans
        contains = plans[type(parent.entity)].containment.get(place.field)
        edge = "" if contains is None else f"<{parent.iri}>{contains}<{place.iri}>{self.end}"
        return "".join((edge, *lines))

    def gathered(self, *, last: bool = False) -> Iterator[str]:
        """The statements of texts that were gathered so far."""
        for piece in self.texts.pieces(last=last):
            yield f'<{self.placement.root.iri}> <{CETS}textsOfObjects> "{escape(piece)}"{self.end}'

    def _plan(self, place: Place) -> WritingPlan:
        """How an object is written; where only what is asked is, one that departs from the model has more."""
        if self.sparse and departs(place, self.placement):
            self.departing.add(place)
            return self.plans_of_departing[type(place.entity)]
        return self.plans[type(place.entity)]

    def _own(self, place: Place, plan: WritingPlan) -> list[str]:
        entity, end = place.entity, self.end
        subject = f"<{place.iri}>"
        lines = [f"{subject}{type_}{end}" for type_ in plan.types]
        append = lines.append
        if place.index is not None and not self.sparse:
            append(f'{subject}{_POSITION} "{place.index}"^^<{XSD}integer>{end}')
        if plan.in_data_set:
            append(subject + self.in_data_set)
        if plan.in_region and (region := place.scope.region) is not None and region is not place:
            append(f"{subject} <{CETS}inRegion> <{region.iri}>{end}")
        values = entity.__dict__
        for name, before, lexical, after in plan.literals:
            value = values[name]
            if value is not None:
                append(f"{subject}{before}{lexical(value)}{after}{end}")
        for text in plan.texts:
            if (value := values[text.field]) is not None:
                lines.extend(_languages(value, f"{subject} <{text.iri}>", end))
        for reference in plan.references:
            value = values[reference.field]
            if value is not None:
                lines.extend(_references(self.placement, place, reference, value, end))
        if plan.either and (kind := dimension_class(entity)) is not None:
            append(f"{subject} <{RDF_TYPE}> <{CETS}{kind}>{end}")
        if isinstance(entity, Annotation):
            lines.extend(self._about(place, entity, plan.asked))
        if self.identified:
            lines.extend(self._identity(place, subject, plan))
        return lines

    def _identity(self, place: Place, subject: str, plan: WritingPlan) -> Iterator[str]:
        """IRIs elsewhere, what the object is searched for, links, and its label."""
        entity, end = place.entity, self.end
        for iri in entity.identities:
            if iri != place.iri:
                yield f"{subject} <{SAME_AS}> <{iri}>{end}"
        yield from self._searched(subject, entity, plan.searched)
        for name, value, kind in values_of_images(entity):
            yield f'{subject} <{CETS}{name}> "{LEXICAL[kind](value)}"^^<{DATATYPES[kind]}>{end}'
        for predicate, iri in links(entity, self.placement.base_address):
            yield f"{subject} <{predicate}> <{iri}>{end}"
        yield f'{subject} <{LABEL}> "{escape(label(entity, plan.kind, place.index))}"{end}'

    def _about(self, place: Place, entity: Annotation, asked: frozenset[str] | None) -> Iterator[str]:
        """What an annotation is about, and where its positions are; shapes ask for those of arrays alone."""
        subject, end = f"<{place.iri}>", self.end
        if asked is not None and asked.isdisjoint(_OF_POSITIONS):
            return
        targets = self.placement.subjects(place)
        for target in targets:
            iri = target.iri if isinstance(target, PlaceOf) else target
            yield f"{subject} <{CETS}annotates> <{iri}>{end}"
        only = targets[0].entity if len(targets) == 1 and isinstance(targets[0], PlaceOf) else None
        alone = asked is None and place.field == "annotations"
        for name, value, kind in chain(extent(entity, only, alone=alone), placements(entity)):
            if asked is None or name in asked:
                yield f'{subject} <{CETS}{name}> "{LEXICAL[kind](value)}"^^<{DATATYPES[kind]}>{end}'

    def _searched(self, subject: str, entity: Entity, fields: Iterable[str]) -> Iterator[str]:
        """What questions find an object by, under any spelling of its name."""
        for key in object_keys(entity):
            yield f'{subject} <{CETS}objectKey> "{escape(key)}"{self.end}'
        searched, in_lower_case = search_text(entity.__dict__, fields)
        self.texts.add(searched)
        if not in_lower_case:
            yield f'{subject} <{CETS}searchText> "{escape(searched)}"{self.end}'


def _languages(value: str | dict[str, str], before: str, end: str) -> Iterable[str]:
    """A text, or one in each of several languages."""
    if isinstance(value, str):
        yield f'{before} "{escape(value)}"{end}'
    for language, text in (value if isinstance(value, dict) else {}).items():
        yield f'{before} "{escape(text)}"@{language}{end}'


def _references(
    placement: Placement, place: Place, reference: Property, value: str | list[str], end: str
) -> Iterable[str]:
    """Links to what a reference names, ids that lead nowhere, and the order where links do not tell it."""
    subject = f"<{place.iri}>"
    values = value if isinstance(value, list) else [value]
    for one in dict.fromkeys(values):
        target = placement.target(place, reference, one)
        if target is not None:
            yield f"{subject} <{reference.iri}> <{target}>{end}"
        else:
            written = f'"{escape(one)}"{end}'
            yield f"{subject} <{CETS}{reference.dangling}> {written}"
            yield f"{subject} <{CETS}unresolvedId> {written}"
    if len(values) > 1 and values != placement.in_order(place, reference, values):
        yield f'{subject} <{CETS}{reference.order}> "{json_literal(values)}"^^<{RDF_JSON}>{end}'


def _unrepresentable(placement: Placement) -> DocumentError:
    """Say which texts hold characters that cannot be written."""
    findings = []
    for place in placement.places:
        for field, value in place.entity.__dict__.items():
            if _has_unrepresentable(value):
                pointer = f"{place.pointer}/{field}"
                findings.append(
                    Finding(
                        rule="value-type",
                        severity=Severity.VIOLATION,
                        pointer=pointer,
                        message="a text holds a character that no RDF or XML tool carries",
                        hint="Remove U+0000, U+FFFE, U+FFFF and lone surrogates.",
                        found=ascii(value),
                        kind=type(place.entity).__name__,
                    )
                )
    return DocumentError("cannot be written as RDF", path=placement.root.iri, findings=findings)


def _has_unrepresentable(value: object) -> bool:
    if isinstance(value, str):
        return has_unrepresentable(value)
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, list) and any(_has_unrepresentable(item) for item in value)
