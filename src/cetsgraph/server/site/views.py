"""What the page of an object shows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import pyoxigraph as ox

from cetsgraph.archive.catalogue import PREDICATES
from cetsgraph.namespaces import CETS, DCTERMS, RDF_TYPE, RDFS
from cetsgraph.queries import describe
from cetsgraph.server.site.linked_data import address_of, array_address, is_large
from cetsgraph.store import Settings, Store
from cetsgraph.vocabulary import Kind, Property, vocabulary

__all__ = ["Fact", "Listing", "Mention", "View", "view_of"]

_LISTED = 50
"""Objects in a list, and values of a property."""
_LAST = 1_000_000
"""Page of a list."""
_RECORDED = {*PREDICATES.values()}
_NAMES = (f"{CETS}name", f"{CETS}title", f"{RDFS}label", f"{DCTERMS}title")
_FIRST_SHOWN = (f"{CETS}title", f"{CETS}name", f"{CETS}id")


@dataclass(frozen=True, slots=True)
class Mention:
    """Another object by its title, the label of its class, and an address; None if a link could do harm."""

    title: str
    kind: str
    address: str | None
    relation: str = ""
    """The IRI of the property that connects it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and its values."""

    iri: str
    """Of the property."""
    texts: list[str] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    @property
    def label(self) -> str:
        """What people call it."""
        return _label(self.iri)

    @property
    def meaning(self) -> str:
        """Its definition; the IRI of one that is not of the ontology."""
        known = _of_ontology(self.iri)
        return self.iri if known is None else known.definition

    def repeats(self, title: str) -> bool:
        """Whether it is a name that says no more than the title."""
        return self.iri in _NAMES and self.texts == [title] and not self.mentions

    @property
    def unit(self) -> str | None:
        """Symbol of the unit of its values."""
        known = _of_ontology(self.iri)
        return known.unit.symbol if known is not None and known.unit else None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page, from 1, of `total` mentions."""

    mentions: Sequence[Mention]
    number: int
    total: int

    @property
    def more(self) -> bool:
        """Whether there is a page after this one."""
        return self.number * _LISTED < self.total

    def grouped(self) -> list[tuple[str, list[Mention]]]:
        """The mentions by what connects them."""
        groups = groupby(self.mentions, key=lambda mention: mention.relation)
        return [(_label(relation), [*mentions]) for relation, mentions in groups]


@dataclass(frozen=True, slots=True)
class View:
    """An object with all that its page shows."""

    iri: str
    title: str
    kind: str
    above: Sequence[Mention]
    facts: Sequence[Fact]
    """But those that say the title again."""
    parts: Listing
    referrers: Listing
    classes: Sequence[str] = ()
    """IRIs of its classes."""

    @property
    def stated(self) -> list[Fact]:
        """The facts that its document states."""
        return [fact for fact in self.facts if fact.iri not in _RECORDED]

    @property
    def recorded(self) -> list[Fact]:
        """The facts that the catalogue of the store records."""
        return [fact for fact in self.facts if fact.iri in _RECORDED]

    def texts(self, name: str) -> list[str]:
        """The values of a property of the ontology that are texts."""
        return [text for fact in self.facts if fact.iri == f"{CETS}{name}" for text in fact.texts]

    def is_a(self, name: str) -> bool:
        """Whether it is of a class of the ontology."""
        return f"{CETS}{name}" in self.classes


def view_of(store: Store, iri: str, address: str, part: int = 1, referrer: int = 1) -> View | None:
    """What the page of an object shows; None if the store has no such object.

    Args:
        store: where the object is.
        iri: the object.
        address: where its page is.
        part: page of its parts, from 1.
        referrer: page of the objects that refer to it, from 1.

    Raises:
        ValueError: `iri` is not an IRI.
    """
    settings = store.settings
    own = describe.statements(store, iri, without=_containing())
    classes = [str(getattr(one.object, "value", "")) for one in own if one.predicate.value == RDF_TYPE]
    part, referrer = (min(max(number, 1), _LAST) for number in (part, referrer))
    parts = describe.parts(store, iri, limit=_LISTED, offset=(part - 1) * _LISTED)
    above, referring = list[describe.Named](), describe.Links([], 0)
    if f"{CETS}DataSet" not in classes:  # all that is in a data set refers to it, and nothing is above it
        above = describe.ancestors(store, iri)
        referring = describe.referrers(store, iri, limit=_LISTED, offset=(referrer - 1) * _LISTED)
    if not (own or parts.total or referring.total):
        return None
    named = describe.named(store, [iri])[iri]
    return View(
        iri=iri,
        title=named.title,
        kind=named.kind,
        above=[_mention(settings, one) for one in above],
        facts=[fact for fact in _facts(store, own, address) if not fact.repeats(named.title)],
        parts=_listing(settings, parts, part),
        referrers=_listing(settings, referring, referrer),
        classes=classes,
    )


def _of_ontology(iri: str) -> Property | None:
    known = vocabulary().properties.get(iri.removeprefix(CETS))
    return known if known is not None and known.iri == iri else None


def _label(iri: str) -> str:
    known = _of_ontology(iri)
    return known.label if known is not None else iri.rpartition("#")[2].rpartition("/")[2]


def _containing() -> list[str]:
    return [prop.iri for prop in vocabulary().properties.values() if prop.kind is Kind.PART]


def _listing(settings: Settings, links: describe.Links, number: int) -> Listing:
    mentions = [_mention(settings, link.object, link.property) for link in links.links]
    return Listing(mentions, number, links.total)


def _mention(settings: Settings, named: describe.Named, relation: str = "") -> Mention:
    return Mention(named.title, named.kind, address_of(settings, named.iri), relation)


def _facts(store: Store, triples: Iterable[ox.Triple], address: str) -> list[Fact]:
    """The properties with their values, names first and then those of the ontology."""
    values = defaultdict[str, list[object]](list)
    for triple in triples:
        if triple.predicate.value != RDF_TYPE:
            values[triple.predicate.value].append(triple.object)
    linked = [
        one.value for some in values.values() for one in some[:_LISTED] if isinstance(one, ox.NamedNode)
    ]
    objects = {iri: _mention(store.settings, one) for iri, one in describe.named(store, linked).items()}
    ordered = sorted(values, key=lambda name: (name not in _FIRST_SHOWN, not name.startswith(CETS), name))
    return [_fact(name, values[name], objects, address) for name in ordered]


def _fact(name: str, values: Sequence[object], objects: dict[str, Mention], address: str) -> Fact:
    fact, linked = Fact(name), list[Mention]()
    for value in values[:_LISTED]:
        if isinstance(value, ox.NamedNode):
            linked.append(objects[value.value])
        elif is_large(value):
            fact.mentions.append(Mention("the array, as JSON", "", array_address(address, name)))
        else:
            fact.texts.append(str(getattr(value, "value", value)))
    fact.mentions.extend(linked)
    if len(values) > _LISTED:
        fact.mentions.append(Mention(f"and {len(values) - _LISTED:,} more", "", "?format=turtle"))
    return fact
