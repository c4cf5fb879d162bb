"""Which properties the objects of each class have, and what their values are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from cetsgraph.archive.counts import GraphCounts
from cetsgraph.namespaces import RDF_TYPE
from cetsgraph.store import Store

__all__ = ["Partitions", "PropertyPartition", "partitions"]

_READ = 100_000
"""Triples that are read in any case, in 1 to 2 s."""


@dataclass(slots=True)
class PropertyPartition:
    """The values of a property of the objects of one class."""

    classes: set[str] = field(default_factory=set)
    """Classes of the objects that are values."""
    datatypes: set[str] = field(default_factory=set)
    """Datatypes of the literals that are values."""


Partitions = Mapping[str, Mapping[str, PropertyPartition]]
"""By the IRIs of a class and of a property."""


def partitions(store: Store, graphs: Mapping[str, GraphCounts], read: int = _READ) -> Partitions:
    """The properties of each class, and the classes and datatypes of their values.

    Args:
        store: the store.
        graphs: what :func:`cetsgraph.archive.graph_counts` counted of each graph.
        read: triples that are read, from the smallest graph on. Of larger ones, those are read too that have
            a class or property which those before do not have.

    >>> from cetsgraph.archive import graph_counts
    >>> from cetsgraph.store import LocalStore
    >>> store = LocalStore.memory()
    >>> with store.writing() as writing:
    ...     writing.add(f'<urn:t> <{RDF_TYPE}> <urn:T> <urn:g> .'.encode())
    ...     writing.add(b'<urn:t> <urn:part> <urn:t> <urn:g> .')
    >>> partitions(store, graph_counts(store)[1])["urn:T"]["urn:part"].classes
    {'urn:T'}
    """
    chosen = list(_chosen(graphs, read))
    kinds = _kinds(store, chosen)
    found: dict[str, dict[str, PropertyPartition]] = defaultdict(lambda: defaultdict(PropertyPartition))
    for graph in chosen:
        for quad in store.quads(graph):
            for of in kinds.get(quad.subject, ()):
                _add(found[of][quad.predicate.value], quad.object, kinds)
    return found


def _chosen(graphs: Mapping[str, GraphCounts], read: int) -> Iterator[str]:
    """The graphs that are read."""
    seen: set[str] = set()
    triples = 0
    for name, counts in sorted(graphs.items(), key=lambda pair: (pair[1].triples, pair[0])):
        terms = counts.classes.keys() | counts.properties.keys()
        if triples + counts.triples <= read or not terms <= seen:
            seen |= terms
            triples += counts.triples
            yield name


def _kinds(store: Store, graphs: Iterable[str]) -> dict[object, set[str]]:
    """The classes of each object of some graphs."""
    kinds: dict[object, set[str]] = defaultdict(set)
    for graph in graphs:
        typed = f"GRAPH <{graph}> {{ ?one <{RDF_TYPE}> ?class }} FILTER isIRI(?class)"
        for row in store.select(f"SELECT ?one ?class {{ {typed} }}"):
            kinds[row["one"]].add(row["class"].value)
    return dict(kinds)


def _add(partition: PropertyPartition, value: object, kinds: Mapping[object, set[str]]) -> None:
    if isinstance(value, ox.Literal):
        partition.datatypes.add(value.datatype.value)
    else:
        partition.classes |= kinds.get(value, set())
