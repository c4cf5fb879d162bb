"""An archive described in VoID: its data sets, titles and licences, how much is in each, and the schema.

The properties of each class, with the classes and datatypes of their values, stand where query editors and
writers of queries look for them: void:propertyPartition inside void:classPartition.

https://www.w3.org/TR/void/
"""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from pyoxigraph import Literal

from cetsgraph.archive.catalogue import records
from cetsgraph.archive.counts import GraphCounts, graph_counts
from cetsgraph.archive.partitions import PropertyPartition, partitions
from cetsgraph.authorities import licence_iri
from cetsgraph.namespaces import CATALOGUE, CETS
from cetsgraph.store import Store

__all__ = ["void", "void_statistics"]


def void(store: Store) -> Iterator[str]:
    """The dataset and its graphs, in Turtle with the prefixes `dcterms`, `sd` and `void`.

    Relative IRIs, such as `sparql#dataset`, are those of an endpoint that serves the store.

    >>> from cetsgraph.store import LocalStore
    >>> next(iter(void(LocalStore.memory())))
    '<sparql#dataset> dcterms:title "Archive local" ; void:uriSpace "https://w3id.org/cetsgraph/data/" .\\n'
    """
    graphs = store.graphs()
    known = {record.dataset: record for record in records(store)}
    title, base = f"Archive {store.settings.archive}", f"{store.settings.base.rstrip('/')}/"
    yield f"<sparql#dataset> dcterms:title {Literal(title)} ; void:uriSpace {Literal(base)} .\n"
    yield from (f"<sparql#dataset> void:exampleResource <{name}> .\n" for name in list(known)[:1])
    for name in graphs:
        quoted = quote(name, safe="")
        node = f"sparql#graph-{quoted}"
        yield f"<sparql#dataset> sd:namedGraph <{node}> ; void:subset <{name}> .\n"
        yield f"<{node}> a sd:NamedGraph ; sd:name <{name}> ; sd:graph <{name}> .\n"
        yield f"<{name}> a sd:Graph, void:Dataset ; void:dataDump <graphs?graph={quoted}> .\n"
        if name in known:
            title = known[name].name
            yield f"<{name}> dcterms:title {Literal(title)} ; void:exampleResource <{name}> .\n"
            yield from _licence(store, name)
    if CATALOGUE in graphs:
        yield f'<{CATALOGUE}> dcterms:title "Catalogue: where each data set came from" .\n'


def void_statistics(store: Store) -> Iterator[str]:
    """How much is in each graph, and what all of them have of each class and property; as :func:`void`, with
    the prefix `void-ext` too.

    Of a graph alone no classes are said: the schema of the whole would be lost among them, to those who ask.
    """
    whole, graphs = graph_counts(store)
    yield f"<sparql#default-graph> void:triples {whole.triples} .\n"
    yield from _counts("<sparql#dataset>", whole)
    for name, counts in graphs.items():
        yield from _counts(f"<{name}>", counts)
    schema = partitions(store, graphs)
    for of, count in sorted(whole.classes.items()):
        said = [f"void:class <{of}>", f"void:entities {count}", *_properties(schema.get(of, {}))]
        yield f"<sparql#dataset> void:classPartition [ {' ; '.join(said)} ] .\n"
    for name, count in sorted(whole.properties.items()):
        yield f"<sparql#dataset> void:propertyPartition [ void:property <{name}> ; void:triples {count} ] .\n"


def _licence(store: Store, name: str) -> Iterator[str]:
    """The licence of a data set, as an address where it is known by one."""
    for row in store.select(f"SELECT ?license {{ <{name}> <{CETS}license> ?license }}"):
        text = row["license"].value
        iri = licence_iri(text)
        fact = f"dcterms:rights {Literal(text)}" if iri is None else f"dcterms:license <{iri}>"
        yield f"<{name}> {fact} .\n"


def _counts(subject: str, counts: GraphCounts) -> Iterator[str]:
    yield f"{subject} void:triples {counts.triples} ; void:classes {len(counts.classes)} .\n"
    if counts.subjects is not None:
        yield f"{subject} void:distinctSubjects {counts.subjects} ; void:entities {counts.subjects} .\n"
        yield f"{subject} void:properties {len(counts.properties)} .\n"


def _properties(properties: Mapping[str, PropertyPartition]) -> Iterator[str]:
    """The properties of a class, each with the classes and datatypes of its values."""
    for name, values in sorted(properties.items()):
        said = [f"void:property <{name}>"]
        said += (f"void:classPartition [ void:class <{of}> ]" for of in sorted(values.classes))
        said += (
            f"void-ext:datatypePartition [ void-ext:datatype <{of}> ]" for of in sorted(values.datatypes)
        )
        yield f"void:propertyPartition [ {' ; '.join(said)} ]"
