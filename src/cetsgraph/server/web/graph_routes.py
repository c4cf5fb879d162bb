"""Graphs, whole (SPARQL 1.1 Graph Store HTTP Protocol)."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

import pyoxigraph as ox
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from cetsgraph.iris import is_iri
from cetsgraph.server.sparql.protocol import GRAPH_TYPES
from cetsgraph.server.web import linked_data
from cetsgraph.server.web.bodies import body_of
from cetsgraph.server.web.context import Context
from cetsgraph.server.web.responses import PREFIXES, answer_response, client_left, media_type_of

__all__ = ["GraphRoutes", "raw_path"]

_WRITES = {"PUT": "put", "POST": "post", "DELETE": "delete"}
_UNLIMITED = ("text/turtle", "application/n-triples", "text/plain")
"""Written as it is read, in however many pieces."""


class GraphRoutes:
    """The addresses `/graphs` and `/graphs/…`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def endpoint(self, request: Request) -> Response:
        """Read, replace, extend or remove a graph."""
        named, default = request.query_params.get("graph"), "default" in request.query_params
        direct = request.url.path.startswith("/graphs/")
        if not direct and (named is not None) == default:
            raise HTTPException(400, "Name one graph: ?graph=IRI, or ?default.")
        graph = await self._at_address(request) if direct else named
        if graph is not None and not is_iri(graph):
            raise HTTPException(400, "The graph has no valid IRI.")
        if request.method in _WRITES:
            return await self._write(request, graph)
        return await self._read(request, graph)

    async def _read(self, request: Request, graph: str | None) -> Response:
        context = self._context
        snapshot = context.snapshots.newest()
        media_type, headers = media_type_of(request), context.headers(snapshot)
        if graph is not None and not await self._exists(graph):
            raise HTTPException(404, f"There is no graph <{graph}>.")
        if (unchanged := context.not_modified(request, headers)) is not None:
            return unchanged
        if request.method == "HEAD":
            return Response(media_type=media_type, headers=headers)
        message = {
            "query": None,
            "graph": graph,
            "snapshot": snapshot.path,
            "triples": media_type,
            "prefixes": dict(PREFIXES),
            "most_bytes": None if media_type in _UNLIMITED else context.limits.bytes,
        }
        return await self._dump(request, message, headers)

    async def _dump(self, request: Request, message: dict[str, Any], headers: dict[str, str]) -> Response:
        pool, media_type = self._context.pool, message["triples"]
        if message["most_bytes"] is not None:
            body = await pool.answer(message, lambda: client_left(request))
            return answer_response(body, headers)
        # The pool and the response both wait for the client to leave. If both ask Granian for the first
        # message, it reports a client that left; so that message is read before.
        await body_of(request, self._context.limits.update)
        pieces = pool.pieces(message, lambda: client_left(request))
        first = await anext(pieces)
        return StreamingResponse(_after(first, pieces), media_type=media_type, headers=headers)

    async def _write(self, request: Request, graph: str | None) -> Response:
        if self._context.updates is None:
            raise HTTPException(405, "This endpoint is read-only.", {"Allow": "GET, HEAD"})
        updates = self._context.writer(request)
        if graph is None:
            raise HTTPException(403, "The default graph is the union of the others: name a graph to write.")
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        kind = _WRITES[request.method]
        if kind != "delete" and media_type not in GRAPH_TYPES:
            raise HTTPException(415, f"Send triples as {', '.join(GRAPH_TYPES)}.")
        body = await body_of(request, self._context.limits.update)
        await updates.make({"kind": kind, "graph": graph, "media_type": media_type}, body)
        return Response(status_code=204)

    async def _at_address(self, request: Request) -> str:
        """The graph that an address names: the data set at the same path of `/data/`, or else its own IRI."""
        path = raw_path(request)
        settings = self._context.snapshots.newest().settings
        data_set = linked_data.iri_at(settings, path.removeprefix("/graphs/"))
        return data_set if await self._exists(data_set) else f"{self._context.address(request)}{path}"

    async def _exists(self, graph: str) -> bool:
        if not is_iri(graph):
            return False
        snapshot = self._context.snapshots.newest()
        query = f"ASK {{ GRAPH {ox.NamedNode(graph)} {{ ?s ?p ?o }} }}"
        return await self._context.computed(snapshot, lambda store: store.ask(query))


def raw_path(request: Request) -> str:
    """The path of a request, percent-encoded as it was sent."""
    raw: bytes = request.scope["raw_path"]
    return raw.decode("ascii", "replace").partition("?")[0]


async def _after(first: bytes, pieces: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    async with aclosing(pieces):
        yield first
        async for piece in pieces:
            yield piece
