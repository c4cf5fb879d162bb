"""Graphs sent in pieces as the client takes them, so that none is too large.

Each has a thread of its own: the engine ends the process when an iterator of it goes on in another thread.
"""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from itertools import islice

import pyoxigraph as ox

from cetsgraph.errors import StoreError
from cetsgraph.server.protocol import Problem

__all__ = ["pieces_of"]

_PIECE = 20_000  # triples
_AHEAD = 2  # pieces that are made before the client takes them
_PATIENCE = 60.0  # seconds that a client may take for a piece
_MOST = 16

_free = threading.BoundedSemaphore(_MOST)


def pieces_of(
    triples: Callable[[], Iterable[ox.Triple]], written: Callable[[list[ox.Triple]], bytes]
) -> "_Pieces":
    """The triples in pieces of bytes, made in a thread that starts now and ends with whoever reads them.

    Raises:
        Problem: too many are under way in this process.
    """
    if not _free.acquire(blocking=False):
        raise Problem(503, "Too many graphs are being sent; try again later.", {"Retry-After": "10"})
    return _Pieces(triples, written)


class _Pieces:
    def __init__(
        self, triples: Callable[[], Iterable[ox.Triple]], written: Callable[[list[ox.Triple]], bytes]
    ) -> None:
        self._triples = triples
        self._written = written
        self._loop = asyncio.get_running_loop()
        self._made: asyncio.Queue[bytes | Exception | None] = asyncio.Queue()
        self._places = threading.Semaphore(_AHEAD)
        self._left = False
        threading.Thread(target=self._make, name="cetsgraph-graph", daemon=True).start()

    async def next(self) -> bytes | None:
        """The next piece; None at the end.

        Raises:
            StoreError: the store failed.
        """
        piece = await self._made.get()
        self._places.release()
        if isinstance(piece, Exception):
            raise piece
        return piece

    async def after(self, first: bytes | None) -> AsyncIterator[bytes]:
        """A piece that was taken, and all after it."""
        try:
            piece = first
            while piece is not None:
                yield piece
                piece = await self.next()
        finally:
            self.leave()

    def leave(self) -> None:
        """Take no more."""
        self._left = True
        self._places.release()

    def _make(self) -> None:
        end: Exception | None = RuntimeError("the graph was not sent whole")
        try:
            remaining = iter(self._triples())
            while not self._left and (some := list(islice(remaining, _PIECE))):
                if not self._places.acquire(timeout=_PATIENCE):
                    return
                self._hand_over(self._written(some))
            end = None
        except StoreError as error:
            end = error
        finally:
            _free.release()
            self._hand_over(end)  # whoever reads waits for it, whatever happened

    def _hand_over(self, piece: bytes | Exception | None) -> None:
        with contextlib.suppress(RuntimeError):  # the event loop has ended, and so will the process
            self._loop.call_soon_threadsafe(self._made.put_nowait, piece)
