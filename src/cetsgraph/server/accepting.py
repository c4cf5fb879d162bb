"""Connections taken from the socket that all workers share, so that each worker has about as many."""

import asyncio
import socket
from collections.abc import Callable
from multiprocessing.sharedctypes import RawArray
from typing import Any

__all__ = ["Accepting", "Share"]

_POLITE = 0.001  # seconds, for each connection that a worker has more than another
_MOST_POLITE = 20
_NO_MORE = 1.0  # seconds, when the system allows no more connections


class Share:
    """How many connections a worker has, and all others, in memory that they share."""

    def __init__(self, counts: Any, place: int) -> None:
        self._counts = counts
        self._place = place

    @classmethod
    def of_all(cls, workers: int) -> "list[Share]":
        """One for each worker."""
        counts = RawArray("i", workers)
        return [cls(counts, place) for place in range(workers)]

    def note(self, connections: int) -> None:
        """Say how many there are."""
        self._counts[self._place] = connections

    def surplus(self) -> int:
        """How many more this worker has than the one that has fewest."""
        counts = self._counts
        return int(counts[self._place] - min(counts))


class Accepting:
    """Takes connections from a socket, in an event loop; who has more than others lets these go first.

    Args:
        listening: the socket.
        make: makes the protocol of a connection.
        share: the connections of this worker and others.
    """

    def __init__(self, listening: socket.socket, make: Callable[[], asyncio.Protocol], share: Share) -> None:
        self._listening = listening
        self._make = make
        self._share = share
        self._connections = 0
        self._yielded = False
        self._open = True
        self._opening: set[asyncio.Task[Any]] = set()

    def start(self) -> None:
        """Take connections from now on, in the loop that runs."""
        self._loop = asyncio.get_running_loop()
        self._listening.setblocking(False)
        self._listen()

    def stop(self) -> None:
        """Take none any more."""
        if self._open:
            self._open = False
            self._loop.remove_reader(self._listening)

    def lost(self) -> None:
        """A connection has ended."""
        self._connections -= 1
        if self._open:
            self._share.note(self._connections)

    def _listen(self) -> None:
        if self._open:
            self._loop.add_reader(self._listening, self._take)

    def _pause(self, seconds: float) -> None:
        self._loop.remove_reader(self._listening)
        self._loop.call_later(seconds, self._listen)

    def _take(self) -> None:
        surplus = self._share.surplus()
        if surplus > 0 and not self._yielded:
            self._yielded = True
            self._pause(min(surplus, _MOST_POLITE) * _POLITE)
            return
        self._yielded = False
        try:
            connection, _ = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        except OSError:
            self._pause(_NO_MORE)
            return
        connection.setblocking(False)
        self._connections += 1
        self._share.note(self._connections)
        opening = self._loop.create_task(self._loop.connect_accepted_socket(self._make, connection))
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)
