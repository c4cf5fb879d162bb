"""Answers as responses: triples in the form that the client prefers, large ones from disk."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import IO

import pyoxigraph as ox
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp

from cetsgraph.namespaces import prefixes
from cetsgraph.server.asking import Asking
from cetsgraph.server.compacting import compact
from cetsgraph.server.negotiation import best
from cetsgraph.server.outputs import BoundedOutput
from cetsgraph.server.protocol import GRAPH_FORMATS, Problem
from cetsgraph.server.streaming import pieces_of

__all__ = [
    "COMPRESSED_FROM",
    "CORS",
    "HTML",
    "compressed",
    "graph_as",
    "media_type_of",
    "response_of",
    "triples_as",
]

COMPRESSED_FROM = 14_000
"""Bytes; fewer go in the first packets of a connection, and arrive no sooner compressed."""
CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Retry-After, X-SPARQL-MaxRows, X-SPARQL-MaxBytes"),
]
"""Headers of every answer: pages of other sites may read it."""
HTML = "text/html"
_PREFIXES = prefixes("cets", "dcterms", "rdfs", "sd", "void", "xsd")
_CHUNK = 256 * 1024
_NAMED = {
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "html": HTML,
}
_IN_PIECES = ("text/turtle", "application/n-triples", "text/plain")
"""Of two documents in these, one after the other is a document of both."""


def media_type_of(request: Request, *more: str) -> str:
    """The media type that `?format=` names, or that the client prefers, of those for triples and `more`.

    Of equal ones, `more` come first.

    Raises:
        Problem: it takes none of them.
    """
    offers = tuple(dict.fromkeys((*more, *GRAPH_FORMATS)))
    named = request.query_params.get("format")
    found = best(request.headers.get("accept"), offers) if named is None else _NAMED.get(named)
    if found not in offers:
        names = ", ".join(name for name, media_type in _NAMED.items() if media_type in offers)
        raise Problem(406, f"This can be had as {', '.join(offers)}; in a browser as ?format={names}.")
    return found


async def triples_as(
    request: Request,
    asking: Asking,
    triples: Callable[[], Iterable[ox.Triple]],
    media_type: str,
    headers: Mapping[str, str],
) -> Response:
    """A response with triples, which are made and written within the limits of a query."""

    def work() -> BoundedOutput:
        output = BoundedOutput(asking.limits.bytes)
        if GRAPH_FORMATS[media_type] == ox.RdfFormat.JSON_LD:
            output.write(compact(triples()))
        else:
            rdf_format = GRAPH_FORMATS[media_type]
            ox.serialize(triples(), output, format=rdf_format, prefixes=_PREFIXES)  # type: ignore[arg-type]
        return output

    return response_of(await asking.run(work, request.is_disconnected), media_type, headers)


async def graph_as(
    request: Request,
    asking: Asking,
    triples: Callable[[], Iterable[ox.Triple]],
    media_type: str,
    headers: Mapping[str, str],
) -> Response:
    """A response with a graph: however large if its form can be written in pieces, else as an answer is."""
    rdf_format = GRAPH_FORMATS[media_type]
    if request.method == "HEAD":
        return Response(media_type=media_type, headers=dict(headers))
    if media_type in _IN_PIECES:
        pieces = pieces_of(
            triples, lambda some: ox.serialize(some, format=rdf_format, prefixes=_PREFIXES) or b""
        )
        rest = pieces.after(await pieces.next())
        return StreamingResponse(rest, media_type=media_type, headers=dict(headers))

    def work() -> BoundedOutput:
        output = BoundedOutput(asking.limits.bytes)
        ox.serialize(triples(), output, format=rdf_format, prefixes=_PREFIXES)  # type: ignore[arg-type]
        return output

    return response_of(await asking.run(work, request.is_disconnected), media_type, headers)


def response_of(output: BoundedOutput, media_type: str, headers: Mapping[str, str]) -> Response:
    """A response with what was written."""
    file = output.file
    if file is None:
        return Response(output.content(), media_type=media_type, headers=dict(headers))
    length = {"Content-Length": str(output.size)}
    return StreamingResponse(_chunks(file), media_type=media_type, headers={**headers, **length})


def compressed(application: ASGIApp) -> ASGIApp:
    """An application whose answers are compressed where the client takes that, and it is of use."""
    return GZipMiddleware(application, COMPRESSED_FROM, 5)


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while data := await asyncio.to_thread(file.read, _CHUNK):
            yield data
