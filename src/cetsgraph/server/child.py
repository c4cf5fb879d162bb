"""A process that a web worker starts, exchanges messages with, and kills when it has to."""

import asyncio
import contextlib
import json
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from cetsgraph.confinement import resident_bytes
from cetsgraph.server.frames import FrameReader

__all__ = ["Child", "Receiver"]

Receiver = Callable[[bytes, bytes], None]
"""Takes the kind and the content of a message."""


class Child(asyncio.SubprocessProtocol):
    """The worker's end of a process of `cetsgraph.server` that is started as a file."""

    def __init__(self) -> None:
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        """Its exit status, once it has ended."""
        self.idle_bytes = 0
        """Memory that it holds when it does nothing."""
        self._receive: Receiver | None = None
        self._reader = FrameReader()
        self._transport: asyncio.SubprocessTransport | None = None
        self._input: asyncio.WriteTransport | None = None
        self._output: asyncio.ReadTransport | None = None

    @classmethod
    async def start(cls, module: str, settings: Mapping[str, Any], receive: Receiver) -> Self:
        """Start the file of a module, which gets the settings as JSON, and `path` to import from.

        Nothing that the interpreter would import by itself is imported: no site, no environment.
        """
        specification = find_spec(module)
        assert specification is not None and specification.origin is not None
        given = json.dumps({**settings, "path": _path()})
        _, child = await asyncio.get_running_loop().subprocess_exec(
            cls, sys.executable, "-I", "-S", specification.origin, given, stderr=asyncio.subprocess.DEVNULL
        )
        child.receive_with(receive)
        return child

    def holds_more(self, most: int) -> bool:
        """Whether it holds so much more memory than when it does nothing."""
        return (resident_bytes(self.id) or 0) - self.idle_bytes > most

    @property
    def id(self) -> int:
        assert self._transport is not None
        return self._transport.get_pid() or 0

    def receive_with(self, receive: Receiver | None) -> None:
        """Have messages taken by `receive` from now on."""
        self._receive = receive

    def send(self, data: bytes) -> None:
        """Send messages; nothing where the process has ended."""
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
        """End the process at once, whatever it does."""
        self._receive = None
        if self._transport is not None:
            with contextlib.suppress(ProcessLookupError):
                self._transport.kill()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport
        self._input = transport.get_pipe_transport(0)  # type: ignore[assignment]
        self._output = transport.get_pipe_transport(1)  # type: ignore[assignment]

    def pipe_data_received(self, fd: int, data: bytes | str) -> None:
        assert isinstance(data, bytes)
        for kind, content in self._reader.feed(data):
            if self._receive is not None:
                self._receive(kind, content)

    def process_exited(self) -> None:
        assert self._transport is not None
        if not self.ended.done():
            self.ended.set_result(self._transport.get_returncode() or 0)


def _path() -> list[str]:
    """Where the packages are that query processes import."""
    roots = []
    for package in ("cetsgraph", "pyoxigraph"):
        specification = find_spec(package)
        assert specification is not None and specification.origin is not None
        roots.append(str(Path(specification.origin).parents[1]))
    return list(dict.fromkeys(roots))
