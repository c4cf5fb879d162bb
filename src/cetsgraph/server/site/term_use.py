"""How the terms of the ontology are used in a store: how often, of what, and which rules speak of them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pyoxigraph as ox

from cetsgraph.graph.forms import serialized
from cetsgraph.namespaces import CETS, RDF_TYPE
from cetsgraph.queries.describe import named, statements
from cetsgraph.rdf import python_value
from cetsgraph.server.site.linked_data import address_of, is_large
from cetsgraph.server.site.rendering import page
from cetsgraph.server.site.tables import Shown
from cetsgraph.server.site.term_place import place_of
from cetsgraph.server.site.term_rules import rules_of
from cetsgraph.server.site.terms import matches
from cetsgraph.server.site.words import called
from cetsgraph.store import Store
from cetsgraph.vocabulary import DERIVED, ClassTerm, Property, vocabulary

__all__ = ["term_page", "use_page"]

_COUNTED = """SELECT ?term (COUNT(?object) AS ?n) {{
  VALUES ?term {{ {terms} }}
  GRAPH ?g {{ ?object {pattern} }}
}} GROUP BY ?term ORDER BY DESC(?n) ?term"""
_FOUND = "SELECT ?object {{ GRAPH ?g {{ ?object {pattern} }} }} LIMIT 1"
_ABOVE = [("/ontology", "CETS ontology"), ("/ontology/use", "Terms that are used here")]
_COMPUTED = {term.iri for term in DERIVED}
_LINES = 12  # statements of an example


@dataclass(frozen=True, slots=True)
class _Example:
    """An object that a term is said of."""

    shown: Shown
    turtle: str
    json: str
    """Its own plain fields, as canonical documents have them."""


def use_page(store: Store) -> str:
    """The page: classes and properties that the store has, those that it has most first."""
    terms = vocabulary()
    return page(
        "use",
        store.settings.archive,
        "Terms that are used here",
        section="/ontology",
        trail=_ABOVE[:1],
        classes=_used(store, terms.classes, "a ?term"),
        properties=_used(store, terms.properties, "?term ?value"),
        known=(len(terms.classes), len(terms.properties)),
    )


def term_page(store: Store, name: str) -> str:
    """The page of a term: what it means, how often it is used here, an example, and its rules."""
    term = vocabulary().term(name)
    assert term is not None
    pattern = f"a cets:{name}" if isinstance(term, ClassTerm) else f"cets:{name} ?value"
    counted = _used(store, [name], pattern.replace(f"cets:{name}", "?term"))
    listed = f"SELECT * {{ ?object {pattern} }} LIMIT 100"
    return page(
        "term",
        store.settings.archive,
        f"cets:{name}",
        section="/ontology",
        trail=_ABOVE,
        term=term,
        iri=term.iri,
        place=place_of(term),
        matches=matches().get(name, ()),
        count=counted[0][1] if counted else 0,
        listed_at=f"/sparql?{urlencode({'query': listed})}",
        example=_example(store, term, pattern),
        rules=rules_of(name),
    )


def _used(store: Store, names: Iterable[str], pattern: str) -> list[tuple[str, int]]:
    """Those of some terms that are used, each with how often."""
    terms = " ".join(f"<{CETS}{name}>" for name in names)
    rows = store.select(_COUNTED.format(terms=terms, pattern=pattern))
    return [(row["term"].value.removeprefix(CETS), int(row["n"].value)) for row in rows]


def _example(store: Store, term: ClassTerm | Property, pattern: str) -> _Example | None:
    """Of a class, an object with the first of its statements; of a property, one statement of it."""
    found = [*store.select(f"PREFIX cets: <{CETS}> {_FOUND.format(pattern=pattern)}")]
    if not found:
        return None
    iri = found[0]["object"].value
    own = [triple for triple in statements(store, iri) if not is_large(triple.object)]
    if isinstance(term, Property):
        own = [one for one in own if one.predicate.value in (term.iri, RDF_TYPE)]
    else:
        own = [one for one in own if one.predicate.value not in _COMPUTED]
    title = called(named(store, [iri])[iri])
    return _Example(
        Shown(title, address_of(store.settings, iri)), _turtle(own[:_LINES], iri), _fields(own[:_LINES])
    )


def _turtle(triples: Sequence[ox.Triple], iri: str) -> str:
    """Statements about an object in Turtle without prefixes; its IRI, which is long, on a line of its own."""
    lines = serialized(triples, "text/turtle").decode().splitlines()
    text = "\n".join(line for line in lines if not line.startswith("@prefix"))
    return text.replace(f"<{iri}> ", f"<{iri}>\n\t", 1)


def _fields(triples: Iterable[ox.Triple]) -> str:
    """Plain values by the fields of canonical documents, as JSON; of several values, all."""
    known, values = vocabulary().properties, defaultdict[Property, list[object]](list)
    for triple in triples:
        term = known.get(triple.predicate.value.removeprefix(CETS))
        if term is not None and term not in DERIVED and isinstance(triple.object, ox.Literal):
            values[term].append(python_value(triple.object))
    fields = {term.field: some if term.many else some[0] for term, some in values.items()}
    return json.dumps(fields, ensure_ascii=False, indent=2, default=str) if fields else ""
