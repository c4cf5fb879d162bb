"""What the endpoint says of itself: SPARQL 1.1 Service Description, example queries, VoID with statistics.

https://www.w3.org/TR/sparql11-service-description/, https://www.w3.org/TR/void/

Editors and writers of queries ask for the schema, the prefixes and the examples in SPARQL: such a query is
answered from the description, beside which there is only the ontology.
"""

import asyncio
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

from cetsgraph import resources
from cetsgraph.archive.void import void, void_statistics
from cetsgraph.graph.forms import serialized
from cetsgraph.namespaces import ONTOLOGY, SCHEMA_ORG, SH, prefixes
from cetsgraph.server.query_pool import QueryPool
from cetsgraph.server.query_process import Output
from cetsgraph.server.site.computation import compute
from cetsgraph.server.sparql.evaluation import answer_query
from cetsgraph.store import LocalStore, Settings, Store
from cetsgraph.store.snapshots import Snapshot

__all__ = ["Statistics", "answer_about", "asks_about", "description_of"]

_PREFIXES = {
    **prefixes("dcterms", "sd", "void"),
    "foaf": "http://xmlns.com/foaf/0.1/",
    "format": "http://www.w3.org/ns/formats/",
    "void-ext": "http://ldf.fi/void-ext#",
}
_HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in _PREFIXES.items())
_ASKED = (
    "propertyPartition",
    "SPARQLExecutable",
    *(f"sh{mark}{name}" for mark in (":", "acl#") for name in ("namespace", "prefix", "declare")),
)
"""Words of VoID and SHACL that only the description has."""
_TRIPLES = "format:Turtle, format:N-Triples, format:RDF_XML, format:JSON-LD"
_RESULTS = ", ".join(f"format:SPARQL_Results_{name}" for name in ("JSON", "XML", "CSV", "TSV"))
_SERVICE = f"""
<sparql> a sd:Service ; sd:endpoint <sparql> ; sd:supportedLanguage sd:SPARQL11Query ;
    sd:feature sd:UnionDefaultGraph ; sd:resultFormat {_RESULTS}, {_TRIPLES} ;
    sd:defaultDataset <sparql#dataset> .
<.well-known/void> a void:DatasetDescription ; foaf:topic <sparql#dataset> .
<sparql#dataset> foaf:isPrimaryTopicOf <.well-known/void> .
<sparql#dataset> a sd:Dataset, void:Dataset ; void:sparqlEndpoint <sparql> ; void:vocabulary <{ONTOLOGY}> ;
    void:dataDump <graphs?default> ; void:feature {_TRIPLES} ; sd:defaultGraph <sparql#default-graph> .
<sparql#default-graph> a sd:Graph .
"""
_WRITABLE = f"<sparql> sd:supportedLanguage sd:SPARQL11Update ; sd:inputFormat {_TRIPLES} .\n"


class Statistics:
    """Statistics of the newest state of a store, in Turtle: made once for each state, by each worker."""

    def __init__(self) -> None:
        self._of: Snapshot | None = None
        self._made: asyncio.Future[bytes]

    async def of(self, snapshot: Snapshot, pool: QueryPool) -> bytes:
        """The statistics of a state.

        Raises:
            HTTPException: they took too much.
            StoreError: the snapshot cannot be read.
        """
        if self._of is not snapshot or (self._made.done() and self._made.exception() is not None):
            self._of, self._made = snapshot, asyncio.ensure_future(_statistics(snapshot, pool))
        return await asyncio.shield(self._made)


async def _statistics(snapshot: Snapshot, pool: QueryPool) -> bytes:
    task = (snapshot.settings, "text/turtle", _written_statistics, ())
    return b"".join((await pool.page(snapshot, compute, *task)).pieces())


def _written_statistics(store: Store) -> str:
    return "".join(void_statistics(store))


def asks_about(query: str) -> bool:
    """Whether a query is about the endpoint itself: its schema, prefixes or example queries.

    >>> asks_about("SELECT * { ?c void:propertyPartition ?p }"), asks_about("SELECT * { ?s void:triples ?n }")
    (True, False)
    """
    return any(map(query.__contains__, _ASKED))


def description_of(store: Store, address: str, writable: bool, media_type: str, statistics: bytes) -> bytes:
    """The service at an address, its dataset with each named graph, and example queries, in a form of RDF."""
    return serialized([*_triples(store, address, writable, statistics)], media_type)


def answer_about(
    engine: ox.Store, output: Output, settings: Settings, address: str, statistics: bytes, *query: Any
) -> None:
    """Answer a query from the description and the ontology; `query` is what :func:`answer_query` takes."""
    about, graph = ox.Store(), ox.NamedNode(f"{address}/.well-known/void")
    triples = _triples(LocalStore(engine, settings), address, False, statistics)
    about.extend(ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)
    about.load(path=resources.folder("ontology") / "cets.ttl", to_graph=ox.NamedNode(ONTOLOGY))
    answer_query(about, output, *query)


def _triples(store: Store, address: str, writable: bool, statistics: bytes) -> Iterator[ox.Triple]:
    turtle = "".join([_HEAD, _SERVICE, _WRITABLE if writable else "", *void(store), statistics.decode()])
    described = ox.parse(turtle, format=ox.RdfFormat.TURTLE, base_iri=f"{address}/")
    yield from (quad.triple for quad in described)
    yield from _examples(f"{address}/sparql")


def _examples(endpoint: str) -> Iterator[ox.Triple]:
    """The questions, in the form that query editors list."""
    for quad in ox.parse(path=resources.folder("queries") / "examples.ttl"):
        yield quad.triple
        if isinstance(quad.object, ox.NamedNode) and quad.object.value == f"{SH}SPARQLExecutable":
            yield ox.Triple(quad.subject, ox.NamedNode(f"{SCHEMA_ORG}target"), ox.NamedNode(endpoint))
