"""One request to a query process: what is sent, what has come back, and how it ended."""

import asyncio
import json
import signal
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from cetsgraph.confinement import cpu_seconds
from cetsgraph.errors import CetsGraphError, QueryError, QuerySyntaxError, StoreError
from cetsgraph.server.child import Child
from cetsgraph.server.frames import DATA, END, HEAD
from cetsgraph.server.limits import ClientGone, LimitReached, Limits

__all__ = ["Exchange", "Gone", "Lane", "NotAcceptable", "Sink"]

Gone = Callable[[], Awaitable[None]]
"""Returns when the client has left."""

_SLOW = 20
_STACK_OVERFLOW = (-signal.SIGSEGV, 0xC00000FD)  # the latter is the exit status on Windows
_OUT_OF_MEMORY = (-signal.SIGABRT, -9)  # the engine gave up, or the system ended it


class NotAcceptable(Exception):
    """The answer has no form that the client takes."""


class Sink(Protocol):
    """Takes the bytes of an answer."""

    def write(self, data: bytes) -> None: ...

    def clear(self) -> None: ...


@dataclass(slots=True)
class Lane:
    """Requests of one kind: so many of them run at once, and the others wait in order."""

    most: int
    urgent: bool = False
    timed: bool = True
    """Whether they end at the time limit of a query."""
    running: int = 0
    waiting: "deque[Exchange]" = field(default_factory=deque)


class Exchange:
    """A request, from its arrival until its answer is whole."""

    def __init__(self, message: bytes, sink: Sink, lane: Lane, limits: Limits, gone: Gone | None) -> None:
        loop = asyncio.get_running_loop()
        self.message = message
        self.head: asyncio.Future[str] = loop.create_future()
        """The media type of the answer."""
        self.whole: asyncio.Future[None] = loop.create_future()
        self.until = time.monotonic() + limits.seconds
        """When the client is not made to wait any longer."""
        self.started: float | None = None
        """When a process began with it."""
        self.child: Child | None = None
        self.lane = lane
        self._used: float | None = None
        self.crashed = False
        """Whether its process ended by itself."""
        self._sink = sink
        self._limits = limits
        self._gone = gone
        self._watching: asyncio.Future[None] | None = None

    @property
    def answered(self) -> bool:
        """Whether the answer is whole."""
        return self.whole.done() and not self.whole.cancelled() and self.whole.exception() is None

    @property
    def over(self) -> bool:
        return self.whole.done()

    def begin(self, child: Child) -> None:
        """Have a process answer."""
        self.child, self.started = child, time.monotonic()
        self._used = None
        child.receive_with(self._receive)
        child.ended.add_done_callback(self._crashed)
        child.send(self.message)

    def takes_longer(self, moment: float) -> bool:
        """Whether its process has worked on it for longer: on a busy machine, time alone says little."""
        assert self.child is not None and self.started is not None
        seconds = time.monotonic() - self.started
        used = cpu_seconds(self.child.id)
        if used is None:
            return seconds > moment
        if self._used is None:
            self._used = used
        return used - self._used > moment or seconds > _SLOW * moment

    def leave(self) -> Child | None:
        """Let go of the process."""
        child, self.child = self.child, None
        if child is not None:
            child.ended.remove_done_callback(self._crashed)
            child.receive_with(None)
        return child

    def start_again(self, lane: Lane) -> None:
        """Wait in another lane for a process that begins anew."""
        self.lane, self.started = lane, None
        self._sink.clear()
        if self.head.done():
            self.head = asyncio.get_running_loop().create_future()
        lane.waiting.append(self)

    def fail(self, error: Exception) -> None:
        """End without an answer, or without the rest of it."""
        for future in (self.head, self.whole):
            if not future.done():
                future.set_exception(error)
                future.exception()  # nobody may be waiting for one of them

    def close(self) -> None:
        """Stop looking for the client to leave."""
        if self._watching is not None:
            self._watching.cancel()
        if not self.whole.done():
            self.whole.cancel()

    def look_for_client(self) -> None:
        """From the first call on, end when the client leaves."""
        if self._watching is None and self._gone is not None:
            self._watching = asyncio.ensure_future(self._gone())
            self._watching.add_done_callback(self._left)

    def _left(self, watching: "asyncio.Future[None]") -> None:
        if not watching.cancelled() and watching.exception() is None:
            self.fail(ClientGone())

    def _receive(self, kind: bytes, content: bytes) -> None:
        if self.whole.done():
            return
        if kind == DATA:
            self._sink.write(content)
        elif kind == HEAD:
            self.head.set_result(json.loads(content)["media_type"])
        elif kind == END:
            self.whole.set_result(None)
        else:
            self.fail(_error(json.loads(content), self._limits))

    def _crashed(self, ended: "asyncio.Future[int]") -> None:
        self.crashed = True
        self.fail(_error_of_exit(ended.result(), self._limits))


def _error(said: dict[str, Any], limits: Limits) -> Exception:
    """What a query process has to say against a request."""
    what = said["what"]
    match said["kind"]:
        case "syntax":
            return QuerySyntaxError(what, line=said["line"], column=said["column"])
        case "query":
            return QueryError(what, hint=said["hint"])
        case "form":
            return NotAcceptable()
        case "size":
            return LimitReached(f"the answer is larger than {limits.bytes} bytes")
        case "memory":
            return limits.memory_reached()
    return StoreError("the store failed", location="", found=what)


def _error_of_exit(status: int, limits: Limits) -> Exception:
    if status in _STACK_OVERFLOW:
        return QueryError("the query is nested too deeply for the engine", hint="Split it into several.")
    if status in _OUT_OF_MEMORY:
        return limits.memory_reached()
    return CetsGraphError("the process of this query ended", found=f"exit status {status}")
