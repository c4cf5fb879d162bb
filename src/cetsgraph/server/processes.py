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
from collections.abc import Callable
from typing import NoReturn, cast

import pyoxigraph as ox

from cetsgraph import system
from cetsgraph.confinement import forbid_network, limit_data
from cetsgraph.errors import StoreError
from cetsgraph.server.query_process import PIECE, STACK, answer_requests

__all__ = ["NO_SNAPSHOT", "PAGES", "Process", "Processes", "Receive"]

NO_SNAPSHOT = ""
"""In place of a snapshot: a process that has none open."""

_SPAWN = multiprocessing.get_context("spawn")
_REQUESTS = "cetsgraph.server.application"
"""Imports all that requests name, so that no copy has to."""

PAGES = "cetsgraph.server.site.prepared"
"""Has all that pages need made as well."""

_ENDED = b"s"  # letter of the piece that says how a process ended
_LONGEST_PATH = 2**15  # bytes
_PATIENCE = 60.0  # seconds until a process has started, the first of which imports much


Receive = Callable[[bytes, bytes], None]
"""Takes a piece of an answer: its letter and its content."""


class Process(asyncio.Protocol):
    """The worker's end of a query process, whose answers are handed on piece by piece."""

    def __init__(self, receive: Receive) -> None:
        loop = asyncio.get_running_loop()
        self.id = 0
        """Its number."""
        self.started: asyncio.Future[None] = loop.create_future()
        self.ended: asyncio.Future[int | None] = loop.create_future()
        """The status that it ended with, which is a signal where it is negative; None if it is not known."""
        self._receive = receive
        self._come_in = bytearray()
        self._unsent: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._come_in += data
        while len(self._come_in) >= PIECE.size:
            kind, size = PIECE.unpack_from(self._come_in)
            end = PIECE.size + size
            if len(self._come_in) < end:
                return
            content = bytes(self._come_in[PIECE.size : end])
            del self._come_in[:end]
            self._take(kind, content)

    def _take(self, kind: bytes, content: bytes) -> None:
        if kind == _ENDED:
            self.ended.set_result(int(content))
        elif self.id:
            self._receive(kind, content)
        else:
            self.id = int(content)
            self.started.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    def pause(self) -> None:
        """Let the process wait with what it has to say."""
        self._transport.pause_reading()

    def resume(self) -> None:
        """Let it go on."""
        self._transport.resume_reading()

    def send(self, data: bytes) -> None:
        """Send requests, with others of this moment: each time, the process may be woken."""
        if not self._unsent:
            asyncio.get_running_loop().call_soon(self._flush)
        self._unsent.append(data)

    def _flush(self) -> None:
        self._transport.write(b"".join(self._unsent))
        self._unsent.clear()

    def kill(self) -> None:
        """End it at once, whatever it does."""
        self._transport.abort()
        if self.id:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.id, getattr(signal, "SIGKILL", signal.SIGTERM))  # Windows ends it by any


class Processes:
    """Starts processes, each of which may take so many bytes of memory beside what it begins with.

    They are copies of one that has imported a module: the one of requests, unless it is :data:`PAGES`.
    """

    def __init__(self, memory: int, preloaded: str = _REQUESTS) -> None:
        self._memory = memory
        self._preloaded = preloaded
        self._copier: socket.socket | None = None
        self._turn = asyncio.Lock()

    async def start(self, snapshot: str, receive: Receive) -> Process:
        """A process that has a snapshot open, and what takes pieces of its answers.

        Raises:
            StoreError: the snapshot cannot be opened.
        """
        ours, theirs = socket.socketpair()
        loop = asyncio.get_running_loop()
        _, process = await loop.create_connection(lambda: Process(receive), sock=ours)
        with contextlib.ExitStack() as unfinished:
            unfinished.callback(process.kill)
            try:
                async with self._turn, asyncio.timeout(_PATIENCE):
                    await (self._copy if system.can_fork() else self._spawn)(snapshot, theirs)
                    await asyncio.wait((process.started, process.ended), return_when=asyncio.FIRST_COMPLETED)
            except OSError as error:  # TimeoutError is one
                raise StoreError("a query process does not start", location=snapshot) from error
            if not process.id:
                raise StoreError("a query process ends before it works", location=snapshot)
            unfinished.pop_all()
        return process

    async def _copy(self, snapshot: str, connection: socket.socket) -> None:
        if self._copier is None:
            self._copier, theirs = socket.socketpair()
            with theirs:
                given = (self._memory, self._preloaded, theirs)
                process = _SPAWN.Process(target=_copy_as_asked, args=given, daemon=True)
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


def _copy_as_asked(memory: int, preloaded: str, control: socket.socket) -> None:
    """In a process of its own: for each snapshot and connection that come, be copied with it open."""
    importlib.import_module(preloaded)
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
