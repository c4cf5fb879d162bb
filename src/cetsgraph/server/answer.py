"""The body of an answer while it comes in: kept until it is whole, or handed on as the client takes it."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import IO

__all__ = ["AnswerBody", "BodyStream"]

_IN_MEMORY = 2**18  # bytes
_PIECE = 2**18
_AHEAD = 2**20  # bytes that come in before the client takes them


class AnswerBody:
    """All that was written to it: in memory while it is small, then in a temporary file."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._file: IO[bytes] | None = None
        self.media_type = ""
        self.size = 0

    def begin(self, media_type: str) -> None:
        """The answer has this form; nothing of it was written yet."""
        self.close()
        self._parts, self._file, self.size = [], None, 0
        self.media_type = media_type

    def write(self, data: bytes) -> None:
        """Keep a piece."""
        self.size += len(data)
        if self._file is None:
            self._parts.append(data)
            if self.size <= _IN_MEMORY:
                return
            self._file = TemporaryFile()  # noqa: SIM115  closed with the body
            data = b"".join(self._parts)
        self._file.write(data)

    def content(self) -> bytes:
        """All of it."""
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """All of it, in pieces."""
        if self._file is None:
            yield b"".join(self._parts)
            return
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield piece

    def end(self) -> None:
        """Nothing more comes."""

    def close(self) -> None:
        """Give back the file."""
        if self._file is not None:
            self._file.close()


class BodyStream:
    """What was written to it and not yet taken, which is never much: its source pauses meanwhile."""

    def __init__(self) -> None:
        self._parts: deque[bytes] = deque()
        self._size = 0
        self._news = asyncio.Event()
        self.pause: Callable[[], None] = lambda: None
        """Is called when the source should pause."""

    def begin(self, media_type: str) -> None:
        """The answer begins."""
        self._news.set()

    def write(self, data: bytes) -> None:
        """Hand on a piece."""
        self._parts.append(data)
        self._size += len(data)
        self._news.set()
        if self._size > _AHEAD:
            self.pause()

    def end(self) -> None:
        """Nothing more comes."""
        self._news.set()

    @property
    def waiting(self) -> bool:
        """Whether there is something to take."""
        return bool(self._parts)

    async def take(self) -> bytes:
        """All that is there, as soon as there is something; nothing when it begins, and at its end."""
        await self._news.wait()
        self._news.clear()
        data = b"".join(self._parts)
        self._parts.clear()
        self._size = 0
        return data
