"""Answers as responses, in the form that a client prefers or names."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache, partial

from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cetsgraph.errors import CetsGraphError, QueryError
from cetsgraph.server.answer import Answer
from cetsgraph.server.sparql.negotiation import GRAPH_TYPES, NAMED, best, type_named
from cetsgraph.server.web.incoming import header

__all__ = ["Streamed", "answer_response", "compressed", "error_of", "media_type_of"]

_COMPRESSED_FROM = 14_000
"""Bytes; fewer go in the first packets of a connection, and arrive no sooner compressed."""
_WHOLE = 2**17
"""Bytes; an answer up to this size goes out in one piece, which can be kept."""
compressed = partial(GZipMiddleware, minimum_size=_COMPRESSED_FROM, compresslevel=5)
"""Around an application: compresses its answers for clients that take that."""


def media_type_of(request: Request, offers: Sequence[str] = GRAPH_TYPES) -> str:
    """The media type that `?format=` names, or that the client prefers, of those that are offered.

    Raises:
        HTTPException: it takes none of them.
    """
    named = type_named(request.query_params.get("format"))
    found = best(header(request.scope, b"accept"), offers) if named is None else named
    if found is None or found not in offers:
        names = ", ".join(name for name, media_type in NAMED.items() if media_type in offers)
        raise HTTPException(406, f"This can be had as {', '.join(offers)}; in a browser as ?format={names}.")
    return found


def error_of(error: Exception) -> tuple[int, str, Mapping[str, str] | None]:
    """Status, text and headers of the response to a request that had this error."""
    if isinstance(error, HTTPException):
        return error.status_code, error.detail, error.headers
    if isinstance(error, CetsGraphError) and not isinstance(error, QueryError):
        return 503, f"The store cannot be read: {error.what}.", {"Retry-After": "10"}
    return 400, str(error), None


def answer_response(answer: Answer, headers: Mapping[str, str]) -> ASGIApp:
    """A response with what a query process wrote."""
    if answer.cut:
        headers = {**headers, "X-SPARQL-Cut": headers["X-SPARQL-MaxRows"]}
    if answer.size < _WHOLE:
        response = Response(answer.content(), answer.status, media_type=answer.media_type)
        response.raw_headers += _encoded(*headers.items())
        return response if answer.size < _COMPRESSED_FROM else compressed(response)
    headers = {**headers, "Content-Length": str(answer.size)}
    return compressed(Streamed(answer.pieces(), answer.status, headers, answer.media_type))


@lru_cache(256)
def _encoded(*headers: tuple[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


class Streamed(StreamingResponse):
    """A response in pieces; given up when the client leaves, or takes none of it for a while."""

    patience = 30.0
    """Seconds."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def patiently(message: Message) -> None:
            waiting.reschedule(asyncio.get_running_loop().time() + self.patience)
            await send(message)

        with suppress(TimeoutError):  # the connection ends before the answer is whole
            async with asyncio.timeout(self.patience) as waiting:
                await super().__call__(scope, receive, patiently)
