"""What a user states of the points that are written."""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["NAMES", "PointOptions"]

NAMES = ("series", "file")
"""What tomograms are called by: their tilt series, or the stem of their files."""


@dataclass(frozen=True, slots=True)
class PointOptions:
    """What a user states of points; all are optional."""

    voxel_size: float | None = None
    """Size of a voxel in Å, of tomograms that state none."""
    size: tuple[int, int, int] | None = None
    """Voxels along X, Y and Z, of tomograms that state none."""
    pixel_size: float | None = None
    """Size of the pixels that positions are counted in, in Å, for programs that let it be chosen: Warp."""
    names: str = "series"
    """What tomograms are called by, one of `NAMES`."""
    tomograms: Sequence[str] = ()
    """Names or ids of the tomograms whose points are written; all if not given."""
