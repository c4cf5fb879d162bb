"""A graph as the model: triples in any order are grouped by subject and built bottom-up."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pyoxigraph as ox
from pydantic import ValidationError

from cetsgraph.collector import without_collector
from cetsgraph.errors import DocumentError
from cetsgraph.findings import Finding, Severity
from cetsgraph.graph.links import LABEL, label, links
from cetsgraph.graph.literals import READABLE, value_of
from cetsgraph.graph.nodes import (
    IN_DATA_SET,
    POSITION,
    SAME_AS,
    Beside,
    adopt,
    left_out,
    nodes_of,
    note,
)
from cetsgraph.graph.placement import SAY_WHERE, Placement
from cetsgraph.graph.reading_plans import ReadingPlan, most_specific, own_classes, without_class
from cetsgraph.iris import is_iri
from cetsgraph.model import DataSet, Entity
from cetsgraph.model.values import language_tag
from cetsgraph.namespaces import CETS, RDF_TYPE
from cetsgraph.rdf import Term
from cetsgraph.texts import has_unrepresentable, shortened, shortened_inside
from cetsgraph.vocabulary import Kind, Property, vocabulary

__all__ = ["decode"]


MAX_DEPTH = 100
"""Levels of objects in each other; real documents have about six."""
_OF_VALUES = frozenset({"reference-resolves", "unknown-field", "value-enum", "value-type"})
"""Rules that parts of a data set can break, and the others be read."""
_DIGITS = re.compile("[-+]?[0-9]{1,18}")


_DONE: dict[str, list[Term]] = {}


@dataclass(slots=True)
class _Named:
    """What a reference of an object names: objects here, IRIs of objects elsewhere, ids that dangle."""

    prop: Property
    links: list[str] = field(default_factory=list)
    iris: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)

    def value(
        self, placement: Placement, entity: Entity, entities: Mapping[str, Entity]
    ) -> str | list[str] | None:
        """As the document had it: in the order that is stated, if it is of the same objects."""
        place = placement.place_of(entity)
        targets = [placement.place_of(entities[link]) for link in self.links]
        here = [placement.reference_to(place, self.prop, target) for target in targets]
        values = placement.in_order(place, self.prop, [*here, *self.iris, *self.ids])
        if not self.prop.many:
            return values[0] if values else None
        return self.order if set(self.order) == set(values) else values or None


def decode(
    triples: Iterable[ox.Quad | ox.Triple],
    iri: str | None = None,
    *,
    notes: list[Finding] | None = None,
    lenient: bool = False,
) -> DataSet:
    """Read a data set from its triples or quads, in any order.

    >>> from cetsgraph.graph import encode
    >>> quads = ox.parse(encode(DataSet(name="A"), "urn:a"), format=ox.RdfFormat.N_QUADS)
    >>> decode(quads)
    DataSet(name='A')

    Args:
        triples: the triples of one data set; graph names are passed over.
        iri: the data set's IRI; needed only where the triples describe several.
        notes: receives a warning for each language tag, foreign class and statement of another vocabulary,
            which the model does not keep.
        lenient: whether values that the model cannot hold are left out, with a violation in the notes.

    Raises:
        DocumentError: the triples are not a CETS data set, or parts of them are nothing that the model can
            represent; every such part is named by its IRI.
    """
    with without_collector():
        decoder = _Decoder(triples, beside=notes is not None, lenient=lenient)
        dataset = decoder.data_set(iri)
    if notes is not None:
        notes += decoder.notes
    return dataset


class _Decoder:
    def __init__(self, triples: Iterable[ox.Quad | ox.Triple], *, beside: bool, lenient: bool) -> None:
        self.lenient = lenient
        self.nodes, self.aside = nodes_of(triples, beside=beside)
        self.findings: list[Finding] = []
        self.notes: list[Finding] = []
        self.entities: dict[str, Entity] = {}
        self.references: list[tuple[Entity, _Named]] = []
        self.same: dict[str, list[str]] = {}
        self.root = ""

    def data_set(self, iri: str | None) -> DataSet:
        """Build the objects bottom-up and return the data set, the only one unless `iri` names it."""
        root = self.root = iri or self._only_root()
        self.notes += adopt(self.nodes, self.aside, root)
        parts = self._tree(root)
        for subject in sorted(self.nodes.keys() - parts.keys()):
            if self.nodes[subject] and not self._types(subject) & own_classes():
                self.notes.append(note(subject, "the object is left out: it is of no class of the ontology"))
            else:
                self._complain("hierarchy-root", subject, "the object is not part of the data set's tree")
        while parts:  # the last first; what is built frees its terms, which take more memory than the object
            subject, part = parts.popitem()
            self._build(subject, part)
            self.nodes[subject] = _DONE
        data_set = self.entities.get(root)
        if not isinstance(data_set, DataSet):
            self._complain("hierarchy-root", root, "there is no cets:DataSet of this IRI")
        kept = self.lenient and all(finding.rule in _OF_VALUES for finding in self.findings)
        if not isinstance(data_set, DataSet) or (self.findings and not kept):
            raise DocumentError("not a data set that can be represented", path=root, findings=self.findings)
        self.notes += self.findings
        placement = Placement(data_set, self.root)
        self._restore_references(placement)
        self._keep_identities(placement)
        self._compare(placement, self.aside)
        return data_set

    def _only_root(self) -> str:
        roots = [iri for iri in self.nodes if self._types(iri) & {f"{CETS}DataSet"}]
        if len(roots) != 1:
            raise DocumentError(
                "which data set is meant is not clear" if roots else "there is no cets:DataSet",
                path="RDF",
                found=f"{len(roots)} data sets",
                expected="one",
            )
        return roots[0]

    def _types(self, subject: str) -> frozenset[str]:
        return frozenset(
            term.value
            for term in self.nodes.get(subject, {}).get(RDF_TYPE, ())
            if not isinstance(term, ox.Triple)
        )

    def _plan(self, subject: str) -> ReadingPlan | None:
        """The most specific class of an object."""
        types = self._types(subject)
        found = most_specific(types)
        for foreign in sorted(types - own_classes()):
            self.notes.append(note(subject, f"the class {shortened(foreign, 200)} is not kept"))
        if found is None:
            self._complain("hierarchy-parent", subject, without_class(types))
        return found

    def _tree(self, root: str) -> "dict[str, tuple[ReadingPlan, dict[str, list[str]]]]":
        """Every object below the root, parents first, with its class and its parts by field."""
        tree: dict[str, tuple[ReadingPlan, dict[str, list[str]]]] = {}
        queue = [(root, 0)]
        seen = {root}
        for subject, depth in queue:
            if depth > MAX_DEPTH:
                self._complain(
                    "value-type", subject, f"the object is nested more than {MAX_DEPTH} levels deep"
                )
            elif (plan := self._plan(subject)) is not None:
                below = self._parts(subject, plan, seen)
                tree[subject] = (plan, below)
                queue += [(child, depth + 1) for children in below.values() for child in children]
        return tree

    def _parts(self, subject: str, plan: ReadingPlan, seen: set[str]) -> dict[str, list[str]]:
        """What an object contains, by field, in order; each part once, which is then `seen`."""
        below: dict[str, list[str]] = {}
        for predicate, values in self.nodes[subject].items():
            prop = plan.properties.get(predicate)
            if prop is None or prop.kind is not Kind.PART:
                continue
            children = [value.value for value in values if isinstance(value, ox.NamedNode | ox.BlankNode)]
            if prop.many:
                children.sort(key=self._position)
            self._complain_of_values(subject, prop, values)
            fresh = []
            for child in children:
                if child in seen:
                    self._complain("hierarchy-parent", child, "the object has more than one parent")
                else:
                    seen.add(child)
                    fresh.append(child)
            below[prop.field] = fresh
        return below

    def _complain_of_values(self, subject: str, prop: Property, values: Iterable[object]) -> None:
        """Say which values stand where objects belong, and which objects have no readable position."""
        for value in values:
            if isinstance(value, ox.Literal | ox.Triple):
                self._complain("value-type", subject, f"{prop.name} is {_shown(value)}, not an object")
            elif isinstance(value, ox.NamedNode | ox.BlankNode):
                for position in self.nodes.get(value.value, {}).get(POSITION, ()):
                    if not (isinstance(position, ox.Literal) and _DIGITS.fullmatch(position.value)):
                        self._complain(
                            "value-type",
                            value.value,
                            f"position is {_shown(position)}, not a number of 64 bits",
                        )

    def _position(self, subject: str) -> tuple[float, str]:
        values = self.nodes.get(subject, {}).get(POSITION, ())
        for value in values:
            if isinstance(value, ox.Literal) and _DIGITS.fullmatch(value.value):
                return int(value.value), subject
        return float("inf"), subject

    def _build(self, subject: str, part: "tuple[ReadingPlan, dict[str, list[str]]]") -> None:
        plan, below = part
        values: dict[str, Any] = {}
        named: dict[str, _Named] = {}
        for predicate, terms in self.nodes[subject].items():
            prop = plan.properties.get(predicate)
            if prop is None:
                self._read_other(subject, plan, predicate, terms, named)
            elif prop.kind is Kind.PART and prop.many:
                values[prop.field] = self._built(below[prop.field])
            elif prop.kind is Kind.LANGUAGE_TEXT:
                values[prop.field] = self._languages(subject, prop, terms)
            elif prop.kind is Kind.REFERENCE and (prop.many or len(terms) == 1):
                self._read_links(subject, prop, terms, named.setdefault(prop.field, _Named(prop)))
            elif len(terms) > 1:
                self._complain("value-type", subject, f"{prop.name} has {len(terms)} values instead of one")
            elif prop.kind is Kind.PART:
                values[prop.field] = next(iter(self._built(below[prop.field])), None)
            else:
                values[prop.field] = self._value(subject, prop, terms[0])
        entity = self._entity(subject, plan, values)
        if ":" in subject:  # an IRI; the label of a blank node has no colon
            entity.came_from(subject)
        self.entities[subject] = entity
        self.references.extend((entity, names) for names in named.values())

    def _entity(self, subject: str, plan: ReadingPlan, values: dict[str, Any]) -> Entity:
        """The object that has these values, without those that its class cannot have."""
        try:
            return plan.model.model_validate(values)
        except ValidationError as error:
            for problem in error.errors():
                place = ".".join(map(str, problem["loc"]))
                rule = "value-enum" if problem["type"] == "literal_error" else "value-type"
                self._complain(rule, subject, f"{place}: {problem['msg']}")
                values.pop(str(problem["loc"][0]), None)
        return plan.model.model_validate(values)

    def _languages(self, subject: str, prop: Property, terms: list[Term]) -> str | dict[str, str] | None:
        """A text, or one in each of several languages."""
        texts = [term for term in terms if isinstance(term, ox.Literal) and _is_writable(term.value)]
        if len(terms) == 1 and len(texts) == 1 and texts[0].language is None:
            return texts[0].value
        said: dict[str, str] = {}
        for text in texts:
            with suppress(ValueError):  # a tag that no document can have
                said[language_tag(text.language or "")] = text.value
        if len(said) < len(terms):
            self._complain("value-type", subject, f"{prop.name} is not one text, or one in each language")
        return said

    def _read_links(self, subject: str, prop: Property, terms: list[Term], named: "_Named") -> None:
        for term in terms:
            if isinstance(term, ox.NamedNode | ox.BlankNode) and term.value in self.nodes:
                named.links.append(term.value)
            elif isinstance(term, ox.NamedNode) and self._is_elsewhere(term.value):
                named.iris.append(term.value)
            elif isinstance(term, ox.NamedNode | ox.BlankNode):
                message = f"{prop.name} leads to {_shown(term)}, not here"
                self._complain("reference-resolves", subject, message)
            else:
                self._complain("value-type", subject, f"{prop.name} is {_shown(term)}, not {prop.kind.value}")

    def _is_elsewhere(self, iri: str) -> bool:
        return "://" in iri and not iri.startswith(f"{self.root}/")

    def _built(self, children: Iterable[str]) -> list[Entity]:
        return [self.entities[child] for child in children if child in self.entities]

    def _read_other(
        self, subject: str, plan: ReadingPlan, predicate: str, terms: list[Term], named: "dict[str, _Named]"
    ) -> None:
        """What is no property of the class: ids that dangle, an order, what is derived, or nothing known."""
        if (prop := plan.dangling.get(predicate)) is not None:
            ids = [term.value for term in terms if isinstance(term, ox.Literal)]
            named.setdefault(prop.field, _Named(prop)).ids.extend(ids)
        elif (prop := plan.order.get(predicate)) is not None:
            order = self._value(subject, replace(prop, kind=Kind.ARRAY), terms[0])
            if isinstance(order, list) and all(isinstance(identifier, str) for identifier in order):
                named.setdefault(prop.field, _Named(prop)).order = order
        elif predicate == SAME_AS:
            self.same[subject] = [term.value for term in terms if isinstance(term, ox.NamedNode)]
        elif predicate == IN_DATA_SET:
            for term in terms:
                if not isinstance(term, ox.NamedNode | ox.BlankNode) or term.value != self.root:
                    self._complain("value-type", subject, f"inDataSet is {_shown(term)}, not {self.root}")
        elif predicate not in (RDF_TYPE, POSITION):
            self._complain("unknown-field", subject, f"{plan.model.__name__} has no property <{predicate}>")

    def _value(self, subject: str, prop: Property, term: object) -> Any:
        if isinstance(term, ox.Literal) and prop.kind in READABLE:
            if term.language is not None:
                self.notes.append(note(subject, f"the language of {prop.name} is not kept: {term.language}"))
            try:
                value = value_of(term, prop.kind)
            except (ValueError, RecursionError):
                pass
            else:
                if not _may_be_unwritable(term.value) or _is_writable(value):
                    return value
        rule = "value-enum" if prop.values and prop.kind is Kind.TEXT else "value-type"
        self._complain(rule, subject, f"{prop.name} is {_shown(term)}, not {prop.kind.value}")
        return None

    def _keep_identities(self, placement: Placement) -> None:
        """Remember the IRIs that objects have and that are not made as ours are."""
        for subject, entity in self.entities.items():
            own = [] if placement.place_of(entity).iri == subject else self._iris(subject)
            if subject == self.root:
                own = self._iris(subject)
            if known := (*own, *self.same.get(subject, ())):
                entity.known_as(*known)

    def _compare(self, placement: Placement, aside: dict[str, Beside]) -> None:
        """Report labels and links that are not those that will be derived, of objects without violations."""
        damaged = {finding.pointer for finding in self.findings}
        for subject, entity in self.entities.items():
            if (said := aside.get(subject)) is None or subject in damaged:
                continue
            place = placement.place_of(entity)
            kind = vocabulary().classes[type(entity).__name__].label
            derived = {*links(entity, placement.base_address), (LABEL, label(entity, kind, place.index))}
            others = [predicate for predicate, term in said if (predicate, _value_of(term)) not in derived]
            self.notes += [left_out(subject, predicate) for predicate in dict.fromkeys(others)]

    def _iris(self, subject: str) -> list[str]:
        return [subject] if is_iri(subject) else []

    def _restore_references(self, placement: Placement) -> None:
        """Give every reference the value that the document had: an id, or a place where there is no id."""
        if not self.references:
            return
        for says_where in (True, False):
            for entity, named in self.references:
                if (named.prop.field in SAY_WHERE) is says_where:
                    value = named.value(placement, entity, self.entities)
                    entity.__dict__[named.prop.field] = value
                    entity.__pydantic_fields_set__.add(named.prop.field)

    def _complain(self, rule: str, subject: str, message: str) -> None:
        self.findings.append(
            Finding(rule=rule, severity=Severity.VIOLATION, pointer=subject, message=message)
        )


def _value_of(term: Term) -> str | None:
    return None if isinstance(term, ox.Triple) else term.value


def _shown(term: object) -> str:
    return shortened_inside(str(term), 120)


def _may_be_unwritable(text: str) -> bool:
    return "\\u" in text or has_unrepresentable(text)


def _is_writable(value: object) -> bool:
    """Whether a value has no text with a character that no graph can hold."""
    if isinstance(value, list):
        return all(map(_is_writable, value))
    return not (isinstance(value, str) and has_unrepresentable(value))
