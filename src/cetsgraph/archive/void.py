"""An archive described in VoID: its data sets, their titles and licences, and how much is in each.

https://www.w3.org/TR/void/
"""

from collections.abc import Iterator
from urllib.parse import quote

from pyoxigraph import Literal

from cetsgraph.archive.catalogue import records
from cetsgraph.archive.counts import GraphCounts, graph_counts
from cetsgraph.authorities import licence_iri
from cetsgraph.namespaces import CATALOGUE, CETS
from cetsgraph.store import Store

__all__ = ["void"]


def void(store: Store) -> Iterator[str]:
    """The dataset and its graphs, in Turtle with the prefixes `dcterms`, `sd` and `void`.

    Relative IRIs, such as `sparql#dataset`, are those of an endpoint that serves the store.

    >>> from cetsgraph.store import LocalStore
    >>> next(iter(void(LocalStore.memory())))
    '<sparql#dataset> dcterms:title "Archive local" ; void:uriSpace "https://w3id.org/cetsgraph/data/" .\\n'
    """
    whole, graphs = graph_counts(store)
    known = {record.dataset: record for record in records(store)}
    title, base = f"Archive {store.settings.archive}", f"{store.settings.base.rstrip('/')}/"
    yield f"<sparql#dataset> dcterms:title {Literal(title)} ; void:uriSpace {Literal(base)} .\n"
    yield from (f"<sparql#dataset> void:exampleResource <{name}> .\n" for name in list(known)[:1])
    yield f"<sparql#default-graph> void:triples {whole.triples} .\n"
    yield from _statistics("<sparql#dataset>", "sparql#whole", whole)
    for name, counts in graphs.items():
        quoted = quote(name, safe="")
        node = f"sparql#graph-{quoted}"
        yield f"<sparql#dataset> sd:namedGraph <{node}> ; void:subset <{name}> .\n"
        yield f"<{node}> a sd:NamedGraph ; sd:name <{name}> ; sd:graph <{name}> .\n"
        yield f"<{name}> a sd:Graph, void:Dataset ; void:dataDump <graphs?graph={quoted}> .\n"
        yield from _statistics(f"<{name}>", node, counts)
        if name in known:
            title = known[name].name
            yield f"<{name}> dcterms:title {Literal(title)} ; void:exampleResource <{name}> .\n"
            yield from _licence(store, name)
    if CATALOGUE in graphs:
        yield f'<{CATALOGUE}> dcterms:title "Catalogue: where each data set came from" .\n'


def _licence(store: Store, name: str) -> Iterator[str]:
    """The licence of a data set, as an address where it is known by one."""
    for row in store.select(f"SELECT ?license {{ <{name}> <{CETS}license> ?license }}"):
        text = row["license"].value
        iri = licence_iri(text)
        fact = f"dcterms:rights {Literal(text)}" if iri is None else f"dcterms:license <{iri}>"
        yield f"<{name}> {fact} .\n"


def _statistics(subject: str, prefix: str, counts: GraphCounts) -> Iterator[str]:
    yield f"{subject} void:triples {counts.triples} ; void:classes {len(counts.classes)} .\n"
    if counts.subjects is not None:
        yield f"{subject} void:distinctSubjects {counts.subjects} ; void:entities {counts.subjects} .\n"
        yield f"{subject} void:properties {len(counts.properties)} .\n"
    partitions = (("class", "entities", counts.classes), ("property", "triples", counts.properties))
    for kind, counted, parts in partitions:
        for iri, count in sorted(parts.items()):
            part = f"<{prefix}-{kind}-{quote(iri, safe='')}>"
            yield f"{subject} void:{kind}Partition {part} .\n"
            yield f"{part} void:{kind} <{iri}> ; void:{counted} {count} .\n"
