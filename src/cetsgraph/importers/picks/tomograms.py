"""Tomograms that points are of: what the files of an import say of them."""

import math
import re
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath

from cetsgraph.errors import DocumentError
from cetsgraph.geometry import Grid
from cetsgraph.importers.claim import sample_of, stem
from cetsgraph.importers.formats.mrc import ENDINGS, LENGTH, parse
from cetsgraph.importers.numbers import rounded
from cetsgraph.importers.session import Options
from cetsgraph.model import Tomogram

__all__ = [
    *("PickedTomogram", "cube", "named_in_path", "numbered"),
    *("of_header", "stated", "tomogram_of", "tomogram_of_file"),
]

_SPACING = re.compile(r"[_-](\d+(?:\.\d+)?)Apx$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PickedTomogram:
    """A tomogram, as far as it is known."""

    name: str
    """Of its tilt series or run."""
    size: tuple[int, int, int] | None = None
    """Voxels along X, Y and Z."""
    voxel: tuple[float, float, float] | None = None
    """Size of a voxel along X, Y and Z in Å."""
    path: str | None = None

    @property
    def grid(self) -> Grid | None:
        """Its voxels, if both their number and size are known."""
        return None if self.size is None or self.voxel is None else Grid(self.size, self.voxel)

    def filled(self, other: "PickedTomogram | None") -> "PickedTomogram":
        """The tomogram, with what another source says of it where this one says nothing."""
        if other is None:
            return self
        size, voxel, path = self.size or other.size, self.voxel or other.voxel, self.path or other.path
        return replace(self, size=size, voxel=voxel, path=path)


def numbered(number: str) -> str:
    """The name of a tomogram of which only the number is known.

    >>> numbered("3"), numbered("3.0000")
    ('tomo_3', 'tomo_3')
    """
    return f"tomo_{number.partition('.')[0]}"


def named_in_path(path: str) -> PickedTomogram:
    """The tomogram of a path that another file has; folders of another computer stay out.

    Warp writes the size of a voxel into the name.

    >>> named_in_path("/data/me/TS_01.mrc_15.00Apx.mrc")
    PickedTomogram(name='TS_01', size=None, voxel=(15.0, 15.0, 15.0), path='TS_01.mrc_15.00Apx.mrc')
    """
    written = PureWindowsPath(path)
    inside = not written.anchor and ".." not in written.parts
    name = stem(Path(written.name))
    spacing = _SPACING.search(name)
    voxel = None if spacing is None else cube(float(spacing[1]))
    shown = path if inside else written.name
    return PickedTomogram(stem(Path(_SPACING.sub("", name))), voxel=voxel, path=shown)


def cube(side: float | None) -> tuple[float, float, float] | None:
    """A voxel that is the same along all axes; None where its size is none."""
    if side is None or not 0 < side < math.inf:
        return None
    return rounded(side, 5), rounded(side, 5), rounded(side, 5)


def of_header(head: bytes, name: str, path: str | None) -> PickedTomogram | None:
    """What the header of an MRC file says; None if it is none, or that of a stack of images."""
    header = parse(head)
    if header is None or header.is_stack:
        return None
    x, y, z = header.spacing
    voxel = None if x is None or y is None or z is None else (rounded(x, 5), rounded(y, 5), rounded(z, 5))
    size = header.size if min(header.size) > 0 else None
    return PickedTomogram(name, size, voxel, path)


def tomogram_of(volume: Tomogram | None) -> PickedTomogram:
    """What an object of the model says of a tomogram; nothing without one."""
    if volume is None:
        return PickedTomogram("")
    x, y, z = volume.width, volume.height, volume.depth
    size = (x, y, z) if x and y and z else None
    return PickedTomogram(volume.name or "", size, cube(volume.voxel_size))


def stated(options: Options) -> PickedTomogram:
    """The tomogram that the user states; its name is empty if only its size is stated, or that of its voxels.

    >>> stated(Options(tomogram="TS_01.mrc", voxel_size=10.0))
    PickedTomogram(name='TS_01', size=None, voxel=(10.0, 10.0, 10.0), path='TS_01.mrc')
    """
    name = options.tomogram or ""
    is_file = name.casefold().endswith(ENDINGS)
    found = named_in_path(name) if is_file else PickedTomogram(name)
    return replace(found, size=options.size, voxel=cube(options.voxel_size) or found.voxel)


def tomogram_of_file(path: Path) -> PickedTomogram:
    """The tomogram of an MRC file, by its header.

    Raises:
        DocumentError: the file cannot be read, or is no MRC file.
    """
    found = of_header(sample_of(path).head[:LENGTH], stem(path), path.name)
    if found is None:
        raise DocumentError("the file is no MRC file", path=path, hint="Give the tomogram, or its name.")
    return found
