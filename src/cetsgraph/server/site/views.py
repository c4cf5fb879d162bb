"""What the page of an object shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from cetsgraph.archive.catalogue import PREDICATES
from cetsgraph.namespaces import CETS, RDF_TYPE
from cetsgraph.queries import describe
from cetsgraph.server.site.facts import LISTED, Fact, facts_of, label_of, linked, outward
from cetsgraph.server.site.linked_data import address_of
from cetsgraph.store import Settings, Store

__all__ = ["Listing", "Mention", "View", "view_of"]

_NANOMETRE = 10.0  # Å
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

    @property
    def authors(self) -> list[str]:
        """Names of its authors, as far as its parts are listed."""
        return [one.title for one in self.parts.mentions if one.relation == f"{CETS}hasAuthor"]

    @property
    def extent(self) -> str:
        """The size of a volume in voxels and in nm; nothing where it is not known."""
        size = [self._number(name) for name in ("width", "height", "depth")]
        voxel = [self._number(f"voxelSize{axis}") or self._number("voxelSize") for axis in "XYZ"]
        if not all(size):
            return ""
        text = f"{_times(size)} voxels"
        if not all(voxel):
            return text
        lengths = [one * step / _NANOMETRE for one, step in zip(size, voxel, strict=True)]
        steps = voxel[:1] if len({*voxel}) == 1 else voxel
        return f"{text} of {_times(steps)} Å, {_times(lengths)} nm"

    def _number(self, name: str) -> float:
        """The first number of a property as it is stated; 0 if there is none."""
        cells = [
            cell for fact in self.facts if fact.iri == f"{CETS}{name}" for cell in fact.cells if cell.number
        ]
        return float(cells[0].exact or cells[0].text) if cells else 0.0

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
    own, parts = describe.contents(store, iri)
    classes = [str(getattr(one.object, "value", "")) for one in own if one.predicate.value == RDF_TYPE]
    above, referring = list[str](), list[describe.Link]()
    if f"{CETS}DataSet" not in classes:  # all that is in a data set refers to it, and nothing is above it
        above, referring = describe.ancestors(store, iri, classes), describe.referrers(store, iri)
    if not (own or parts or referring):
        return None
    pages = [_page(parts, part), _page(referring, referrer)]
    mentioned = (link.object for links in pages for link in links)
    names = describe.named(store, [iri, *above, *linked(own), *mentioned])
    listings = [
        _listing(store.settings, names, links, number, len(every))
        for links, number, every in zip(pages, (part, referrer), (parts, referring), strict=True)
    ]
    title = names[iri].title
    facts = facts_of(own, names, store.settings, address)
    return View(
        iri=iri,
        title=title,
        kind=names[iri].kind,
        above=[_mention(store.settings, names[one]) for one in above],
        facts=[fact for fact in facts if not fact.repeats(title)],
        links=outward(own),
        parts=listings[0],
        referrers=listings[1],
        classes=classes,
    )


def _times(numbers: Iterable[float]) -> str:
    return " × ".join(f"{one:.5g}" for one in numbers)


def _page(links: Sequence[describe.Link], number: int) -> Sequence[describe.Link]:
    """A page, from 1, of all links."""
    return links[(number - 1) * LISTED : number * LISTED]


def _listing(
    settings: Settings,
    names: Mapping[str, describe.Named],
    links: Sequence[describe.Link],
    number: int,
    total: int,
) -> Listing:
    mentions = [_mention(settings, names[link.object], link.property) for link in links]
    return Listing(mentions, number, total)


def _mention(settings: Settings, named: describe.Named, relation: str = "") -> Mention:
    return Mention(named.title, named.kind, address_of(settings, named.iri), relation)
