"""What the server did: every request counted, and a line of JSON in the access log."""

import json
import sys
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cetsgraph.server.keeping import Answers
from cetsgraph.server.metrics import Metrics

__all__ = ["CORS", "Recorded"]

CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Retry-After, X-SPARQL-MaxRows, X-SPARQL-MaxBytes"),
]
"""Headers of every answer: pages of other sites may read it."""
_LONGEST = 500  # characters of what a client says


class Recorded:
    """An application whose answers may be read from pages of other sites, and are counted and logged.

    Args:
        application: who answers.
        metrics: where requests are counted.
        answers: what is kept for when it is asked again.
        access_log: whether each request is a line on standard error.
    """

    def __init__(
        self, application: ASGIApp, metrics: Metrics, answers: Answers, *, access_log: bool = True
    ) -> None:
        self._application = application
        self._answers = answers
        self._metrics = metrics
        self._access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.monotonic()
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
            await self._application(scope, receive, recorded)
        finally:
            self._record(scope, status, size, time.monotonic() - started)

    def at_once(self, scope: Scope) -> tuple[bytes, bytes] | None:
        """The headers and the body of an answer that is kept."""
        answer = self._answers.find(scope)
        if answer is not None:
            self._record(scope, 200, len(answer[1]), 0.0)
        return answer

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
