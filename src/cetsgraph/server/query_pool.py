"""Query processes, kept ready by each web worker; a query that passes a limit is killed with its process.

Most queries end within a moment, in the quick processes. What has not ended by then is long: few of these run
at once, less urgent to the system, and the others wait for a place and begin again. A spare process stands by
for each that is killed, crashes, or has a long query.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from cetsgraph import system
from cetsgraph.confinement import resident_bytes
from cetsgraph.errors import QueryError, StoreError
from cetsgraph.server.answer import AnswerBody, BodyStream
from cetsgraph.server.child import Child
from cetsgraph.server.exchange import Exchange, Gone, Lane
from cetsgraph.server.frames import DATA, json_frame
from cetsgraph.server.limits import LimitReached, Limits
from cetsgraph.server.snapshots import Snapshots

__all__ = ["QueryPool"]

_MOMENT = 0.03  # seconds of a processor
_LOOK = 0.02  # seconds between looks at what runs
_LESS_URGENT = 5  # steps of niceness
_STARTS = 2  # processes that start at once
_PAUSE = 0.5  # seconds after a process that did not start
_REMEMBERED = 1000  # queries that were long, or crashed a process


class QueryPool:
    """The query processes of a web worker. To be used in its event loop."""

    def __init__(self, snapshots: Snapshots, limits: Limits) -> None:
        self.limits = limits
        self._snapshots = snapshots
        self._quick = Lane(limits.quick, urgent=True)
        self._long = Lane(limits.long)
        self._dumps = Lane(limits.dumps, timed=False)
        self._children: set[Child] = set()
        self._idle: deque[Child] = deque()
        self._exchanges: set[Exchange] = set()
        self._remembered: OrderedDict[int, Exception | None] = OrderedDict()
        self._starting = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._watching: asyncio.Task[None] | None = None
        self._closed = False

    async def open(self) -> None:
        """Start the processes, and wait for them.

        Raises:
            StoreError: the store cannot be read.
        """
        await asyncio.gather(*(self._start() for _ in range(self._quick.most + 1)))

    def close(self) -> None:
        """Kill all processes."""
        self._closed = True
        for child in list(self._children):
            child.kill()
        for task in self._tasks:
            task.cancel()

    async def answer(self, request: Mapping[str, Any], gone: Gone | None = None) -> tuple[str, AnswerBody]:
        """The media type and the body of the answer to a query.

        Args:
            request: as a query process takes it; see :mod:`cetsgraph.server.query_process`.
            gone: returns when the client has left.

        Raises:
            QueryError: the engine does not take the query, or crashes over it.
            NotAcceptable: the answer has none of the forms that are asked for.
            LimitReached: it took too much, or there is too much to do.
            ClientGone: the client left before it ended.
            StoreError: the store cannot be read.
        """
        message = json_frame(DATA, request)
        crash = self._remembered.get(hash(message))
        if crash is not None:
            raise crash
        lane = self._long if hash(message) in self._remembered else self._quick
        body = AnswerBody()
        exchange = Exchange(message, body, lane, self.limits, gone)
        try:
            self._enter(exchange)
            await exchange.whole
        except BaseException as error:
            body.close()
            if exchange.crashed and isinstance(error, QueryError):
                self._remember(exchange, error)
            raise
        finally:
            self._leave(exchange)
        return exchange.head.result(), body

    async def pieces(self, request: Mapping[str, Any], gone: Gone | None = None) -> AsyncGenerator[bytes]:
        """A graph, however large, in pieces as they are taken. The first one is empty, when it begins.

        Raises:
            LimitReached: too many are under way, or it takes too much memory.
            StoreError: the store cannot be read.
        """
        stream = BodyStream()
        exchange = Exchange(json_frame(DATA, request), stream, self._dumps, self.limits, gone)
        exchange.whole.add_done_callback(lambda _: stream.end())
        try:
            self._enter(exchange)
            await exchange.head
            assert exchange.child is not None
            stream.full = exchange.child.pause
            yield b""
            while stream.waiting or not exchange.over:
                yield await stream.take()
                exchange.child.resume()
            exchange.whole.result()
        finally:
            self._leave(exchange)

    def _enter(self, exchange: Exchange) -> None:
        self._exchanges.add(exchange)
        exchange.lane.waiting.append(exchange)
        self._fill()
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())

    def _leave(self, exchange: Exchange) -> None:
        self._exchanges.discard(exchange)
        answered = exchange.answered
        exchange.close()
        self._release(exchange, kill=not answered)

    def _fill(self) -> None:
        """Give idle processes to requests that wait."""
        for lane in (self._quick, self._long, self._dumps):
            while lane.waiting and self._idle and lane.running < lane.most:
                exchange = lane.waiting.popleft()
                if not exchange.over:
                    lane.running += 1
                    exchange.begin(self._idle.pop())  # the one whose caches are warm
                    self._hurry_less(exchange)
        self._replenish()

    def _hurry_less(self, exchange: Exchange) -> None:
        if not exchange.lane.urgent and exchange.child is not None:
            system.lower_priority(exchange.child.id, _LESS_URGENT)

    def _release(self, exchange: Exchange, *, kill: bool) -> None:
        """Take the process from a request."""
        child = exchange.leave()
        if child is None:
            return
        exchange.lane.running -= 1
        if kill or not exchange.lane.urgent:  # a process that was made less urgent stays so
            child.kill()
            self._forget(child)
        else:
            self._idle.append(child)
            self._fill()

    def _remember(self, exchange: Exchange, crash: Exception | None = None) -> None:
        self._remembered[hash(exchange.message)] = crash
        while len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)

    # Processes

    def _replenish(self) -> None:
        """Have as many processes as may be busy for a moment, and a spare one."""
        wanted = self._quick.most + self._long.running + self._dumps.running + 1
        while not self._closed and self._starting < _STARTS and len(self._children) + self._starting < wanted:
            self._starting += 1
            task = asyncio.create_task(self._start_another())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _start_another(self) -> None:
        try:
            await self._start()
        except StoreError as error:
            for exchange in [*self._quick.waiting, *self._long.waiting, *self._dumps.waiting]:
                exchange.fail(error)
            await asyncio.sleep(_PAUSE)
        finally:
            self._starting -= 1
            self._replenish()

    async def _start(self) -> None:
        ready: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        def receive(kind: bytes, content: bytes) -> None:
            if not ready.done():
                ready.set_result(kind)

        settings = {"snapshot": self._snapshots.newest().path, "memory": self.limits.memory}
        child = await Child.start("cetsgraph.server.query_process", settings, receive)
        self._children.add(child)
        child.ended.add_done_callback(lambda _: self._forget(child))
        waited: tuple[asyncio.Future[Any], ...] = (ready, child.ended)
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            found = f"exit status {child.ended.result()}"
            raise StoreError("a query process does not start", location=self._snapshots.location, found=found)
        child.idle_bytes = resident_bytes(child.id) or 0
        self._idle.append(child)
        self._fill()

    def _forget(self, child: Child) -> None:
        self._children.discard(child)
        if child in self._idle:
            self._idle.remove(child)
        self._replenish()

    # Limits

    async def _watch(self) -> None:
        """Look at the requests, for as long as there are any."""
        while self._exchanges:
            await asyncio.sleep(_LOOK)
            now = time.monotonic()
            for exchange in list(self._exchanges):
                if not exchange.over:
                    self._look_at(exchange, now)
        self._watching = None

    def _look_at(self, exchange: Exchange, now: float) -> None:
        exchange.look_for_client()
        if exchange.child is None or exchange.started is None:
            if now > exchange.until:
                exchange.fail(LimitReached("the server has too much to do; try again later"))
        elif exchange.lane.timed and now > exchange.until:
            exchange.fail(LimitReached(f"the query took longer than {self.limits.seconds:g} s"))
        elif exchange.child.holds_more(self.limits.memory):
            exchange.fail(self.limits.memory_reached())
        elif exchange.lane is self._quick and exchange.takes_longer(_MOMENT):
            self._make_long(exchange)

    def _make_long(self, exchange: Exchange) -> None:
        """Let it go on where there is a place; else kill its process and let it wait for one."""
        self._remember(exchange)
        if self._long.running < self._long.most and not self._long.waiting:
            self._quick.running -= 1
            self._long.running += 1
            exchange.lane = self._long
            self._hurry_less(exchange)
            self._fill()
        else:
            self._release(exchange, kill=True)
            exchange.start_again(self._long)
