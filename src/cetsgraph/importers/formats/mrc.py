"""The header of an MRC file (MRC2014: Cheng et al., J. Struct. Biol. 192, 146, 2015)."""

import struct
from dataclasses import dataclass

__all__ = ["ENDINGS", "LENGTH", "MrcHeader", "parse"]

ENDINGS = (".mrc", ".mrcs", ".map", ".st", ".ali", ".rec", ".preali")
"""What names of MRC files end in."""

LENGTH = 1024
"""Bytes of the header, without its extension."""

_BIG_ENDIAN = 0x11


@dataclass(frozen=True, slots=True)
class MrcHeader:
    """Numbers of an image, along X, Y and Z of the specimen whatever the order in the file."""

    size: tuple[int, int, int]
    """Number of pixels or voxels; of a stack, the last is the number of its images."""
    spacing: tuple[float | None, float | None, float | None]
    """Å from one to the next; None where the header does not say."""
    mode: int
    """Type of the values: 0 int8, 1 int16, 2 float32, 6 uint16, 12 float16 …"""
    axes: tuple[int, int, int] = (1, 2, 3)
    """The axis, 1 for X, of columns, rows and sections of the file."""


def parse(header: bytes) -> MrcHeader | None:
    """The header of the beginning of a file; None if it is no MRC file.

    >>> parse(b"MAP ") is None
    True
    """
    if len(header) < LENGTH or header[208:211] != b"MAP":
        return None
    order = ">" if header[212] == _BIG_ENDIAN else "<"
    columns, rows, sections, mode = struct.unpack_from(f"{order}4i", header, 0)
    intervals = struct.unpack_from(f"{order}3i", header, 28)
    cell = struct.unpack_from(f"{order}3f", header, 40)
    axes = struct.unpack_from(f"{order}3i", header, 64)
    if sorted(axes) != [1, 2, 3]:
        axes = (1, 2, 3)
    sizes = dict(zip(axes, (columns, rows, sections), strict=True))
    x, y, z = (
        length / count if count > 0 and 0 < length < float("inf") else None
        for length, count in zip(cell, intervals, strict=True)
    )
    return MrcHeader((sizes[1], sizes[2], sizes[3]), (x, y, z), mode, (axes[0], axes[1], axes[2]))
