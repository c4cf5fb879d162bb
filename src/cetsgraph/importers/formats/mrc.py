"""The header of an MRC file (MRC2014: Cheng et al., J. Struct. Biol. 192, 146, 2015)."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["ENDINGS", "LENGTH", "MrcHeader", "parse"]

ENDINGS = (".mrc", ".mrcs", ".map", ".st", ".ali", ".rec", ".preali")
"""What names of MRC files end in."""

LENGTH = 1024
"""Bytes of the header, without its extension."""

_BIG_ENDIAN = 0x11
_LABEL = 80

_LAYOUT = (
    (0, "i", ("nx", "ny", "nz", "mode", "nxstart", "nystart", "nzstart", "mx", "my", "mz")),
    (40, "f", ("cella_x", "cella_y", "cella_z", "cellb_alpha", "cellb_beta", "cellb_gamma")),
    (64, "i", ("mapc", "mapr", "maps")),
    (76, "f", ("dmin", "dmax", "dmean")),
    (88, "i", ("ispg", "nsymbt")),
    (108, "i", ("nversion",)),
    (196, "f", ("origin_x", "origin_y", "origin_z")),
    (216, "f", ("rms",)),
    (220, "i", ("nlabl",)),
)
"""Where numbers stand, of which type, and their names in the standard."""


@dataclass(frozen=True, slots=True)
class MrcHeader:
    """Numbers of an image, along X, Y and Z of the specimen, in any order in the file."""

    size: tuple[int, int, int]
    """Number of pixels or voxels; of a stack, the last is the number of its images."""
    spacing: tuple[float | None, float | None, float | None]
    """Å from one to the next; None where the header does not say."""
    mode: int
    """Type of the values: 0 int8, 1 int16, 2 float32, 6 uint16, 12 float16 …"""
    axes: tuple[int, int, int] = (1, 2, 3)
    """The axis, 1 for X, of columns, rows and sections of the file."""
    values: Mapping[str, float] = field(default_factory=dict, repr=False, compare=False)
    """All numbers of the header by their names in the standard."""
    labels: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """Lines of text."""
    extension: str = field(default="", repr=False, compare=False)
    """What follows the header: `SERI`, `FEI1`, `AGAR`, `CCP4` …"""

    @property
    def is_stack(self) -> bool:
        """Whether it is that of images, and of no volume, by its space group."""
        return self.values["ispg"] == 0 and self.values["mz"] == 1


def parse(header: bytes) -> MrcHeader | None:
    """The header of the beginning of a file; None if it is no MRC file.

    >>> parse(b"MAP ") is None
    True
    """
    if len(header) < LENGTH or header[208:211] != b"MAP":
        return None
    order = ">" if header[212] == _BIG_ENDIAN else "<"
    values: dict[str, float] = {}
    for offset, kind, names in _LAYOUT:
        values |= zip(names, struct.unpack_from(f"{order}{len(names)}{kind}", header, offset), strict=True)
    axes = (int(values["mapc"]), int(values["mapr"]), int(values["maps"]))
    if sorted(axes) != [1, 2, 3]:
        axes = (1, 2, 3)
    sizes = dict(zip(axes, (int(values["nx"]), int(values["ny"]), int(values["nz"])), strict=True))
    x, y, z = (
        length / count if (count := values[f"m{axis}"]) > 0 and 0 < length < float("inf") else None
        for axis, length in ((axis, values[f"cella_{axis}"]) for axis in "xyz")
    )
    spacing, mode = (x, y, z), int(values["mode"])
    size = (sizes[1], sizes[2], sizes[3])
    return MrcHeader(size, spacing, mode, axes, values, _labels(header), _text(header[104:108]))


def _labels(header: bytes) -> tuple[str, ...]:
    lines = (_text(header[start : start + _LABEL]) for start in range(224, LENGTH, _LABEL))
    return tuple(line for line in lines if line)


def _text(data: bytes) -> str:
    return data.split(b"\0")[0].decode("latin-1").strip()
