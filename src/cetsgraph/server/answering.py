"""Triples as a response, in the form that the client prefers."""

from collections.abc import Iterable, Mapping

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from cetsgraph.namespaces import DCTERMS, RDFS, SD, VOID, XSD
from cetsgraph.server.negotiation import best
from cetsgraph.server.protocol import GRAPH_FORMATS, Problem
from cetsgraph.vocabulary import CETS

__all__ = ["HTML", "media_type_of", "triples_as"]

HTML = "text/html"
PREFIXES = {"cets": CETS, "dcterms": DCTERMS, "rdfs": RDFS, "sd": SD, "void": VOID, "xsd": XSD}


def media_type_of(request: Request, *more: str) -> str:
    """The media type that the client prefers, of those for triples and `more`, which come first.

    Raises:
        Problem: it takes none of them.
    """
    offers = (*more, *GRAPH_FORMATS)
    found = best(request.headers.get("accept"), offers)
    if found is None:
        raise Problem(406, f"This can be had as {', '.join(offers)}.")
    return found


def triples_as(
    triples: Iterable[ox.Triple], media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """A response with the triples."""
    data = ox.serialize(triples, format=GRAPH_FORMATS[media_type], prefixes=PREFIXES) or b""
    return Response(data, media_type=media_type, headers={"Vary": "Accept", **(headers or {})})
