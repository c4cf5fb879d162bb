"""The application that each web worker runs: addresses, errors, and what goes around all of them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from cetsgraph.errors import CetsGraphError
from cetsgraph.server.site.gauges import gauges
from cetsgraph.server.site.routes import PageRoutes, for_people, message_page
from cetsgraph.server.web.caching import Caching
from cetsgraph.server.web.endpoint import Endpoint
from cetsgraph.server.web.incoming import forwarded, until_departure
from cetsgraph.server.web.monitoring import Metrics, logged
from cetsgraph.server.web.responses import error_of

__all__ = ["application"]

_READABLE = ["ETag", "Retry-After", "X-SPARQL-Cut", "X-SPARQL-MaxRows", "X-SPARQL-MaxBytes"]


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
    handlers = dict.fromkeys((HTTPException, CetsGraphError), _response_to)
    starlette = Starlette(
        routes=[*pages.routes(), *_routes(endpoint, metrics, counts)],
        exception_handlers=handlers,
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
    routed = _queries_first(pages, starlette, handlers)
    around = forwarded(Caching(until_departure(routed), endpoint.snapshots))
    return logged(around, metrics, lines=access_log)


def _queries_first(pages: PageRoutes, others: ASGIApp, handlers: Mapping[Any, Any]) -> ASGIApp:
    """Most requests are queries of programs: they need no routing, and their origin is no web page."""

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        response = await pages.sparql(Request(scope, receive))
        await response(scope, receive, send)

    query = ServerErrorMiddleware(ExceptionMiddleware(asked, handlers))

    async def routed(scope: Scope, receive: Receive, send: Send) -> None:
        asks = scope.get("path") == "/sparql" and scope["method"] == "GET"
        direct = asks and not any(name == b"origin" for name, _ in scope["headers"])
        await (query if direct else others)(scope, receive, send)

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
    if status == 304:
        return Response(status_code=status, headers=headers)
    if for_people(request):
        return message_page(status, text, headers)
    return PlainTextResponse(f"{text}\n", status, headers)
