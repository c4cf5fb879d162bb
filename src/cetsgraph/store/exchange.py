"""Named graphs as rdflib graphs, and back, term by term, so that no literal is rewritten on the way."""

from collections.abc import Iterable, Iterator

import pyoxigraph
import rdflib

from cetsgraph.iris import is_iri

__all__ = ["from_rdflib", "to_rdflib"]


def to_rdflib(quads: Iterable[pyoxigraph.Quad], graph: str | None) -> rdflib.Graph:
    """Collect the quads in an `rdflib.Graph` called `graph`, or in a Dataset with all their graphs."""
    if graph is not None:
        target = rdflib.Graph(identifier=rdflib.URIRef(graph))
        for quad in quads:
            target.add((_resource(quad.subject), rdflib.URIRef(quad.predicate.value), _term(quad.object)))
        return target
    dataset = rdflib.Dataset()
    graphs: dict[str, rdflib.Graph] = {}
    for quad in quads:
        name = "" if isinstance(quad.graph_name, pyoxigraph.DefaultGraph) else quad.graph_name.value
        if name not in graphs:
            graphs[name] = dataset.graph(rdflib.URIRef(name)) if name else dataset.default_graph
        graphs[name].add((_resource(quad.subject), rdflib.URIRef(quad.predicate.value), _term(quad.object)))
    return dataset


def from_rdflib(source: rdflib.Graph, graph: str | None) -> bytes:
    """Write an rdflib graph or dataset as N-Quads; ValueError where it does not fit into named graphs."""
    output = pyoxigraph.serialize(_quads(source, graph), format=pyoxigraph.RdfFormat.N_QUADS)
    return output or b""


def _quads(source: rdflib.Graph, graph: str | None) -> Iterator[pyoxigraph.Quad]:
    if graph is None and not isinstance(source, rdflib.Dataset):
        raise ValueError("an rdflib.Graph needs the IRI of the named graph it becomes")
    parts = source.graphs() if isinstance(source, rdflib.Dataset) else [source]
    for part in parts:
        name = graph or str(part.identifier)
        if part.identifier == rdflib.graph.DATASET_DEFAULT_GRAPH_ID and graph is None:
            if len(part):
                raise ValueError(
                    f"{len(part)} triples are in the default graph; expected all in named graphs"
                )
            continue
        for subject, predicate, object_ in part:
            yield pyoxigraph.Quad(_node(subject), _node(predicate), _value(object_), _named(name))


def _resource(
    term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Triple,
) -> rdflib.term.IdentifiedNode:
    if isinstance(term, pyoxigraph.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return rdflib.BNode(term.value)
    raise ValueError(f"rdflib has no term for {term}")


def _term(
    term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple,
) -> rdflib.term.Identifier:
    if not isinstance(term, pyoxigraph.Literal):
        return _resource(term)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    if datatype == str(rdflib.XSD.string):  # rdflib tells "a" from "a"^^xsd:string
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(datatype), normalize=False)


def _value(term: rdflib.term.Node) -> pyoxigraph.NamedNode | pyoxigraph.Literal:
    if not isinstance(term, rdflib.Literal):
        return _node(term)
    if term.language:
        return pyoxigraph.Literal(str(term), language=term.language)
    return pyoxigraph.Literal(str(term), datatype=_named(str(term.datatype)) if term.datatype else None)


def _node(term: rdflib.term.Node) -> pyoxigraph.NamedNode:
    if not isinstance(term, rdflib.URIRef):
        raise ValueError(f"expected an IRI, found {term!r}; stores hold no blank nodes")
    return _named(str(term))


def _named(iri: str) -> pyoxigraph.NamedNode:
    if not is_iri(iri):
        raise ValueError(f"not an absolute IRI: {iri!r}")
    return pyoxigraph.NamedNode(iri)
