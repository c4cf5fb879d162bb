"""Queries and updates, and what the endpoint says of itself."""

from typing import Any

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from cetsgraph.errors import QueryError
from cetsgraph.server.exchange import NotAcceptable
from cetsgraph.server.snapshots import Snapshot
from cetsgraph.server.sparql.description import description_of
from cetsgraph.server.sparql.protocol import (
    FORM,
    UPDATE,
    QueryOperation,
    UpdateOperation,
    address_of_request,
    operation_of,
    posted_type,
    preferred_types,
)
from cetsgraph.server.web.bodies import body_of
from cetsgraph.server.web.context import Context
from cetsgraph.server.web.responses import (
    COMPRESSED_FROM,
    Large,
    answer_response,
    client_left,
    media_type_of,
    triples_response,
)

__all__ = ["SparqlRoutes"]

_ENCODED = 12  # bytes of a character in a form, at the most


class SparqlRoutes:
    """The endpoint `/sparql`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        limits = context.limits
        self._announced = {
            "Vary": "Accept, Accept-Encoding",
            "X-SPARQL-MaxRows": str(limits.rows),
            "X-SPARQL-MaxBytes": str(limits.bytes),
        }
        self._described: tuple[str, str, list[ox.Triple]] | None = None

    async def endpoint(self, request: Request) -> ASGIApp:
        """A query or an update (SPARQL 1.1 Protocol); without one, the service description."""
        if request.method != "POST":
            operation = operation_of(request.scope)
        else:
            media_type = posted_type(request.headers.get("content-type", ""))
            body = await body_of(request, self._most(request, media_type))
            operation = operation_of(request.scope, media_type, body)
        match operation:
            case QueryOperation():
                return await self._query(request, operation)
            case UpdateOperation():
                return await self._update(request, operation)
        return Large(await self.description(request))

    def _most(self, request: Request, media_type: str) -> int:
        """Bytes of a body that are read, by the head of the request alone."""
        limits = self._context.limits
        if media_type == UPDATE:
            self._context.writer(request)
            return limits.update
        if media_type == FORM and "authorization" in request.headers and self._context.updates is not None:
            self._context.writer(request)
            return _ENCODED * limits.update
        return _ENCODED * limits.query if media_type == FORM else 4 * limits.query

    async def _query(self, request: Request, operation: QueryOperation) -> ASGIApp:
        context, limits = self._context, self._context.limits
        snapshot = context.snapshots.newest()
        headers = {**context.headers(snapshot), **self._announced}
        if request.method != "POST" and (unchanged := context.not_modified(request, headers)) is not None:
            return unchanged
        if len(operation.query) > limits.query:
            found = f"{len(operation.query)} characters"
            raise QueryError("the query is too long", found=found, expected=f"at most {limits.query}")
        message = self._message(request, snapshot, operation)
        body = await context.pool.answer(message, lambda: client_left(request))
        response = answer_response(body, headers)
        return response if body.size < COMPRESSED_FROM else Large(response)

    def _message(self, request: Request, snapshot: Snapshot, operation: QueryOperation) -> dict[str, Any]:
        """The query as a query process takes it."""
        rows, triples = preferred_types(request.headers.get("accept"))
        if rows is None and triples is None:
            raise NotAcceptable
        return {
            "query": operation.query,
            "snapshot": snapshot.path,
            "base": address_of_request(request.scope, request.headers.get("host")),
            "default_graphs": operation.default_graphs,
            "named_graphs": operation.named_graphs,
            "rows": rows,
            "triples": triples,
            "most_rows": self._context.limits.rows,
            "most_bytes": self._context.limits.bytes,
        }

    async def _update(self, request: Request, operation: UpdateOperation) -> Response:
        updates = self._context.writer(request)
        change = {
            "kind": "update",
            "base": address_of_request(request.scope, request.headers.get("host")),
            "using": operation.using,
            "using_named": operation.using_named,
        }
        await updates.make(change, operation.update.encode())
        return Response(status_code=204)

    async def description(self, request: Request) -> Response:
        """The service description, with VoID."""
        context = self._context
        media_type = media_type_of(request)
        snapshot = context.snapshots.newest()
        headers, address = context.headers(snapshot), context.address(request)
        if (unchanged := context.not_modified(request, headers)) is not None:
            return unchanged
        if self._described is None or self._described[:2] != (snapshot.tag, address):
            writable = context.updates is not None
            triples = await context.computed(
                snapshot, lambda store: description_of(store, address, writable=writable)
            )
            self._described = (snapshot.tag, address, triples)
        return triples_response(self._described[2], media_type, headers)
