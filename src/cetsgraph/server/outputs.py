"""Where an answer is written: to memory while it is small, then to disk, and no further than a limit."""

from tempfile import TemporaryFile
from typing import IO

from cetsgraph.server.limits import LimitReached

__all__ = ["BoundedOutput"]

_IN_MEMORY = 2**18


class BoundedOutput:
    """What is written to it, up to so many bytes; a large answer lies on disk."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._parts: list[bytes] = []
        self._file: IO[bytes] | None = None
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        if self.size > self._most:
            raise LimitReached(f"the answer is larger than {self._most} bytes")
        if self._file is not None:
            return self._file.write(data)
        self._parts.append(data)
        if self.size > _IN_MEMORY:
            self._file = TemporaryFile()  # noqa: SIM115  whoever sends it closes it
            self._file.writelines(self._parts)
            self._parts.clear()
        return len(data)

    def flush(self) -> None:
        pass

    @property
    def file(self) -> IO[bytes] | None:
        """A large answer, to be read from its beginning; None where the answer is in `content`."""
        if self._file is not None:
            self._file.seek(0)
        return self._file

    def content(self) -> bytes:
        """All that was written."""
        return b"".join(self._parts) if self.file is None else self.file.read()
