"""The application that each web worker runs: addresses, errors, and what goes around all of them."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from cetsgraph.errors import CetsGraphError
from cetsgraph.server.site.gauges import gauges
from cetsgraph.server.site.routes import PageRoutes, for_people, message_page
from cetsgraph.server.web.caching import Caching
from cetsgraph.server.web.endpoint import Endpoint
from cetsgraph.server.web.incoming import forwarded, header
from cetsgraph.server.web.monitoring import Metrics, logged
from cetsgraph.server.web.responses import error_of

__all__ = ["application"]

_ANYWHERE = Middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"],
    allow_headers=["*"],
    expose_headers=["ETag", "Retry-After", "X-SPARQL-Cut", "X-SPARQL-MaxRows", "X-SPARQL-MaxBytes"],
    max_age=86400,
)
"""Pages of other sites may read every answer."""


def application(endpoint: Endpoint, counts: Path, workers: int = 1, *, access_log: bool = True) -> ASGIApp:
    """The application, whose workers count requests in a folder, and may log each on standard error."""
    metrics = Metrics(counts)

    @asynccontextmanager
    async def lifespan(application: Starlette) -> AsyncIterator[None]:
        await endpoint.pool.open(endpoint.snapshots.newest())
        await metrics.all_there(workers)
        yield
        endpoint.pool.close()

    pages = PageRoutes(endpoint)
    routes = [*pages.routes(), *_routes(endpoint, metrics, counts)]
    errors = dict.fromkeys((HTTPException, CetsGraphError), _response_to)
    starlette = Starlette(routes=routes, middleware=[_ANYWHERE], exception_handlers=errors, lifespan=lifespan)
    around = Caching(_queries_first(pages, starlette), endpoint.snapshots)
    requests = forwarded(logged(around, metrics, lines=access_log))

    def served(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        return (requests if scope["type"] == "http" else starlette)(scope, receive, send)

    return served


def _queries_first(pages: PageRoutes, others: ASGIApp) -> ASGIApp:
    """Most requests are queries of programs: they need no routing, and their origin is no web page."""

    async def routed(scope: Scope, receive: Receive, send: Send) -> None:
        response = others
        if scope["path"] == "/sparql" and scope["method"] == "GET" and header(scope, b"origin") is None:
            request = Request(scope, receive)
            try:
                response = await pages.sparql(request)
            except (HTTPException, CetsGraphError) as error:
                response = await _response_to(request, error)
        await response(scope, receive, send)

    return routed


def _routes(endpoint: Endpoint, metrics: Metrics, folder: Path) -> list[Route]:
    async def health(request: Request) -> Response:
        endpoint.snapshots.newest()
        return JSONResponse({"status": "ok"})

    async def counts(request: Request) -> Response:
        text = metrics.text() + gauges(folder, endpoint.snapshots)
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    write = ["GET", "PUT", "POST", "DELETE"]
    return [
        *(Route(path, endpoint.sparql, methods=["GET", "POST"]) for path in ("/sparql/", "/update")),
        Route("/graphs", endpoint.graphs, methods=write),
        Route("/graphs/{path:path}", endpoint.graphs, methods=write),
        Route("/health", health),
        Route("/metrics", counts),
    ]


async def _response_to(request: Request, error: Exception) -> Response:
    """The response to a request that had this error."""
    status, text, headers = error_of(error)
    if status in (304, 499):
        return Response(status_code=status, headers=headers)
    if for_people(request):
        return message_page(status, text, headers)
    return PlainTextResponse(f"{text}\n", status, headers)
