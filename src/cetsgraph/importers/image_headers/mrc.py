"""MRC files: their first 1,024 bytes, never the data."""

from pathlib import Path

from cetsgraph.errors import DocumentError
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.formats import mrc
from cetsgraph.importers.image_headers.header import Along, ImageHeader, Kind
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tally import SourcePlace

__all__ = ["mrc_header"]

_STACKS = (".st", ".mrcs", ".ali", ".preali")
_NOTHING = {
    "nxstart": 0, "nystart": 0, "nzstart": 0, "cellb_alpha": 90, "cellb_beta": 90, "cellb_gamma": 90,
    "origin_x": 0, "origin_y": 0, "origin_z": 0, "nsymbt": 0, "rms": 0, "dmin": 0, "dmax": 0, "dmean": 0,
}  # fmt: skip
"""Values that say no more than that there are none."""
_AXES = "xyz"


def mrc_header(session: ImportSession, path: Path) -> ImageHeader:
    """What the header of an MRC file says.

    Raises:
        DocumentError: it cannot be read, or states sizes that no image has.
    """
    header = mrc.parse(session.head(path, mrc.LENGTH))
    place = SourcePlace(session.shown(path))
    if header is None or min(header.size) <= 0:
        found = None if header is None else " × ".join(map(str, header.size))
        expected = "sizes above zero along three axes"
        raise DocumentError("this is no header of an MRC file", path=path, found=found, expected=expected)
    said = session.fields(
        {name: value for name, value in header.values.items() if value != _NOTHING.get(name)}, place
    )
    said.take("nx", "ny", "nz", "mx", "my", "mz", "mapc", "mapr", "maps", "nlabl", "nversion")
    spacing = Along(*(_spacing(said, header, axis) for axis in range(3)))
    for label in header.labels:
        session.tally.dropped("label", place, found=label)
    if header.extension and header.values["nsymbt"]:
        session.tally.dropped("extended header", place, found=header.extension)
    kind = _kind(said, path, header)
    return ImageHeader(session.shown(path), place, kind, Along(*header.size), spacing)


def _spacing(said: Fields, header: mrc.MrcHeader, axis: int) -> float | None:
    """Å along an axis; 0 stands for none, and anything below for a mistake."""
    key = f"cella_{_AXES[axis]}"
    length = said.number(key)
    if length is not None and length < 0:
        said.wrong(key, length, "a length above zero, or 0")
    return header.spacing[axis]


def _kind(said: Fields, path: Path, header: mrc.MrcHeader) -> Kind:
    """What the image is taken for: by its number of sections, the ending of its name, its space group."""
    said.take("ispg")
    ending = Path(path.name.casefold().removesuffix(".gz")).suffix
    if header.size[2] == 1:
        return "image"
    if ending in _STACKS or (header.is_stack and ending == ".mrc"):
        return "stack"
    return "map" if ending == ".map" else "volume"
