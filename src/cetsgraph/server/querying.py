"""Queries as responses: by an application, or past it where the request is whole and the answer small."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from cetsgraph.errors import CetsGraphError
from cetsgraph.server.answering import COMPRESSED_FROM, CORS, compressed, response_of
from cetsgraph.server.asking import Asking, Gone
from cetsgraph.server.keeping import Answer, Answers, key_of
from cetsgraph.server.limits import bounded
from cetsgraph.server.outputs import BoundedOutput
from cetsgraph.server.protocol import Problem, Question, operation_in, written
from cetsgraph.server.refusing import response_to
from cetsgraph.server.snapshots import Snapshots

__all__ = ["ADDRESSES", "Outcome", "Queries"]

ADDRESSES = ("/sparql", "/sparql/", "/update")
Outcome = Answer | ASGIApp
"""What to send as it is, or who sends it."""


class Queries:
    """Answers to queries, kept for when they are asked again.

    Args:
        snapshots: the store.
        asking: runs queries, within their limits.
    """

    def __init__(self, snapshots: Snapshots, asking: Asking) -> None:
        self._snapshots = snapshots
        self._asking = asking
        self._answers = Answers(snapshots)
        self._announced = {
            "Vary": "Accept, Accept-Encoding",
            "Cache-Control": "no-cache",
            "X-SPARQL-MaxRows": str(asking.limits.rows),
            "X-SPARQL-MaxBytes": str(asking.limits.bytes),
        }
        self._heads: tuple[str, dict[str, bytes]] = ("", {})

    async def response(self, request: Request, question: Question) -> Response:
        """The response to a query.

        Raises:
            QueryError: the query is none, or too large.
            LimitReached, ClientGone: it was given up.
            StoreError: the store cannot be read.
        """
        work, tag = self._prepared(question)
        headers = self._headers(tag)
        if request.method != "POST" and headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        output = await self._asking.run(work, request.is_disconnected)
        return response_of(output, question.media_type, headers)

    def begin(self, scope: Scope, body: bytes, gone: Gone, end: Callable[[Outcome], None]) -> bool:
        """Answer a request without an application, if it is for a query and nothing special.

        Args:
            scope: the request.
            body: all that was sent with it.
            gone: whether the client has left.
            end: is told the outcome, perhaps at once.
        """
        headers = dict(scope["headers"])
        special = len(headers) < len(scope["headers"]) or b"if-none-match" in headers
        if special or scope["path"] not in ADDRESSES or scope["method"] not in ("GET", "POST"):
            return False
        key = key_of(scope, headers)
        if (kept := self._answers.find(key)) is not None:
            end(kept)
            return True
        try:
            question = operation_in(scope, headers, body)
            if not isinstance(question, Question):
                return False
            work, tag = self._prepared(question)
        except (Problem, CetsGraphError):
            return False  # the application says it

        def ended(output: BoundedOutput, error: Exception | None) -> None:
            if error is not None:
                end(_refusal(error))
            elif output.size >= COMPRESSED_FROM:
                end(compressed(response_of(output, question.media_type, self._headers(tag))))
            else:
                answer = Answer(self._head(question.media_type, tag, output.size), output.content())
                self._answers.keep(key, question.sparql, tag, answer)
                end(answer)

        self._asking.begin(work, gone, ended)
        return True

    def _prepared(self, question: Question) -> tuple[Callable[[], BoundedOutput], str]:
        """How to answer, and the tag of the state that is asked."""
        limits = self._asking.limits
        store = self._snapshots.newest()
        text = bounded(question.sparql, limits)

        def work() -> BoundedOutput:
            output = BoundedOutput(limits.bytes)
            written(store, question, text, output)  # type: ignore[arg-type]
            return output

        return work, self._snapshots.tag

    def _headers(self, tag: str) -> dict[str, str]:
        return {"ETag": f'W/"{tag}"', **self._announced}

    def _head(self, media_type: str, tag: str, size: int) -> bytes:
        """Headers of an answer, as they are sent."""
        state, heads = self._heads
        if state != tag:
            heads = {}
            self._heads = tag, heads
        if media_type not in heads:
            headers = Response(media_type=media_type, headers=self._headers(tag)).raw_headers
            lines = [line for line in (*headers, *CORS) if line[0] != b"content-length"]
            heads[media_type] = b"".join(b"%b: %b\r\n" % line for line in lines)
        return b"%bcontent-length: %d\r\n" % (heads[media_type], size)


def _refusal(error: Exception) -> ASGIApp:
    async def refusal(scope: Scope, receive: Receive, send: Send) -> None:
        await response_to(error)(scope, receive, send)

    return refusal
