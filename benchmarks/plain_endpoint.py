"""The plainest endpoint that one could write: Starlette on uvicorn, a thread pool, no limits. A baseline."""

import os

import pyoxigraph as ox
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

__all__ = ["application"]

_JSON = "application/sparql-results+json"


def application() -> Starlette:
    """The application on the snapshot that the environment variable SNAPSHOT names."""
    store = ox.Store.read_only(os.environ["SNAPSHOT"])

    def answer(query: str) -> bytes:
        found = store.query(query, use_default_graph_as_union=True)
        return found.serialize(format=ox.QueryResultsFormat.JSON) or b""  # type: ignore[union-attr]

    async def sparql(request: Request) -> Response:
        return Response(await run_in_threadpool(answer, request.query_params["query"]), media_type=_JSON)

    return Starlette(routes=[Route("/sparql", sparql)])
