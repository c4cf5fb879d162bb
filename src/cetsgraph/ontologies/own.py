"""The CETS ontology itself beside the data, so that labels and definitions can be asked for with SPARQL."""

from functools import cache

import pyoxigraph as ox

from cetsgraph.namespaces import ONTOLOGY, OWL
from cetsgraph.resources import folder
from cetsgraph.store import Store
from cetsgraph.versions import ONTOLOGY_VERSION

__all__ = ["has_own", "own_quads"]


def has_own(store: Store) -> bool:
    """Whether a store has the CETS ontology in the version of now."""
    version = f"<{ONTOLOGY}> <{OWL}versionIRI> <{ONTOLOGY}/{ONTOLOGY_VERSION}>"
    return store.ask(f"ASK {{ GRAPH <{ONTOLOGY}> {{ {version} }} }}")


@cache
def own_quads() -> bytes:
    """The CETS ontology as N-Quads, in the graph of its IRI; without blank nodes, so without unions.

    >>> own_quads().count(b"#label> ") > 500
    True
    """
    text = (folder("ontology") / "cets.ttl").read_bytes()
    graph = ox.NamedNode(ONTOLOGY)
    named = (
        ox.Quad(one.subject, one.predicate, one.object, graph)
        for one in ox.parse(text, format=ox.RdfFormat.TURTLE)
        if not any(isinstance(term, ox.BlankNode) for term in (one.subject, one.object))
    )
    return ox.serialize(named, format=ox.RdfFormat.N_QUADS) or b""
