"""Every request counted (Prometheus text format 0.0.4), and written as a line of JSON in the log."""

import json
import mmap
import os
import struct
import sys
import time
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Metrics", "logged"]

_LONGEST = 500  # characters of what a client says
_GONE = 499
_STATUSES = (200, 204, 304, 400, 401, 403, 404, 405, 406, 408, 413, 415, 499, 500, 503)
_BOUNDS = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 30.0, float("inf"))
_REQUESTS, _SECONDS = "cetsgraph_requests_total", "cetsgraph_request_seconds"
_NAMES = (
    *(f'{_REQUESTS}{{status="{status}"}}' for status in (*_STATUSES, "other")),
    *(f'{_SECONDS}_bucket{{le="{bound:g}"}}'.replace("inf", "+Inf") for bound in _BOUNDS),
    f"{_SECONDS}_count",
    f"{_SECONDS}_sum",
)
_ABOUT = {
    0: f"# HELP {_REQUESTS} Requests, by status.\n# TYPE {_REQUESTS} counter\n",
    len(_STATUSES) + 1: f"# HELP {_SECONDS} Time to answer.\n# TYPE {_SECONDS} histogram\n",
}
_NUMBERS = struct.Struct(f"{len(_NAMES)}d")


class Metrics:
    """Counts of requests by all workers, each of which has a file that stays when it ends.

    Args:
        folder: where these files are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        path = folder / f"{os.getpid()}.counts"
        path.write_bytes(bytes(_NUMBERS.size))
        with path.open("r+b") as file:
            self._counts = memoryview(mmap.mmap(file.fileno(), _NUMBERS.size)).cast("d")

    def count(self, status: int, seconds: float) -> None:
        """Count a request."""
        counts, buckets = self._counts, len(_STATUSES) + 1
        counts[_STATUSES.index(status) if status in _STATUSES else buckets - 1] += 1
        for place, bound in enumerate(_BOUNDS, buckets):
            counts[place] += seconds <= bound
        counts[-2] += 1
        counts[-1] += seconds

    def text(self) -> str:
        """All workers together."""
        files = [file.read_bytes() for file in self._folder.glob("*.counts")]
        workers = [_NUMBERS.unpack(data) for data in files if len(data) == _NUMBERS.size]
        sums = enumerate(zip(_NAMES, map(sum, zip(*workers, strict=True)), strict=True))
        return "".join(f"{_ABOUT.get(place, '')}{name} {number:.15g}\n" for place, (name, number) in sums)


def logged(application: ASGIApp, metrics: Metrics, *, lines: bool = True) -> ASGIApp:
    """Around an application: counts its requests, and writes a line for each on standard error."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        started, status, size = time.monotonic(), _GONE, 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            status = message.get("status", status)
            size += len(message.get("body", b""))
            await send(message)

        try:
            await application(scope, receive, counted)
        finally:
            if scope["type"] == "http":
                seconds = time.monotonic() - started
                metrics.count(status, seconds)
                if lines:
                    sys.stderr.write(_line(scope, status, size, seconds))
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
