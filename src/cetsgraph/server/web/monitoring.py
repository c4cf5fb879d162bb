"""Every request counted, for Prometheus, and written as a line of JSON in the log."""

import asyncio
import json
import sys
import time
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Receive, Scope, Send

from cetsgraph.server.web.exchange import Answering, Exchange

__all__ = ["Metrics", "logged"]

_LONGEST = 500  # characters of what a client says
_AGAIN, _PATIENCE = 0.01, 5.0  # seconds
_STATUSES = (200, 204, 304, 400, 401, 403, 404, 405, 406, 408, 413, 415, 422, 499, 500, 503)
_BOUNDS = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 30.0)


class Metrics:
    """Counts of requests by all workers, each of which has files that stay when it ends.

    Args:
        folder: where these files are; the environment variable PROMETHEUS_MULTIPROC_DIR names it too.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        own = CollectorRegistry()
        self._requests = Counter("cetsgraph_requests", "Requests, by status.", ["status"], registry=own)
        self._by_status = {status: self._requests.labels(status) for status in _STATUSES}
        """Those that are 0 where nothing was counted yet."""
        self._seconds = Histogram(
            "cetsgraph_request_seconds", "Time to answer.", buckets=_BOUNDS, registry=own
        )

    async def all_there(self, workers: int) -> None:
        """Wait for so many workers: connections that come at first are for all of them, not for the first."""
        end = time.monotonic() + _PATIENCE
        while len([*self._folder.glob("histogram_*.db")]) < workers and time.monotonic() < end:
            await asyncio.sleep(_AGAIN)

    def count(self, status: int, seconds: float) -> None:
        """Count a request."""
        counter = self._by_status.get(status) or self._requests.labels(status)
        counter.inc()
        self._seconds.observe(seconds)

    def text(self) -> str:
        """All workers together, in Prometheus text format."""
        all_workers = CollectorRegistry()
        MultiProcessCollector(all_workers, path=str(self._folder))  # type: ignore[no-untyped-call]
        return generate_latest(all_workers).decode()


def logged(application: Answering, metrics: Metrics, *, lines: bool = True) -> ASGIApp:
    """Around an application: counts its requests, and writes a line for each on standard error."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        started, exchange = time.monotonic(), Exchange(receive, send)
        try:
            await application(scope, exchange.receive, exchange)
        finally:
            exchange.close()
            seconds = time.monotonic() - started
            metrics.count(exchange.status, seconds)
            if lines:
                sys.stderr.write(_line(scope, exchange.status, exchange.size, seconds))
                sys.stderr.flush()

    return answer


def _line(scope: Scope, status: int, size: int, seconds: float) -> str:
    agent = next((value for name, value in scope["headers"] if name == b"user-agent"), b"")
    said = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "client": scope["client"][0] if scope["client"] else None,
        "method": scope["method"],
        "path": scope["path"][:_LONGEST],
        "status": status,
        "milliseconds": round(1000 * seconds, 1),
        "bytes": size,
        "agent": agent[:_LONGEST].decode("latin-1"),
    }
    return json.dumps(said) + "\n"
