"""The application that each web worker runs: addresses, errors, and what goes around all of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from cetsgraph.errors import CetsGraphError, QueryError
from cetsgraph.server.site.gauges import gauges
from cetsgraph.server.site.routes import PageRoutes
from cetsgraph.server.web.caching import Caching
from cetsgraph.server.web.endpoint import Endpoint
from cetsgraph.server.web.incoming import forwarded, until_departure
from cetsgraph.server.web.monitoring import Metrics, logged

__all__ = ["application"]

_READABLE = ["ETag", "Retry-After", "X-SPARQL-Cut", "X-SPARQL-MaxRows", "X-SPARQL-MaxBytes"]


def application(endpoint: Endpoint, counts: Path, *, access_log: bool = True) -> ASGIApp:
    """The application, whose workers count requests in a folder, and may log each on standard error."""
    metrics = Metrics(counts)

    @asynccontextmanager
    async def lifespan(application: Starlette) -> AsyncIterator[None]:
        await endpoint.pool.open(endpoint.snapshots.newest())
        yield
        endpoint.pool.close()

    starlette = Starlette(
        routes=_routes(endpoint, metrics, counts),
        exception_handlers=dict.fromkeys((HTTPException, CetsGraphError), _response_to),
        lifespan=lifespan,
        middleware=[
            Middleware(
                CORSMiddleware,  # pages of other sites may read every answer
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"],
                allow_headers=["*"],
                expose_headers=_READABLE,
                max_age=86400,
            ),
        ],
    )
    return logged(
        forwarded(Caching(until_departure(starlette), endpoint.snapshots)), metrics, lines=access_log
    )


def _routes(endpoint: Endpoint, metrics: Metrics, folder: Path) -> list[Route]:
    async def health(request: Request) -> Response:
        endpoint.snapshots.newest()
        return JSONResponse({"status": "ok"})

    async def counts(request: Request) -> Response:
        text = metrics.text() + gauges(folder, endpoint.snapshots)
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    pages = PageRoutes(endpoint)
    query, write = ["GET", "POST"], ["GET", "PUT", "POST", "DELETE"]
    return [
        *(Route(path, endpoint.sparql, methods=query) for path in ("/sparql", "/sparql/", "/update")),
        Route("/", pages.home),
        Route("/data/{path:path}", pages.data),
        Route("/ontology", pages.ontology),
        Route("/ontology/{term}", pages.term),
        Route("/.well-known/void", endpoint.description),
        Route("/graphs", endpoint.graphs, methods=write),
        Route("/graphs/{path:path}", endpoint.graphs, methods=write),
        Route("/health", health),
        Route("/metrics", counts),
    ]


async def _response_to(request: Request, error: Exception) -> Response:
    """The response to a request that had this error."""
    status, text, headers = 400, str(error), None
    if isinstance(error, HTTPException):
        status, text, headers = error.status_code, error.detail, error.headers
    elif isinstance(error, CetsGraphError) and not isinstance(error, QueryError):
        status, text, headers = 503, f"The store cannot be read: {error.what}.", {"Retry-After": "10"}
    if status == 304:
        return Response(status_code=status, headers=headers)
    return PlainTextResponse(f"{text}\n", status, headers)
