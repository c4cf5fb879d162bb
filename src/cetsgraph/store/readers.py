"""Processes that have a snapshot of a store open, within limits and without a network.

Where the system can fork, they are copies of one that has the snapshot open: that takes 1 ms of a processor,
and 40 ms where each opens the snapshot for itself.
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
from functools import partial
from typing import NoReturn

import pyoxigraph as ox

from cetsgraph import system
from cetsgraph.confinement import confine, with_stack

__all__ = ["NO_SNAPSHOT", "Readers"]

NO_SNAPSHOT = ""
"""In place of a snapshot: a process that has none open."""

_SPAWN = multiprocessing.get_context("spawn")
_STACK = 64 * 2**20  # bytes; a text of 200,000 characters may be nested too deeply for them all the same
_LONGEST_PATH = 2**15  # bytes

Read = Callable[[ox.Store, socket.socket], None]
Ended = Callable[[int], bytes]


class Readers:
    """Starts processes that read snapshots.

    Args:
        read: what each of them does, with the engine and a connection.
        ended: what its connection says when it has ended, by its status, a signal where that is negative.
        memory: bytes that each may take beside what it begins with.
        preloaded: a module with what they need, which is imported before they are made.
    """

    def __init__(self, read: Read, ended: Ended, memory: int, preloaded: str) -> None:
        self._read, self._ended = read, ended
        self._memory, self._preloaded = memory + _STACK, preloaded
        self._copier: socket.socket | None = None

    async def start(self, snapshot: str, connection: socket.socket) -> None:
        """Start a process with a snapshot and a connection, which ends where it cannot.

        Raises:
            OSError: no process starts.
        """
        await (self._copy if system.can_fork() else self._spawn)(snapshot, connection)

    async def _copy(self, snapshot: str, connection: socket.socket) -> None:
        if self._copier is None:
            self._copier, theirs = socket.socketpair()
            with theirs:
                given = (self._read, self._ended, self._memory, self._preloaded, theirs)
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
            given = (self._read, self._memory, snapshot, connection)
            process = _SPAWN.Process(target=_open, args=given, daemon=True)
            process.start()
            process.join()
            _say(connection, self._ended(process.exitcode or 0))

        threading.Thread(target=run, daemon=True).start()


def _open(read: Read, memory: int, snapshot: str, connection: socket.socket) -> None:
    """In a process of its own: open a snapshot, and read it."""
    confine(memory)
    _end_after(read, ox.Store.read_only(snapshot) if snapshot else ox.Store(), connection)


def _copy_as_asked(read: Read, ended: Ended, memory: int, preloaded: str, control: socket.socket) -> None:
    """In a process of its own: for each snapshot and connection that come, be copied with it open."""
    importlib.import_module(preloaded)
    confine(memory)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda signal, frame: None)
    opened, engine, running = NO_SNAPSHOT, ox.Store(), dict[int, socket.socket]()
    while True:
        ready, _, _ = select.select([control.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, 100)
            _note_ends(running, ended)
        if control.fileno() not in ready:
            continue
        message, connections, _, _ = socket.recv_fds(control, _LONGEST_PATH, 1)
        snapshot = message[1:].decode()
        if not connections:  # the one that starts processes has ended
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
            connection.close()  # which shows that no process comes
            continue
        if number == 0:
            for other in (control, *running.values()):
                other.close()
            _end_after(read, engine, connection)
        running[number] = connection


def _end_after(read: Read, engine: ox.Store, connection: socket.socket) -> NoReturn:
    try:
        with_stack(_STACK, partial(read, engine, connection))
    finally:
        os._exit(0)  # the engine of a copy cannot be closed


def _note_ends(running: dict[int, socket.socket], ended: Ended) -> None:
    for number in list(running):
        found, status = os.waitpid(number, os.WNOHANG)
        if found:
            _say(running.pop(number), ended(os.waitstatus_to_exitcode(status)))


def _say(connection: socket.socket, text: bytes) -> None:
    with connection, contextlib.suppress(OSError):  # who listened may have closed it
        connection.sendall(text)
