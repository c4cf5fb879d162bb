"""How much a store holds: data sets and objects; triples, subjects, classes and properties of each graph."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cetsgraph.archive.catalogue import records
from cetsgraph.namespaces import CETS
from cetsgraph.store import Store

__all__ = ["GraphCounts", "Statistics", "directory_size", "graph_counts", "statistics"]

_MOST = 5_000_000
"""Triples of which properties and subjects are counted, which takes 1 to 4 s for each million."""

_TRIPLES = "SELECT ?graph (COUNT(*) AS ?count) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
_SUBJECTS = "SELECT ?graph (COUNT(DISTINCT ?s) AS ?count) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
_CLASSES = "SELECT ?graph ?of (COUNT(*) AS ?count) { GRAPH ?graph { ?s a ?of } } GROUP BY ?graph ?of"
_PROPERTIES = "SELECT ?graph ?of (COUNT(*) AS ?count) { GRAPH ?graph { ?s ?of ?o } } GROUP BY ?graph ?of"
_ALL_SUBJECTS = "SELECT (COUNT(DISTINCT ?s) AS ?count) { ?s ?p ?o }"
_ALL_CLASSES = "SELECT ?of (COUNT(DISTINCT ?s) AS ?count) { GRAPH ?g { ?s a ?of } } GROUP BY ?of"


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a store holds. `bytes` is None where it is not a directory."""

    data_sets: int
    quads: int
    objects: dict[str, int]
    """How many there are of each class of the ontology."""
    ontologies: tuple[str, ...]
    """Versions of the ontology that its data sets were written in."""
    bytes: int | None


@dataclass(slots=True)
class GraphCounts:
    """Counts of a graph, or of all; `subjects` is None, and `properties` empty, where there is too much."""

    triples: int = 0
    subjects: int | None = None
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)


def statistics(store: Store) -> Statistics:
    """Data sets, quads and objects of a store.

    >>> from cetsgraph.store import LocalStore
    >>> statistics(LocalStore.memory()).data_sets
    0
    """
    kept = records(store)
    objects = {
        of.removeprefix(CETS): count for _, of, count in _counts(store, _ALL_CLASSES) if of.startswith(CETS)
    }
    directory = Path(store.location)
    return Statistics(
        data_sets=len(kept),
        quads=sum(record.triples for record in kept),
        objects=dict(sorted(objects.items())),
        ontologies=tuple(sorted({record.ontology for record in kept})),
        bytes=directory_size(directory) if directory.is_dir() else None,
    )


def graph_counts(store: Store, most: int = _MOST) -> tuple[GraphCounts, dict[str, GraphCounts]]:
    """Counts of the union of all graphs, in which no triple stands twice, and of each graph by its IRI.

    Args:
        store: what is counted.
        most: of more triples than this, only classes are counted.

    >>> from cetsgraph.store import LocalStore
    >>> whole, graphs = graph_counts(LocalStore.memory())
    >>> whole.triples, len(graphs)
    (0, 0)
    """
    graphs = {name: GraphCounts() for name in store.graphs()}
    for graph, _, count in _counts(store, _TRIPLES):
        graphs[graph].triples = count
    for graph, of, count in _counts(store, _CLASSES):
        graphs[graph].classes[of] = count
    whole = GraphCounts(sum(one.triples for one in graphs.values()))
    if whole.triples <= most:
        for graph, of, count in _counts(store, _PROPERTIES):
            graphs[graph].properties[of] = count
        for graph, _, count in _counts(store, _SUBJECTS):
            graphs[graph].subjects = count
        whole.subjects = sum(count for _, _, count in _counts(store, _ALL_SUBJECTS))
    for one in graphs.values():
        whole.classes += one.classes
        whole.properties += one.properties
    return whole, graphs


def directory_size(directory: Path) -> int:
    """Bytes of the files of a store, of which snapshots share most: each is counted once."""
    files = (path.stat() for path in directory.rglob("*") if path.is_file())
    return sum({status.st_ino: status.st_size for status in files}.values())


def _counts(store: Store, query: str) -> Iterator[tuple[str, str, int]]:
    """Graph, class or property, and count of each row; empty text for what a query does not group by."""
    solutions = store.select(query)
    for row in solutions:
        graph, of = (row[name].value if name in solutions.variables else "" for name in ("graph", "of"))
        yield graph, of, int(row["count"].value)
