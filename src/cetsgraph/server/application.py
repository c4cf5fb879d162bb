"""The application that each worker runs: addresses, headers, and errors as responses."""

from collections.abc import Collection

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from cetsgraph.errors import QueryError, StoreError
from cetsgraph.server.answering import response_of
from cetsgraph.server.asking import Asking, ClientGone
from cetsgraph.server.keeping import Answers
from cetsgraph.server.limits import LimitReached, bounded
from cetsgraph.server.metrics import Metrics
from cetsgraph.server.outputs import BoundedOutput
from cetsgraph.server.pages import Endpoint, Pages
from cetsgraph.server.protocol import Problem, Update, operation_of, written
from cetsgraph.server.recording import CORS, Recorded
from cetsgraph.server.snapshots import Snapshots
from cetsgraph.server.writing import Change, Refused, Tokens, Writer, with_dataset

__all__ = ["application"]

_METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
_QUERY = ("GET", "HEAD", "POST")
_ADDRESSES = ("/sparql", "/sparql/", "/update")
_COMPRESSED_FROM = 2048  # bytes
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
    limits = asking.limits
    answers = Answers(snapshots)
    announced = {
        "Vary": "Accept, Accept-Encoding",
        "Cache-Control": "no-cache",
        "X-SPARQL-MaxRows": str(limits.rows),
        "X-SPARQL-MaxBytes": str(limits.bytes),
    }

    async def sparql(request: Request) -> Response:
        question = await operation_of(request, limits)
        if question is None:
            return await pages.describe(request)
        if isinstance(question, Update):
            return await update(request, question)
        store = snapshots.newest()
        state = snapshots.tag
        tag = f'W/"{state}"'
        headers = {"ETag": tag, **announced}
        if request.method != "POST" and tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        text = bounded(question.sparql, limits)

        def work() -> BoundedOutput:
            output = BoundedOutput(limits.bytes)
            written(store, question, text, output)  # type: ignore[arg-type]
            return output

        output = await asking.run(work, request.is_disconnected)
        response = response_of(output, question.media_type, headers)
        if output.file is None:
            kept = [*response.raw_headers, *CORS]
            answers.keep(request.scope, question.sparql, state, kept, bytes(response.body))
        return response

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
    others = Starlette(
        routes=[
            *(
                Route(path, _answered(endpoint, allowed), methods=_METHODS)
                for path, endpoint, allowed in pages.endpoints()
            ),
            Route("/health", health),
            Route("/metrics", show_metrics),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=_COMPRESSED_FROM, compresslevel=5)],
    )
    answered = _answered(sparql, _QUERY)

    async def whole(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] not in _ADDRESSES:
            await others(scope, receive, send)
            return
        # Most requests are small queries: they take the short way.
        response = await answered(Request(scope, receive, send))
        if int(response.headers.get("content-length", _COMPRESSED_FROM)) < _COMPRESSED_FROM:
            await response(scope, receive, send)
        else:
            await GZipMiddleware(response, _COMPRESSED_FROM, 5)(scope, receive, send)

    return Recorded(whole, metrics, answers, access_log=access_log)


def _answered(endpoint: Endpoint, allowed: Collection[str]) -> Endpoint:
    """The endpoint with its errors as responses."""
    methods = ", ".join((*allowed, "OPTIONS"))
    preflight = {**_PREFLIGHT, "Access-Control-Allow-Methods": methods}

    async def answered(request: Request) -> Response:
        if request.method in allowed:
            return await _without_errors(endpoint, request)
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=preflight)
        return _said(405, f"Only {methods} are allowed.", {"Allow": methods})

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
