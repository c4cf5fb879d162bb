"""The header of an MRC file: size and sampling (MRC2014: Cheng et al., J. Struct. Biol. 192, 146, 2015)."""

import struct
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ENDINGS", "MrcHeader", "read_header"]

ENDINGS = (".mrc", ".mrcs", ".map", ".st", ".ali", ".rec", ".preali")
"""What names of MRC files end in."""

_LENGTH = 1024
_BIG_ENDIAN = 0x11


@dataclass(frozen=True, slots=True)
class MrcHeader:
    """Columns, rows and sections, and Å per column; None where the header does not say."""

    width: int
    height: int
    depth: int
    sampling: float | None


def read_header(path: Path) -> MrcHeader | None:
    """The header of a file; None if it is no MRC file.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        header = file.read(_LENGTH)
    if len(header) < _LENGTH or header[208:211] != b"MAP":
        return None
    order = ">" if header[212] == _BIG_ENDIAN else "<"
    width, height, depth = struct.unpack_from(f"{order}3i", header, 0)
    (intervals,) = struct.unpack_from(f"{order}i", header, 28)
    (length,) = struct.unpack_from(f"{order}f", header, 40)
    return MrcHeader(width, height, depth, length / intervals if intervals > 0 and length > 0 else None)
