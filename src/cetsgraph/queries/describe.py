"""What a store says about one object, and answers to SPARQL of one's own, as plain rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from cetsgraph.errors import ObjectNotFound, QueryError
from cetsgraph.iris import is_iri
from cetsgraph.namespaces import CETS, DCTERMS, PROV, RDF_TYPE, VOID, XSD
from cetsgraph.store import Solutions, Store

__all__ = ["Statement", "answer", "describe", "plain"]

_PREFIXES = {CETS: "cets:", DCTERMS: "dcterms:", PROV: "prov:", VOID: "void:"}
_INTEGERS = {f"{XSD}{name}" for name in ("integer", "int", "long")}
_DOUBLES = {f"{XSD}{name}" for name in ("double", "decimal", "float")}


@dataclass(frozen=True, slots=True)
class Statement:
    """One property of an object; `value` is a plain value, or an IRI as text."""

    property: str
    value: Any


def describe(store: Store, iri: str) -> list[Statement]:
    """All that is said about an object, its classes first.

    Raises:
        ObjectNotFound: the store has no such object.
    """
    if not is_iri(iri):
        raise ObjectNotFound(f"{iri!r} is not an IRI", iri=iri)
    rows = store.select(f"SELECT DISTINCT ?property ?value {{ <{iri}> ?property ?value }}")
    statements = [Statement(_curie(row["property"].value), plain(row["value"])) for row in rows]
    if not statements:
        raise ObjectNotFound(f"there is no statement about <{iri}>", iri=iri, where=store.location)
    return sorted(statements, key=lambda said: (said.property != "a", said.property, str(said.value)))


def answer(store: Store, sparql: str) -> tuple[Sequence[str], list[dict[str, Any]]]:
    """The columns and rows of any query: triples for a CONSTRUCT, one truth value for an ASK."""
    found = store.query(sparql)
    if isinstance(found, bool):
        return ("answer",), [{"answer": found}]
    if isinstance(found, Solutions):
        columns = found.variables
        return columns, [{name: plain(row[name]) for name in columns} for row in found]
    columns = ("subject", "predicate", "object")
    return columns, [{name: plain(getattr(triple, name)) for name in columns} for triple in found]


def plain(term: Any) -> Any:
    """A term as a plain value: numbers and truth values as such, everything else as text."""
    if term is None:
        return None
    if isinstance(term, ox.BlankNode):
        return f"_:{term.value}"
    if not isinstance(term, ox.Literal):
        return getattr(term, "value", str(term))
    datatype = term.datatype.value
    try:
        if datatype in _INTEGERS:
            return int(term.value)
        if datatype in _DOUBLES:
            return float(term.value)
    except ValueError as error:
        raise QueryError(f"not a number of its type: {term}") from error
    return term.value == "true" if datatype == f"{XSD}boolean" else term.value


def _curie(iri: str) -> str:
    if iri == RDF_TYPE:
        return "a"
    for namespace, prefix in _PREFIXES.items():
        if iri.startswith(namespace):
            return prefix + iri.removeprefix(namespace)
    return iri
