"""What a store says about one object: its statements, its name, its place, its parts, what refers to it.

`describe` gives all of it as plain rows, for a terminal. The endpoint builds its pages and its linked data on
the other functions; they need nothing of a store but `query`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import pyoxigraph as ox

from cetsgraph.errors import ObjectNotFound, QueryError
from cetsgraph.namespaces import CETS, DCTERMS, RDF_JSON, RDF_TYPE, RDFS, compact
from cetsgraph.queries.scope import object_iri
from cetsgraph.rdf import python_value
from cetsgraph.store import QueryAnswer, Solutions, Store
from cetsgraph.texts import shortened
from cetsgraph.vocabulary import Kind, vocabulary

__all__ = [
    "Link",
    "Named",
    "Queryable",
    "Statement",
    "ancestors",
    "array",
    "contents",
    "describe",
    "named",
    "references",
    "referrers",
    "statements",
]

_MOST = 100_000  # statements of an object, and as many that refer to it
_DEEPEST = 20  # levels above an object
_LONGEST = 200  # characters of a title

_NAMES = (f"{CETS}title", f"{CETS}name", f"{CETS}id", f"{RDFS}label", f"{DCTERMS}title")
_SEARCHED = f"{CETS}textsOfObjects"  # of all objects of a data set, for questions only
_SHORTCUTS = (f"{CETS}inDataSet", f"{CETS}inRegion")  # every object of a data set has these


class Queryable(Protocol):
    """What answers SPARQL: a store, or what asks one."""

    def query(self, sparql: str, /) -> QueryAnswer:
        """Answer a query."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One property of an object, by its compact name; `value` is a plain value, or an IRI as text."""

    property: str
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Named:
    """An object, its title, and the label of its narrowest class; `kind` is empty if it has none."""

    iri: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Link:
    """Another object, and the property that connects it, by their IRIs."""

    property: str
    object: str


def describe(store: Store, name: str) -> list[Statement]:
    """All statements about an object, its classes first. `name` is its IRI, name or id.

    >>> from cetsgraph.store import LocalStore
    >>> store = LocalStore.memory()
    >>> with store.writing() as writing:
    ...     writing.add(b'<urn:t> <https://w3id.org/cetsgraph/ontology#name> "TS_01" <urn:g> .')
    >>> describe(store, "urn:t")
    [Statement(property='cets:name', value='TS_01')]

    Raises:
        ObjectNotFound: the store has no such object, or several of this name.
        QueryError: a value is not written as its datatype demands.
    """
    iri = object_iri(store, name)
    found = statements(store, iri)
    if not found:
        raise ObjectNotFound(f"there is no statement about <{iri}>", iri=iri, where=store.location)
    return sorted(map(_statement, found), key=lambda one: (one.property != "a", one.property, str(one.value)))


def _statement(triple: ox.Triple) -> Statement:
    name = triple.predicate.value
    try:
        return Statement("a" if name == RDF_TYPE else compact(name), python_value(triple.object))
    except ValueError as error:
        raise QueryError(
            f"{compact(name)} has a value that is not of its datatype: {triple.object}"
        ) from error


def statements(store: Queryable, iri: str) -> list[ox.Triple]:
    """Statements about an object, up to 100,000.

    The texts that a data set's objects are searched for are left out.

    Raises:
        ValueError: `iri` is not an IRI.
    """
    node = ox.NamedNode(iri)
    rows = _selected(store, f"SELECT DISTINCT ?p ?o {{ {node} ?p ?o {_without([_SEARCHED])} }} LIMIT {_MOST}")
    return [ox.Triple(node, row["p"], row["o"]) for row in rows]


def contents(store: Queryable, iri: str) -> tuple[list[ox.Triple], list[Link]]:
    """As :func:`statements`, and apart from them what the object contains, in the order of the document.

    Raises:
        ValueError: `iri` is not an IRI.
    """
    node, said, parts = ox.NamedNode(iri), list[ox.Triple](), list[tuple[str, int, str]]()
    pattern = f"{node} ?p ?o {_without([_SEARCHED])} OPTIONAL {{ ?o <{CETS}position> ?at }}"
    for row in _selected(store, f"SELECT DISTINCT ?p ?o ?at {{ {pattern} }} LIMIT {_MOST}"):
        if row["p"].value in _containing() and isinstance(row["o"], ox.NamedNode):
            parts.append((row["p"].value, int(row["at"].value) if row["at"] else -1, row["o"].value))
        else:
            said.append(ox.Triple(node, row["p"], row["o"]))
    return said, [Link(name, part) for name, _, part in sorted(parts)]


def references(store: Queryable, iri: str) -> list[ox.Triple]:
    """Statements whose value is the object, up to 100,000, without those that every object of a data set has.

    Raises:
        ValueError: `iri` is not an IRI.
    """
    node = ox.NamedNode(iri)
    rows = _selected(store, f"SELECT DISTINCT ?s ?p {{ ?s ?p {node} {_without(_SHORTCUTS)} }} LIMIT {_MOST}")
    return [ox.Triple(row["s"], row["p"], node) for row in rows]


def array(store: Queryable, iri: str, name: str) -> str | None:
    """The array that the object's property `cets:{name}` holds, as JSON; None if it holds none.

    Raises:
        ValueError: `iri` is not an IRI.
    """
    values = (triple.object for triple in statements(store, iri) if triple.predicate.value == CETS + name)
    value = next((value for value in values if isinstance(value, ox.Literal)), None)
    return value.value if value is not None and value.datatype.value == RDF_JSON else None


def ancestors(store: Queryable, iri: str, classes: Iterable[str] = ()) -> list[str]:
    """IRIs of what contains the object, from the data set down: the longer an IRI, the deeper it is.

    `classes` are those of the object, by IRI: fewer properties are followed where they are known.

    Raises:
        ValueError: `iri` is not an IRI.
    """
    path = "|".join(f"<{name}>" for name in _leading_to(frozenset(classes)))
    rows = _selected(store, f"SELECT ?one {{ ?one ({path})+ {ox.NamedNode(iri)} }} LIMIT {_DEEPEST}")
    found = [row["one"].value for row in rows if isinstance(row["one"], ox.NamedNode)]
    return sorted(found, key=lambda one: (len(one), one))


def referrers(store: Queryable, iri: str) -> list[Link]:
    """What refers to the object and does not contain it, by property and IRI; up to 100,000.

    Raises:
        ValueError: `iri` is not an IRI.
    """
    pattern = f"?one ?p {ox.NamedNode(iri)} {_without((*_SHORTCUTS, *_containing()))}"
    rows = _selected(store, f"SELECT DISTINCT ?p ?one {{ {pattern} }} LIMIT {_MOST}")
    found = [(row["p"].value, row["one"].value) for row in rows if isinstance(row["one"], ox.NamedNode)]
    return [Link(*one) for one in sorted(found)]


def named(store: Queryable, iris: Iterable[str]) -> dict[str, Named]:
    """Each object with its title and the label of its class; one without a name is called by its IRI.

    Raises:
        ValueError: one of `iris` is not an IRI.
    """
    wanted = list(dict.fromkeys(iris))
    found: dict[str, dict[str, list[str]]] = {iri: {} for iri in wanted}
    if wanted:
        nodes = " ".join(sorted(str(ox.NamedNode(iri)) for iri in wanted))
        # Were the properties VALUES too, the engine would go through all statements with them.
        pattern = f"VALUES ?one {{ {nodes} }} ?one ?p ?o {_only((*_NAMES, RDF_TYPE))}"
        for row in _selected(store, f"SELECT ?one ?p ?o {{ {pattern} }}"):
            values = found[row["one"].value].setdefault(row["p"].value, [])
            values.append(str(getattr(row["o"], "value", row["o"])))
    return {
        iri: Named(iri, _title(iri, values), narrowest(values.get(RDF_TYPE, ())))
        for iri, values in found.items()
    }


@cache
def _containing() -> tuple[str, ...]:
    return tuple(prop.iri for prop in vocabulary().properties.values() if prop.kind is Kind.PART)


@cache
def _leading_to(classes: frozenset[str]) -> tuple[str, ...]:
    """The properties by which objects of some classes are contained, and what contains them; else all."""
    terms, found = vocabulary().classes, dict[str, None]()
    names = [iri.removeprefix(CETS) for iri in sorted(classes) if iri.removeprefix(CETS) in terms]
    while names:
        kind = terms[names.pop()]
        for prop in vocabulary().properties.values():
            if (
                prop.kind is Kind.PART
                and prop.range in (kind.name, *kind.ancestors)
                and prop.iri not in found
            ):
                found[prop.iri] = None
                names += [name for name, other in terms.items() if prop in other.properties]
    return tuple(found) or _containing()


def _only(properties: Collection[str]) -> str:
    return f"FILTER (?p IN ({', '.join(f'<{name}>' for name in properties)}))"


def _without(properties: Collection[str]) -> str:
    return f"FILTER (?p NOT IN ({', '.join(f'<{name}>' for name in properties)}))"


def _selected(store: Queryable, sparql: str) -> Solutions:
    answer = store.query(sparql)
    assert isinstance(answer, Solutions)
    return answer


def _title(iri: str, values: Mapping[str, Sequence[str]]) -> str:
    names = (name for known in _NAMES for name in values.get(known, ())[-1:] if name.strip())
    return shortened(next(names, None) or _title_of_iri(iri), _LONGEST)


def _title_of_iri(iri: str) -> str:
    local = iri.removeprefix(CETS)
    if local == iri and "/~" in iri:  # an object without an id: its noun and place
        return " ".join(iri.split("/")[-2:]).replace("~", "").replace("-", " ")
    return local


def narrowest(types: Iterable[str]) -> str:
    """The label of the narrowest of some classes, by their IRIs."""
    kinds = sorted(set(types))
    classes = [term for iri in kinds if (term := vocabulary().classes.get(iri.removeprefix(CETS)))]
    if not classes:
        return ", ".join(iri.rpartition("#")[2].rpartition("/")[2] for iri in kinds)
    return max(classes, key=lambda term: len(term.ancestors)).label
