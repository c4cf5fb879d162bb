"""Queries, watched: one that passes a limit is answered for, and its process retires.

The engine cannot be stopped, yet it lets other threads run. So the event loop says which limit was passed,
and asks for a new process; the query ends with its own.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from cetsgraph.server.driving import Drivers, Job
from cetsgraph.server.limits import LimitReached, Limits

__all__ = ["Asking", "ClientGone", "Gone"]

T = TypeVar("T")

_LOOK = 0.05  # seconds between looks at what runs
_LONG = 0.5
_LAST_CHANCE = 1.0  # for a query whose client has gone, before its process has to go too
_LESS_URGENT = 10  # niceness of threads whose query is long
_GIVEN_UP = 19
_PAGE = os.sysconf("SC_PAGE_SIZE")

Gone = Callable[[], Awaitable[bool]]
"""Whether a client has left."""


End = Callable[[Any, Exception | None], None]


class ClientGone(Exception):
    """Nobody waits for the answer."""


class _Asked(Job):
    """A job that somebody waits for, who is told the result or why there is none."""

    __slots__ = ("_all", "_end", "_work", "arrived", "given_up", "gone", "long")

    def __init__(self, work: Callable[[], Any], gone: Gone, end: End, all_jobs: "set[_Asked]") -> None:
        super().__init__()
        self._work = work
        self._end = end
        self._all = all_jobs
        self.gone = gone
        self.arrived = time.monotonic()
        self.long = False
        self.given_up: float | None = None

    def work(self) -> Any:
        return self._work()

    def done(self, result: Any, error: Exception | None) -> None:
        self._all.discard(self)
        self.end(result, error)

    def end(self, result: Any, error: Exception | None) -> None:
        """Say how it ended, unless that was said."""
        if self.wanted:
            self.wanted = False
            self._end(result, error)


class Asking:
    """Has work done by those who drive an event loop, and watches over it. To be used in that loop.

    Args:
        limits: what work may take.
        drivers: who does the work.
        retire: asks for another process to take the place of this one; within a second, if so told.
    """

    def __init__(self, limits: Limits, drivers: Drivers, retire: Callable[[bool], None]) -> None:
        self.limits = limits
        self._drivers = drivers
        self._retire = retire
        self._jobs: set[_Asked] = set()
        self._idle = _resident()
        self._watching: asyncio.Task[None] | None = None

    def begin(self, work: Callable[[], Any], gone: Gone, end: End) -> Job:
        """Have work done.

        Args:
            work: what to do; it is left behind when a limit is passed.
            gone: whether the client has left.
            end: is told the result; or LimitReached, ClientGone, or whatever the work raised.
        """
        job = _Asked(work, gone, end, self._jobs)
        self._jobs.add(job)
        self._drivers.add(job)
        if self._watching is None:
            self._watching = asyncio.get_running_loop().create_task(self._watch())
        return job

    async def run(self, work: Callable[[], T], gone: Gone) -> T:
        """The result of work, likewise.

        Raises:
            LimitReached: the work took too much.
            ClientGone: the client left before it ended.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def end(result: T, error: Exception | None) -> None:
            if future.cancelled():
                return
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

        job = self.begin(work, gone, end)
        try:
            return await future
        finally:
            job.wanted = False  # also where whoever waits was cancelled

    def give_up(self) -> None:
        """Answer at once for everything under way: other queries need the machine."""
        for job in list(self._jobs):
            self._give_up(job, LimitReached("the server has too much to do; try again later"))

    def _give_up(self, job: _Asked, reason: Exception) -> None:
        """Say so to whoever waits, and let everything else go first."""
        job.given_up = time.monotonic()
        self._drivers.leave_alone(job, _GIVEN_UP)
        job.end(None, reason)

    async def _watch(self) -> None:
        """Look at the work under way, for as long as there is any."""
        while self._jobs:
            await asyncio.sleep(_LOOK)
            now = time.monotonic()
            self._look_at_memory(now)
            for job in list(self._jobs):
                if not job.wanted:
                    self._look_at_abandoned(job, now)
                    continue
                reached = self._reached(job, now)
                if reached is not None:
                    self._give_up(job, reached)
                    if job.begun is not None:
                        self._retire(False)
                elif now - job.arrived > _LOOK and await job.gone():
                    self._give_up(job, ClientGone())
        self._watching = None

    def _look_at_memory(self, now: float) -> None:
        if _resident() - self._idle <= self.limits.memory:
            return
        most = self.limits.memory // 2**20
        for job in list(self._jobs):
            if job.begun is not None and now - job.begun > _LOOK:
                self._give_up(job, LimitReached(f"the query took more than {most} MB of memory"))
        self._retire(True)

    def _look_at_abandoned(self, job: _Asked, now: float) -> None:
        if job.given_up is None:  # whoever waited was cancelled
            self._give_up(job, ClientGone())
        elif job.begun is not None and now - job.given_up > _LAST_CHANCE:
            self._retire(False)

    def _reached(self, job: _Asked, now: float) -> LimitReached | None:
        if now - job.arrived > self.limits.seconds:
            return LimitReached(f"the query took longer than {self.limits.seconds:g} s")
        if job.begun is not None and now - job.begun > _LONG and not job.long:
            if sum(other.long and other.given_up is None for other in self._jobs) >= self.limits.long:
                return LimitReached("too many long queries run at once; try again later")
            job.long = True
            self._drivers.leave_alone(job, _LESS_URGENT)
        return None


def _resident() -> int:
    """Bytes that the process holds."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * _PAGE
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
