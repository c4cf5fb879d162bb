"""Points as tables of particles: of RELION 5, of Warp, and motivelists of STOPGAP."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cetsgraph.exporters.losses import Losses
from cetsgraph.exporters.options import PointOptions
from cetsgraph.exporters.points import DIGITS, Floats, PlacedPoints, by_label, numbered, whole_identifiers
from cetsgraph.exporters.texts import RELION_5, Value, star_block

__all__ = ["relion", "stopgap", "warp"]

Row = dict[str, Value]

_CENTRED = tuple(f"rlnCenteredCoordinate{axis}Angst" for axis in "XYZ")
_CORNER = tuple(f"rlnCoordinate{axis}" for axis in "XYZ")
_ANGLES = ("rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi")
_ORIGINS = ("orig_x", "orig_y", "orig_z")
_SHIFTS = ("x_shift", "y_shift", "z_shift")
_STOPGAP_ANGLES = ("phi", "psi", "the")
_STOPGAP: Mapping[str, Value] = {"subtomo_num": None, "object": 1, "halfset": "A", "score": 0.0, "class": 1}
"""Columns of STOPGAP that may be attributes, and what they have where they are none."""


def relion(given: Sequence[PlacedPoints], losses: Losses, options: PointOptions) -> Iterator[tuple[str, str]]:
    """Paths and texts of the tables of particles, in Å from the centre."""
    for path, sets in _files(given, "particles"):
        named, turned = any(one.identifiers for one in sets), _turned(sets, losses)
        rows: list[Row] = []
        for one, positions in _with_positions(sets, "relion", losses, "RELION"):
            for place, row in enumerate(_placed(one, _CENTRED, positions, turned.get(one.pointer), losses)):
                row["rlnTomoName"] = one.name
                if named:
                    counted = f"{one.name}/{place + 1}"
                    row["rlnTomoParticleName"] = one.identifiers[place] if one.identifiers else counted
                rows.append(row)
        yield from _table(path, rows, losses)


def warp(given: Sequence[PlacedPoints], losses: Losses, options: PointOptions) -> Iterator[tuple[str, str]]:
    """Paths and texts of the tables of particles, in pixels from the corner, whose size a column states."""
    pixel = options.pixel_size
    for path, sets in _files(given, "particles"):
        turned = _turned(sets, losses)
        rows: list[Row] = []
        for one, positions in _with_positions(sets, "voxel" if pixel is None else "corner", losses, "Warp"):
            one.leave_identifiers(losses, "Warp")
            own: Row = {"rlnMicrographName": f"{one.name}.tomostar", "rlnPixelSize": pixel or one.spacing}
            counted = positions / (pixel or 1.0)
            placed = _placed(one, _CORNER, counted, turned.get(one.pointer), losses)
            rows += (own | row for row in placed)
        yield from _table(path, rows, losses)


def stopgap(
    given: Sequence[PlacedPoints], losses: Losses, options: PointOptions
) -> Iterator[tuple[str, str]]:
    """Paths and texts of the motivelists, whose tomograms are numbers."""
    tomograms = numbered([one.name for one in given])
    written = False
    for path, sets in _files(given, "motivelist"):
        known = list(_with_positions(sets, "stopgap", losses, "STOPGAP"))
        identifiers = whole_identifiers([one for one, _ in known], losses, "STOPGAP")
        rows: list[Row] = []
        for (one, positions), numbers in zip(known, identifiers, strict=True):
            rows += _motivelist(one, positions, numbers, tomograms[one.name], losses)
        if rows:
            written = True
            yield path, star_block("stopgap_motivelist", rows, numbered=False, digits=DIGITS)[0]
    if written:
        names = ", ".join(f"{number} {name}" for name, number in tomograms.items())
        losses.add("", "STOPGAP has numbers of tomograms alone, and no names", found=names)


def _motivelist(
    one: PlacedPoints, positions: Floats, numbers: Sequence[int], tomogram: int, losses: Losses
) -> Iterator[Row]:
    one.leave_attributes(losses, "STOPGAP", tuple(_STOPGAP))
    turned = one.all_angles("stopgap", losses)
    for place, number in enumerate(numbers):
        row: Row = {"motl_idx": number, "tomo_num": tomogram, **_STOPGAP, "subtomo_num": number}
        row |= {name: values[place] for name, values in one.attributes.items() if name in _STOPGAP}
        row |= _numbers(_ORIGINS, positions[place]) | dict.fromkeys(_SHIFTS, 0.0)
        yield row | _numbers(_STOPGAP_ANGLES, turned[place])


def _files(given: Sequence[PlacedPoints], name: str) -> Iterator[tuple[str, list[PlacedPoints]]]:
    """The point sets by the files that they go to: one for all, or for each of several things marked."""
    labels = by_label(given)
    for label, sets in labels.items():
        yield f"{name}.star" if len(labels) == 1 else f"{name}/{label}.star", sets


def _with_positions(
    sets: Iterable[PlacedPoints], convention: str, losses: Losses, program: str
) -> Iterator[tuple[PlacedPoints, Floats]]:
    for one in sets:
        if (positions := one.placed(convention, losses, program)) is not None:
            yield one, positions


def _turned(sets: Sequence[PlacedPoints], losses: Losses) -> dict[str, Floats]:
    """Angles by the places of point sets; none if no set has some, and 0 for others that have none."""
    found = {one.pointer: angles for one in sets if (angles := one.angles("relion", losses)) is not None}
    others = [one for one in sets if one.pointer not in found] if found else []
    return found | {one.pointer: one.unturned(losses) for one in others}


def _placed(
    one: PlacedPoints, names: Sequence[str], positions: Floats, turned: Floats | None, losses: Losses
) -> Iterator[Row]:
    """A row for each particle with its position, angles and attributes of RELION's names."""
    own = {name: values for name, values in one.attributes.items() if name.startswith("rln")}
    one.leave_attributes(losses, "a table of particles", tuple(own))
    for place in range(len(one)):
        angles = {} if turned is None else _numbers(_ANGLES, turned[place])
        said = {name: values[place] for name, values in own.items()}
        yield _numbers(names, positions[place]) | angles | said


def _numbers(names: Sequence[str], values: Floats) -> Row:
    return dict(zip(names, values.tolist(), strict=True))


def _table(path: str, rows: Sequence[Row], losses: Losses) -> Iterator[tuple[str, str]]:
    """The table; values that only some rows have are left out, and that is said."""
    if not rows:
        return
    text, partial = star_block("particles", rows, digits=DIGITS)
    if partial:
        losses.add("", "values that only some particles have are left out", found=", ".join(partial))
    yield path, f"{RELION_5}{text}"
