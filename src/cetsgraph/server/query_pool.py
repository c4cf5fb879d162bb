"""Query processes, kept ready by each web worker; a query that passes a limit is killed with its process.

Most queries end within a moment: they stand in line for few processes. One that has not ended by then is
long: its process goes on with it alone, less urgent to the system, and those behind it go to other lines. Few
long queries run at once; others begin again when there is a place. A spare process stands by for each that
is killed.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack
from typing import Any

from cetsgraph import system
from cetsgraph.confinement import resident_bytes
from cetsgraph.errors import QueryError, StoreError
from cetsgraph.server.answer import AnswerBody, BodyStream
from cetsgraph.server.exchange import Exchange, Gone, error_of_exit
from cetsgraph.server.frames import DATA, READY, json_frame
from cetsgraph.server.limits import LimitReached, Limits
from cetsgraph.server.query_line import Lane, QueryLine
from cetsgraph.server.snapshots import Snapshots

__all__ = ["QueryPool"]

_MOMENT = 0.005  # seconds of a processor
_LOOK = 0.005  # seconds between looks at what runs
_IN_LINE = 8  # requests that a process has at once
_LESS_URGENT = 19  # steps of niceness
_SPARE = 3
_STARTS = 4  # processes that start at once
_PAUSE = 0.5  # seconds after a process that did not start
_REMEMBERED = 1000  # queries that were long, or crashed a process


class QueryPool:
    """The query processes of a web worker. To be used in its event loop."""

    def __init__(self, snapshots: Snapshots, limits: Limits) -> None:
        self.limits = limits
        self._snapshots = snapshots
        self._quick: list[QueryLine] = []
        self._waiting: deque[Exchange] = deque()
        self._long = Lane(limits.long)
        self._dumps = Lane(limits.dumps, timed=False)
        self._spare: deque[QueryLine] = deque()
        self._exchanges: set[Exchange] = set()
        self._remembered: OrderedDict[int, Exception | None] = OrderedDict()
        self._starting: set[asyncio.Task[None]] = set()
        self._watching: asyncio.Task[None] | None = None
        self._closed = False

    async def open(self) -> None:
        """Start the processes, and wait for them.

        Raises:
            StoreError: the store cannot be read.
        """
        await asyncio.gather(*(self._start() for _ in range(self.limits.quick + _SPARE)))

    def close(self) -> None:
        """Kill all processes."""
        self._closed = True
        for task in self._starting:
            task.cancel()
        for line in self._lines():
            line.kill()

    async def answer(self, request: Mapping[str, Any], gone: Gone | None = None) -> AnswerBody:
        """The answer to a query.

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
        remembered = hash(message) in self._remembered
        if remembered and (crash := self._remembered[hash(message)]) is not None:
            raise crash
        body = AnswerBody()
        exchange = Exchange(message, body, self.limits, gone)
        with ExitStack() as unfinished:
            unfinished.callback(body.close)
            unfinished.callback(self._leave, exchange)
            self._enter(exchange, self._long.waiting if remembered else self._waiting)
            await exchange.whole
            unfinished.pop_all()
        self._leave(exchange)
        return body

    async def pieces(self, request: Mapping[str, Any], gone: Gone | None = None) -> AsyncGenerator[bytes]:
        """A graph, however large, in pieces as they are taken. The first one is empty, when it begins.

        Raises:
            LimitReached: too many are under way, or it takes too much memory.
            StoreError: the store cannot be read.
        """
        stream = BodyStream()
        exchange = Exchange(json_frame(DATA, request), stream, self.limits, gone)
        try:
            self._enter(exchange, self._dumps.waiting)
            yield await stream.take()
            line = next((line for line in self._dumps.lines if line.first is exchange), None)
            if line is not None:
                stream.pause = line.pause
            while stream.waiting or not exchange.over:
                yield await stream.take()
                if line is not None:
                    line.resume()
            exchange.whole.result()
        finally:
            self._leave(exchange)

    def _enter(self, exchange: Exchange, waiting: deque[Exchange]) -> None:
        self._exchanges.add(exchange)
        waiting.append(exchange)
        self._fill()
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())

    def _leave(self, exchange: Exchange) -> None:
        self._exchanges.discard(exchange)
        exchange.close()
        for line in (*self._quick, *self._long.lines, *self._dumps.lines):
            if line.first is exchange:  # it works on it for nobody
                self._end(line)

    # Requests and processes

    def _lines(self) -> list[QueryLine]:
        return [*self._quick, *self._spare, *self._long.lines, *self._dumps.lines]

    def _fill(self) -> None:
        """Give requests that wait to processes that have room."""
        while self._spare and len(self._quick) < self.limits.quick:
            self._quick.append(self._spare.popleft())
        while self._waiting and self._quick:
            line = min(self._quick, key=lambda line: len(line.requests))
            if len(line.requests) >= _IN_LINE:
                break
            exchange = self._waiting.popleft()
            if not exchange.over:
                line.put(exchange)
        for lane in (self._long, self._dumps):
            while lane.waiting and self._spare and len(lane.lines) < lane.most:
                exchange = lane.waiting.popleft()
                if not exchange.over:
                    line = self._spare.popleft()
                    line.put(exchange)
                    self._set_apart(line, lane)
        self._replenish()

    def _set_apart(self, line: QueryLine, lane: Lane) -> None:
        lane.lines.add(line)
        system.lower_priority(line.id, _LESS_URGENT)

    def _receive(self, line: QueryLine, kind: bytes, content: bytes) -> None:
        if line.first is None:
            if kind == READY:
                line.ready.set_result(None)
        elif line.first.receive(kind, content):
            if line in self._quick:
                line.answered()
                if self._waiting:
                    self._fill()
            else:
                self._end(line)  # a process that was made less urgent stays so

    def _end(self, line: QueryLine) -> None:
        """Kill a process; the requests behind the first one go to others."""
        self._forget(line)
        line.kill()
        if line.requests:
            self._waiting.extendleft(reversed(line.give_back()))
        self._fill()

    def _crashed(self, line: QueryLine) -> None:
        """A process ended by itself."""
        if line not in self._lines():
            return
        first = line.first
        if first is not None and not first.over:
            error = error_of_exit(line.ended.result(), self.limits)
            if isinstance(error, QueryError):
                self._remember(first, error)
            first.fail(error)
        self._end(line)

    def _forget(self, line: QueryLine) -> None:
        for lines in (self._quick, self._spare):
            if line in lines:
                lines.remove(line)
        self._long.lines.discard(line)
        self._dumps.lines.discard(line)

    def _remember(self, exchange: Exchange, crash: Exception | None = None) -> None:
        self._remembered[hash(exchange.message)] = crash
        if len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)

    # New processes

    def _replenish(self) -> None:
        """Have as many processes as may be busy, and a spare one."""
        wanted = self.limits.quick + _SPARE + len(self._long.lines) + len(self._dumps.lines)
        missing = wanted - len(self._lines()) - len(self._starting)
        for _ in range(0 if self._closed else min(missing, _STARTS - len(self._starting))):
            task = asyncio.create_task(self._start_another())
            self._starting.add(task)
            task.add_done_callback(self._started)

    def _started(self, task: "asyncio.Task[None]") -> None:
        self._starting.discard(task)
        self._fill()

    async def _start_another(self) -> None:
        try:
            await self._start()
        except StoreError as error:
            for exchange in [*self._waiting, *self._long.waiting, *self._dumps.waiting]:
                exchange.fail(error)
            await asyncio.sleep(_PAUSE)

    async def _start(self) -> None:
        settings = {"snapshot": self._snapshots.newest().path, "memory": self.limits.memory}
        line = await QueryLine.start("cetsgraph.server.query_process", settings)
        line.receive = lambda kind, content: self._receive(line, kind, content)
        try:
            await asyncio.wait((line.ready, line.ended), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            line.kill()
            raise
        if not line.ready.done():
            found = f"exit status {line.ended.result()}"
            raise StoreError("a query process does not start", location=self._snapshots.location, found=found)
        line.idle_bytes = resident_bytes(line.id) or 0
        line.ended.add_done_callback(lambda _: self._crashed(line))
        self._spare.append(line)
        self._fill()

    # Limits

    async def _watch(self) -> None:
        """Look at the requests, for as long as there are any."""
        while self._exchanges:
            await asyncio.sleep(_LOOK)
            self._look()
        self._watching = None

    def _look(self) -> None:
        now = time.monotonic()
        dumped = {line.first for line in self._dumps.lines}
        for exchange in self._exchanges:
            exchange.look_for_client()
            if now > exchange.until and exchange not in dumped:
                self._time_is_up(exchange)
        for line in list(self._quick):
            if line.requests and line.takes_longer(_MOMENT):
                self._make_long(line)
        for line in (*self._long.lines, *self._dumps.lines):
            if line.first is not None and line.holds_more(self.limits.memory):
                line.first.fail(self.limits.memory_reached())

    def _time_is_up(self, exchange: Exchange) -> None:
        if any(line.first is exchange for line in (*self._quick, *self._long.lines)):
            exchange.fail(LimitReached(f"the query took longer than {self.limits.seconds:g} s"))
        else:
            exchange.fail(LimitReached("the server has too much to do; try again later"))

    def _make_long(self, line: QueryLine) -> None:
        """Have a process go on alone where there is a place; else its query waits and begins again."""
        exchange = line.first
        assert exchange is not None
        if exchange.over:  # its client has left
            self._end(line)
            return
        self._remember(exchange)
        if len(self._long.lines) < self._long.most and not self._long.waiting:
            self._forget(line)
            self._set_apart(line, self._long)
            self._waiting.extendleft(reversed(line.give_back()))
            self._fill()
        else:
            self._long.waiting.append(exchange)
            self._end(line)
