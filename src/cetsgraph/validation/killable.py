"""Processes that are killed when a call takes too long, too much memory, or ends them.

Shapes of a user's own can ask for anything: a regular expression or query that never ends, nesting that no
stack holds. No engine can be stopped from within, so such shapes run in processes of their own.
"""

import signal
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

from cetsgraph.confinement import limit_data
from cetsgraph.errors import CetsGraphError

__all__ = ["KillableProcesses"]

_P = ParamSpec("_P")
_T = TypeVar("_T")

_MEMORY = 4 * 2**30  # bytes of addresses
_STARTING = 60  # seconds


class KillableProcesses(Executor):
    """An executor that kills the process of a call which passes a limit, and makes another for the next call.

    What is called, its arguments and its result cross to another process by pickle.

    Args:
        processes: how many calls run at once.
        seconds: how long a call may take.
        memory: bytes that a process may have beside those it starts with, where the system has such a limit.
    """

    def __init__(self, processes: int, *, seconds: float, memory: int = _MEMORY) -> None:
        self._threads = ThreadPoolExecutor(processes)
        self._idle: SimpleQueue[_Child] = SimpleQueue()
        self._seconds = seconds
        self._memory = memory

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Call a function in one of the processes.

        The future's result raises CetsGraphError where the process had to be killed, or ended by itself.
        """
        return self._threads.submit(self._call, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes after the calls that run."""
        self._threads.shutdown(wait=wait, cancel_futures=cancel_futures)
        while not self._idle.empty():
            self._idle.get().kill()

    def _call(self, *call: Any) -> Any:
        try:
            child = self._idle.get_nowait()
        except Empty:
            child = _Child(self._memory, self._seconds)
        try:
            result = child.call(call)
        except CetsGraphError:  # no result: the process is stuck, or has ended by itself
            child.kill()
            raise
        self._idle.put(child)
        if isinstance(result, BaseException):
            raise result
        return result


class _Child:
    """A process that answers calls, one after the other."""

    def __init__(self, memory: int, seconds: float) -> None:
        context = get_context("spawn")  # a copy of this process would have its locks, and none of its threads
        self._calls, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, memory, seconds), daemon=True)
        self._process.start()
        self._seconds = seconds
        self._ready = False
        theirs.close()

    def call(self, call: tuple[Any, ...]) -> Any:
        """The result of a call, or the error that it raised.

        Raises:
            CetsGraphError: there is no result; the process has to be killed.
        """
        try:
            self._start()
            self._calls.send(call)
            if not self._calls.poll(self._seconds):
                raise CetsGraphError(
                    f"no result within {self._seconds:g} s",
                    hint="Allow more with --timeout, or ask for less.",
                )
            return self._calls.recv()
        except (EOFError, OSError) as error:
            self._process.join(timeout=1)
            raise CetsGraphError(
                "the process ended without a result",
                found=f"exit status {self._process.exitcode}",
                hint="Deep nesting or too little memory ends an engine; simplify what it is given.",
            ) from error

    def _start(self) -> None:
        """Wait until the process can be called, which is not the call's time."""
        if not self._ready and not self._calls.poll(_STARTING):
            raise CetsGraphError(f"a process did not start within {_STARTING} s")
        self._ready = self._ready or self._calls.recv()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.join()
        self._calls.close()


def _serve(calls: Connection, memory: int, seconds: float) -> None:
    limit_data(memory)
    calls.send(True)
    while True:
        try:
            function, args, kwargs = calls.recv()
        except EOFError:
            return
        _end_in(2 * seconds)
        try:
            calls.send(function(*args, **kwargs))
        except CetsGraphError as error:
            calls.send(error)
        except MemoryError:
            calls.send(CetsGraphError("a process has no memory left", expected=f"at most {memory} bytes"))
        _end_in(0)


def _end_in(seconds: float) -> None:
    """Have the system end this process after so many seconds, in case its parent is gone; never for 0."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
