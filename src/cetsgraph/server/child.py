"""A process that a web worker starts, exchanges messages with, and kills when it has to."""

import asyncio
import contextlib
import json
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self, cast

from cetsgraph.confinement import resident_bytes
from cetsgraph.server.frames import FrameReader

__all__ = ["Child"]


class Child(asyncio.SubprocessProtocol):
    """The worker's end of a process of `cetsgraph.server` that is started as a file."""

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
        self._transport: asyncio.SubprocessTransport | None = None
        self._input: asyncio.WriteTransport | None = None
        self._output: asyncio.ReadTransport | None = None

    @classmethod
    async def start(cls, module: str, settings: Mapping[str, Any]) -> Self:
        """Start the file of a module, which gets the settings as JSON, and `path` to import from.

        Nothing that the interpreter would import by itself is imported: no site, no environment.
        """
        specification = find_spec(module)
        assert specification is not None and specification.origin is not None
        given = json.dumps({**settings, "path": _path()})
        _, child = await asyncio.get_running_loop().subprocess_exec(
            cls, sys.executable, "-I", "-S", specification.origin, given, stderr=asyncio.subprocess.DEVNULL
        )
        return child

    @property
    def id(self) -> int:
        """The number of the process."""
        assert self._transport is not None
        return self._transport.get_pid() or 0

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
        """End the process at once, whatever it does."""
        self.receive = lambda kind, content: None
        if self._transport is not None:
            with contextlib.suppress(ProcessLookupError):
                self._transport.kill()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The process has started."""
        self._transport = cast(asyncio.SubprocessTransport, transport)
        self._input = cast(asyncio.WriteTransport, self._transport.get_pipe_transport(0))
        self._output = cast(asyncio.ReadTransport, self._transport.get_pipe_transport(1))

    def pipe_data_received(self, fd: int, data: bytes | str) -> None:
        """The process has written."""
        assert isinstance(data, bytes)
        for kind, content in self._reader.feed(data):
            self.receive(kind, content)

    def process_exited(self) -> None:
        """The process has ended."""
        assert self._transport is not None
        if not self.ended.done():
            self.ended.set_result(self._transport.get_returncode() or 0)


def _path() -> list[str]:
    """Where the packages are that the processes import."""
    roots = []
    for package in ("cetsgraph", "pyoxigraph"):
        specification = find_spec(package)
        assert specification is not None and specification.origin is not None
        roots.append(str(Path(specification.origin).parents[1]))
    return list(dict.fromkeys(roots))
