"""Triples as text, in each form of RDF."""

from collections.abc import Iterable

import pyoxigraph as ox

from cetsgraph.graph.jsonld import compact_jsonld
from cetsgraph.namespaces import prefixes

__all__ = ["PREFIXES", "serialized"]

PREFIXES = prefixes("cets", "dcterms", "rdfs", "sd", "void", "xsd")
"""Prefixes of Turtle."""


def serialized(triples: Iterable[ox.Triple], media_type: str) -> bytes:
    """Triples in the form with this media type; in JSON-LD, with the terms of the ontology's context.

    >>> serialized([ox.Triple(ox.NamedNode("a:a"), ox.NamedNode("a:b"), ox.Literal("c"))], "text/plain")
    b'<a:a> <a:b> "c" .\\n'
    """
    if media_type == ox.RdfFormat.JSON_LD.media_type:
        return compact_jsonld(triples)
    return ox.serialize(triples, format=ox.RdfFormat.from_media_type(media_type), prefixes=PREFIXES) or b""
