"""Queries in threads, watched: one that passes a limit is answered for, and its process retires.

The engine cannot be stopped, yet it lets other threads run. So the event loop says which limit was passed,
and asks for a new process; the query ends with its own.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, TypeVar

from cetsgraph.server.limits import LimitReached, Limits

__all__ = ["Asking", "BoundedOutput", "ClientGone"]

T = TypeVar("T")

_FIRST_LOOK = 0.02  # seconds: most queries are answered by then
_LOOK = 0.05
_LONG = 0.5
_IN_MEMORY = 2**20


class ClientGone(Exception):
    """Nobody waits for the answer."""


class BoundedOutput:
    """What is written to it, up to so many bytes; a large answer lies on disk."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  whoever reads it closes it
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        if self.size > self._most:
            raise LimitReached(f"the answer is larger than {self._most} bytes")
        return self._file.write(data)

    def flush(self) -> None:
        pass

    def content(self) -> IO[bytes]:
        """A file with what was written, at its beginning."""
        self._file.seek(0)
        return self._file


class Asking:
    """Runs work in threads and watches over it.

    Args:
        limits: what work may take.
        retire: asks for another process to take the place of this one.
    """

    def __init__(self, limits: Limits, retire: Callable[[], None]) -> None:
        self.limits = limits
        self._retire = retire
        self._threads = ThreadPoolExecutor(limits.running, "cetsgraph-query")
        self._idle = _resident()
        self._long = 0

    async def run(self, work: Callable[[], T], gone: Callable[[], Awaitable[bool]]) -> T:
        """The result of the work.

        Args:
            work: what to do; it is left behind when a limit is passed.
            gone: whether the client has left.

        Raises:
            LimitReached: the work took too much.
            ClientGone: the client left before it ended.
        """
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        started = time.monotonic()
        done, _ = await asyncio.wait({future}, timeout=_FIRST_LOOK)
        if not done:
            try:
                await self._watch(future, started, gone)
            except (LimitReached, ClientGone):
                future.add_done_callback(_forget)
                self._retire()
                raise
        return future.result()

    async def _watch(
        self, future: "asyncio.Future[T]", started: float, gone: Callable[[], Awaitable[bool]]
    ) -> None:
        counted = False
        try:
            while not future.done():
                seconds = time.monotonic() - started
                if seconds > self.limits.seconds:
                    raise LimitReached(f"the query took longer than {self.limits.seconds:g} s")
                if _resident() - self._idle > self.limits.memory:
                    raise LimitReached(f"the query took more than {self.limits.memory // 2**20} MB of memory")
                if not counted and seconds > _LONG:
                    if self._long >= self.limits.long:
                        raise LimitReached("too many long queries run at once; try again later")
                    self._long += 1
                    counted = True
                if await gone():
                    raise ClientGone
                await asyncio.wait({future}, timeout=_LOOK)
        finally:
            self._long -= counted


def _forget(future: "asyncio.Future[T]") -> None:
    if not future.cancelled():
        future.exception()


def _resident() -> int:
    """Bytes that the process holds."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * 4096
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
