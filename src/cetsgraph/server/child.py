"""A process that a web worker starts, exchanges messages with, and kills when it has to."""

import asyncio
import contextlib
import importlib
import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO, Any, Self, cast

from cetsgraph import system
from cetsgraph.confinement import resident_bytes
from cetsgraph.server.frames import FrameReader

__all__ = ["Child"]

_FORKS = multiprocessing.get_context("forkserver" if system.can_fork() else None)
_FORKS.set_forkserver_preload(["cetsgraph.server.query_process", "cetsgraph.server.update_process"])


class Child:
    """The worker's end of a process."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[int] = self._loop.create_future()
        """Its exit status, once it has ended."""
        self.receive: Callable[[bytes, bytes], None] = lambda kind, content: None
        """Takes the kind and the content of each message."""
        self.idle_bytes = 0
        """Memory that it holds when it does nothing."""
        self._reader = FrameReader()
        self._unsent: list[bytes] = []
        self.id = 0
        """Its number."""
        self._process: BaseProcess | None = None
        self._transport: asyncio.SubprocessTransport | None = None
        self._input: asyncio.WriteTransport | None = None
        self._output: asyncio.ReadTransport | None = None

    @classmethod
    async def start(cls, module: str, settings: Mapping[str, Any]) -> Self:
        """Start a module of :mod:`cetsgraph.server`, whose `main` gets the settings.

        Where the system can fork, a server of the standard library that has imported the module forks the
        process, which takes a quarter of the time of a new interpreter.
        """
        child = cls()
        await (child._fork if system.can_fork() else child._spawn)(module, settings)
        return child

    async def _fork(self, module: str, settings: Mapping[str, Any]) -> None:
        (theirs_in, ours_in), (ours_out, theirs_out) = _FORKS.Pipe(duplex=False), _FORKS.Pipe(duplex=False)
        self._process = _FORKS.Process(
            target=_run, args=(module, settings, theirs_in, theirs_out), daemon=True
        )
        self._process.start()
        self.id = self._process.pid or 0
        theirs_in.close()
        theirs_out.close()
        self._loop.add_reader(self._process.sentinel, self._exited)
        self._input, _ = await self._loop.connect_write_pipe(asyncio.BaseProtocol, _detached(ours_in, "wb"))
        self._output, _ = await self._loop.connect_read_pipe(lambda: _Pieces(self), _detached(ours_out, "rb"))

    def _exited(self) -> None:
        assert self._process is not None
        self._loop.remove_reader(self._process.sentinel)
        self._process.join()
        self.end(self._process.exitcode or 0)

    async def _spawn(self, module: str, settings: Mapping[str, Any]) -> None:
        """Start the file of the module, without what the interpreter would import by itself."""
        file = _file(module)
        given = json.dumps({**settings, "path": [_root("cetsgraph"), _root("pyoxigraph")]})
        transport, _ = await self._loop.subprocess_exec(
            lambda: _Spawned(self), sys.executable, "-I", "-S", file, given, stderr=asyncio.subprocess.DEVNULL
        )
        self._transport = transport
        self.id = transport.get_pid() or 0
        self._input = cast(asyncio.WriteTransport, transport.get_pipe_transport(0))
        self._output = cast(asyncio.ReadTransport, transport.get_pipe_transport(1))

    def holds_more(self, most: int) -> bool:
        """Whether it holds so much more memory than when it does nothing."""
        return (resident_bytes(self.id) or 0) - self.idle_bytes > most

    def send(self, data: bytes) -> None:
        """Send a message, with others of this moment; nothing where the process has ended."""
        if not self._unsent:
            self._loop.call_soon(self._flush)
        self._unsent.append(data)

    def _flush(self) -> None:
        data = b"".join(self._unsent)
        self._unsent.clear()
        if self._input is not None and not self._input.is_closing():
            self._input.write(data)

    def pause(self) -> None:
        """Take no more messages for now, so that the process waits when its pipe is full."""
        if self._output is not None and not self._output.is_closing():
            self._output.pause_reading()

    def resume(self) -> None:
        """Go on taking messages."""
        if self._output is not None and not self._output.is_closing():
            self._output.resume_reading()

    def kill(self) -> None:
        """End the process at once, even within a query."""
        self.receive = lambda kind, content: None
        killed = self._process or self._transport
        if killed is not None:
            with contextlib.suppress(ProcessLookupError):
                killed.kill()

    def take(self, data: bytes) -> None:
        """Take what the process has written."""
        for kind, content in self._reader.feed(data):
            self.receive(kind, content)

    def end(self, status: int) -> None:
        """The process has ended."""
        for pipe in (self._input, self._output):
            if pipe is not None:
                pipe.close()
        if not self.ended.done():
            self.ended.set_result(status)


class _Pieces(asyncio.Protocol):
    """What a forked process writes."""

    def __init__(self, child: Child) -> None:
        self._child = child

    def data_received(self, data: bytes) -> None:
        self._child.take(data)


class _Spawned(asyncio.SubprocessProtocol):
    """What a spawned process writes, and that it has ended."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._transport: asyncio.SubprocessTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.SubprocessTransport, transport)

    def pipe_data_received(self, fd: int, data: bytes | str) -> None:
        self._child.take(cast(bytes, data))

    def process_exited(self) -> None:
        assert self._transport is not None
        self._child.end(self._transport.get_returncode() or 0)


def _run(module: str, settings: Mapping[str, Any], given: Connection, taken: Connection) -> None:
    """In the forked process: its pipes are standard input and output, and it says nothing else."""
    os.dup2(given.fileno(), 0)
    os.dup2(taken.fileno(), 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    importlib.import_module(module).main(settings)
    os._exit(0)


def _detached(connection: Connection, mode: str) -> IO[bytes]:
    """The pipe of a connection, to be used by an event loop."""
    pipe = os.fdopen(os.dup(connection.fileno()), mode, 0)
    connection.close()
    return cast(IO[bytes], pipe)


def _file(module: str) -> str:
    specification = find_spec(module)
    assert specification is not None and specification.origin is not None
    return specification.origin


def _root(package: str) -> str:
    """The folder that a package is imported from."""
    return str(Path(_file(package)).parents[1])
