"""What the workers did, counted together (Prometheus text format 0.0.4).

Each worker counts in a file of its own, in a folder that they share; its counts stay when it ends.
"""

import mmap
import os
import struct
from bisect import bisect_left
from itertools import accumulate
from pathlib import Path

__all__ = ["Metrics"]

_BUCKETS = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 30.0)
_STATUSES = (200, 204, 304, 400, 401, 403, 404, 405, 406, 408, 413, 415, 499, 500, 503)
_WIDTH = len(_STATUSES) + len(_BUCKETS) + 2  # and all others, and seconds
_NUMBERS = struct.Struct(f"{_WIDTH}d")


class Metrics:
    """Counts of requests.

    Args:
        folder: where all workers have their files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        path = folder / f"{os.getpid()}.counts"
        path.write_bytes(bytes(_NUMBERS.size))
        with path.open("r+b") as file:
            self._counts = memoryview(mmap.mmap(file.fileno(), _NUMBERS.size)).cast("d")

    def count(self, status: int, seconds: float) -> None:
        """Count a request."""
        counts = self._counts
        counts[_STATUSES.index(status) if status in _STATUSES else len(_STATUSES)] += 1
        place = bisect_left(_BUCKETS, seconds)
        if place < len(_BUCKETS):
            counts[len(_STATUSES) + 1 + place] += 1
        counts[_WIDTH - 1] += seconds

    def text(self) -> str:
        """All workers together."""
        files = [file.read_bytes() for file in self._folder.glob("*.counts")]
        workers = [_NUMBERS.unpack(data) for data in files if len(data) == _NUMBERS.size]
        sums = [sum(numbers) for numbers in zip(*workers, strict=True)]
        statuses = sums[: len(_STATUSES) + 1]
        lines = [
            "# HELP cetsgraph_requests_total Requests, by status.",
            "# TYPE cetsgraph_requests_total counter",
        ]
        for status, number in zip((*_STATUSES, "other"), statuses, strict=True):
            lines.append(f'cetsgraph_requests_total{{status="{status}"}} {number:.0f}')
        lines += [
            "# HELP cetsgraph_request_seconds Time to answer.",
            "# TYPE cetsgraph_request_seconds histogram",
        ]
        for bound, number in zip(_BUCKETS, accumulate(sums[len(_STATUSES) + 1 : -1]), strict=True):
            lines.append(f'cetsgraph_request_seconds_bucket{{le="{bound:g}"}} {number:.0f}')
        total = sum(statuses)
        lines += [
            f'cetsgraph_request_seconds_bucket{{le="+Inf"}} {total:.0f}',
            f"cetsgraph_request_seconds_sum {sums[-1]:.6f}",
            f"cetsgraph_request_seconds_count {total:.0f}",
        ]
        return "\n".join(lines) + "\n"
