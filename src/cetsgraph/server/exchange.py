"""One request to a query process: what is sent, what has come back, and how it ended."""

import asyncio
import json
import signal
import time
from collections.abc import Awaitable, Callable
from typing import Any

from cetsgraph.errors import CetsGraphError, QueryError, QuerySyntaxError, StoreError
from cetsgraph.server.answer import AnswerBody, BodyStream
from cetsgraph.server.frames import DATA, END, ERROR, HEAD
from cetsgraph.server.limits import ClientGone, LimitReached, Limits

__all__ = ["Exchange", "Gone", "NotAcceptable", "error_of_exit"]

Gone = Callable[[], Awaitable[None]]
"""Returns when the client has left."""

_STACK_OVERFLOW = (-signal.SIGSEGV, 0xC00000FD)  # the latter is the exit status on Windows
_OUT_OF_MEMORY = (-signal.SIGABRT, -9)  # the engine gave up, or the system ended it


class NotAcceptable(Exception):
    """The answer has no form that the client takes."""


class Exchange:
    """A request, from its arrival until its answer is whole.

    Args:
        message: as a query process takes it.
        body: takes the answer.
        limits: of queries.
        gone: returns when the client has left.
    """

    def __init__(
        self, message: bytes, body: AnswerBody | BodyStream, limits: Limits, gone: Gone | None = None
    ) -> None:
        self.message = message
        self.body = body
        self.whole: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.until = time.monotonic() + limits.seconds
        """When the client is not made to wait any longer."""
        self._limits = limits
        self._gone = gone
        self._leaving: asyncio.Future[None] | None = None

    @property
    def over(self) -> bool:
        """Whether the answer is whole, or there will be none."""
        return self.whole.done()

    def receive(self, kind: bytes, content: bytes) -> bool:
        """Take a message of the process; whether it is the last one."""
        if not self.over:
            if kind == DATA:
                self.body.write(content)
            elif kind == HEAD:
                self.body.begin(content.decode())
            elif kind == END:
                self.whole.set_result(None)
                self.body.end()
            else:
                self.fail(_error(json.loads(content), self._limits))
        return kind in (END, ERROR)

    def fail(self, error: Exception) -> None:
        """End without an answer, or without the rest of it."""
        if not self.over:
            self.whole.set_exception(error)
            self.body.end()

    def look_for_client(self) -> None:
        """From the first call on, end when the client leaves."""
        if self._leaving is None and self._gone is not None:
            self._leaving = asyncio.ensure_future(self._gone())
            self._leaving.add_done_callback(self._left)

    def close(self) -> None:
        """Nobody waits for the answer any more."""
        if self._leaving is not None:
            self._leaving.cancel()
        self.whole.cancel()

    def _left(self, leaving: "asyncio.Future[None]") -> None:
        if not leaving.cancelled() and leaving.exception() is None:
            self.fail(ClientGone())


def error_of_exit(status: int, limits: Limits) -> Exception:
    """Why a query process ended by itself."""
    if status in _STACK_OVERFLOW:
        return QueryError("the query is nested too deeply for the engine", hint="Split it into several.")
    if status in _OUT_OF_MEMORY:
        return limits.memory_reached()
    return CetsGraphError("the process of this query ended", found=f"exit status {status}")


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
