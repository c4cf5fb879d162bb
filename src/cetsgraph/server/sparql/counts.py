"""How much a store holds of what: triples, subjects, classes, properties; of each graph and of the whole."""

from collections import Counter
from dataclasses import dataclass, field

import pyoxigraph as ox

from cetsgraph.store import Store

__all__ = ["GraphCounts", "counts_of"]

_MOST = 5_000_000
"""Triples of which properties and subjects are counted, which takes 1 to 4 s for each million."""

_TRIPLES = "SELECT ?graph (COUNT(*) AS ?count) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
_CLASSES = "SELECT ?graph ?of (COUNT(*) AS ?count) { GRAPH ?graph { ?s a ?of } } GROUP BY ?graph ?of"
_PROPERTIES = "SELECT ?graph ?of (COUNT(*) AS ?count) { GRAPH ?graph { ?s ?of ?o } } GROUP BY ?graph ?of"
_SUBJECTS = "SELECT ?graph (COUNT(DISTINCT ?s) AS ?count) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
_ALL_SUBJECTS = "SELECT (COUNT(DISTINCT ?s) AS ?count) { ?s ?p ?o }"


@dataclass(slots=True)
class GraphCounts:
    """Counts of a graph, or of all; `subjects` is None, and `properties` empty, where there is too much."""

    triples: int = 0
    subjects: int | None = None
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)


def counts_of(store: Store, most: int = _MOST) -> tuple[GraphCounts, dict[str, GraphCounts]]:
    """The statistics of the union of all graphs, in which no triple stands twice, and those of each graph.

    Args:
        store: what is counted.
        most: of more triples than this, only classes are counted.
    """
    whole, graphs = GraphCounts(), {name: GraphCounts() for name in store.graphs()}
    for row in store.select(
        "SELECT ?graph (COUNT(*) AS ?count) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
    ):
        graphs[row["graph"].value].triples = _count(row)
    whole.triples = sum(one.triples for one in graphs.values())
    for row in store.select(_CLASSES):
        graphs[row["graph"].value].classes[row["of"].value] = _count(row)
    if whole.triples <= most:
        for row in store.select(_PROPERTIES):
            graphs[row["graph"].value].properties[row["of"].value] = _count(row)
        for row in store.select(_SUBJECTS):
            graphs[row["graph"].value].subjects = _count(row)
        whole.subjects = sum(_count(row) for row in store.select(_ALL_SUBJECTS))
    for one in graphs.values():
        whole.classes += one.classes
        whole.properties += one.properties
    return whole, graphs


def _count(row: ox.QuerySolution) -> int:
    return int(row["count"].value)
