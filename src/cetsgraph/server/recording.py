"""What the server did: every request counted, and a line of JSON in the access log."""

import json
import sys
import time
from collections.abc import Callable
from functools import partial

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cetsgraph.server.answering import CORS
from cetsgraph.server.asking import Gone
from cetsgraph.server.keeping import Answer
from cetsgraph.server.metrics import Metrics
from cetsgraph.server.querying import Outcome, Queries

__all__ = ["Recorded"]

_LONGEST = 500  # characters of what a client says


class Recorded:
    """An application whose answers may be read from pages of other sites, and are counted and logged.

    Args:
        application: who answers.
        queries: answers to most queries without it.
        metrics: where requests are counted.
        access_log: whether each request is a line on standard error.
    """

    def __init__(
        self, application: ASGIApp, queries: Queries, metrics: Metrics, *, access_log: bool = True
    ) -> None:
        self._application = application
        self._queries = queries
        self._metrics = metrics
        self._access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._through(self._application, time.monotonic(), scope, receive, send)

    def begin(self, scope: Scope, body: bytes, gone: Gone, end: Callable[[Outcome], None]) -> bool:
        """Answer a request without the application, if it may be; see `Queries.begin`."""
        started = time.monotonic()

        def ended(outcome: Outcome) -> None:
            if isinstance(outcome, Answer):
                self._record(scope, 200, len(outcome.body), time.monotonic() - started)
                end(outcome)
            else:
                end(partial(self._through, outcome, started))

        return self._queries.begin(scope, body, gone, ended)

    async def _through(
        self, application: ASGIApp, started: float, scope: Scope, receive: Receive, send: Send
    ) -> None:
        status, size = 500, 0

        async def recorded(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *CORS]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await application(scope, receive, recorded)
        finally:
            self._record(scope, status, size, time.monotonic() - started)

    def _record(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        self._metrics.count(status, seconds)
        if self._access_log:
            sys.stderr.write(_line(scope, status, size, seconds))


def _line(scope: Scope, status: int, size: int, seconds: float) -> str:
    agent = next((value for name, value in scope["headers"] if name == b"user-agent"), b"")
    line = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "client": scope["client"][0] if scope["client"] else None,
        "method": scope["method"],
        "path": scope["path"][:_LONGEST],
        "status": status,
        "milliseconds": round(1000 * seconds, 1),
        "bytes": size,
        "agent": agent[:_LONGEST].decode("latin-1"),
    }
    return json.dumps(line) + "\n"
