"""Coordinates as text, with or without names of columns: CSV, TARDIS, napari, and plain columns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cetsgraph.importers.formats import delimited
from cetsgraph.importers.picks.layouts import Layout
from cetsgraph.importers.picks.picked import PickedPoints, PickFile

__all__ = ["coordinates"]

_AXIS = re.compile(r"(?:coord(?:inate)?_?|pos(?:ition)?_?)?([xyz])(?:\s*[\[(]\s*(a|å|angstroms?)\s*[\])])?")
_NAPARI = {"axis-0": "z", "axis-1": "y", "axis-2": "x"}
_IDENTIFIERS = ("ids", "id", "instance_id", "instance", "index")
_FRAMES = {"angstrom": "corner", "pixel": "voxel"}


def coordinates(file: PickFile) -> Iterator[PickedPoints]:
    """The points of a file; columns beside the positions are attributes, by their names.

    Raises:
        DocumentError: the file cannot be read.
    """
    found = delimited.parse(file.session.text(file.path).lines())
    file.odd(found.odds)
    width = len(found.columns or (found.rows[0] if found.rows else ()))
    names = found.columns or [*"xyz", *(f"column {place}" for place in range(4, width + 1))][:width]
    given = {name: [row[place] for row in found.rows] for place, name in enumerate(names)}
    table = file.session.table(given, file.path, lines=found.lines)
    layout = _layout(names)
    unit, said = file.session.options.unit, any("[" in name or "(" in name for name in layout.position)
    if not said and unit is None and found.lines:
        what = "positions are voxels of the tomogram, counted from 0"
        file.session.tally.assumed(what, file.place(found.lines[0]), option="--unit angstrom")
    if not said:
        layout = replace(layout, convention=_FRAMES[unit or "pixel"])
    of = file.tomogram()
    yield from file.picked(table, layout, lambda _: of)


def _layout(names: Sequence[str]) -> Layout:
    """What the columns are, by their names; positions are Å where a name says so."""
    axes = {axis: name for name in reversed(names) if (axis := _axis(name)) is not None}
    identifier = next((name for name in names if name.casefold() in _IDENTIFIERS), None)
    position = (axes.get("x", "x"), axes.get("y", "y"), axes.get("z", "z"))
    others = tuple(name for name in names if name not in (*position, identifier) and name)
    return Layout("corner", position, identifier=identifier, attributes=others)


def _axis(name: str) -> str | None:
    found = _AXIS.fullmatch(name.casefold())
    return found[1] if found else _NAPARI.get(name.casefold())
