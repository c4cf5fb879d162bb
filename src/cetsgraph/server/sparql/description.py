"""The endpoint's description of itself: SPARQL 1.1 Service Description, and VoID with statistics.

https://www.w3.org/TR/sparql11-service-description/, https://www.w3.org/TR/void/
"""

from collections.abc import Iterator

import pyoxigraph as ox

from cetsgraph import resources
from cetsgraph.archive.void import void
from cetsgraph.graph.forms import serialized
from cetsgraph.namespaces import ONTOLOGY, SCHEMA_ORG, SH, prefixes
from cetsgraph.store import Store

__all__ = ["description_of"]

_PREFIXES = {
    **prefixes("dcterms", "sd", "void"),
    "foaf": "http://xmlns.com/foaf/0.1/",
    "format": "http://www.w3.org/ns/formats/",
}
_HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in _PREFIXES.items())
_TRIPLES = "format:Turtle, format:N-Triples, format:RDF_XML, format:JSON-LD"
_RESULTS = ", ".join(f"format:SPARQL_Results_{name}" for name in ("JSON", "XML", "CSV", "TSV"))
_SERVICE = f"""
<sparql> a sd:Service ; sd:endpoint <sparql> ; sd:supportedLanguage sd:SPARQL11Query ;
    sd:feature sd:UnionDefaultGraph ; sd:resultFormat {_RESULTS}, {_TRIPLES} ;
    sd:defaultDataset <sparql#dataset> .
<.well-known/void> a void:DatasetDescription ; foaf:topic <sparql#dataset> .
<sparql#dataset> a sd:Dataset, void:Dataset ; void:sparqlEndpoint <sparql> ; void:vocabulary <{ONTOLOGY}> ;
    void:dataDump <graphs?default> ; void:feature {_TRIPLES} ; sd:defaultGraph <sparql#default-graph> .
<sparql#default-graph> a sd:Graph .
"""
_WRITABLE = f"<sparql> sd:supportedLanguage sd:SPARQL11Update ; sd:inputFormat {_TRIPLES} .\n"


def description_of(store: Store, address: str, writable: bool, media_type: str) -> bytes:
    """The service at an address, its dataset with each named graph, and example queries, in a form of RDF."""
    turtle = "".join([_HEAD, _SERVICE, _WRITABLE if writable else "", *void(store)])
    described = ox.parse(turtle, format=ox.RdfFormat.TURTLE, base_iri=f"{address}/")
    triples = [*(quad.triple for quad in described), *_examples(f"{address}/sparql")]
    return serialized(triples, media_type)


def _examples(endpoint: str) -> Iterator[ox.Triple]:
    """The questions, in the form that query editors list."""
    for quad in ox.parse(path=resources.folder("queries") / "examples.ttl"):
        yield quad.triple
        if isinstance(quad.object, ox.NamedNode) and quad.object.value == f"{SH}SPARQLExecutable":
            yield ox.Triple(quad.subject, ox.NamedNode(f"{SCHEMA_ORG}target"), ox.NamedNode(endpoint))
