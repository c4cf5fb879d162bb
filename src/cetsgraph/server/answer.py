"""The answer to a request while it comes in: kept until it is whole, or handed on as it is taken."""

import asyncio
import json
import pickle
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from functools import partial
from tempfile import TemporaryFile
from typing import IO, Any

from starlette.exceptions import HTTPException
from starlette.types import Receive

from cetsgraph.errors import QuerySyntaxError
from cetsgraph.server.processes import Process
from cetsgraph.server.query_process import CUT, END, ERROR, Work

__all__ = ["Answer", "StreamedAnswer"]

_IN_MEMORY = 2**18  # bytes
_PIECE = 2**16
_AHEAD = 16  # pieces of 64 kB at most that come in before the client takes them


class Answer:
    """An answer that is kept, in memory while it is small, then in a temporary file.

    A query process is to call the function `work` with the engine, the output, and these arguments, and has
    so many seconds.
    """

    def __init__(self, seconds: float, work: Work, *arguments: object, client: Receive | None = None) -> None:
        self.request = pickle.dumps((work.__module__, work.__qualname__, arguments))
        self.came = time.monotonic()
        self.deadline = self.came + seconds
        self._client = client
        self._leaving: asyncio.Task[None] | None = None
        self.begin_again()

    def begin_again(self) -> None:
        """Nothing has come in yet."""
        self.status, self.media_type = 200, ""
        self.size = 0
        self._parts: list[bytes] = []
        self._file: IO[bytes] | None = None
        self.cut = False
        """Whether there are more rows."""
        self.process: Process | None = None
        """The one that works on it, or has."""
        self.whole: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when all has come in; has the error where not all will."""

    def expect_departure(self) -> None:
        """There is no answer from when the client leaves."""
        if self._leaving is None and self._client is not None:
            self._leaving = asyncio.create_task(self._departure(self._client))

    def forget_client(self) -> None:
        """Wait no longer for the client to leave: there is an answer, or there will be none."""
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None

    async def _departure(self, client: Receive) -> None:
        while (await client())["type"] != "http.disconnect":
            pass
        self.fail(HTTPException(499, "The client has left."))

    def receive(self, kind: bytes, content: bytes) -> bool:
        """Take a piece of what the process says; whether it is the last one."""
        if kind == ERROR:
            self.fail(_refusal(**json.loads(content)))
            return True
        if not self.media_type:
            head, _, content = content.partition(b"\n")
            status, _, self.media_type = head.decode().partition(" ")
            self.status = int(status)
        self.write(content)
        self.cut = kind == CUT
        if kind in (CUT, END) and not self.whole.done():
            self.whole.set_result(None)
        return kind in (CUT, END)

    def write(self, content: bytes) -> None:
        """Take bytes of the answer."""
        self.size += len(content)
        self._parts.append(content)
        if self.size > _IN_MEMORY:
            self._file = self._file or TemporaryFile()  # noqa: SIM115  closed with the answer
            self._file.writelines(self._parts)
            self._parts.clear()

    def content(self) -> bytes:
        """All of it."""
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """All of it, in pieces."""
        yield from self._parts
        if self._file is not None:
            self._file.seek(0)
            yield from iter(partial(self._file.read, _PIECE), b"")

    def fail(self, error: Exception) -> None:
        """There is no answer, or not all of it."""
        if not self.whole.done():
            self.whole.set_exception(error)


def _refusal(status: int, text: str, syntax: Mapping[str, Any]) -> Exception:
    """Why there is no answer, as the process says it."""
    if syntax:
        return QuerySyntaxError(**syntax)
    return HTTPException(status, text, {"Retry-After": "10"} if status == 503 else None)


class StreamedAnswer(Answer):
    """An answer of any size, to be taken while it comes in; its process waits where it is not."""

    def begin_again(self) -> None:
        super().begin_again()
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue()  # None at the end
        self.whole.add_done_callback(lambda whole: self._pieces.put_nowait(None))

    def write(self, content: bytes) -> None:
        self._pieces.put_nowait(content)
        if self._pieces.qsize() >= _AHEAD and self.process is not None:
            self.process.transport.pause_reading()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (piece := await self._pieces.get()) is not None:
            if self.process is not None:
                self.process.transport.resume_reading()
            yield piece
        await self.whole
