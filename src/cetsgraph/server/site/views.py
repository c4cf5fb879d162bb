"""What the page of an object shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from cetsgraph.archive.catalogue import PREDICATES
from cetsgraph.namespaces import CETS, RDF_TYPE
from cetsgraph.queries import describe
from cetsgraph.server.site.facts import LISTED, Fact, facts_of, label_of, outward
from cetsgraph.server.site.linked_data import address_of
from cetsgraph.store import Settings, Store
from cetsgraph.vocabulary import Kind, vocabulary

__all__ = ["Listing", "Mention", "View", "view_of"]

_LAST = 1_000_000
"""Page of a list."""
_RECORDED = {*PREDICATES.values()}


@dataclass(frozen=True, slots=True)
class Mention:
    """Another object by its title, the label of its class, and an address; None if a link could do harm."""

    title: str
    kind: str
    address: str | None
    relation: str = ""
    """The IRI of the property that connects it."""

    @property
    def unnamed(self) -> bool:
        """Whether it is called by its class and its place alone."""
        return self.title.removeprefix(self.kind).strip().isdecimal()


@dataclass(frozen=True, slots=True)
class Listing:
    """One page, from 1, of `total` mentions."""

    mentions: Sequence[Mention]
    number: int
    total: int

    @property
    def more(self) -> bool:
        """Whether there is a page after this one."""
        return self.number * LISTED < self.total

    def grouped(self) -> list[tuple[str, list[Mention]]]:
        """The mentions by what connects them."""
        groups = groupby(self.mentions, key=lambda mention: mention.relation)
        return [(label_of(relation).removeprefix("has "), [*mentions]) for relation, mentions in groups]


@dataclass(frozen=True, slots=True)
class View:
    """An object with all that its page shows."""

    iri: str
    title: str
    kind: str
    above: Sequence[Mention]
    facts: Sequence[Fact]
    """But those that say the title again."""
    links: Sequence[tuple[str, str]]
    """Addresses where others say more of it, or have its file, each with a name."""
    parts: Listing
    referrers: Listing
    classes: Sequence[str] = ()
    """IRIs of its classes."""

    @property
    def stated(self) -> list[Fact]:
        """The facts that its document states."""
        return [fact for fact in self.facts if fact.iri not in _RECORDED and not fact.for_queries]

    @property
    def for_queries(self) -> list[Fact]:
        """The facts that are written for queries."""
        return [fact for fact in self.facts if fact.iri not in _RECORDED and fact.for_queries]

    @property
    def recorded(self) -> list[Fact]:
        """The facts that the catalogue of the store records."""
        return [fact for fact in self.facts if fact.iri in _RECORDED]

    def texts(self, name: str) -> list[str]:
        """The values of a property of the ontology, as texts."""
        return [cell.text for fact in self.facts if fact.iri == f"{CETS}{name}" for cell in fact.cells]

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
    parts = describe.parts(store, iri, limit=LISTED, offset=(part - 1) * LISTED)
    above, referring = list[describe.Named](), describe.Links([], 0)
    if f"{CETS}DataSet" not in classes:  # all that is in a data set refers to it, and nothing is above it
        above = describe.ancestors(store, iri)
        referring = describe.referrers(store, iri, limit=LISTED, offset=(referrer - 1) * LISTED)
    if not (own or parts.total or referring.total):
        return None
    named = describe.named(store, [iri])[iri]
    return View(
        iri=iri,
        title=named.title,
        kind=named.kind,
        above=[_mention(settings, one) for one in above],
        facts=[fact for fact in facts_of(store, own, address) if not fact.repeats(named.title)],
        links=outward(own),
        parts=_listing(settings, parts, part),
        referrers=_listing(settings, referring, referrer),
        classes=classes,
    )


def _containing() -> list[str]:
    return [prop.iri for prop in vocabulary().properties.values() if prop.kind is Kind.PART]


def _listing(settings: Settings, links: describe.Links, number: int) -> Listing:
    mentions = [_mention(settings, link.object, link.property) for link in links.links]
    return Listing(mentions, number, links.total)


def _mention(settings: Settings, named: describe.Named, relation: str = "") -> Mention:
    return Mention(named.title, named.kind, address_of(settings, named.iri), relation)
