"""The endpoint's description of itself: SPARQL 1.1 Service Description, and VoID with statistics.

https://www.w3.org/TR/sparql11-service-description/, https://www.w3.org/TR/void/
"""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

import pyoxigraph as ox

from cetsgraph import archive, resources
from cetsgraph.iris import is_iri
from cetsgraph.namespaces import CATALOGUE, CETS, ONTOLOGY, SCHEMA_ORG, SH, prefixes
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
_SPDX = "https://spdx.org/licenses/"


def description_of(store: Store, address: str, *, writable: bool = False) -> list[ox.Triple]:
    """The service, its dataset with each named graph, and example queries.

    Args:
        store: what is served.
        address: where the server is reached, without a slash at its end.
        writable: whether updates are taken.
    """
    turtle = "".join([_HEAD, _SERVICE, _WRITABLE if writable else "", *_contents(store)])
    described = ox.parse(turtle, format=ox.RdfFormat.TURTLE, base_iri=f"{address}/")
    return [*(quad.triple for quad in described), *_examples(f"{address}/sparql")]


def _contents(store: Store) -> Iterator[str]:
    """The dataset and its graphs, as Turtle."""
    whole, graphs = archive.graph_counts(store)
    records = {record.dataset: record for record in archive.list(store)}
    title, base = f"Archive {store.settings.archive}", f"{store.settings.base.rstrip('/')}/"
    yield f"<sparql#dataset> dcterms:title {ox.Literal(title)} ; void:uriSpace {ox.Literal(base)} .\n"
    yield from (f"<sparql#dataset> void:exampleResource <{name}> .\n" for name in list(records)[:1])
    yield f"<sparql#default-graph> void:triples {whole.triples} .\n"
    yield from _statistics("<sparql#dataset>", "sparql#whole", whole)
    for name, counts in graphs.items():
        quoted = quote(name, safe="")
        node = f"sparql#graph-{quoted}"
        yield f"<sparql#dataset> sd:namedGraph <{node}> ; void:subset <{name}> .\n"
        yield f"<{node}> a sd:NamedGraph ; sd:name <{name}> ; sd:graph <{name}> .\n"
        yield f"<{name}> a sd:Graph, void:Dataset ; void:dataDump <graphs?graph={quoted}> .\n"
        yield from _statistics(f"<{name}>", node, counts)
        if name in records:
            title = records[name].name
            yield f"<{name}> dcterms:title {ox.Literal(title)} ; void:exampleResource <{name}> .\n"
            yield from _licence(store, name)
    if CATALOGUE in graphs:
        yield f'<{CATALOGUE}> dcterms:title "Catalogue: where each data set came from" .\n'


def _licence(store: Store, name: str) -> Iterator[str]:
    """The licence of a data set; SPDX identifiers have addresses."""
    for row in store.select(f"SELECT ?license {{ <{name}> <{CETS}license> ?license }}"):
        text = row["license"].value
        iri = text if is_iri(text) else f"{_SPDX}{text}"
        fact = f"dcterms:license <{iri}>" if is_iri(iri) else f"dcterms:rights {ox.Literal(text)}"
        yield f"<{name}> {fact} .\n"


def _statistics(subject: str, prefix: str, counts: archive.GraphCounts) -> Iterator[str]:
    yield f"{subject} void:triples {counts.triples} ; void:classes {len(counts.classes)} .\n"
    if counts.subjects is not None:
        yield f"{subject} void:distinctSubjects {counts.subjects} ; void:entities {counts.subjects} .\n"
        yield f"{subject} void:properties {len(counts.properties)} .\n"
    yield from _partitions(subject, prefix, ("class", "entities"), counts.classes)
    yield from _partitions(subject, prefix, ("property", "triples"), counts.properties)


def _partitions(
    subject: str, prefix: str, names: tuple[str, str], counts: Mapping[str, int]
) -> Iterator[str]:
    kind, counted = names
    for iri, count in sorted(counts.items()):
        part = f"<{prefix}-{kind}-{quote(iri, safe='')}>"
        yield f"{subject} void:{kind}Partition {part} .\n"
        yield f"{part} void:{kind} <{iri}> ; void:{counted} {count} .\n"


def _examples(endpoint: str) -> Iterator[ox.Triple]:
    """The questions, in the form that query editors list."""
    for quad in ox.parse(path=resources.folder("queries") / "examples.ttl"):
        yield quad.triple
        if isinstance(quad.object, ox.NamedNode) and quad.object.value == f"{SH}SPARQLExecutable":
            yield ox.Triple(quad.subject, ox.NamedNode(f"{SCHEMA_ORG}target"), ox.NamedNode(endpoint))
