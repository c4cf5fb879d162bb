"""Coordinates as text, with or without names of columns: CSV, TARDIS, napari, and plain columns."""

from collections.abc import Iterator, Sequence

from cetsgraph.errors import DocumentError
from cetsgraph.importers.formats import delimited
from cetsgraph.importers.picks.axes import UNITS, axis_of
from cetsgraph.importers.picks.layouts import Layout
from cetsgraph.importers.picks.picked import Picked, PickFile

__all__ = ["coordinates"]

_IDENTIFIERS = ("ids", "id", "instance_id", "instance", "index")


def coordinates(file: PickFile) -> Iterator[Picked]:
    """The points of a file; columns beside the positions are attributes, by their names.

    Raises:
        DocumentError: the file cannot be read.
    """
    found = delimited.parse(file.session.text(file.path).lines())
    file.session.odd(file.path, found.odds)
    width = len(found.columns or (found.rows[0] if found.rows else ()))
    names = found.columns or [*"xyz", *(f"column {place}" for place in range(4, width + 1))][:width]
    given = {name: [row[place] for row in found.rows] for place, name in enumerate(names)}
    table = file.session.table(given, file.path, lines=found.lines)
    of = file.tomogram()
    yield from file.picked(table, _layout(file, names, found.lines), lambda _: of)


def _layout(file: PickFile, names: Sequence[str], lines: Sequence[int]) -> Layout:
    """What the columns are, by their names; their unit is the one that is named, else that of the options.

    Raises:
        DocumentError: they have several units.
    """
    axes = {named[0]: (name, named[1]) for name in reversed(names) if (named := axis_of(name)) is not None}
    x, y, z = (axes.get(axis, (axis, None)) for axis in "xyz")
    units = {unit for _, unit in (x, y, z)}
    if len(units) > 1:
        found = ", ".join(name for name, _ in (x, y, z))
        raise DocumentError("coordinates have several units", path=file.path, line=1, found=found)
    convention, scale = UNITS[units.pop() or _unit(file, lines)]
    identifier = next((name for name in names if name.casefold() in _IDENTIFIERS), None)
    position = (x[0], y[0], z[0])
    others = tuple(name for name in names if name not in (*position, identifier) and name)
    return Layout(convention, position, scale, identifier=identifier, attributes=others)


def _unit(file: PickFile, lines: Sequence[int]) -> str:
    """The unit that the user states; without one it is a voxel, and that is said."""
    unit = file.session.options.unit
    if unit is None and lines:
        what = "positions are voxels of the tomogram, counted from 0"
        file.session.tally.assumed(what, file.place(lines[0]), option="--unit angstrom")
    return unit or "pixel"
