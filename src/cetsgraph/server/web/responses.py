"""Answers and triples as responses, in the form that a client prefers or names."""

from collections.abc import AsyncIterator, Iterable, Mapping

import pyoxigraph as ox
from starlette.concurrency import iterate_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from cetsgraph.graph.jsonld import compact_jsonld
from cetsgraph.namespaces import prefixes
from cetsgraph.server.answer import AnswerBody
from cetsgraph.server.sparql.negotiation import best
from cetsgraph.server.sparql.protocol import GRAPH_TYPES
from cetsgraph.server.web.patience import Patience

__all__ = [
    "COMPRESSED_FROM",
    "HTML",
    "Large",
    "PREFIXES",
    "answer_response",
    "client_left",
    "media_type_of",
    "triples_response",
]

HTML = "text/html"
_IN_ONE_PIECE = 2**16  # bytes
COMPRESSED_FROM = 14_000
"""Bytes; fewer go in the first packets of a connection, and arrive no sooner compressed."""
PREFIXES = prefixes("cets", "dcterms", "rdfs", "sd", "void", "xsd")
"""Prefixes of Turtle that is sent."""

_NAMED = {
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "html": HTML,
}


def media_type_of(request: Request, *more: str) -> str:
    """The media type that `?format=` names, or that the client prefers, of those for triples and `more`.

    Of equal ones, `more` come first.

    Raises:
        HTTPException: it takes none of them.
    """
    offers = tuple(dict.fromkeys((*more, *GRAPH_TYPES)))
    named = request.query_params.get("format")
    found = best(request.headers.get("accept"), offers) if named is None else _NAMED.get(named)
    if found not in offers:
        names = ", ".join(name for name, media_type in _NAMED.items() if media_type in offers)
        raise HTTPException(406, f"This can be had as {', '.join(offers)}; in a browser as ?format={names}.")
    return found


def triples_response(triples: Iterable[ox.Triple], media_type: str, headers: Mapping[str, str]) -> Response:
    """A response with triples."""
    rdf_format = ox.RdfFormat.from_media_type(media_type)
    assert rdf_format is not None
    if rdf_format == ox.RdfFormat.JSON_LD:
        content = compact_jsonld(triples)
    else:
        content = ox.serialize(triples, format=rdf_format, prefixes=PREFIXES) or b""
    return Response(content, media_type=media_type, headers=headers)


async def client_left(request: Request) -> None:
    """Wait until the client has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def answer_response(body: AnswerBody, headers: Mapping[str, str]) -> Response:
    """A response with what a query process wrote."""
    if body.size <= _IN_ONE_PIECE:
        return Response(body.content(), media_type=body.media_type, headers=headers)
    length = {"Content-Length": str(body.size)}
    return StreamingResponse(_pieces(body), media_type=body.media_type, headers={**headers, **length})


class Large:
    """Around an application with large answers: compresses them, and gives up those that are not taken."""

    def __init__(self, app: ASGIApp) -> None:
        self._application = Patience(GZipMiddleware(app, minimum_size=COMPRESSED_FROM, compresslevel=5))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._application(scope, receive, send)


async def _pieces(body: AnswerBody) -> AsyncIterator[bytes]:
    try:
        async for piece in iterate_in_threadpool(body.pieces()):
            yield piece
    finally:
        body.close()
