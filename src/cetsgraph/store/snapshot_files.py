"""The files of a snapshot as they were written, so that damage is noticed before the engine reads them."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

__all__ = ["SnapshotFiles"]

_DATA = ".sst"
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
        sizes = {file.name: file.stat().st_size for file in sorted(snapshot.iterdir())}
        return cls(sizes, _checksum(snapshot, sizes))

    def damage(self, snapshot: Path) -> str | None:
        """What is wrong with the files of a snapshot, if anything.

        Raises:
            OSError: a file cannot be read.
        """
        folder = os.fspath(snapshot)
        for name, size in self.sizes.items():
            try:
                found = os.stat(f"{folder}/{name}").st_size
            except FileNotFoundError:
                return f"{name} is missing"
            if found != size:
                return f"{name} has {found:,} bytes, and was written with {size:,}"
        changed = _checksum(snapshot, self.sizes) != self.sha256
        return "files have changed since they were written" if changed else None


def _checksum(snapshot: Path, sizes: Mapping[str, int]) -> str:
    checksum = hashlib.sha256()
    folder = os.fspath(snapshot)
    for name in sorted(sizes):
        with open(f"{folder}/{name}", "rb", buffering=0) as file:
            if name.endswith(_DATA):
                file.seek(max(0, sizes[name] - _FOOTER))
                checksum.update(file.read(_FOOTER))
            else:
                checksum.update(file.read())
    return checksum.hexdigest()
