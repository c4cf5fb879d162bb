"""The application that each worker runs: addresses, headers, and errors as responses."""

from collections.abc import Collection

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from cetsgraph.errors import CetsGraphError
from cetsgraph.server.answering import compressed
from cetsgraph.server.asking import Asking, ClientGone
from cetsgraph.server.limits import LimitReached
from cetsgraph.server.metrics import Metrics
from cetsgraph.server.pages import Endpoint, Pages
from cetsgraph.server.protocol import Problem, Update, operation_of
from cetsgraph.server.querying import ADDRESSES, Queries
from cetsgraph.server.recording import Recorded
from cetsgraph.server.refusing import response_to, said
from cetsgraph.server.snapshots import Snapshots
from cetsgraph.server.writing import Change, Refused, Tokens, Writer, with_dataset

__all__ = ["application"]

_METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
_QUERY = ("GET", "HEAD", "POST")
_PREFLIGHT = {
    "Access-Control-Allow-Headers": "Accept, Content-Type, Authorization, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def application(
    snapshots: Snapshots,
    asking: Asking,
    metrics: Metrics,
    *,
    writer: Writer | None = None,
    tokens: Tokens | None = None,
    base_url: str | None = None,
    access_log: bool = True,
) -> Recorded:
    """The application on a store.

    Args:
        snapshots: the store.
        asking: runs queries, within their limits.
        metrics: where requests are counted.
        writer: the way to the process that writes, if writes are taken.
        tokens: who may write.
        base_url: address that the server is reached by; of each request if not given.
        access_log: whether each request is a line of JSON on standard error.
    """
    queries = Queries(snapshots, asking)

    async def sparql(request: Request) -> Response:
        asked = await operation_of(request, asking.limits)
        if asked is None:
            return await pages.describe(request)
        if isinstance(asked, Update):
            return await update(request, asked)
        return await queries.response(request, asked)

    async def update(request: Request, asked: Update) -> Response:
        text = with_dataset(asked.sparql, asked.using, asked.using_named)
        await change(request, Change("update", base=asked.base), text.encode())
        return Response(status_code=204)

    async def change(request: Request, wanted: Change, body: bytes) -> None:
        if writer is None or tokens is None:
            raise Problem(403, "This endpoint is read-only.")
        if not tokens.allow(request.headers.get("authorization")):
            raise Problem(401, "A token that may write is needed.", {"WWW-Authenticate": "Bearer"})
        await writer.change(wanted, body)

    async def health(request: Request) -> Response:
        snapshots.newest()
        return JSONResponse({"status": "ok"})

    async def show_metrics(request: Request) -> Response:
        return PlainTextResponse(metrics.text(), media_type="text/plain; version=0.0.4")

    pages = Pages(snapshots, asking, None if writer is None else change, base_url)
    routed = Starlette(
        routes=[
            *(
                Route(path, _answered(endpoint, allowed), methods=_METHODS)
                for path, endpoint, allowed in pages.endpoints()
            ),
            *(Route(path, _answered(sparql, _QUERY), methods=_METHODS) for path in ADDRESSES),
            Route("/health", _answered(health, ("GET", "HEAD"))),
            Route("/metrics", show_metrics),
        ]
    )
    return Recorded(compressed(routed), queries, metrics, access_log=access_log)


def _answered(endpoint: Endpoint, allowed: Collection[str]) -> Endpoint:
    """The endpoint with its errors as responses."""
    methods = ", ".join((*allowed, "OPTIONS"))
    preflight = {**_PREFLIGHT, "Access-Control-Allow-Methods": methods}

    async def answered(request: Request) -> Response:
        if request.method in allowed:
            return await _without_errors(endpoint, request)
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=preflight)
        return said(405, f"Only {methods} are allowed.", {"Allow": methods})

    return answered


async def _without_errors(endpoint: Endpoint, request: Request) -> Response:
    try:
        return await endpoint(request)
    except (Problem, Refused, LimitReached, ClientGone, CetsGraphError) as error:
        return response_to(error)
