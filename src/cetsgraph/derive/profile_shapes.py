"""The shapes of each profile as one file that any SHACL engine can use alone.

It repeats the files that the profile names, imports nothing, and every shape in it has a severity and a
message: the rule's own words, or what a shape that follows from the model asks for.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from cetsgraph.derive.turtle_text import block, text
from cetsgraph.namespaces import RDF_TYPE, SH, SHAPES
from cetsgraph.resources import folder
from cetsgraph.validation.dialect_words import canonical
from cetsgraph.validation.rules import PROFILES, RuleBook, rule_book, shape_files

__all__ = ["FOLDER", "files"]

FOLDER = Path("shapes/profiles")

_NOTE = "# Derived from shapes/profiles.ttl and the files that it names; `make derive` writes it.\n"
_SLOT = re.compile(r"\{\w+\}")
_COMMENT = re.compile(r"\A(?:#.*\n)+")

_Node = Mapping[str, tuple[str, ...]]


def files() -> dict[Path, bytes]:
    """A file for each profile."""
    return {FOLDER / f"{profile}.ttl": _file(rule_book(profile)).encode() for profile in PROFILES}


def _file(book: RuleBook) -> str:
    texts = [
        _COMMENT.sub("", (folder("shapes") / f"{name}.ttl").read_text(encoding="utf-8"))
        for name in shape_files(book.profile)
    ]
    shapes = _shapes(texts)
    whole = block(
        f"<https://w3id.org/cetsgraph/{FOLDER}/{book.profile}>",
        [("a", ["owl:Ontology"]), ("dcterms:identifier", [text(book.profile)])],
    )
    return "\n".join([_NOTE, *texts, whole, *(_words(book, iri, node) for iri, node in shapes.items())])


def _shapes(texts: list[str]) -> dict[str, _Node]:
    """What is said of each shape that has a name, by property of SHACL."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for quad in chain.from_iterable(ox.parse(part, format=ox.RdfFormat.TURTLE) for part in texts):
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(SHAPES):
            node = found.setdefault(quad.subject.value, {})
            name = "a" if quad.predicate.value == RDF_TYPE else quad.predicate.value.removeprefix(SH)
            value = "" if isinstance(quad.object, ox.BlankNode | ox.Triple) else quad.object.value
            node[name] = (*node.get(name, ()), value)
    return {iri: node for iri, node in found.items() if node["a"][0].startswith(SH)}


def _words(book: RuleBook, iri: str, node: _Node) -> str:
    """The message of a shape, and its severity if it states none."""
    return block(
        f"shape:{iri.removeprefix(SHAPES)}",
        [
            ("sh:message", [text(_message(book, iri, node))]),
            ("sh:severity", [] if "severity" in node else ["sh:Violation"]),
        ],
    )


def _message(book: RuleBook, iri: str, node: _Node) -> str:
    wording = book.wording(iri, "", None)
    rule = book.rules.get(wording.rule)
    if rule is None:
        return f"expected {' '.join(_asked(node))}"
    message = rule.title if wording.message is None or _SLOT.search(wording.message) else wording.message
    expected = canonical(wording.expected) or ""
    expected = "" if _SLOT.search(expected) else expected
    hint = _SLOT.sub("", canonical(wording.hint) or "")
    return f"{message}{f' (expected {expected})' if expected else ''}. {hint}".strip()


def _asked(node: _Node) -> Iterator[str]:
    """What a shape that follows from the model asks for, in words."""
    least, most = (node.get(name, ("",))[0] for name in ("minCount", "maxCount"))
    counts = {("1", "1"): "one", ("", "1"): "at most one", ("1", ""): "at least one"}
    yield counts.get((least, most), "any number of") if "name" in node else "fields as the model has them"
    yield from node.get("name", ())
    for name, words in _CONSTRAINTS.items():
        if name in node:
            yield words.format(node[name][0].rpartition("#")[2])


_CONSTRAINTS = {
    "datatype": "as {}",
    "class": "that is a {}",
    "or": "of a class that the model allows there",
    "minInclusive": "of at least {}",
    "minExclusive": "above {}",
    "maxInclusive": "and at most {}",
    "in": "with one of the values that the model lists",
}
