"""Starting query processes.

Where the system can fork, one process of each worker has the snapshot open, and query processes are copies of
it: that takes 1 ms of a processor, and 40 ms where each opens the snapshot for itself. Who starts a process
says on its connection how it ended.
"""

import asyncio
import contextlib
import gc
import importlib
import multiprocessing
import os
import select
import signal
import socket
import threading
from dataclasses import dataclass, field
from typing import NoReturn

import pyoxigraph as ox

from cetsgraph import system
from cetsgraph.confinement import forbid_network, limit_data
from cetsgraph.errors import StoreError
from cetsgraph.server.query_process import PIECE, STACK, answer_requests

__all__ = ["NO_SNAPSHOT", "Process", "ProcessEnded", "Processes"]

NO_SNAPSHOT = ""
"""In place of a snapshot: a process that has none open."""

_SPAWN = multiprocessing.get_context("spawn")
_PRELOADED = "cetsgraph.server.web.application"
"""Imports all that requests name, so that no copy has to."""
_ENDED = b"s"  # letter of the piece that says how a process ended
_LONGEST_PATH = 2**15  # bytes
_PATIENCE = 60.0  # seconds until a process has started, the first of which imports much


class ProcessEnded(Exception):
    """A process has ended with a status, which is a signal where it is negative; None if it is not known."""

    def __init__(self, status: int | None = None) -> None:
        super().__init__(status)
        self.status = status


@dataclass(slots=True)
class Process:
    """The worker's end of a query process."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    unsent: list[bytes] = field(default_factory=list)
    id: int = 0
    """Its number."""

    def send(self, data: bytes) -> None:
        """Send requests, with others of this moment: each time, the process may be woken."""
        if not self.unsent:
            asyncio.get_running_loop().call_soon(self._flush)
        self.unsent.append(data)

    def _flush(self) -> None:
        if not self.writer.is_closing():
            self.writer.write(b"".join(self.unsent))
        self.unsent.clear()

    async def receive(self) -> tuple[bytes, bytes]:
        """The next piece of an answer: its letter and its content; raises ProcessEnded."""
        try:
            kind, size = PIECE.unpack(await self.reader.readexactly(PIECE.size))
            content = await self.reader.readexactly(size)
        except (EOFError, OSError) as error:
            raise ProcessEnded from error
        if kind == _ENDED:
            raise ProcessEnded(int(content))
        return kind, content

    def kill(self) -> None:
        """End it at once, whatever it does."""
        self.writer.transport.abort()
        if self.id:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.id, getattr(signal, "SIGKILL", signal.SIGTERM))  # Windows ends it by any


class Processes:
    """Starts processes, each of which may take so many bytes of memory beside what it begins with."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._copier: socket.socket | None = None
        self._turn = asyncio.Lock()

    async def start(self, snapshot: str) -> Process:
        """A process that has a snapshot open.

        Raises:
            StoreError: the snapshot cannot be opened.
        """
        ours, theirs = socket.socketpair()
        process = Process(*await asyncio.open_connection(sock=ours))
        with contextlib.ExitStack() as unfinished:
            unfinished.callback(process.kill)
            try:
                async with self._turn, asyncio.timeout(_PATIENCE):
                    await (self._copy if system.can_fork() else self._spawn)(snapshot, theirs)
                    _, number = await process.receive()
            except (ProcessEnded, OSError) as error:  # TimeoutError is one
                raise StoreError("a query process does not start", location=snapshot) from error
            unfinished.pop_all()
        process.id = int(number)
        return process

    async def _copy(self, snapshot: str, connection: socket.socket) -> None:
        if self._copier is None:
            self._copier, theirs = socket.socketpair()
            with theirs:
                process = _SPAWN.Process(target=_copy_as_asked, args=(self._memory, theirs), daemon=True)
                await asyncio.to_thread(process.start)
        try:
            with connection:
                socket.send_fds(self._copier, [b"=" + snapshot.encode()], [connection.fileno()])
        except OSError:
            self._copier = None  # it has ended
            raise

    async def _spawn(self, snapshot: str, connection: socket.socket) -> None:
        def run() -> None:
            process = _SPAWN.Process(target=_open, args=(self._memory, snapshot, connection), daemon=True)
            process.start()
            process.join()
            _say_end(connection, process.exitcode or 0)

        threading.Thread(target=run, daemon=True).start()


def _open(memory: int, snapshot: str, connection: socket.socket) -> None:
    """In a process of its own: open a snapshot, and answer requests."""
    _confine(memory)
    _answer(ox.Store.read_only(snapshot) if snapshot else ox.Store(), connection, memory)


def _copy_as_asked(memory: int, control: socket.socket) -> None:
    """In a process of its own: for each snapshot and connection that come, be copied with it open."""
    importlib.import_module(_PRELOADED)
    _confine(memory)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda signal, frame: None)
    opened, engine, running = NO_SNAPSHOT, ox.Store(), dict[int, socket.socket]()
    while True:
        ready, _, _ = select.select([control.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, 100)
            _note_ends(running)
        if control.fileno() not in ready:
            continue
        message, connections, _, _ = socket.recv_fds(control, _LONGEST_PATH, 1)
        snapshot = message[1:].decode()
        if not connections:  # the worker has ended
            for number in running:
                os.kill(number, signal.SIGKILL)
            os._exit(0)
        connection = socket.socket(fileno=connections[0])
        try:
            if snapshot != opened:
                engine, opened = ox.Store.read_only(snapshot), snapshot
                gc.freeze()  # what is here stays, and is not copied to be looked at
            number = os.fork()
        except (OSError, RuntimeError):
            connection.close()  # so the worker sees that no process comes
            continue
        if number == 0:
            for other in (control, *running.values()):
                other.close()
            _answer(engine, connection, memory)
        running[number] = connection


def _answer(engine: ox.Store, connection: socket.socket, memory: int) -> NoReturn:
    try:
        answer_requests(engine, connection, memory)
    finally:
        os._exit(0)  # the engine of a copy cannot be closed


def _note_ends(running: dict[int, socket.socket]) -> None:
    for number in list(running):
        ended, status = os.waitpid(number, os.WNOHANG)
        if ended:
            _say_end(running.pop(number), os.waitstatus_to_exitcode(status))


def _say_end(connection: socket.socket, status: int) -> None:
    with connection, contextlib.suppress(OSError):  # the worker may have closed it
        connection.sendall(PIECE.pack(_ENDED, 12) + b"%12d" % status)


def _confine(memory: int) -> None:
    """Take from this process and its copies what queries are not to have."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker ends this process, not the terminal
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the engine says there that it has no more memory
    limit_data(memory + STACK)
    forbid_network()
