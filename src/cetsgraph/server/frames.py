"""Messages between a web worker and the processes that it starts: a letter, a length, and so many bytes."""

import json
import os
import struct
from collections.abc import Iterator
from typing import Any

__all__ = [
    "DATA",
    "END",
    "ERROR",
    "GO",
    "HEAD",
    "READY",
    "FrameReader",
    "frame",
    "json_frame",
    "read_exactly",
]

READY = b"r"
"""The process takes requests; of an update: it was made and can be committed."""
GO = b"g"
"""Commit the update."""
HEAD = b"h"
"""JSON: what the answer is."""
DATA = b"d"
"""Bytes of the answer, or of what was sent."""
END = b"e"
"""The answer is whole."""
ERROR = b"x"
"""JSON: why there is no answer, or no more of it."""

_START = struct.Struct(">cI")


def frame(kind: bytes, content: bytes = b"") -> bytes:
    """A message as bytes.

    >>> frame(DATA, b"abc")
    b'd\\x00\\x00\\x00\\x03abc'
    """
    return _START.pack(kind, len(content)) + content


def json_frame(kind: bytes, content: Any) -> bytes:
    """A message that holds JSON."""
    return frame(kind, json.dumps(content).encode())


class FrameReader:
    """Messages in bytes that come in pieces."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The messages that are whole with this piece: kind and content.

        >>> reader = FrameReader()
        >>> list(reader.feed(frame(END)[:2])), list(reader.feed(frame(END)[2:]))
        ([], [(b'e', b'')])
        """
        self._rest += data
        start, whole = 0, bytes(self._rest)
        while len(whole) - start >= _START.size:
            kind, size = _START.unpack_from(whole, start)
            end = start + _START.size + size
            if end > len(whole):
                break
            yield kind, whole[start + _START.size : end]
            start = end
        del self._rest[:start]


def read_exactly(descriptor: int) -> tuple[bytes, bytes] | None:
    """Wait for the next message on a pipe; None where the other side has closed it."""
    start = _bytes(descriptor, _START.size)
    if start is None:
        return None
    kind, size = _START.unpack(start)
    content = _bytes(descriptor, size)
    return None if content is None else (kind, content)


def _bytes(descriptor: int, size: int) -> bytes | None:
    parts = []
    while size:
        part = os.read(descriptor, min(size, 2**20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
