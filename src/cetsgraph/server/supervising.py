"""Processes: a supervisor that listens, and workers that accept on its socket and come and go."""

import gc
import math
import os
import select
import shutil
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

from cetsgraph.errors import CetsGraphError
from cetsgraph.server.accepting import Share
from cetsgraph.server.application import application
from cetsgraph.server.asking import Asking
from cetsgraph.server.limits import Limits
from cetsgraph.server.metrics import Metrics
from cetsgraph.server.recording import Recorded
from cetsgraph.server.snapshots import Snapshots
from cetsgraph.server.working import ALIVE, BEAT, GIVE_UP, RETIRED, work
from cetsgraph.server.writing import Tokens, Writer, write_changes, writer_socket
from cetsgraph.store.directory import StoreDirectory

__all__ = ["Service", "serve"]

_WRITER = -1  # the number of the process that writes
_BACKLOG = 1024
_PATIENCE = 5  # workers in a row that end before they work
_SILENCE = 10 * BEAT
_HURRY = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Service:
    """What is served, where, and within which limits."""

    directory: Path
    host: str = "127.0.0.1"
    port: int = 7878
    workers: int = field(default_factory=lambda: max(2, len(os.sched_getaffinity(0))))
    limits: Limits = field(default_factory=Limits)
    access_log: bool = True
    token_file: Path | None = None
    """Tokens that may write; nobody may if there is no file."""
    base_url: str | None = None
    """Address that clients reach the server by; of each request if not given."""


def serve(service: Service, ready: Callable[[str], None] = lambda address: None) -> None:
    """Serve until a signal to end (INT or TERM); then let requests under way end.

    Args:
        service: what to serve.
        ready: is told the address once connections are taken.

    Raises:
        StoreError: there is no store in the directory, or one of another version.
        CetsGraphError: the address is taken, or workers cannot run.
    """
    StoreDirectory(service.directory).record()
    with _listening(service.host, service.port) as listening:
        host, port = listening.getsockname()[:2]
        supervisor = _Supervisor(service, listening)
        supervisor.start()
        ready(f"http://{f'[{host}]' if ':' in host else host}:{port}")
        supervisor.watch()


class _Supervisor:
    def __init__(self, service: Service, listening: socket.socket) -> None:
        self._service = service
        self._listening = listening
        self._metrics = Metrics(service.workers)
        self._shares = Share.of_all(service.workers)
        self._tokens = None if service.token_file is None else Tokens(service.token_file)
        self._writing: tuple[socket.socket, str] | None = writer_socket() if self._tokens else None
        self._processes: dict[int, _Process] = {}  # by process id
        self._failures = 0
        self._ending = False

    def start(self) -> None:
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._end)
        gc.freeze()  # what all processes share is neither looked at nor copied again
        for number in range(self._service.workers):
            self._fork(number)
        if self._writing is not None:
            self._fork(_WRITER)

    def watch(self) -> None:
        """Replace workers that retire, die or fall silent, until all are to end."""
        while not self._ending:
            pipes = [process.pipe for process in self._processes.values() if process.listened_to]
            try:
                readable, _, _ = select.select(pipes, [], [], 0.2)
            except InterruptedError:
                continue
            for process in [process for process in self._processes.values() if process.pipe in readable]:
                self._hear(process)
            self._bury()
            self._kill_the_silent()
        self._end_all()

    def _hear(self, process: "_Process") -> None:
        said = os.read(process.pipe, 4096)
        process.listened_to = bool(said)  # otherwise it is dead
        process.heard = time.monotonic()
        process.works = process.works or ALIVE in said
        if RETIRED in said:
            process.retired = time.monotonic()
            for other in self._processes.values():
                if other.number == process.number and other is not process:
                    self._hurry(other)
            self._fork(process.number)

    def _hurry(self, process: "_Process") -> None:
        """So that there are never more than two processes in the place of one."""
        os.kill(process.id, GIVE_UP)
        process.deadline = min(process.deadline, time.monotonic() + _HURRY)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._ending = True

    def _fork(self, number: int) -> None:
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(reading)
            if number == _WRITER:
                self._write(writing)
            self._work(number, writing)
        os.close(writing)
        self._processes[process] = _Process(process, number, reading)

    def _work(self, number: int, pipe: int) -> NoReturn:
        service = self._service
        writer = None if self._writing is None else Writer(self._writing[1], service.limits.seconds)

        def make(asking: Asking) -> Recorded:
            return application(
                Snapshots(service.directory),
                asking,
                self._metrics.of_worker(number),
                writer=writer,
                tokens=self._tokens,
                base_url=service.base_url,
                access_log=service.access_log,
            )

        work(make, service.limits, self._listening, self._shares[number], pipe)

    def _write(self, pipe: int) -> NoReturn:
        assert self._writing is not None
        try:
            os.write(pipe, ALIVE)
            for name in (signal.SIGINT, signal.SIGTERM):
                signal.signal(name, signal.SIG_DFL)
            self._listening.close()
            write_changes(self._service.directory, self._writing[0])
        finally:
            os._exit(1)

    def _bury(self) -> None:
        """Take note of processes that have ended."""
        while self._processes:
            ended, _ = os.waitpid(-1, os.WNOHANG)
            if ended == 0:
                break
            process = self._processes.pop(ended)
            if process.listened_to and select.select([process.pipe], [], [], 0)[0]:
                process.works = process.works or ALIVE in os.read(process.pipe, 4096)
            os.close(process.pipe)
            if process.retired is None and not self._ending:
                self._revive(process)

    def _revive(self, process: "_Process") -> None:
        self._failures = 0 if process.works else self._failures + 1
        if self._failures > _PATIENCE:
            self._end_all()
            raise CetsGraphError("workers of the server end before they work")
        self._fork(process.number)

    def _kill_the_silent(self) -> None:
        now = time.monotonic()
        longest = self._service.limits.seconds + 5
        for process in self._processes.values():
            silent = process.number != _WRITER and process.works and now - process.heard > _SILENCE
            overdue = process.retired is not None and now - process.retired > longest
            if silent or overdue or now > process.deadline:
                os.kill(process.id, signal.SIGKILL)

    def _end_all(self) -> None:
        if self._writing is not None:
            shutil.rmtree(os.path.dirname(self._writing[1]), ignore_errors=True)
        for process in self._processes:
            os.kill(process, signal.SIGTERM)
        until = time.monotonic() + 3
        while self._processes and time.monotonic() < until:
            process, _ = os.waitpid(-1, os.WNOHANG)
            if process:
                os.close(self._processes.pop(process).pipe)
            else:
                time.sleep(0.02)
        for process in list(self._processes):
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            os.close(self._processes.pop(process).pipe)


@dataclass(slots=True)
class _Process:
    """A worker, or the process that writes, as the supervisor knows it."""

    id: int
    number: int
    """Its place; at times two are in one, of which the older retires."""
    pipe: int
    listened_to: bool = True
    works: bool = False
    heard: float = field(default_factory=time.monotonic)
    retired: float | None = None
    deadline: float = math.inf
    """When it is killed."""


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named, event loops send small answers at once.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise CetsGraphError(
            "the server cannot listen here",
            where=f"{host}:{port}",
            found=error.strerror,
            hint="Give another --host or --port.",
        ) from error
    listening.listen(_BACKLOG)
    listening.set_inheritable(True)
    return listening
