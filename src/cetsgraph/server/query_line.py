"""A query process, and the requests that wait in line for it: it works on the first of them."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field

from cetsgraph.confinement import cpu_seconds
from cetsgraph.server.child import Child
from cetsgraph.server.exchange import Exchange

__all__ = ["Lane", "QueryLine"]

_SLOW = 20
"""Times a moment: on a busy machine, time alone says little of what a query takes."""


class QueryLine(Child):
    """A query process with its requests, in the order in which they were sent."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: deque[Exchange] = deque()
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._since = 0.0
        self._used: float | None = None

    @property
    def first(self) -> Exchange | None:
        """The request that it works on."""
        return self.requests[0] if self.requests else None

    def put(self, exchange: Exchange) -> None:
        """Send a request."""
        if not self.requests:
            self._begin()
        self.requests.append(exchange)
        self.send(exchange.message)

    def answered(self) -> None:
        """The first request is answered: it goes on with the next."""
        self.requests.popleft()
        self._begin()

    def give_back(self) -> list[Exchange]:
        """Take the requests behind the first out of the line; the process is killed after that one."""
        first, *behind = self.requests
        self.requests = deque([first])
        return [exchange for exchange in behind if not exchange.over]

    def takes_longer(self, moment: float) -> bool:
        """Whether it has worked on the first request for longer than so many seconds of a processor."""
        seconds = time.monotonic() - self._since
        if seconds <= moment:
            return False
        used = cpu_seconds(self.id)
        if used is None or seconds > _SLOW * moment:
            return True
        if self._used is None:
            self._used = used
        return used - self._used > moment

    def _begin(self) -> None:
        self._since, self._used = time.monotonic(), None


@dataclass(eq=False, slots=True)
class Lane:
    """Requests that have a process of their own: so many at once, and the others wait in order."""

    most: int
    timed: bool = True
    """Whether they end at the time limit of a query."""
    lines: set[QueryLine] = field(default_factory=set)
    waiting: deque[Exchange] = field(default_factory=deque)
