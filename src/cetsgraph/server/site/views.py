"""What the page of an object shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from cetsgraph.archive.catalogue import PREDICATES
from cetsgraph.namespaces import CETS, RDF_TYPE
from cetsgraph.queries import describe
from cetsgraph.server.site.facts import LISTED, Fact, facts_of, label_of, linked, outward
from cetsgraph.server.site.linked_data import address_of
from cetsgraph.server.site.page_queries import selected
from cetsgraph.server.site.tables import Shown, object_cell
from cetsgraph.server.site.words import called, kind_in_words
from cetsgraph.store import Settings, Store

__all__ = ["Listing", "Mention", "View", "view_of"]

_NANOMETRE = 10.0  # Å
_RECORDED = {*PREDICATES.values()}
_LEADING = ("region", "tomogram", "tilt series", "annotation")
"""Parts that are listed before others."""
_SUMMED_UP = ("license", "organism", "sampleType")
"""Properties of a data set that its first line has."""


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
        return self.title.startswith(self.kind) and self.title.removeprefix(self.kind).strip().isdecimal()


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
        named = [(label_of(relation).removeprefix("has "), [*mentions]) for relation, mentions in groups]
        return sorted(named, key=lambda group: group[0] not in _LEADING)

    def by_kind(self) -> list[tuple[str, list[Mention]]]:
        """The mentions by what they are."""
        ordered = sorted(self.mentions, key=lambda mention: mention.kind)
        return [(kind, [*some]) for kind, some in groupby(ordered, key=lambda mention: mention.kind)]


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
    classes: Sequence[str]
    """IRIs of its classes."""
    authors: Sequence[str]
    """Names of the first of its authors."""
    inside: Listing
    """Tilt series and tomograms of a region, however deep they lie."""

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
    def entries(self) -> list[tuple[str, str]]:
        """The links of a data set but for those of its authors, who have pages of their own."""
        return [link for link in self.links if not (self.authors and link[1].startswith("ORCID "))]

    @property
    def summary(self) -> list[str]:
        """What the first line of a data set says of it: its name, licence, organism and sample."""
        names = [text for text in self.texts("name") if text != self.title]
        return [*names, *(text for name in _SUMMED_UP for text in self.texts(name))]

    @property
    def beyond_summary(self) -> list[Fact]:
        """The facts that its document states, but for those and the description, which stands above them."""
        said = {f"{CETS}{name}" for name in ("name", "description", *_SUMMED_UP)}
        return [fact for fact in self.stated if fact.iri not in said]

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
        cells = [cell for cell in self.cells(name) if cell.number]
        return float(cells[0].exact or cells[0].text) if cells else 0.0

    def cells(self, name: str) -> list[Shown]:
        """The values of a property of the ontology."""
        return [cell for fact in self.facts if fact.iri == f"{CETS}{name}" for cell in fact.cells]

    @property
    def objects(self) -> list[Shown]:
        """What an annotation marks; each leads to the data sets that have it."""
        return [object_cell(text) for text in self.texts("annotatedObjectName")]

    def texts(self, name: str) -> list[str]:
        """The same as texts."""
        return [cell.text for cell in self.cells(name)]

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
        above, held = describe.ancestors(store, iri, classes), {part.object for part in parts}
        referring = [one for one in describe.referrers(store, iri) if one.object not in held]
    if not (own or parts or referring):
        return None
    pages = [_page(parts, part), _page(referring, referrer)]
    inside = _inside(store, iri) if f"{CETS}Region" in classes else []
    authors = [link for link in parts if link.property == f"{CETS}hasAuthor"][:LISTED]
    mentioned = (link.object for links in (*pages, authors, inside) for link in links)
    names = describe.named(store, [iri, *above, *linked(own), *mentioned])
    listings = [
        _listing(store.settings, names, links, number, len(every))
        for links, number, every in zip(pages, (part, referrer), (parts, referring), strict=True)
    ]
    title = called(names[iri])
    facts = facts_of(own, names, store.settings, address)
    return View(
        iri=iri,
        title=title,
        kind=kind_in_words(names[iri].kind),
        above=[_mention(store.settings, names[one]) for one in above],
        facts=[fact for fact in facts if not fact.repeats(title)],
        links=outward(own),
        parts=listings[0],
        referrers=listings[1],
        classes=classes,
        authors=[called(names[link.object]) for link in authors],
        inside=_listing(store.settings, names, inside, 1, len(inside)),
    )


def _inside(store: Store, region: str) -> list[describe.Link]:
    """The first tilt series and tomograms of a region."""
    found = sorted(str(row["one"]) for row in selected(store, "inside", None, region=[region]))
    return [describe.Link(f"{CETS}inRegion", one) for one in found]


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
    return Mention(called(named), kind_in_words(named.kind), address_of(settings, named.iri), relation)
