"""The application that each web worker runs: addresses, errors, and what goes around all of them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from cetsgraph.server.query_pool import QueryPool
from cetsgraph.server.site.routes import PageRoutes
from cetsgraph.server.snapshots import Snapshots
from cetsgraph.server.updates import Tokens, Updates
from cetsgraph.server.web.access_log import AccessLog
from cetsgraph.server.web.caching import Caching
from cetsgraph.server.web.context import Context
from cetsgraph.server.web.errors import HANDLED, response_to
from cetsgraph.server.web.forwarded import Forwarded
from cetsgraph.server.web.graph_routes import GraphRoutes
from cetsgraph.server.web.metrics import Metrics
from cetsgraph.server.web.responses import Large
from cetsgraph.server.web.sparql_routes import SparqlRoutes

__all__ = ["application"]

_CORS: dict[str, Any] = {
    "allow_origins": ["*"],
    "allow_methods": ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"],
    "allow_headers": ["*"],
    "expose_headers": ["ETag", "Retry-After", "X-SPARQL-MaxRows", "X-SPARQL-MaxBytes"],
    "max_age": 86400,
}
"""Pages of other sites may read every answer."""


def application(
    pool: QueryPool,
    snapshots: Snapshots,
    metrics: Metrics,
    *,
    updates: Updates | None = None,
    tokens: Tokens | None = None,
    base_url: str | None = None,
    access_log: bool = True,
) -> ASGIApp:
    """The application on a store.

    Args:
        pool: answers queries, within their limits; opened and closed with the application.
        snapshots: the store.
        metrics: where requests are counted.
        updates: makes changes, if they are taken.
        tokens: who may write.
        base_url: address that the server is reached by; of each request if not given.
        access_log: whether each request is a line of JSON on standard error.
    """
    context = Context(snapshots, pool, updates, tokens, base_url)

    @asynccontextmanager
    async def lifespan(application: Starlette) -> AsyncIterator[None]:
        """Open the query processes before the first request, and end them after the last."""
        await pool.open()
        yield
        pool.close()

    starlette = Starlette(
        routes=[*_routes(context), *_monitoring(snapshots, metrics)],
        exception_handlers=dict.fromkeys(HANDLED, response_to),
        lifespan=lifespan,
        middleware=[Middleware(CORSMiddleware, **_CORS)],
    )
    cached = Caching(starlette, snapshots, "/sparql")
    return AccessLog(Forwarded(cached), metrics, lines=access_log)


def _routes(context: Context) -> Sequence[Route]:
    sparql, graphs, pages = SparqlRoutes(context), GraphRoutes(context), PageRoutes(context)
    read, query, write = ["GET"], ["GET", "POST"], ["GET", "PUT", "POST", "DELETE"]
    large = [Middleware(Large)]
    return [
        *(Route(path, sparql.endpoint, methods=query) for path in ("/sparql", "/sparql/", "/update")),
        Route("/", pages.home, methods=read, middleware=large),
        Route("/data/{path:path}", pages.data, methods=read, middleware=large),
        Route("/ontology", pages.ontology, methods=read, middleware=large),
        Route("/ontology/{term}", pages.term, methods=read, middleware=large),
        Route("/.well-known/void", sparql.description, methods=read, middleware=large),
        Route("/graphs", graphs.endpoint, methods=write, middleware=large),
        Route("/graphs/{path:path}", graphs.endpoint, methods=write, middleware=large),
    ]


def _monitoring(snapshots: Snapshots, metrics: Metrics) -> Sequence[Route]:
    async def health(request: Request) -> Response:
        snapshots.newest()
        return JSONResponse({"status": "ok"})

    async def counts(request: Request) -> Response:
        return PlainTextResponse(metrics.text(), media_type="text/plain; version=0.0.4")

    return [Route("/health", health), Route("/metrics", counts)]
