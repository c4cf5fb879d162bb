"""Objects at their own addresses: what is said of each, for programs and for people.

The rule: an object's IRI is the store's base and a path; the server has it at `/data/` and the same path,
percent-encoded the same way. Large arrays are linked to rather than given: `?property=coordinates` gives one
as JSON.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox
from starlette.exceptions import HTTPException

from cetsgraph.namespaces import CETS, DCTERMS, RDF_JSON, RDF_TYPE, RDFS
from cetsgraph.store import Settings, Store
from cetsgraph.vocabulary import Kind, vocabulary

__all__ = ["Fact", "Mention", "Listing", "View", "address_of", "array_of", "iri_at", "triples_of", "view_of"]

_LARGE = 4_000  # characters of an array
_MOST = 100_000  # statements of an object, and as many about it
_LISTED = 50  # mentions on a page
_DEEPEST = 20  # levels above an object
_FAR = 1_000_000

_NAMES = (f"{CETS}title", f"{CETS}name", f"{CETS}id", f"{RDFS}label", f"{DCTERMS}title")
_SHORTCUTS = f"<{CETS}inDataSet>, <{CETS}inRegion>"  # every object of a data set has these


@dataclass(frozen=True, slots=True)
class Mention:
    """Another object: how it is called, where it is, and by which property it is connected."""

    title: str
    kind: str
    address: str | None
    """None where a link could do harm."""
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and its values."""

    property: str
    texts: list[str] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Listing:
    """Some of many mentions."""

    mentions: Sequence[Mention]
    number: int
    total: int

    @property
    def more(self) -> bool:
        return self.number * _LISTED < self.total


@dataclass(frozen=True, slots=True)
class View:
    """All that the page of an object shows."""

    iri: str
    title: str
    kind: str
    above: Sequence[Mention]
    facts: Sequence[Fact]
    parts: Listing
    referrers: Listing


def iri_at(settings: Settings, raw_path: str) -> str:
    """The IRI of the object that the server has at `/data/…`, percent-encoded as in the IRI."""
    return f"{_base(settings)}{raw_path}"


def address_of(settings: Settings, iri: str) -> str | None:
    """Where a page leads for an IRI: to the object here, or elsewhere on the web; else None."""
    base = _base(settings)
    if iri.startswith(base):
        return f"/data/{iri.removeprefix(base)}"
    if iri.startswith(CETS):
        return f"/ontology#{iri.removeprefix(CETS)}"
    return iri if iri.startswith(("http://", "https://")) else None


def triples_of(store: Store, iri: str, address: str) -> list[ox.Triple]:
    """What is said of an object, and what refers to it, with links in place of large arrays.

    Raises:
        HTTPException: nothing is said of it.
    """
    node = _node(iri)
    own = _own(store, node)
    other = f"FILTER (?p NOT IN ({_SHORTCUTS}))"
    above = f"CONSTRUCT {{ ?s ?p {node} }} WHERE {{ ?s ?p {node} {other} }} LIMIT {_MOST}"
    found = [*own, *_constructed(store, above)]
    if not found:
        raise HTTPException(404, f"Nothing is known about <{iri}>.")
    return [linked for triple in found for linked in _with_link(triple, address)]


def array_of(store: Store, iri: str, name: str) -> str:
    """The array that a property of the object holds, as JSON.

    Raises:
        HTTPException: it has none.
    """
    for triple in _own(store, _node(iri)):
        value = triple.object
        if triple.predicate.value == CETS + name and isinstance(value, ox.Literal):
            if value.datatype.value != RDF_JSON:
                break
            return value.value
    raise HTTPException(404, f"<{iri}> has no array {name!r}.")


def view_of(store: Store, iri: str, address: str, part: int = 1, referrer: int = 1) -> View:
    """What the page of an object shows.

    Args:
        store: who knows it.
        iri: the object.
        address: where its page is.
        part: which page of its parts, from 1.
        referrer: which page of what refers to it.

    Raises:
        HTTPException: nothing is said of it.
    """
    node = _node(iri)
    containing = ", ".join(f"<{name}>" for name in _parts())
    own = _own(store, node, f"FILTER (?p NOT IN ({containing}))")
    inside = f"{node} ?p ?one . FILTER (?p IN ({containing}))"
    outside = f"?one ?p {node} . FILTER (?p NOT IN ({_SHORTCUTS}, {containing}))"
    place = f" OPTIONAL {{ ?one <{CETS}position> ?at }}"
    parts = _page(store, inside + place, "?p ?at ?one", part)
    referring = _page(store, outside, "?p ?one", referrer)
    if not (own or parts.total or referring.total):
        raise HTTPException(404, f"Nothing is known about <{iri}>.")
    named = _mentions(store, [(iri, "")])[0]
    return View(
        iri=iri,
        title=named.title,
        kind=named.kind,
        above=_above(store, node, containing),
        facts=_facts(store, own, address),
        parts=parts,
        referrers=referring,
    )


def _base(settings: Settings) -> str:
    return f"{settings.base.rstrip('/')}/"


def _node(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise HTTPException(404, "This is no address of an object.") from error


def _constructed(store: Store, sparql: str) -> Iterator[ox.Triple]:
    answer = store.query(sparql)
    assert not isinstance(answer, bool)
    yield from answer  # type: ignore[misc]


def _own(store: Store, node: ox.NamedNode, only: str = "") -> list[ox.Triple]:
    said = f"CONSTRUCT {{ {node} ?p ?o }} WHERE {{ {node} ?p ?o {only} }} LIMIT {_MOST}"
    return list(_constructed(store, said))


def _is_large(term: object) -> bool:
    return isinstance(term, ox.Literal) and term.datatype.value == RDF_JSON and len(term.value) > _LARGE


def _with_link(triple: ox.Triple, address: str) -> Iterator[ox.Triple]:
    """The triple; where it holds a large array, what says where that is."""
    if not _is_large(triple.object):
        yield triple
        return
    name = triple.predicate.value.removeprefix(CETS)
    link = ox.NamedNode(f"{address}?property={name}")
    yield ox.Triple(triple.subject, ox.NamedNode(f"{RDFS}seeAlso"), link)
    yield ox.Triple(link, ox.NamedNode(f"{DCTERMS}subject"), triple.predicate)
    yield ox.Triple(link, ox.NamedNode(f"{DCTERMS}format"), ox.Literal("application/json"))


def _parts() -> tuple[str, ...]:
    return tuple(prop.iri for prop in vocabulary().properties.values() if prop.kind is Kind.PART)


def _above(store: Store, node: ox.NamedNode, containing: str) -> list[Mention]:
    """What contains the object, from the data set down."""
    found: list[tuple[str, str]] = []
    while len(found) < _DEEPEST:
        rows = store.select(f"SELECT ?one {{ ?one ?p {node} . FILTER (?p IN ({containing})) }} LIMIT 1")
        parent = next((row["one"] for row in rows), None)
        if not isinstance(parent, ox.NamedNode) or (parent.value, "") in found:
            break
        found.insert(0, (parent.value, ""))
        node = parent
    return _mentions(store, found)


def _facts(store: Store, triples: Iterable[ox.Triple], address: str) -> list[Fact]:
    facts: dict[str, Fact] = {}
    led_to: list[tuple[str, str]] = []
    counts: Counter[str] = Counter()
    for triple in triples:
        name, value = triple.predicate.value, triple.object
        if name == RDF_TYPE:
            continue
        fact = facts.setdefault(name, Fact(name))
        counts[name] += 1
        if counts[name] > _LISTED:
            continue
        if isinstance(value, ox.NamedNode):
            led_to.append((value.value, name))
        elif _is_large(value):
            link = f"{address}?property={name.removeprefix(CETS)}"
            fact.mentions.append(Mention("the array, as JSON", "", link))
        else:
            fact.texts.append(str(getattr(value, "value", value)))
    for mention in _mentions(store, led_to):
        facts[mention.relation].mentions.append(mention)
    for name, count in counts.items():
        if count > _LISTED:
            facts[name].mentions.append(Mention(f"and {count - _LISTED:,} more", "", "?format=turtle"))
    return [
        facts[name]
        for name in sorted(facts, key=lambda name: (name not in _NAMES[:3], not name.startswith(CETS), name))
    ]


def _page(store: Store, pattern: str, order: str, number: int) -> Listing:
    number = min(max(number, 1), _FAR)
    counted = store.select(f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?p ?one {{ {pattern} }} }}")
    total = sum(int(row["n"].value) for row in counted)
    at = " ?at" if "?at" in order else ""
    rows = store.select(
        f"SELECT DISTINCT ?p ?one{at} {{ {pattern} }} ORDER BY {order} LIMIT {_LISTED} "
        f"OFFSET {(number - 1) * _LISTED}"
    )
    pairs = [(row["one"].value, row["p"].value) for row in rows if isinstance(row["one"], ox.NamedNode)]
    return Listing(_mentions(store, pairs), number, total)


def _mentions(store: Store, pairs: Sequence[tuple[str, str]]) -> list[Mention]:
    """Objects with the relation of each, as they are shown."""
    if not pairs:
        return []
    nodes = " ".join(sorted({str(ox.NamedNode(iri)) for iri, _ in pairs}))
    known = ", ".join(f"<{name}>" for name in (*_NAMES, RDF_TYPE))
    names: dict[str, dict[str, str]] = {}
    kinds: dict[str, set[str]] = {}
    # Were the properties VALUES too, the engine would go through all statements with them.
    query = f"SELECT ?one ?p ?o {{ VALUES ?one {{ {nodes} }} ?one ?p ?o . FILTER (?p IN ({known})) }}"
    for row in store.select(query):
        iri, name, value = row["one"].value, row["p"].value, str(row["o"].value)
        if name == RDF_TYPE:
            kinds.setdefault(iri, set()).add(value)
        else:
            names.setdefault(iri, {})[name] = value
    return [
        Mention(
            title=_title(iri, names.get(iri, {})),
            kind=_kind(kinds.get(iri, set())),
            address=address_of(store.settings, iri),
            relation=relation,
        )
        for iri, relation in pairs
    ]


def _title(iri: str, names: dict[str, str]) -> str:
    found = next((names[name] for name in _NAMES if names.get(name, "").strip()), None)
    if found is None:
        found = iri.removeprefix(CETS)
        if found == iri and "/~" in iri:  # an object without an id: its noun and place
            found = " ".join(iri.split("/")[-2:]).replace("~", "").replace("-", " ")
    return found if len(found) <= 200 else f"{found[:200]}…"


def _kind(types: set[str]) -> str:
    """The label of the narrowest class."""
    classes = [term for name in types if (term := vocabulary().classes.get(name.removeprefix(CETS)))]
    if not classes:
        return ", ".join(sorted(name.rpartition("#")[2].rpartition("/")[2] for name in types))
    return max(classes, key=lambda term: len(term.ancestors)).label
