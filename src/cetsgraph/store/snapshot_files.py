"""The files of a snapshot as they were written, so that damage is noticed before the engine reads them."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

__all__ = ["SnapshotFiles"]

_DATA = ".sst"
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_FOOTER = 64  # bytes: where the engine begins to read a data file, without a checksum


@dataclass(frozen=True, slots=True)
class SnapshotFiles:
    """Sizes of the files, and a checksum of what the engine trusts.

    Data files have checksums of their own, block by block, which the engine looks at as it reads. It trusts
    their last bytes, which say where the blocks are, and the small files, which say which data files count.
    """

    sizes: dict[str, int]
    """Bytes of each file."""
    sha256: str
    """Of the small files and the ends of the data files, in the order of their names."""

    @classmethod
    def of(cls, snapshot: Path) -> Self:
        """Take down the files of a snapshot."""
        read = {name: _read(f"{snapshot}/{name}") for name in sorted(os.listdir(snapshot))}
        return cls({name: size for name, (size, _) in read.items()}, _checksum(read.values()))

    def damage(self, snapshot: Path) -> str | None:
        """What is wrong with the files of a snapshot, if anything.

        Raises:
            OSError: a file cannot be read.
        """
        read = []
        for name, size in sorted(self.sizes.items()):
            try:
                read.append(_read(f"{snapshot}/{name}"))
            except FileNotFoundError:
                return f"{name} is missing"
            if read[-1][0] != size:
                return f"{name} has {read[-1][0]:,} bytes, and was written with {size:,}"
        return None if _checksum(read) == self.sha256 else "files have changed since they were written"


def _read(path: str) -> tuple[int, bytes]:
    """Size of a file, and what of it the engine trusts; a store has hundreds, and opens in milliseconds."""
    descriptor = os.open(path, _FLAGS)
    try:
        size = os.fstat(descriptor).st_size
        if path.endswith(_DATA):
            os.lseek(descriptor, max(0, size - _FOOTER), os.SEEK_SET)
            return size, os.read(descriptor, _FOOTER)
        return size, os.read(descriptor, size)
    finally:
        os.close(descriptor)


def _checksum(read: Iterable[tuple[int, bytes]]) -> str:
    return hashlib.sha256(b"".join(content for _, content in read)).hexdigest()
