"""What the endpoint says of itself: SPARQL 1.1 Service Description and VoID with real statistics.

https://www.w3.org/TR/sparql11-service-description/, https://www.w3.org/TR/void/
"""

from collections.abc import Iterator

import pyoxigraph as ox

from cetsgraph import archive
from cetsgraph.namespaces import DCTERMS, RDF_TYPE, SD, VOID
from cetsgraph.store import LocalStore

__all__ = ["description_of"]

_FORMAT_IRI = "http://www.w3.org/ns/formats/"
_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle",
    "N-Triples", "RDF_XML", "JSON-LD",
)  # fmt: skip
_COUNTS = """SELECT ?graph ?class (COUNT(*) AS ?count) WHERE {
  GRAPH ?graph { ?entity a ?class }
} GROUP BY ?graph ?class"""


def description_of(store: LocalStore, endpoint: str, *, writable: bool = False) -> list[ox.Triple]:
    """The service, its dataset, and each data set with its triples, entities and classes.

    Args:
        store: what is served.
        endpoint: the address of the queries.
        writable: whether updates are taken.
    """
    return list(_triples(store, endpoint, writable))


def _triples(store: LocalStore, endpoint: str, writable: bool) -> Iterator[ox.Triple]:
    service, whole = ox.NamedNode(endpoint), ox.NamedNode(f"{endpoint}#dataset")
    yield _triple(service, RDF_TYPE, ox.NamedNode(f"{SD}Service"))
    yield _triple(service, f"{SD}endpoint", service)
    yield _triple(service, f"{SD}supportedLanguage", ox.NamedNode(f"{SD}SPARQL11Query"))
    if writable:
        yield _triple(service, f"{SD}supportedLanguage", ox.NamedNode(f"{SD}SPARQL11Update"))
    yield _triple(service, f"{SD}feature", ox.NamedNode(f"{SD}UnionDefaultGraph"))
    for name in _FORMATS:
        yield _triple(service, f"{SD}resultFormat", ox.NamedNode(_FORMAT_IRI + name))
    yield _triple(service, f"{SD}defaultDataset", whole)
    for kind in (f"{SD}Dataset", f"{VOID}Dataset"):
        yield _triple(whole, RDF_TYPE, ox.NamedNode(kind))
    yield _triple(whole, f"{VOID}sparqlEndpoint", service)
    default = ox.NamedNode(f"{endpoint}#default-graph")
    yield _triple(whole, f"{SD}defaultGraph", default)
    yield _triple(default, RDF_TYPE, ox.NamedNode(f"{SD}Graph"))
    records = archive.list(store)
    yield _triple(whole, f"{VOID}triples", ox.Literal(sum(record.triples for record in records)))
    counts = _counts(store)
    for record in records:
        yield from _data_set(whole, record, counts.get(record.dataset, {}))


def _data_set(whole: ox.NamedNode, record: archive.Record, counts: dict[str, int]) -> Iterator[ox.Triple]:
    node, named = ox.NamedNode(record.dataset), ox.NamedNode(f"{whole.value}-{record.dataset}")
    yield _triple(whole, f"{VOID}subset", node)
    yield _triple(whole, f"{SD}namedGraph", named)
    yield _triple(named, RDF_TYPE, ox.NamedNode(f"{SD}NamedGraph"))
    yield _triple(named, f"{SD}name", node)
    yield _triple(node, RDF_TYPE, ox.NamedNode(f"{VOID}Dataset"))
    yield _triple(node, f"{DCTERMS}title", ox.Literal(record.name))
    yield _triple(node, f"{VOID}triples", ox.Literal(record.triples))
    yield _triple(node, f"{VOID}exampleResource", node)
    for kind, count in sorted(counts.items()):
        part = ox.NamedNode(f"{whole.value}-{record.dataset}-{kind.rpartition('#')[2]}")
        yield _triple(node, f"{VOID}classPartition", part)
        yield _triple(part, f"{VOID}class", ox.NamedNode(kind))
        yield _triple(part, f"{VOID}entities", ox.Literal(count))


def _counts(store: LocalStore) -> dict[str, dict[str, int]]:
    """Entities by graph and class."""
    found: dict[str, dict[str, int]] = {}
    for row in store.select(_COUNTS):
        found.setdefault(row["graph"].value, {})[row["class"].value] = int(row["count"].value)
    return found


def _triple(subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), value)
