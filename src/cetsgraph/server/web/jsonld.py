"""Triples as compact JSON-LD: with the names of the ontology's context, of which it carries what it uses.

No reader has to fetch a context, and a program that knows no RDF can read the rest as plain JSON.
"""

import json
import math
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pyoxigraph as ox

from cetsgraph.namespaces import RDF_JSON, RDF_TYPE, XSD
from cetsgraph.resources import folder

__all__ = ["compact"]

_STRING = f"{XSD}string"


def compact(triples: Iterable[ox.Triple]) -> bytes:
    """A JSON-LD 1.1 document with one node for each subject."""
    terms, by_iri = _context()
    used: set[str] = set()
    nodes: dict[str, dict[str, list[Any]]] = {}
    for triple in triples:
        node = nodes.setdefault(_id(triple.subject), {})
        iri, value = triple.predicate.value, triple.object
        if iri == RDF_TYPE:
            name = by_iri.get(_id(value), _id(value))
            node.setdefault("@type", []).append(name)
            used.add(name)
            continue
        name = by_iri.get(iri, iri)
        fitting = _fitting(value, _type(terms, name))
        if fitting is None or (isinstance(fitting, list) and name in node):
            # Nothing of the context is said of a whole IRI; and a list would be one JSON value.
            name, fitting = iri, _expanded(value)
        used.add(name)
        node.setdefault(name, []).append(fitting)
    context = {name: terms[name] for name in terms if name in used or name in ("@version", *_PREFIXES)}
    graph = [
        {"@id": name, **{key: values[0] if len(values) == 1 else values for key, values in node.items()}}
        for name, node in nodes.items()
    ]
    body = graph[0] if len(graph) == 1 else {"@graph": graph}
    return json.dumps({"@context": context, **body}, indent=1, ensure_ascii=False).encode()


_PREFIXES = ("cets", "rdf", "xsd")


@cache
def _context() -> tuple[dict[str, Any], dict[str, str]]:
    """The terms of the context, and the name of each IRI."""
    text = (folder("ontology") / "context.jsonld").read_text(encoding="utf-8")
    terms: dict[str, Any] = json.loads(text)["@context"]
    by_iri = {}
    for name, meaning in terms.items():
        if name != "@version" and name not in _PREFIXES:
            by_iri[_whole(terms, meaning if isinstance(meaning, str) else meaning["@id"])] = name
    return terms, by_iri


def _whole(terms: dict[str, Any], name: str) -> str:
    prefix, colon, rest = name.partition(":")
    return terms[prefix] + rest if colon and prefix in _PREFIXES else name


def _type(terms: dict[str, Any], name: str) -> str | None:
    """What the context says values of a name are; None where they are text, or it does not know the name."""
    meaning = terms.get(name)
    if not isinstance(meaning, dict):
        return _STRING if meaning is not None else None
    kind: str = meaning["@type"]
    return RDF_JSON if kind == "@json" else _whole(terms, kind)


def _fitting(term: Any, kind: str | None) -> Any:
    """The value as plain JSON, if what the context says makes the same term of it; else None."""
    if not isinstance(term, ox.Literal):
        return _id(term) if kind == "@id" else None
    if term.language is not None or term.datatype.value != kind:
        return None
    read = _READERS.get(kind)
    return term.value if read is None else _read(read, term.value)


def _double(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


_READERS: dict[str, Callable[[str], Any]] = {
    RDF_JSON: json.loads,
    f"{XSD}boolean": {"true": True, "false": False}.__getitem__,
    f"{XSD}integer": int,
    f"{XSD}double": _double,
}


def _read(read: Callable[[str], Any], text: str) -> Any:
    """None where the text is not of its type."""
    try:
        return read(text)
    except (ValueError, KeyError, RecursionError):
        return None


def _expanded(term: Any) -> dict[str, Any]:
    if not isinstance(term, ox.Literal):
        return {"@id": _id(term)}
    if term.language is not None:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == RDF_JSON and (found := _read(json.loads, term.value)) is not None:
        return {"@value": found, "@type": "@json"}
    if term.datatype.value == _STRING:
        return {"@value": term.value}
    return {"@value": term.value, "@type": term.datatype.value}


def _id(term: Any) -> str:
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else str(term.value)
