"""Threads that do jobs for an event loop: one, as long as each job is short, and more while one is not.

The way to another thread and back takes as long as a small query. So jobs go there by the batch, all that
came since the loop looked for more, and come back likewise; a job that holds up its batch is left alone.
"""

import asyncio
import contextlib
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

__all__ = ["Job", "Threads"]

_BATCH = 32
_LOOK = 0.01  # seconds in which some job should end, or there is another thread

End = Callable[[Any, Exception | None], None]


class Job:
    """Some work, who does it, and since when.

    Args:
        work: what to do.
        end: is told the result, or what was raised, in the event loop.
    """

    __slots__ = ("_end", "alone", "arrived", "begun", "ended", "thread", "work")

    def __init__(self, work: Callable[[], Any], end: End) -> None:
        self.work = work
        self.arrived = time.monotonic()
        self.begun: float | None = None
        self.thread: int | None = None
        self.alone = False
        """Its thread does nothing else any more."""
        self.ended = False
        """Nobody waits for the result any more."""
        self._end = end

    def end(self, result: Any, error: Exception | None) -> None:
        """Say how it ended, unless that was said."""
        if not self.ended:
            self.ended = True
            self._end(result, error)

    def urge_less(self, niceness: int) -> None:
        """Let short jobs and the event loop go first."""
        thread = self.thread
        if thread is not None and sys.platform == "linux":  # elsewhere processes have one, and threads none
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, thread, niceness)


class Threads:
    """To be made and used in one event loop.

    Args:
        most: how many at once, besides those that were left alone with a job.
        stack: bytes of the stack of each.
        done: is called in the event loop when a job has left its thread.
    """

    def __init__(self, most: int, stack: int, done: Callable[[Job], None]) -> None:
        self._most = most
        self._stack = stack
        self._done = done
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Job] = deque()
        self._batches: SimpleQueue[None] = SimpleQueue()
        self._waking = False
        self._back: deque[tuple[Job, Any, Exception | None]] = deque()
        self._away = 0  # jobs that have not come back
        self._returns = self._returns_before = 0
        self._looking: asyncio.TimerHandle | None = None
        self._lock = threading.Lock()
        self._number = self._idle = 0

    def add(self, job: Job) -> None:
        """Have a job done."""
        self._waiting.append(job)
        self._away += 1
        if not self._waking:
            self._waking = True
            self._loop.call_soon(self._wake, len(self._waiting))

    def leave_alone(self, job: Job, niceness: int) -> None:
        """Let a job have its thread for itself, and others have another."""
        with self._lock:
            job.urge_less(niceness)
            if job.thread is None or job.alone:
                return
            job.alone = True
            self._number -= 1
        if self._waiting:
            self._start()

    def _wake(self, waited: int) -> None:
        """Hand a batch over, once the loop has found nothing more to add to it."""
        if waited < len(self._waiting) < _BATCH:
            self._loop.call_soon(self._wake, len(self._waiting))
            return
        self._waking = False
        if self._number:
            self._batches.put(None)
        else:
            self._start()
        if self._looking is None:
            self._looking = self._loop.call_later(_LOOK, self._look)

    def _look(self) -> None:
        """Take back what waits for the rest of its batch; have one thread more where none gets on."""
        self._take_back()
        if self._waiting and self._number < self._most and self._returns == self._returns_before:
            self._start()
        self._returns_before = self._returns
        self._looking = self._loop.call_later(_LOOK, self._look) if self._away else None

    def _take_back(self) -> None:
        while self._back:
            job, result, error = self._back.popleft()
            self._away -= 1
            self._returns += 1
            self._done(job)
            job.end(result, error)

    def _start(self) -> None:
        """Start a thread, which begins with what waits."""
        with self._lock:
            self._number += 1
        self._batches.put(None)
        # The engine goes down with the nesting of a query, and would end the process at the end of the stack.
        usual = threading.stack_size(self._stack)
        try:
            threading.Thread(target=self._do_batches, name="cetsgraph-query", daemon=True).start()
        finally:
            threading.stack_size(usual)

    def _do_batches(self) -> None:
        """Be a thread, until left alone with a job, or until there is another that has nothing to do."""
        stays, identity = True, threading.get_native_id()
        while stays and self._wait_for_batch():
            for _ in range(len(self._waiting)):
                try:
                    job = self._waiting.popleft()
                except IndexError:  # another thread took it
                    break
                stays = self._do(job, identity)
                if not stays:
                    break
            with contextlib.suppress(RuntimeError):  # the event loop has ended, and so will the process
                self._loop.call_soon_threadsafe(self._take_back)

    def _wait_for_batch(self) -> bool:
        with self._lock:
            if self._idle:
                self._number -= 1
                return False
            self._idle += 1
        self._batches.get()
        with self._lock:
            self._idle -= 1
        return True

    def _do(self, job: Job, thread: int) -> bool:
        """Whether the thread goes on with others."""
        result, error = None, None
        if not job.ended:
            job.begun = time.monotonic()
            job.thread = thread
            try:
                result = job.work()
            except Exception as raised:  # for whoever waits
                error = raised
            with self._lock:
                job.thread = None
        self._back.append((job, result, error))
        return not job.alone
