"""Answers as responses: triples in the form that the client prefers, large ones from disk."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from itertools import islice
from typing import IO

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from cetsgraph.namespaces import DCTERMS, RDFS, SD, VOID, XSD
from cetsgraph.server.asking import Asking, BoundedOutput
from cetsgraph.server.compacting import compact
from cetsgraph.server.negotiation import best
from cetsgraph.server.protocol import GRAPH_FORMATS, Problem
from cetsgraph.vocabulary import CETS

__all__ = ["HTML", "graph_as", "media_type_of", "response_of", "triples_as"]

HTML = "text/html"
_PREFIXES = {"cets": CETS, "dcterms": DCTERMS, "rdfs": RDFS, "sd": SD, "void": VOID, "xsd": XSD}
_CHUNK = 256 * 1024
_PIECE = 20_000  # triples
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
    triples: Iterable[ox.Triple],
    media_type: str,
    headers: Mapping[str, str],
) -> Response:
    """A response with a graph, however large where its form can be written in pieces.

    Each piece is made within the limits of a query, as the client takes them.
    """
    rdf_format = GRAPH_FORMATS[media_type]
    remaining = iter(triples)

    def piece() -> bytes:
        some = list(islice(remaining, _PIECE))
        if not some:
            return b""
        return ox.serialize(some, format=rdf_format, prefixes=_PREFIXES) or b""

    async def rest(data: bytes) -> AsyncIterator[bytes]:
        while data:
            yield data
            data = await asking.run(piece, _stays)

    if media_type in _IN_PIECES:
        first = await asking.run(piece, request.is_disconnected)
        if request.method == "HEAD":
            return Response(media_type=media_type, headers=dict(headers))
        return StreamingResponse(rest(first), media_type=media_type, headers=dict(headers))

    def work() -> BoundedOutput:
        output = BoundedOutput(asking.limits.bytes)
        ox.serialize(remaining, output, format=rdf_format, prefixes=_PREFIXES)  # type: ignore[arg-type]
        return output

    return response_of(await asking.run(work, request.is_disconnected), media_type, headers)


async def _stays() -> bool:
    """A client that goes away ends its response, and nothing else is to be asked."""
    return False


def response_of(output: BoundedOutput, media_type: str, headers: Mapping[str, str]) -> Response:
    """A response with what was written."""
    file = output.file
    if file is None:
        return Response(output.content(), media_type=media_type, headers=dict(headers))
    length = {"Content-Length": str(output.size)}
    return StreamingResponse(_chunks(file), media_type=media_type, headers={**headers, **length})


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while data := await asyncio.to_thread(file.read, _CHUNK):
            yield data
