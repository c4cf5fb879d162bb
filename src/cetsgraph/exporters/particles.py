"""Points as tables of particles: of RELION 5, of Warp, and motivelists of STOPGAP."""

from collections.abc import Iterator, Mapping, Sequence

from cetsgraph.exporters.aligned import Left
from cetsgraph.exporters.options import PointOptions
from cetsgraph.exporters.points import Floats, PlacedPoints, numbered, whole_identifiers
from cetsgraph.exporters.texts import Value, star_block

__all__ = ["relion", "stopgap", "warp"]

Row = dict[str, Value]

_VERSION = "\n# version 50001\n"
_CENTRED = tuple(f"rlnCenteredCoordinate{axis}Angst" for axis in "XYZ")
_CORNER = tuple(f"rlnCoordinate{axis}" for axis in "XYZ")
_ANGLES = ("rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi")
_ORIGINS = ("orig_x", "orig_y", "orig_z")
_SHIFTS = ("x_shift", "y_shift", "z_shift")
_STOPGAP_ANGLES = ("phi", "psi", "the")
_STOPGAP: Mapping[str, Value] = {"subtomo_num": None, "object": 1, "halfset": "A", "score": 0.0, "class": 1}
"""Columns of STOPGAP that may be attributes, and what they have where they are none."""


def relion(given: Sequence[PlacedPoints], left: Left, options: PointOptions) -> Iterator[tuple[str, str]]:
    """Path and text of the table of all particles, in Å from the centre."""
    rows: list[Row] = []
    for one in given:
        if (positions := one.placed("relion", left, "RELION")) is None:
            continue
        placed = _placed(one, positions, left)
        for number, row in enumerate(placed):
            row["rlnTomoParticleName"] = one.identifiers[number] if one.identifiers else None
        rows += [{"rlnTomoName": one.name, **row} for row in placed]
    yield from _table("particles.star", rows, left)


def warp(given: Sequence[PlacedPoints], left: Left, options: PointOptions) -> Iterator[tuple[str, str]]:
    """Path and text of the table of all particles, in pixels from the corner, whose size a column states."""
    rows: list[Row] = []
    for one in given:
        pixel = options.pixel_size
        positions = one.placed("voxel" if pixel is None else "corner", left, "Warp")
        if positions is None:
            continue
        one.leave_identifiers(left, "Warp")
        own: Row = {"rlnMicrographName": f"{one.name}.tomostar", "rlnPixelSize": pixel or one.spacing}
        rows += [own | row for row in _placed(one, positions / (pixel or 1.0), left, _CORNER)]
    yield from _table("particles.star", rows, left)


def stopgap(given: Sequence[PlacedPoints], left: Left, options: PointOptions) -> Iterator[tuple[str, str]]:
    """Path and text of the motivelist of all points, whose tomograms are numbers."""
    known = [(one, places) for one in given if (places := one.placed("stopgap", left, "STOPGAP")) is not None]
    tomograms = numbered([one.name for one, _ in known])
    identifiers = whole_identifiers([one for one, _ in known], left, "STOPGAP")
    rows: list[Row] = []
    for (one, positions), numbers in zip(known, identifiers, strict=True):
        one.leave_attributes(left, "STOPGAP", tuple(_STOPGAP))
        turned = one.angles("stopgap", left)
        for place, number in enumerate(numbers):
            row: Row = {"motl_idx": number, "tomo_num": tomograms[one.name], **_STOPGAP}
            row["subtomo_num"] = number
            row |= {name: values[place] for name, values in one.attributes.items() if name in _STOPGAP}
            row |= _numbers(_ORIGINS, positions[place]) | dict.fromkeys((*_SHIFTS, *_STOPGAP_ANGLES), 0.0)
            rows.append(row if turned is None else row | _numbers(_STOPGAP_ANGLES, turned[place]))
    if rows:
        names = ", ".join(f"{number} {name}" for name, number in tomograms.items())
        left.out("", "STOPGAP has numbers of tomograms alone, and no names", found=names)
        yield "motivelist.star", star_block("stopgap_motivelist", rows, numbered=False)[0]


def _placed(one: PlacedPoints, positions: Floats, left: Left, names: Sequence[str] = _CENTRED) -> list[Row]:
    """A row for each particle with its position, angles and attributes of RELION's names."""
    own = {name: values for name, values in one.attributes.items() if name.startswith("rln")}
    one.leave_attributes(left, "a table of particles", tuple(own))
    turned = one.angles("relion", left)
    return [
        _numbers(names, positions[number])
        | ({} if turned is None else _numbers(_ANGLES, turned[number]))
        | {name: values[number] for name, values in own.items()}
        for number in range(len(one))
    ]


def _numbers(names: Sequence[str], values: Floats) -> Row:
    return dict(zip(names, values.tolist(), strict=True))


def _table(path: str, rows: Sequence[Row], left: Left) -> Iterator[tuple[str, str]]:
    """The table; values that only some rows have are left out, and that is said."""
    if not rows:
        return
    text, partial = star_block("particles", rows)
    if partial:
        left.out("", "values that only some particles have are left out", found=", ".join(partial))
    yield path, f"{_VERSION}{text}"
