"""A query process, and the requests that wait in line for it: here a query is killed."""

import asyncio
import signal
import time
from collections import deque
from itertools import takewhile
from math import inf

from starlette.exceptions import HTTPException

from cetsgraph import system
from cetsgraph.confinement import cpu_seconds
from cetsgraph.errors import StoreError
from cetsgraph.server.answer import Answer
from cetsgraph.server.limits import Limits, given_up
from cetsgraph.server.processes import Process, Processes

__all__ = ["QueryLine", "TakesLonger"]

_LOOK = 0.005  # seconds between looks at what runs
_STUCK = 3.0  # seconds in which a query that waits for a disk, or for a busy processor, is not long
_OFTEN = 0.1  # seconds within which most clients have their answer
_PAUSE = 0.5  # seconds after a process that did not start
_STACK_OVERFLOW = (-signal.SIGSEGV, 0xC00000FD)  # the latter is the exit status on Windows
_OUT_OF_MEMORY = (-signal.SIGABRT, -9)  # the system refused it more, or ended it


class TakesLonger(Exception):
    """A query has not ended within a moment."""


class QueryLine:
    """Requests, answered in order by a process. One that takes too long is killed; those behind it are not.

    A request may take a `moment` of a processor; `niceness` makes the process less urgent by so many steps.
    """

    def __init__(
        self, processes: Processes, snapshot: str, limits: Limits, moment: float = inf, niceness: int = 0
    ) -> None:
        self.requests: deque[Answer] = deque()
        self._processes, self._snapshot, self._limits = processes, snapshot, limits
        self._moment, self._niceness = moment, niceness
        self._process: Process | None = None
        self._since = self._used = 0.0
        self._looking: asyncio.TimerHandle | None = None
        self._answering = asyncio.create_task(self._answer())

    def put(self, answer: Answer) -> "asyncio.Future[None]":
        """Have a request answered when those before it are."""
        self.requests.append(answer)
        if self._process is not None:
            self._process.send(answer.request)
            if len(self.requests) == 1:
                self._begin(self._process)
        return answer.whole

    def close(self) -> None:
        """Kill the process, and start no other."""
        self._answering.cancel()
        if self._process is not None:
            self._process.kill()
        while self.requests:
            self.requests.popleft().whole.cancel()

    async def _answer(self) -> None:
        while True:
            try:
                self._process = process = await self._processes.start(self._snapshot, self._receive)
            except StoreError as error:
                while self.requests:
                    self.requests.popleft().fail(error)
                await asyncio.sleep(_PAUSE)
                continue
            if self._niceness:
                system.lower_priority(process.id, self._niceness)
            self.requests = deque(answer for answer in self.requests if not answer.whole.done())
            process.send(b"".join(answer.request for answer in self.requests))
            self._begin(process)
            status = await process.ended
            if self._process is process and self.requests:  # it was not killed here
                self.requests.popleft().fail(self._crash(status))
            self._process = None

    def _receive(self, kind: bytes, content: bytes) -> None:
        if self._process is not None and self.requests[0].receive(kind, content):
            self.requests.popleft()
            self._begin(self._process)

    def _begin(self, process: Process) -> None:
        """The process works on the first request from now on."""
        self._since, self._used = time.monotonic(), 0.0
        if self.requests:
            self.requests[0].process = process
            if self._looking is None and self._moment < inf:
                self._looking = asyncio.get_running_loop().call_later(_LOOK, self._look)

    def _look(self) -> None:
        """Kill the process where the first request takes longer than a moment."""
        self._looking = None
        for answer in takewhile(lambda answer: answer.came < time.monotonic() - _OFTEN, self.requests):
            answer.expect_departure()
        if self._process is None or not self.requests:
            return
        if time.monotonic() - self._since > _LOOK and self._takes_longer(self._process):
            self._process.kill()
            self._process = None
            self.requests.popleft().fail(TakesLonger())
        else:
            self._looking = asyncio.get_running_loop().call_later(_LOOK, self._look)

    def _takes_longer(self, process: Process) -> bool:
        """Whether the first request takes longer than a moment, since it was first looked at."""
        used, now = cpu_seconds(process.id), time.monotonic()
        used = now if used is None else used
        self._used = self._used or used
        late = now - self._since > _STUCK or now > self.requests[0].deadline
        return late or used - self._used > self._moment

    def _crash(self, status: int | None) -> Exception:
        """Why a process ended that was not killed here."""
        if status in _STACK_OVERFLOW:
            return HTTPException(400, "The query is nested too deeply for the engine. Split it into several.")
        if status in _OUT_OF_MEMORY:
            return given_up(f"it took more than {self._limits.memory // 2**20} MB of memory")
        return given_up(f"its process ended with status {status}")
