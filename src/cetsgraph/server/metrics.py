"""What the workers did, counted together in memory that they share (Prometheus text format 0.0.4)."""

from bisect import bisect_left
from itertools import accumulate
from multiprocessing.sharedctypes import RawArray
from typing import Any

__all__ = ["Metrics"]

_BUCKETS = (0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 30.0)
_STATUSES = (200, 304, 400, 403, 404, 405, 406, 413, 415, 499, 500, 503)
_WIDTH = len(_STATUSES) + len(_BUCKETS) + 2  # and all others, and seconds


class Metrics:
    """Counts of requests. Made before the workers, each of which writes to a place of its own."""

    def __init__(self, workers: int) -> None:
        self._counts: Any = RawArray("d", workers * _WIDTH)
        self._workers = workers
        self._start = 0

    def of_worker(self, number: int) -> "Metrics":
        """The same counts, to be written to in the place of one worker."""
        mine = Metrics.__new__(Metrics)
        mine._counts, mine._workers, mine._start = self._counts, self._workers, number * _WIDTH
        return mine

    def count(self, status: int, seconds: float) -> None:
        """Count a request."""
        counts, start = self._counts, self._start
        counts[start + (_STATUSES.index(status) if status in _STATUSES else len(_STATUSES))] += 1
        place = bisect_left(_BUCKETS, seconds)
        if place < len(_BUCKETS):
            counts[start + len(_STATUSES) + 1 + place] += 1
        counts[start + _WIDTH - 1] += seconds

    def text(self) -> str:
        """All workers together."""
        sums = [
            sum(self._counts[worker * _WIDTH + place] for worker in range(self._workers))
            for place in range(_WIDTH)
        ]
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
