"""Answers as responses: triples in the form that the client prefers, large ones from disk."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import IO

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from cetsgraph.namespaces import DCTERMS, RDFS, SD, VOID, XSD
from cetsgraph.server.asking import Asking, BoundedOutput
from cetsgraph.server.negotiation import best
from cetsgraph.server.protocol import GRAPH_FORMATS, Problem
from cetsgraph.vocabulary import CETS

__all__ = ["HTML", "media_type_of", "response_of", "triples_as"]

HTML = "text/html"
_PREFIXES = {"cets": CETS, "dcterms": DCTERMS, "rdfs": RDFS, "sd": SD, "void": VOID, "xsd": XSD}
_CHUNK = 256 * 1024


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
        rdf_format = GRAPH_FORMATS[media_type]
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


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while data := await asyncio.to_thread(file.read, _CHUNK):
            yield data
