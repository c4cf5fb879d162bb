"""The application that each worker runs: addresses, headers, and what is counted."""

import json
import sys
import time
from collections.abc import Collection

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from cetsgraph.errors import QueryError, StoreError
from cetsgraph.server.answering import response_of
from cetsgraph.server.asking import Asking, BoundedOutput, ClientGone
from cetsgraph.server.limits import LimitReached, bounded
from cetsgraph.server.metrics import Metrics
from cetsgraph.server.pages import Endpoint, Pages
from cetsgraph.server.protocol import Problem, Update, operation_of, written
from cetsgraph.server.snapshots import Snapshots
from cetsgraph.server.writing import Change, Refused, Tokens, Writer, with_dataset

__all__ = ["application"]

_METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
_QUERY = ("GET", "HEAD", "POST")
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After, X-SPARQL-MaxRows, X-SPARQL-MaxBytes",
}
_PREFLIGHT = {
    **_CORS,
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
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
) -> Starlette:
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
    limits = asking.limits

    async def sparql(request: Request) -> Response:
        question = await operation_of(request, limits)
        if question is None:
            return await pages.describe(request)
        if isinstance(question, Update):
            return await update(request, question)
        store = snapshots.newest()
        tag = f'W/"{snapshots.tag}"'
        headers = {
            "ETag": tag,
            "Vary": "Accept, Accept-Encoding",
            "Cache-Control": "no-cache",
            "X-SPARQL-MaxRows": str(limits.rows),
            "X-SPARQL-MaxBytes": str(limits.bytes),
        }
        if request.method != "POST" and tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        text = bounded(question.sparql, limits)

        def work() -> BoundedOutput:
            output = BoundedOutput(limits.bytes)
            written(store, question, text, output)  # type: ignore[arg-type]
            return output

        output = await asking.run(work, request.is_disconnected)
        return response_of(output, question.media_type, headers)

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
    return Starlette(
        routes=[
            *(
                Route(path, _answered(endpoint, allowed, metrics, access_log), methods=_METHODS)
                for path, endpoint, allowed in (
                    *((path, sparql, _QUERY) for path in ("/sparql", "/sparql/", "/update")),
                    *pages.endpoints(),
                )
            ),
            Route("/health", health),
            Route("/metrics", show_metrics),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=2048, compresslevel=5)],
    )


def _answered(endpoint: Endpoint, allowed: Collection[str], metrics: Metrics, access_log: bool) -> Endpoint:
    """The endpoint with its errors as responses, counted and logged."""
    methods = ", ".join((*allowed, "OPTIONS"))

    async def answered(request: Request) -> Response:
        started = time.monotonic()
        if request.method == "OPTIONS":
            response = Response(status_code=204, headers=_PREFLIGHT)
        elif request.method in allowed:
            response = await _without_errors(endpoint, request)
        else:
            response = _said(405, f"Only {methods} are allowed.", {"Allow": methods})
        response.headers.update(_CORS)
        seconds = time.monotonic() - started
        metrics.count(response.status_code, seconds)
        if access_log:
            _log(request, response, seconds)
        return response

    return answered


async def _without_errors(endpoint: Endpoint, request: Request) -> Response:
    try:
        return await endpoint(request)
    except Problem as problem:
        return _said(problem.status, problem.text, problem.headers)
    except LimitReached as reached:
        return _said(
            503, f"The answer was given up: {reached}.", {"Retry-After": "10", "Connection": "close"}
        )
    except Refused as refused:
        return _said(refused.status, refused.text)
    except ClientGone:
        return _said(499, "")
    except QueryError as error:
        return _said(400, str(error))
    except StoreError:
        return _said(503, "The store cannot be read.", {"Retry-After": "10"})


def _said(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{text}\n", status_code=status, headers=headers)


def _log(request: Request, response: Response, seconds: float) -> None:
    line = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "client": request.client.host if request.client else None,
        "method": request.method,
        "path": request.url.path,
        "status": response.status_code,
        "milliseconds": round(1000 * seconds, 1),
        "bytes": int(response.headers.get("content-length", 0)),
        "agent": request.headers.get("user-agent", "")[:200],
    }
    sys.stderr.write(json.dumps(line, ensure_ascii=True) + "\n")
