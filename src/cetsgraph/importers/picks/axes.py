"""Names of columns of coordinates: the axis that they are along, and the unit."""

import re

__all__ = ["UNITS", "axis_of"]

_PREFIX = r"(?:(?:coord(?:inate)?s?|pos(?:ition)?|centroid|cent(?:er|re))[_ -]?)?"
_UNIT = (
    r"(?:[_ ]*[\[(]\s*(?P<within>\S+)\s*[\])]|[_ ](?P<after>a|å|ang|angstroms?|nm|px|pixels?|vox|voxels?))?"
)
_AXIS = re.compile(rf"{_PREFIX}(?P<axis>[xyz])(?:[_ -]?(?:coord(?:inate)?|pos(?:ition)?))?{_UNIT}")
_NAPARI = {"axis-0": "z", "axis-1": "y", "axis-2": "x"}

UNITS = {
    **dict.fromkeys(("a", "å", "ang", "angstrom", "angstroms"), ("corner", 1.0)),
    **dict.fromkeys(("nm", "nanometer", "nanometre"), ("corner", 10.0)),
    **dict.fromkeys(("px", "pixel", "pixels", "vox", "voxel", "voxels"), ("voxel", 1.0)),
}
"""How positions in a unit are counted, of `geometry.POSITIONS`, and how many of its units one of them is."""


def axis_of(name: str) -> tuple[str, str | None] | None:
    """The axis and the unit that a name of a column has; None if it is no coordinate.

    >>> axis_of("X [A]"), axis_of("coord_y"), axis_of("axis-0"), axis_of("z_nm"), axis_of("score")
    (('x', 'a'), ('y', None), ('z', None), ('z', 'nm'), None)
    """
    written = name.strip().casefold().replace("\u212b", "å")
    if written in _NAPARI:
        return _NAPARI[written], None
    found = _AXIS.fullmatch(written)
    unit = found and (found["within"] or found["after"])
    return None if found is None or unit not in (None, *UNITS) else (found["axis"], unit)
