"""Messages between a web worker and the processes that it starts: a letter, a length, and so many bytes."""

import json
import struct
from collections.abc import Iterator
from typing import IO, Any

__all__ = ["DATA", "END", "ERROR", "GO", "HEAD", "READY", "FrameReader", "frame", "json_frame", "read_frame"]

READY = b"r"
"""The process takes requests; of an update: it was made and can be committed."""
GO = b"g"
"""Commit the update."""
HEAD = b"h"
"""The media type of the answer."""
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
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The messages that are whole with this piece: kind and content.

        >>> reader = FrameReader()
        >>> list(reader.feed(frame(END)[:2])), list(reader.feed(frame(END)[2:]))
        ([], [(b'e', b'')])
        """
        whole = self._rest + data if self._rest else data
        start, self._rest = 0, b""
        while len(whole) - start >= _START.size:
            kind, size = _START.unpack_from(whole, start)
            end = start + _START.size + size
            if end > len(whole):
                break
            yield kind, whole[start + _START.size : end]
            start = end
        self._rest = whole[start:]


def read_frame(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """Wait for the next message; None where the other side has closed the stream."""
    start = stream.read(_START.size)
    if len(start) < _START.size:
        return None
    kind, size = _START.unpack(start)
    content = stream.read(size)
    return (kind, content) if len(content) == size else None
