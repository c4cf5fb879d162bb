"""Triples as compact JSON-LD with the terms of the ontology's context.

A document carries those terms of the context that it uses: readers fetch nothing, and a program that knows no
RDF reads the rest as plain JSON.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import pyoxigraph as ox

from cetsgraph.namespaces import RDF_JSON, RDF_TYPE, XSD
from cetsgraph.resources import folder

__all__ = ["CONTEXT_PREFIXES", "compact_jsonld", "compact_jsonld_pieces"]

CONTEXT_PREFIXES = ("cets", "rdf", "xsd", "rdfs", "dcterms", "dcat", "schema")
"""Prefixes that the ontology's context declares."""

_STRING = f"{XSD}string"
_Node = dict[str, Any]


class _Several(list[Any]):
    """The values of a term that has more than one."""


def compact_jsonld(triples: Iterable[ox.Triple]) -> bytes:
    """A JSON-LD 1.1 document with one node for each subject, in the order of the triples.

    >>> cets = "https://w3id.org/cetsgraph/ontology#"
    >>> name = ox.Triple(ox.NamedNode("urn:t"), ox.NamedNode(f"{cets}name"), ox.Literal("TS_01"))
    >>> json.loads(compact_jsonld([name]))["name"]
    'TS_01'
    """
    return b"".join(compact_jsonld_pieces(triples))


def compact_jsonld_pieces(triples: Iterable[ox.Triple]) -> Iterator[bytes]:
    """The same document in pieces, a node each, so that it need not be in memory as a whole."""
    nodes: dict[str, _Node] = {}
    for triple in triples:
        _add(nodes.setdefault(_id(triple.subject), {}), triple)
    head = json.dumps({"@context": _context_of(nodes.values())}, indent=1, ensure_ascii=False).removesuffix(
        "\n}"
    )
    if len(nodes) == 1:
        ((name, node),) = nodes.items()
        whole = json.dumps(_object(name, node), indent=1, ensure_ascii=False)
        yield f"{head},{whole.removeprefix('{')}".encode()
        return
    yield f'{head},\n "@graph": ['.encode()
    before = "\n  "
    for name in list(nodes):
        text = json.dumps(_object(name, nodes.pop(name)), indent=1, ensure_ascii=False)
        yield (before + text.replace("\n", "\n  ")).encode()
        before = ",\n  "
    yield b"\n ]\n}" if before[0] == "," else b"]\n}"


def _object(name: str, node: _Node) -> _Node:
    """A node in the order of streaming JSON-LD, of which a reader holds one object at a time."""
    return {**{key: node[key] for key in ("@type",) if key in node}, "@id": name, **node}


def _add(node: _Node, triple: ox.Triple) -> None:
    terms, names = _context()
    iri, value = triple.predicate.value, triple.object
    if iri == RDF_TYPE:
        _put(node, "@type", names.get(_id(value), _id(value)))
        return
    name = names.get(iri, iri)
    plain = _plain(value, _type(terms, name))
    if plain is None or (isinstance(plain, list) and name in node):
        # The context types terms, not whole IRIs; and two arrays in a list would be one JSON value.
        name, plain = iri, _expanded(value)
    _put(node, name, plain)


def _put(node: _Node, term: str, value: Any) -> None:
    if term not in node:
        node[term] = value
    elif isinstance(node[term], _Several):
        node[term].append(value)
    else:
        node[term] = _Several((node[term], value))


def _context_of(nodes: Iterable[_Node]) -> dict[str, Any]:
    terms, _ = _context()
    used = {"@version", *CONTEXT_PREFIXES}
    for node in nodes:
        types = node.get("@type", ())
        used.update(node, (types,) if isinstance(types, str) else types)
    return {name: meaning for name, meaning in terms.items() if name in used}


@cache
def _context() -> tuple[dict[str, Any], dict[str, str]]:
    """The terms of the context, and the term of each IRI."""
    text = (folder("ontology") / "context.jsonld").read_text(encoding="utf-8")
    terms: dict[str, Any] = json.loads(text)["@context"]
    names = {}
    for name, meaning in terms.items():
        if name != "@version" and name not in CONTEXT_PREFIXES:
            names[_expanded_iri(terms, meaning if isinstance(meaning, str) else meaning["@id"])] = name
    return terms, names


def _expanded_iri(terms: dict[str, Any], name: str) -> str:
    prefix, colon, local = name.partition(":")
    return terms[prefix] + local if colon and prefix in CONTEXT_PREFIXES else name


def _type(terms: dict[str, Any], name: str) -> str | None:
    """The type that the context gives to values of a term; None if it has no such term."""
    meaning = terms.get(name)
    if not isinstance(meaning, dict):
        return _STRING if meaning is not None else None
    kind: str = meaning["@type"]
    return RDF_JSON if kind == "@json" else _expanded_iri(terms, kind)


def _plain(term: Any, kind: str | None) -> Any:
    """The plain JSON that the context reads as this RDF term; None if there is none."""
    if not isinstance(term, ox.Literal):
        return _id(term) if kind == "@id" else None
    if term.language is not None or term.datatype.value != kind:
        return None
    read = _READERS.get(kind)
    return term.value if read is None else _read(read, term.value)


def _double(text: str) -> float | str:
    """A number, or the text of one that readers of JSON-LD would change: they keep 16 digits."""
    number = float(text)
    return number if math.isfinite(number) and float(f"{number:.15E}") == number else text


def _json(text: str) -> Any:
    """A JSON value that readers do not change: in their canonical form all numbers are doubles (RFC 8785).

    Raises:
        ValueError: it is no JSON, or may have integers beyond 2⁵³.
    """
    if _LONG_INTEGER.search(text):
        raise ValueError(text)
    return json.loads(text)


_LONG_INTEGER = re.compile(r"(?<![.\d])\d{16,}(?![.\deE])")


_READERS: dict[str, Callable[[str], Any]] = {
    RDF_JSON: _json,
    f"{XSD}boolean": {"true": True, "false": False}.__getitem__,
    f"{XSD}integer": int,
    f"{XSD}double": _double,
}


def _read(read: Callable[[str], Any], text: str) -> Any:
    """The value of a text; None if the text is not of its type."""
    try:
        return read(text)
    except (ValueError, KeyError, RecursionError):
        return None


def _expanded(term: Any) -> dict[str, Any]:
    """The value object of an RDF term."""
    if not isinstance(term, ox.Literal):
        return {"@id": _id(term)}
    if term.language is not None:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == RDF_JSON and (found := _read(_json, term.value)) is not None:
        return {"@value": found, "@type": "@json"}
    if term.datatype.value == _STRING:
        return {"@value": term.value}
    return {"@value": term.value, "@type": term.datatype.value}


def _id(term: Any) -> str:
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else str(term.value)
