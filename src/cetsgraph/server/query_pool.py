"""The query processes of a web worker.

Most queries end within a moment: they stand in line for one process. One that does not is long: it is
killed (:mod:`cetsgraph.server.query_line`) and begins again in a process of its own, which is less urgent to
the system. Few of these run at once; others wait for a place.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import closing
from math import inf
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from cetsgraph.server.answer import Answer, StreamedAnswer
from cetsgraph.server.limits import Limits, given_up
from cetsgraph.server.processes import PAGES, Processes
from cetsgraph.server.query_line import QueryLine, TakesLonger
from cetsgraph.server.query_process import Work
from cetsgraph.store.snapshots import Snapshot

__all__ = ["QueryPool"]

_LONG = 2  # queries at once that take longer than a moment
_PAGES = 2  # pages and descriptions at once
_DUMPS = 4  # graphs at once, each as fast as its client takes it
_MOMENT = 0.01  # seconds of a processor
_LESS_URGENT = 19  # steps of niceness


async def _stays() -> Message:
    """A message of a client that never leaves."""
    never: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
    return await never


class QueryPool:
    """Answers requests within limits. To be used in the event loop of a worker."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._processes = {False: Processes(limits.memory, PAGES), True: Processes(limits.memory)}
        """By whether they are less urgent: a process cannot be copied while a copy of it ends."""
        self._snapshot: Snapshot | None = None
        self._quick: QueryLine | None = None
        self._long = asyncio.Semaphore(_LONG)
        self._pages = asyncio.Semaphore(_PAGES)
        self._dumps = asyncio.Semaphore(_DUMPS)

    async def open(self, snapshot: Snapshot) -> None:
        """Start the processes; raise StoreError where the store cannot be read."""
        self._quick_line(snapshot)
        starting = (one.start(snapshot.path, _nothing) for one in self._processes.values())
        for process in await asyncio.gather(*starting):
            process.kill()

    def close(self) -> None:
        """Kill the process of queries that nobody waits for."""
        if self._quick is not None:
            self._quick.close()

    async def answer(
        self, snapshot: Snapshot, work: Work, *arguments: object, client: Receive = _stays
    ) -> Answer:
        """The answer to a query: what a function makes of the engine, the output and these arguments.

        A query that takes long ends when the client, from whom these messages come, has left.

        Raises:
            HTTPException: there is none, or it took too much.
            StoreError: the snapshot cannot be read.
        """
        answer = Answer(self.limits.seconds, work, *arguments)
        try:
            await self._quick_line(snapshot).put(answer)
        except TakesLonger:
            answer.begin_again()
            await self._in_time(answer, self._placed(self._long, answer, snapshot, _LESS_URGENT), client)
        return answer

    async def page(
        self, snapshot: Snapshot, work: Work, *arguments: object, client: Receive = _stays
    ) -> Answer:
        """What takes longer than a moment, and is as urgent as a small query; as :meth:`answer`."""
        answer = Answer(self.limits.seconds, work, *arguments)
        await self._in_time(answer, self._placed(self._pages, answer, snapshot), client)
        return answer

    async def stream(
        self, snapshot: Snapshot, work: Work, *arguments: object, client: Receive = _stays
    ) -> AsyncGenerator[bytes]:
        """An answer of any size, in pieces as they are taken; as :meth:`answer`, but in any time."""
        answer = StreamedAnswer(self.limits.seconds, work, *arguments)
        pieces = self._pieces(answer, snapshot)
        await self._in_time(answer, pieces.asend(None), client)
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

    async def _in_time(
        self, answer: Answer, answering: Coroutine[Any, Any, Any], client: Receive = _stays
    ) -> None:
        """Wait for an answer until its time is over, or the client has left."""
        working, leaving = asyncio.create_task(answering), asyncio.create_task(_departure(client))
        left = max(answer.deadline - time.monotonic(), 0)
        try:
            await asyncio.wait((working, leaving), timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                await working
            elif leaving.done():
                raise HTTPException(499, "The client has left.")
            else:
                took = f"the query took longer than {self.limits.seconds:g} s"
                raise given_up(took if answer.begun else "the server has too much to do; try later")
        finally:
            working.cancel()
            leaving.cancel()

    def _quick_line(self, snapshot: Snapshot) -> QueryLine:
        """The line for a process that has this snapshot open."""
        if self._quick is None or snapshot is not self._snapshot:
            if self._quick is not None:
                asyncio.get_running_loop().call_later(self.limits.seconds, self._quick.close)
            self._snapshot, self._quick = snapshot, self._line(snapshot, _MOMENT)
        return self._quick

    def _line(self, snapshot: Snapshot, moment: float = inf, *, niceness: int = 0) -> QueryLine:
        return QueryLine(self._processes[niceness > 0], snapshot.path, self.limits, moment, niceness)


async def _departure(client: Receive) -> None:
    while (await client())["type"] != "http.disconnect":
        pass


def _nothing(kind: bytes, content: bytes) -> None:
    """Take no piece of an answer."""
