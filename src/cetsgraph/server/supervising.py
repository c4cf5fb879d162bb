"""Processes: a supervisor that listens, and workers that accept on its socket and come and go."""

import asyncio
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

import uvicorn

from cetsgraph.errors import CetsGraphError
from cetsgraph.server.application import application
from cetsgraph.server.limits import Limits
from cetsgraph.server.metrics import Metrics
from cetsgraph.server.snapshots import Snapshots
from cetsgraph.server.writing import Tokens, Writer, write_changes, writer_socket
from cetsgraph.store.directory import StoreDirectory

__all__ = ["Service", "serve"]

_WRITER = -1  # the number of the process that writes
_BACKLOG = 1024
_SHORT_LIFE = 1.0  # seconds: a worker that dies sooner cannot work
_PATIENCE = 5  # such workers in a row


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


def serve(service: Service, ready: Callable[[str], None] = lambda address: None) -> None:
    """Serve until a signal to end (INT or TERM); then let requests under way end.

    Args:
        service: what to serve.
        ready: is told the address once connections are taken.

    Raises:
        StoreNotFound: there is no store in the directory.
        CetsGraphError: the address is taken, or workers cannot run.
    """
    StoreDirectory(service.directory).settings()
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
        self._tokens = None if service.token_file is None else Tokens(service.token_file)
        self._writing: tuple[socket.socket, str] | None = writer_socket() if self._tokens else None
        self._working: dict[int, _Worker] = {}  # by process id
        self._short_lives = 0
        self._ending = False

    def start(self) -> None:
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._end)
        for number in range(self._service.workers):
            self._fork(number)
        if self._writing is not None:
            self._fork(_WRITER)

    def watch(self) -> None:
        """Replace workers that retire or die, until all are to end."""
        while not self._ending:
            pipes = [worker.pipe for worker in self._working.values() if worker.listened_to]
            try:
                readable, _, _ = select.select(pipes, [], [], 0.2)
            except InterruptedError:
                continue
            for worker in [worker for worker in self._working.values() if worker.pipe in readable]:
                worker.listened_to = False
                if os.read(worker.pipe, 1):  # otherwise it died
                    worker.retiring = True
                    self._fork(worker.number)
            self._bury()
        self._end_all()

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._ending = True

    def _fork(self, number: int) -> None:
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(reading)
            if number == _WRITER:
                self._write()
            self._work(number, writing)
        os.close(writing)
        self._working[process] = _Worker(number, reading)

    def _work(self, number: int, pipe: int) -> NoReturn:
        writer = None if self._writing is None else Writer(self._writing[1], self._service.limits.seconds)
        metrics = self._metrics.of_worker(number)
        _work(self._service, self._listening, metrics, pipe, writer, self._tokens)

    def _write(self) -> NoReturn:
        assert self._writing is not None
        try:
            for name in (signal.SIGINT, signal.SIGTERM):
                signal.signal(name, signal.SIG_DFL)
            self._listening.close()
            write_changes(self._service.directory, self._writing[0])
        finally:
            os._exit(1)

    def _bury(self) -> None:
        """Take note of workers that have ended, and of those that should have."""
        while self._working:
            process, _ = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                break
            worker = self._working.pop(process)
            os.close(worker.pipe)
            if not worker.retiring and not self._ending:
                self._revive(worker)
        longest = self._service.limits.seconds + 5
        for process, worker in self._working.items():
            if worker.retiring and time.monotonic() - worker.since > longest:
                os.kill(process, signal.SIGKILL)

    def _revive(self, worker: "_Worker") -> None:
        if time.monotonic() - worker.since < _SHORT_LIFE:
            self._short_lives += 1
            if self._short_lives > _PATIENCE:
                self._end_all()
                raise CetsGraphError("workers of the server end as soon as they start")
            time.sleep(0.1)
        else:
            self._short_lives = 0
        self._fork(worker.number)

    def _end_all(self) -> None:
        if self._writing is not None:
            shutil.rmtree(os.path.dirname(self._writing[1]), ignore_errors=True)
        for process in self._working:
            os.kill(process, signal.SIGTERM)
        until = time.monotonic() + 3
        while self._working and time.monotonic() < until:
            process, _ = os.waitpid(-1, os.WNOHANG)
            if process:
                os.close(self._working.pop(process).pipe)
            else:
                time.sleep(0.02)
        for process in list(self._working):
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            os.close(self._working.pop(process).pipe)


class _Worker:
    __slots__ = ("_retiring", "listened_to", "number", "pipe", "since")

    def __init__(self, number: int, pipe: int) -> None:
        self.number = number
        self.pipe = pipe
        self.listened_to = True
        self._retiring = False
        self.since = time.monotonic()

    @property
    def retiring(self) -> bool:
        return self._retiring

    @retiring.setter
    def retiring(self, value: bool) -> None:
        self._retiring = value
        self.since = time.monotonic()


def _work(
    service: Service,
    listening: socket.socket,
    metrics: Metrics,
    pipe: int,
    writer: Writer | None,
    tokens: Tokens | None,
) -> NoReturn:
    """Be a worker, until told to end or until a query passed a limit."""
    status = 1
    try:
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.SIG_DFL)
        retired = False

        def retire() -> None:
            nonlocal retired
            if not retired:
                retired = True
                os.write(pipe, b"r")
                server.should_exit = True

        app = application(
            Snapshots(service.directory),
            service.limits,
            metrics,
            writer=writer,
            tokens=tokens,
            retire=retire,
            access_log=service.access_log,
        )
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                http="httptools",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_keep_alive=10,
                timeout_graceful_shutdown=int(service.limits.seconds) + 2,
            )
        )
        asyncio.run(server.serve(sockets=[listening]))
        status = 0
    finally:
        os._exit(status)  # a query that nobody waits for may still run in a thread


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
