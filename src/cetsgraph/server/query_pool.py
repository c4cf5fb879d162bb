"""The query processes of a web worker.

Most queries end within a moment: they stand in line for few processes. One that does not is long: it is
killed (:mod:`cetsgraph.server.query_line`) and begins again in a process of its own, which is less urgent to
the system. Few of these run at once; others wait for a place.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import closing
from math import inf
from typing import Any

from starlette.types import Receive

from cetsgraph.server.answer import Answer, StreamedAnswer
from cetsgraph.server.limits import Limits, given_up
from cetsgraph.server.processes import PAGES, Processes
from cetsgraph.server.query_line import QueryLine, TakesLonger
from cetsgraph.server.query_process import Work
from cetsgraph.store.snapshots import Snapshot

__all__ = ["QueryPool"]

_QUICK = 2  # processes for what is answered within a moment
_LONG = 2  # queries at once that take longer than a moment
_PAGES = 2  # pages and descriptions at once
_DUMPS = 4  # graphs at once, each as fast as its client takes it
_MOMENT = 0.01  # seconds of a processor
_LESS_URGENT = 19  # steps of niceness


class QueryPool:
    """Answers requests within limits. To be used in the event loop of a worker."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._processes = {False: Processes(limits.memory, PAGES), True: Processes(limits.memory)}
        """By whether they are less urgent, which begin with the first that takes long: a process cannot be
        copied while a copy of it ends."""
        self._snapshot: Snapshot | None = None
        self._quick: list[QueryLine] = []
        self._long = asyncio.Semaphore(_LONG)
        self._pages = asyncio.Semaphore(_PAGES)
        self._dumps = asyncio.Semaphore(_DUMPS)

    async def open(self, snapshot: Snapshot) -> None:
        """Start what answers within a moment; raise StoreError where the store cannot be read."""
        self._shortest(snapshot)
        process = await self._processes[False].start(snapshot.path, lambda letter, content: None)
        process.kill()

    def close(self) -> None:
        """Kill the processes that answer queries."""
        for line in self._quick:
            line.close()

    async def answer(
        self, snapshot: Snapshot, work: Work, *arguments: object, client: Receive | None = None
    ) -> Answer:
        """The answer to a query: what a function makes of the engine, the output and these arguments.

        A query that takes long ends when the client, from whom these messages come, has left.

        Raises:
            HTTPException: there is none, or it took too much.
            StoreError: the snapshot cannot be read.
        """
        answer = Answer(self.limits.seconds, work, *arguments, client=client)
        try:
            await self._shortest(snapshot).put(answer)
        except TakesLonger:
            answer.forget_client()
            answer.begin_again()
            await self._in_time(answer, self._placed(self._long, answer, snapshot, _LESS_URGENT))
        finally:
            answer.forget_client()
        return answer

    async def page(
        self, snapshot: Snapshot, work: Work, *arguments: object, client: Receive | None = None
    ) -> Answer:
        """What takes longer than a moment, and is as urgent as a small query; as :meth:`answer`."""
        answer = Answer(self.limits.seconds, work, *arguments, client=client)
        await self._in_time(answer, self._placed(self._pages, answer, snapshot))
        return answer

    async def stream(
        self, snapshot: Snapshot, work: Work, *arguments: object, client: Receive | None = None
    ) -> AsyncGenerator[bytes]:
        """An answer of any size, in pieces as they are taken; as :meth:`answer`, but in any time."""
        answer = StreamedAnswer(self.limits.seconds, work, *arguments, client=client)
        pieces = self._pieces(answer, snapshot)
        await self._in_time(answer, pieces.asend(None))
        return pieces

    async def _placed(
        self, places: asyncio.Semaphore, answer: Answer, snapshot: Snapshot, niceness: int = 0
    ) -> None:
        async with places:
            with closing(self._line(snapshot, niceness=niceness)) as line:
                await line.put(answer)

    async def _pieces(self, answer: StreamedAnswer, snapshot: Snapshot) -> AsyncGenerator[bytes]:
        async with self._dumps:
            with closing(self._line(snapshot, niceness=_LESS_URGENT)) as line:
                line.put(answer)
                async for piece in answer:
                    yield piece

    async def _in_time(self, answer: Answer, answering: Coroutine[Any, Any, Any]) -> None:
        """Wait for an answer until its time is over, or the client has left."""
        answer.expect_departure()
        working, left = asyncio.create_task(answering), max(answer.deadline - time.monotonic(), 0)
        try:
            await asyncio.wait((working, answer.whole), timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if working.done() or answer.whole.done():
                await (working if working.done() else answer.whole)
            else:
                took = f"the query took longer than {self.limits.seconds:g} s"
                raise given_up(took if answer.process else "the server has too much to do; try later")
        finally:
            working.cancel()
            answer.forget_client()

    def _shortest(self, snapshot: Snapshot) -> QueryLine:
        """The shortest line of processes that have this snapshot open."""
        if snapshot is not self._snapshot:
            for line in self._quick:
                asyncio.get_running_loop().call_later(self.limits.seconds, line.close)
            self._snapshot = snapshot
            self._quick = [self._line(snapshot, _MOMENT) for _ in range(_QUICK)]
        return min(self._quick, key=lambda line: len(line.requests))

    def _line(self, snapshot: Snapshot, moment: float = inf, *, niceness: int = 0) -> QueryLine:
        return QueryLine(self._processes[niceness > 0], snapshot.path, self.limits, moment, niceness)
