"""What the endpoint says of itself: SPARQL 1.1 Service Description and VoID with real statistics.

https://www.w3.org/TR/sparql11-service-description/, https://www.w3.org/TR/void/
"""

from collections.abc import Iterator
from urllib.parse import quote

import pyoxigraph as ox

from cetsgraph import archive, resources
from cetsgraph.iris import is_iri
from cetsgraph.namespaces import CATALOGUE, CETS, DCTERMS, ONTOLOGY, RDF_TYPE, SCHEMA_ORG, SD, SH, VOID
from cetsgraph.server.sparql.counts import GraphCounts, counts_of
from cetsgraph.store import Store

__all__ = ["description_of"]

_FORMAT_IRI = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_TRIPLES = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")
_SPDX = "https://spdx.org/licenses/"


def description_of(store: Store, address: str, *, writable: bool = False) -> list[ox.Triple]:
    """The service, its dataset with each named graph, and example queries.

    Args:
        store: what is served.
        address: where the server is reached, without a slash at its end.
        writable: whether updates are taken.
    """
    return [*_service(store, address, writable), *_examples(f"{address}/sparql")]


def _service(store: Store, address: str, writable: bool) -> Iterator[ox.Triple]:
    endpoint = f"{address}/sparql"
    dataset, default = f"{endpoint}#dataset", f"{endpoint}#default-graph"
    yield _link(endpoint, RDF_TYPE, f"{SD}Service")
    yield _link(endpoint, f"{SD}endpoint", endpoint)
    yield _link(endpoint, f"{SD}supportedLanguage", f"{SD}SPARQL11Query")
    if writable:
        yield _link(endpoint, f"{SD}supportedLanguage", f"{SD}SPARQL11Update")
    yield _link(endpoint, f"{SD}feature", f"{SD}UnionDefaultGraph")
    for name in (*_RESULTS, *_TRIPLES):
        yield _link(endpoint, f"{SD}resultFormat", _FORMAT_IRI + name)
    if writable:
        for name in _TRIPLES:
            yield _link(endpoint, f"{SD}inputFormat", _FORMAT_IRI + name)
    yield _link(endpoint, f"{SD}defaultDataset", dataset)
    for kind in (f"{SD}Dataset", f"{VOID}Dataset"):
        yield _link(dataset, RDF_TYPE, kind)
    yield _link(f"{address}/.well-known/void", RDF_TYPE, f"{VOID}DatasetDescription")
    yield _link(f"{address}/.well-known/void", "http://xmlns.com/foaf/0.1/topic", dataset)
    yield _said(dataset, f"{DCTERMS}title", f"Archive {store.settings.archive}")
    yield _said(dataset, f"{VOID}uriSpace", f"{store.settings.base.rstrip('/')}/")
    yield _link(dataset, f"{VOID}sparqlEndpoint", endpoint)
    yield _link(dataset, f"{VOID}vocabulary", ONTOLOGY)
    yield _link(dataset, f"{VOID}dataDump", f"{address}/graphs?default")
    for name in _TRIPLES:
        yield _link(dataset, f"{VOID}feature", _FORMAT_IRI + name)
    whole, graphs = counts_of(store)
    yield from _statistics(dataset, f"{endpoint}#whole", whole)
    yield _link(dataset, f"{SD}defaultGraph", default)
    yield _link(default, RDF_TYPE, f"{SD}Graph")
    yield _said(default, f"{VOID}triples", whole.triples)
    records = {record.dataset: record for record in archive.list(store)}
    for graph, counted in graphs.items():
        yield from _graph(store, address, graph, counted, records.get(graph))
    for graph in list(records)[:1]:
        yield _link(dataset, f"{VOID}exampleResource", graph)


def _graph(
    store: Store, address: str, graph: str, counted: GraphCounts, record: archive.Record | None
) -> Iterator[ox.Triple]:
    dataset = f"{address}/sparql#dataset"
    node = f"{address}/sparql#graph-{quote(graph, safe='')}"
    yield _link(dataset, f"{SD}namedGraph", node)
    yield _link(node, RDF_TYPE, f"{SD}NamedGraph")
    yield _link(node, f"{SD}name", graph)
    yield _link(node, f"{SD}graph", graph)
    yield _link(graph, RDF_TYPE, f"{SD}Graph")
    yield _link(graph, RDF_TYPE, f"{VOID}Dataset")
    yield _link(dataset, f"{VOID}subset", graph)
    yield _link(graph, f"{VOID}dataDump", f"{address}/graphs?graph={quote(graph, safe='')}")
    yield from _statistics(graph, node, counted)
    if record is not None:
        yield _said(graph, f"{DCTERMS}title", record.name)
        yield _link(graph, f"{VOID}exampleResource", graph)
        yield from _license(store, graph)
    elif graph == CATALOGUE:
        yield _said(graph, f"{DCTERMS}title", "Catalogue: where each data set came from")


def _license(store: Store, graph: str) -> Iterator[ox.Triple]:
    """What the document says of itself; SPDX identifiers have addresses."""
    for row in store.select(f"SELECT ?license {{ <{graph}> <{CETS}license> ?license }}"):
        text = row["license"].value
        address = text if is_iri(text) else f"{_SPDX}{text}"
        yield (
            _link(graph, f"{DCTERMS}license", address)
            if is_iri(address)
            else _said(graph, f"{DCTERMS}rights", text)
        )


def _statistics(node: str, prefix: str, counted: GraphCounts) -> Iterator[ox.Triple]:
    yield _said(node, f"{VOID}triples", counted.triples)
    yield _said(node, f"{VOID}classes", len(counted.classes))
    if counted.subjects is not None:
        yield _said(node, f"{VOID}distinctSubjects", counted.subjects)
        yield _said(node, f"{VOID}entities", counted.subjects)
        yield _said(node, f"{VOID}properties", len(counted.properties))
    for kind, counts, partition, number in (
        ("class", counted.classes, "classPartition", "entities"),
        ("property", counted.properties, "propertyPartition", "triples"),
    ):
        for name, count in sorted(counts.items()):
            part = f"{prefix}-{kind}-{quote(name, safe='')}"
            yield _link(node, f"{VOID}{partition}", part)
            yield _link(part, f"{VOID}{kind}", name)
            yield _said(part, f"{VOID}{number}", count)


def _examples(endpoint: str) -> Iterator[ox.Triple]:
    """The questions, as editors list them."""
    published = (resources.folder("queries") / "examples.ttl").read_bytes()
    for quad in ox.parse(published, ox.RdfFormat.TURTLE):
        yield quad.triple
        if isinstance(quad.object, ox.NamedNode) and quad.object.value == f"{SH}SPARQLExecutable":
            yield ox.Triple(quad.subject, ox.NamedNode(f"{SCHEMA_ORG}target"), ox.NamedNode(endpoint))


def _link(subject: str, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(value))


def _said(subject: str, predicate: str, value: str | int) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.Literal(value))
