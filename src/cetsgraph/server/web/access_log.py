"""What the server did: every request counted, and a line of JSON in the access log."""

import json
import sys
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cetsgraph.server.web.metrics import Metrics

__all__ = ["AccessLog"]

_LONGEST = 500  # characters of what a client says
_GONE = 499


class AccessLog:
    """Counts the requests to an application, and writes a line for each.

    Args:
        application: who answers.
        metrics: where requests are counted.
        lines: whether each request is a line on standard error.
    """

    def __init__(self, application: ASGIApp, metrics: Metrics, *, lines: bool = True) -> None:
        self._application = application
        self._metrics = metrics
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        started = time.monotonic()
        status, size = _GONE, 0

        async def counted(message: Message) -> None:
            """Send a message on, and note its status and size."""
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._application(scope, receive, counted)
        finally:
            self._record(scope, status, size, time.monotonic() - started)

    def _record(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        self._metrics.count(status, seconds)
        if self._lines:
            sys.stderr.write(_line(scope, status, size, seconds))
            sys.stderr.flush()


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
