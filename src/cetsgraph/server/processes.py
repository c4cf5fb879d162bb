"""Query processes, as a web worker has them."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable
from functools import partial
from typing import cast

from cetsgraph.errors import StoreError
from cetsgraph.server.query_process import PIECE, answer_requests
from cetsgraph.store.readers import Readers

__all__ = ["PAGES", "Process", "Processes"]

_REQUESTS = "cetsgraph.server.application"
"""Imports all that requests name, so that no copy has to."""

PAGES = "cetsgraph.server.site.prepared"
"""Has all that pages need made as well."""

_ENDED = b"s"  # letter of the piece that says how a process ended
_PATIENCE = 60.0  # seconds until a process has started, the first of which imports much


class Process(asyncio.Protocol):
    """The worker's end of a query process. Pieces of answers are handed on, each as letter and content."""

    def __init__(self, receive: Callable[[bytes, bytes], None]) -> None:
        loop = asyncio.get_running_loop()
        self.id = 0
        """Its number."""
        self.started: asyncio.Future[None] = loop.create_future()
        self.ended: asyncio.Future[int | None] = loop.create_future()
        """The status that it ended with, which is a signal where it is negative; None if it is not known."""
        self._receive = receive
        self._come_in = bytearray()
        self._unsent: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._come_in += data
        while len(self._come_in) >= PIECE.size:
            kind, size = PIECE.unpack_from(self._come_in)
            end = PIECE.size + size
            if len(self._come_in) < end:
                return
            content = bytes(self._come_in[PIECE.size : end])
            del self._come_in[:end]
            self._take(kind, content)

    def _take(self, kind: bytes, content: bytes) -> None:
        if kind == _ENDED:
            self.ended.set_result(int(content))
        elif self.id:
            self._receive(kind, content)
        else:
            self.id = int(content)
            self.started.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    def send(self, data: bytes) -> None:
        """Send requests, with others of this moment: each time, the process may be woken."""
        if not self._unsent:
            asyncio.get_running_loop().call_soon(self._flush)
        self._unsent.append(data)

    def _flush(self) -> None:
        self.transport.write(b"".join(self._unsent))
        self._unsent.clear()

    def kill(self) -> None:
        """End it at once."""
        self.transport.abort()
        if self.id:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.id, getattr(signal, "SIGKILL", signal.SIGTERM))  # Windows ends it by any


class Processes:
    """Starts processes, each of which may take so many bytes of memory beside what it begins with.

    They are copies of one that has imported a module: the one of requests, unless it is :data:`PAGES`.
    """

    def __init__(self, memory: int, preloaded: str = _REQUESTS) -> None:
        self._readers = Readers(partial(answer_requests, memory=memory), _end, memory, preloaded)
        self._turn = asyncio.Lock()

    async def start(self, snapshot: str, receive: Callable[[bytes, bytes], None]) -> Process:
        """A process that has a snapshot open, and what takes letters and contents of pieces of its answers.

        Raises:
            StoreError: the snapshot cannot be opened.
        """
        ours, theirs = socket.socketpair()
        loop = asyncio.get_running_loop()
        _, process = await loop.create_connection(lambda: Process(receive), sock=ours)
        with contextlib.ExitStack() as unfinished:
            unfinished.callback(process.kill)
            try:
                async with self._turn, asyncio.timeout(_PATIENCE):
                    await self._readers.start(snapshot, theirs)
                    await asyncio.wait((process.started, process.ended), return_when=asyncio.FIRST_COMPLETED)
            except OSError as error:  # TimeoutError is one
                raise StoreError("a query process does not start", location=snapshot) from error
            if not process.id:
                raise StoreError("a query process ends before it works", location=snapshot)
            unfinished.pop_all()
        return process


def _end(status: int) -> bytes:
    return PIECE.pack(_ENDED, 12) + b"%12d" % status
