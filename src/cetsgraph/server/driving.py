"""Threads that take turns at driving an event loop, so that work can be done where it arrives.

The way to another thread and back takes as long as a small query. So the thread that drives the loop also
does the work, between two rounds of the loop. Where that takes longer than a moment, the thread loses its
turn: another, which stands by, drives the loop from then on, and the first ends with the work that it is at.
"""

import asyncio
import contextlib
import os
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

__all__ = ["Drivers", "Job"]

_MOMENT = 0.005  # seconds
_BEHIND = 5  # niceness of a thread that has lost its turn
_BATCH = 0.002  # seconds of work after which the loop has a round, if others wait for their answers


class Job(ABC):
    """Some work, who does it, and since when."""

    __slots__ = ("alone", "begun", "thread", "wanted")

    def __init__(self) -> None:
        self.begun: float | None = None
        self.thread: int | None = None
        self.alone = False
        """Is it one of those that may take longer than a moment, and long?"""
        self.wanted = True
        """Is there anybody who waits for the result?"""

    @abstractmethod
    def work(self) -> Any:
        """Do it."""

    @abstractmethod
    def done(self, result: Any, error: Exception | None) -> None:
        """Be told the result, or what was raised, in the event loop."""

    def do(self, thread: int) -> tuple[Any, Exception | None]:
        """Do the work in a thread with this number."""
        if not self.wanted:
            return None, None
        self.begun = time.monotonic()
        self.thread = thread
        try:
            return self.work(), None
        except Exception as error:  # for whoever waits
            return None, error
        finally:
            self.thread = None


class Drivers:
    """Threads for one event loop.

    Args:
        loop: the loop, which nobody else runs.
        most: how many may be at work that takes longer than a moment, beside as many that are left alone.
        stack: bytes of the stack of each.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, most: int, stack: int) -> None:
        self._loop = loop
        self._most = most
        self._stack = stack
        self._waiting: deque[Job] = deque()
        self._lock = threading.Lock()
        self._thread = 0  # who drives
        self._turn = 0  # grows whenever another thread takes over
        self._behind = 0  # threads that have lost their turn and are still at work
        self._alone = 0  # threads likewise, whose work takes long
        self._away: float | None = None  # since when the driver has been at work, and not at the loop
        self._stirred = threading.Event()

    def start(self, main: Coroutine[Any, Any, None]) -> None:
        """Drive the loop from now on, as long as the process lives.

        Args:
            main: what the loop begins with.
        """
        self._main = self._loop.create_task(main)
        self._start_thread(self._stand_by)
        self._start_thread(lambda: self._drive(self._turn))

    def add(self, job: Job) -> None:
        """Have a job done. To be called in the loop."""
        self._waiting.append(job)
        self._look_for_work()

    def leave_alone(self, job: Job, niceness: int) -> None:
        """Let a job take long, and others go first. To be called in the loop, whose driver is at no job."""
        with self._lock:
            if job.thread is None:
                return
            _urge_less(job.thread, niceness)
            if not job.alone and self._alone < self._most:
                job.alone = True
                self._alone += 1
                self._behind -= 1
        self._look_for_work()

    def _look_for_work(self) -> None:
        if self._waiting and self._behind < self._most:
            self._loop.stop()  # when this round of it ends

    def _start_thread(self, target: Callable[[], None]) -> None:
        # The engine goes down with the nesting of a query, and would end the process at the end of the stack.
        usual = threading.stack_size(self._stack)
        try:
            threading.Thread(target=target, name="cetsgraph-driver", daemon=True).start()
        finally:
            threading.stack_size(usual)

    def _drive(self, turn: int) -> None:
        """Be a thread: drive the loop, and do what there is to do, until the turn is another's."""
        self._thread = thread = threading.get_native_id()
        while True:
            self._loop.run_forever()
            if not self._work(turn, thread):
                return

    def _stand_by(self) -> None:
        """Be a thread: wait until whoever has the turn is away for more than a moment, and take it."""
        turn = None
        while turn is None:
            if self._away is None:
                self._stirred.clear()
                if self._away is None:
                    self._stirred.wait()
            time.sleep(_MOMENT)
            turn = self._taken()
        self._drive(turn)

    def _taken(self) -> int | None:
        """The turn, if it is to be taken; there is another thread that stands by then."""
        with self._lock:
            if self._away is None or time.monotonic() - self._away < _MOMENT:
                return None
            try:
                self._start_thread(self._stand_by)
            except RuntimeError:  # there is no memory for a stack; perhaps there will be
                return None
            _urge_less(self._thread, _BEHIND)
            self._away = None
            self._turn += 1
            self._behind += 1
            self._loop.call_soon(self._look_for_work)
            return self._turn

    def _work(self, turn: int, thread: int) -> bool:
        """Do what waits. Whether the thread still has its turn then."""
        self._away = time.monotonic()
        if not self._stirred.is_set():
            self._stirred.set()
        end = self._away + _BATCH
        alone = False
        while (job := self._next(turn, end)) is not None:
            result, error = job.do(thread)
            with self._lock:
                alone = job.alone
                self._schedule(turn)(job.done, result, error)
        with self._lock:
            if self._turn == turn:
                self._away = None
                self._loop.call_soon(self._look_for_work)
                return True
        self._loop.call_soon_threadsafe(self._catch_up, alone)
        return False

    def _next(self, turn: int, end: float) -> Job | None:
        with self._lock:
            goes_on = self._waiting and self._turn == turn and time.monotonic() < end
            return self._waiting.popleft() if goes_on else None

    def _schedule(self, turn: int) -> Callable[..., Any]:
        """How to have the loop call something: it need not be woken while nobody drives it."""
        return self._loop.call_soon if self._turn == turn else self._loop.call_soon_threadsafe

    def _catch_up(self, alone: bool) -> None:
        """Count a thread no more that has lost its turn."""
        if alone:
            self._alone -= 1
        else:
            self._behind -= 1
        self._look_for_work()


def _urge_less(thread: int, niceness: int) -> None:
    if sys.platform == "linux":  # elsewhere processes have one, and threads none
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, niceness)
