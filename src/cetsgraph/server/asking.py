"""Queries in threads, watched: one that passes a limit is answered for, and its process retires.

The engine cannot be stopped, yet it lets other threads run. So the event loop says which limit was passed,
and asks for a new process; the query ends with its own.
"""

import asyncio
import contextlib
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar

from cetsgraph.server.limits import LimitReached, Limits

__all__ = ["Asking", "BoundedOutput", "ClientGone"]

T = TypeVar("T")

_LOOK = 0.05  # seconds between looks at what runs
_WAIT = 0.01  # in which some work should end, or there is another thread
_LONG = 0.5
_LAST_CHANCE = 1.0  # for a query whose client has gone, before its process has to go too
_LESS_URGENT = 5  # niceness of threads whose query is long
_GIVEN_UP = 19
_IN_MEMORY = 2**18
_PAGE = os.sysconf("SC_PAGE_SIZE")


class ClientGone(Exception):
    """Nobody waits for the answer."""


class BoundedOutput:
    """What is written to it, up to so many bytes; a large answer lies on disk."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._parts: list[bytes] = []
        self._file: IO[bytes] | None = None
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        if self.size > self._most:
            raise LimitReached(f"the answer is larger than {self._most} bytes")
        if self._file is not None:
            return self._file.write(data)
        self._parts.append(data)
        if self.size > _IN_MEMORY:
            self._file = TemporaryFile()  # noqa: SIM115  whoever sends it closes it
            self._file.writelines(self._parts)
            self._parts.clear()
        return len(data)

    def flush(self) -> None:
        pass

    @property
    def file(self) -> IO[bytes] | None:
        """A large answer, to be read from its beginning; None where the answer is in `content`."""
        if self._file is not None:
            self._file.seek(0)
        return self._file

    def content(self) -> bytes:
        """All that was written."""
        return b"".join(self._parts) if self.file is None else self.file.read()


class _Job:
    """Some work, who does it, and since when."""

    __slots__ = ("alone", "arrived", "begun", "future", "given_up", "gone", "thread", "work")

    def __init__(
        self, work: Callable[[], Any], future: "asyncio.Future[Any]", gone: Callable[[], Awaitable[bool]]
    ) -> None:
        self.work = work
        self.future = future
        self.gone = gone
        self.arrived = time.monotonic()
        self.begun: float | None = None
        self.given_up: float | None = None
        self.thread: int | None = None
        self.alone = False
        """Its thread does nothing else any more."""

    def urge_less(self, niceness: int) -> None:
        """Let short queries and the event loop go first."""
        thread = self.thread
        if thread is not None and sys.platform == "linux":  # elsewhere processes have one, and threads none
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, thread, niceness)

    def end(self, result: Any, error: Exception | None) -> None:
        if self.future.done():
            return
        if error is None:
            self.future.set_result(result)
        else:
            self.future.set_exception(error)


class Asking:
    """Runs work in threads and watches over it. To be used in one event loop.

    Args:
        limits: what work may take.
        retire: asks for another process to take the place of this one; within a second, if so told.
    """

    def __init__(self, limits: Limits, retire: Callable[[bool], None]) -> None:
        self.limits = limits
        self._retire = retire
        self._waiting: SimpleQueue[_Job] = SimpleQueue()
        self._jobs: set[_Job] = set()
        self._threads = 0  # those that take whatever waits: one, as long as that is quick
        self._helping: asyncio.TimerHandle | None = None
        self._ended = self._ended_before = 0
        self._leaving = threading.Lock()
        self._idle = _resident()
        self._watching: asyncio.Task[None] | None = None

    async def run(self, work: Callable[[], T], gone: Callable[[], Awaitable[bool]]) -> T:
        """The result of the work.

        Args:
            work: what to do; it is left behind when a limit is passed.
            gone: whether the client has left.

        Raises:
            LimitReached: the work took too much.
            ClientGone: the client left before it ended.
        """
        loop = asyncio.get_running_loop()
        job = _Job(work, loop.create_future(), gone)
        self._jobs.add(job)
        if not self._threads:
            self._start_thread()
        elif self._helping is None and not self._waiting.empty():
            self._helping = loop.call_later(_WAIT, self._help, loop)
        if self._watching is None:
            self._watching = loop.create_task(self._watch())
        self._waiting.put(job)
        result: T = await job.future
        return result

    def _help(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have one thread more, where work has waited while there was none done."""
        waits, self._helping = not self._waiting.empty(), None
        if waits and self._threads < self.limits.running and self._ended == self._ended_before:
            self._start_thread()
        self._ended_before = self._ended
        if waits:
            self._helping = loop.call_later(_WAIT, self._help, loop)

    def give_up(self) -> None:
        """Answer at once for everything under way: other queries need the machine."""
        for job in self._jobs:
            self._give_up(job, LimitReached("the server has too much to do; try again later"))

    def _start_thread(self) -> None:
        with self._leaving:
            self._threads += 1
        loop = asyncio.get_running_loop()
        # The engine goes down with the nesting of a query, and would end the process at the end of the stack.
        usual = threading.stack_size(self.limits.stack)
        try:
            threading.Thread(target=self._do, args=(loop,), name="cetsgraph-query", daemon=True).start()
        finally:
            threading.stack_size(usual)

    def _do(self, loop: asyncio.AbstractEventLoop) -> None:
        """Be a thread: take what waits, until a query takes too long for that, or one thread is enough."""
        leaves = False
        while not leaves:
            job = self._waiting.get()
            result, error = None, None
            if not job.future.done():
                job.begun = time.monotonic()
                job.thread = threading.get_native_id()
                try:
                    result = job.work()
                except Exception as raised:  # for whoever waits
                    error = raised
                leaves = self._done(job)
            with contextlib.suppress(RuntimeError):  # the event loop has ended, and so will the process
                loop.call_soon_threadsafe(self._end, job, result, error)

    def _done(self, job: _Job) -> bool:
        """Whether the thread that did a job is to end."""
        with self._leaving:
            job.thread = None
            if job.alone:
                return True
            superfluous = self._threads > 1 and self._waiting.empty()
            self._threads -= superfluous
            return superfluous

    def _end(self, job: _Job, result: Any, error: Exception | None) -> None:
        self._ended += 1
        self._jobs.discard(job)
        job.end(result, error)

    def _leave_alone(self, job: _Job, niceness: int) -> None:
        """Let a job have its thread for itself, and others have another."""
        with self._leaving:
            if job.thread is None or job.alone:
                job.urge_less(niceness)
                return
            job.alone = True
            job.urge_less(niceness)
            self._threads -= 1
        if not self._waiting.empty():
            self._start_thread()

    def _give_up(self, job: _Job, reason: Exception) -> None:
        """Say so to whoever waits, and let everything else go first."""
        job.given_up = time.monotonic()
        self._leave_alone(job, _GIVEN_UP)
        if not job.future.done():
            job.future.set_exception(reason)

    async def _watch(self) -> None:
        """Look at the work under way, for as long as there is any."""
        while self._jobs:
            await asyncio.sleep(_LOOK)
            now = time.monotonic()
            self._look_at_memory(now)
            for job in list(self._jobs):
                if job.future.done():
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
        for job in self._jobs:
            if job.begun is not None and now - job.begun > _LOOK:
                self._give_up(job, LimitReached(f"the query took more than {most} MB of memory"))
        self._retire(True)

    def _look_at_abandoned(self, job: _Job, now: float) -> None:
        if job.given_up is None:  # whoever waited was cancelled
            self._give_up(job, ClientGone())
        elif job.begun is not None and now - job.given_up > _LAST_CHANCE:
            self._retire(False)

    def _reached(self, job: _Job, now: float) -> LimitReached | None:
        if now - job.arrived > self.limits.seconds:
            return LimitReached(f"the query took longer than {self.limits.seconds:g} s")
        if job.begun is not None and now - job.begun > _LONG and not job.alone:
            if sum(other.alone and other.given_up is None for other in self._jobs) >= self.limits.long:
                return LimitReached("too many long queries run at once; try again later")
            self._leave_alone(job, _LESS_URGENT)
        return None


def _resident() -> int:
    """Bytes that the process holds."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * _PAGE
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
