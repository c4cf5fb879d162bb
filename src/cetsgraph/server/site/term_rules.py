"""The rules of validation that speak of a term of the ontology."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

import pyoxigraph as ox

from cetsgraph.namespaces import CETS
from cetsgraph.rdf import Term
from cetsgraph.validation import PROFILES, Rule, rule_book
from cetsgraph.validation.dialect_words import fields_named
from cetsgraph.validation.shape_terms import named_in
from cetsgraph.vocabulary import vocabulary

__all__ = ["rules_of"]

_SLOT = re.compile(r"\{((?:[A-Z]\w*\.\w+\|?)+)\}")


def rules_of(term: str) -> list[Rule]:
    """The rules whose paths, shapes or hints name a class or property, in the order of their ids.

    >>> [rule.id for rule in rules_of("section")]
    ['section-gap', 'section-unique']
    """
    return sorted(_rules().get(term, ()), key=lambda rule: rule.id)


@cache
def _rules() -> Mapping[str, set[Rule]]:
    """Of the strictest profile, which has all."""
    book, found = rule_book(PROFILES[-1]), defaultdict[str, set[Rule]](set)
    for rule in book.rules.values():
        for name in (*(path.removeprefix(CETS) for path in rule.paths), *_of_hint(rule.wording.hint or "")):
            found[name].add(rule)
    for text in book.texts[1:]:  # the first is of the structure, which is as the term says
        for shape, name in _of_shapes(text):
            rule_id = book.wording(shape, "", None).rule
            if rule_id in book.rules:
                found[name].add(book.rules[rule_id])
    return found


def _of_hint(hint: str) -> Iterator[str]:
    """The properties of the fields that a hint names."""
    for slot in _SLOT.findall(hint):
        for model, name in fields_named(slot):
            properties = vocabulary().classes[model.__name__].properties
            yield from (one.name for one in properties if one.field == name)


def _of_shapes(text: str) -> Iterator[tuple[str, str]]:
    """IRIs of shapes, each with the terms that it names, in its own nodes and in its queries."""
    said = defaultdict[Term, list[Term]](list)
    for quad in ox.parse(text, format=ox.RdfFormat.TURTLE):
        said[quad.subject].append(quad.object)
    for shape in [one for one in said if isinstance(one, ox.NamedNode)]:
        open_, seen = [shape, *said[shape]], set[Term]()
        while open_:
            node = open_.pop()
            if isinstance(node, ox.BlankNode) and node not in seen:
                open_ += said[node]
            elif isinstance(node, ox.Literal):
                yield from ((shape.value, name) for name in named_in(node.value))
            elif isinstance(node, ox.NamedNode) and node.value.startswith(CETS):
                yield shape.value, node.value.removeprefix(CETS)
            seen.add(node)
