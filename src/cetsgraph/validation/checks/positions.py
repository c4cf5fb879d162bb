"""Positions of objects in lists, in a graph that need not have come from a document."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from cetsgraph.namespaces import CETS, XSD
from cetsgraph.vocabulary import Kind, vocabulary

__all__ = ["broken_lists"]


def broken_lists(quads: Iterable[ox.Quad]) -> Iterator[tuple[str, str, str]]:
    """Lists whose positions are not 0, 1, 2 … each once: holder, field of the model, positions found.

    Objects without any position are left to the shapes.
    """
    lists = {
        prop.iri: prop.field
        for prop in vocabulary().properties.values()
        if prop.many and prop.kind is Kind.PART
    }
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    positions: dict[str, int] = {}
    for quad in quads:
        subject, predicate, value = quad.subject, quad.predicate.value, quad.object
        if not isinstance(subject, ox.NamedNode):
            continue
        if predicate in lists and isinstance(value, ox.NamedNode):
            held[subject.value, predicate].append(value.value)
        elif predicate == _POSITION and isinstance(value, ox.Literal) and value.datatype.value == _INTEGER:
            positions[subject.value] = int(value.value)
    for (holder, predicate), members in held.items():
        found = sorted(positions[member] for member in members if member in positions)
        if len(found) == len(members) and found != list(range(len(found))):
            yield holder, lists[predicate], ", ".join(map(str, found[:20]))


_POSITION = f"{CETS}position"
_INTEGER = f"{XSD}integer"
