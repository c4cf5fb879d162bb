"""Points of a table by its layout, as point sets of their tomograms."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from cetsgraph.geometry import POSITIONS, Grid, PositionFrame, convert_positions, matrices_of
from cetsgraph.importers.identifiers import identify
from cetsgraph.importers.picks.layouts import Layout
from cetsgraph.importers.picks.tomograms import PickedTomogram
from cetsgraph.importers.point_arrays import fill
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tables import SourceTable
from cetsgraph.model import PointAttribute, PointSet

__all__ = ["PointTable"]

Floats = NDArray[np.float64]

_FARTHEST = 1e12  # what is farther away is no position
_ONE = Grid((1, 1, 1), (1.0, 1.0, 1.0))
_STAYS = {"angstrom": "corner", "voxel": "voxel"}
"""The frame in which positions stay where the size of the tomogram is not known, by their unit."""


class PointTable:
    """The rows of a table that have all their numbers, in arrays of one row each."""

    def __init__(self, session: ImportSession, table: SourceTable, layout: Layout) -> None:
        self._session = session
        self._table = table
        self._layout = layout
        positions = self._numbers(layout.position, needed=True)
        shifts = self._numbers(layout.shift or ())
        turns = self._numbers(layout.angles or layout.matrix, needed=bool(layout.matrix))
        self._rows = np.flatnonzero(~np.isnan(np.hstack([positions, shifts, turns])).any(axis=1))
        self._positions = positions[self._rows] * layout.scale
        if shifts.size:
            self._positions = self._positions + shifts[self._rows]
        self._rotations = self._turned(turns[self._rows])
        self._identifiers = table.texts(layout.identifier) if layout.identifier else []
        self._attributes = {name: table.values(name) for name in layout.attributes if name in table}
        if layout.zero_is_nothing:
            table.take_constant(dict.fromkeys(table, 0.0))

    def by_tomogram(self) -> dict[str | None, list[int]]:
        """Which of the rows are of which tomogram, as places in the arrays; None where none is named."""
        column = self._layout.tomogram
        names = self._table.texts(column) if column and column in self._table else []
        found: dict[str | None, list[int]] = defaultdict(list)
        for index, row in enumerate(self._rows.tolist()):
            found[names[row] if names else None].append(index)
        return found

    def points(self, chosen: list[int], tomogram: PickedTomogram, path: str) -> PointSet:
        """The point set of some of the rows.

        Args:
            chosen: places of the rows in the arrays.
            tomogram: what they are of.
            path: the file, as it is shown.
        """
        rows: list[int] = self._rows[chosen].tolist()
        points = PointSet(path=path, dimension=3)
        positions = self._place(points, chosen, tomogram)
        fill(points, positions, None if self._rotations is None else self._rotations[chosen])
        identifiers = [self._identifiers[row] for row in rows] if self._identifiers else []
        points.point_attributes = list(self._said(rows))
        if self._layout.identifier and set(identifiers) != {"0"}:
            identify(points, self._layout.identifier, identifiers)
        return points

    def _place(self, points: PointSet, chosen: list[int], tomogram: PickedTomogram) -> Floats:
        """In Å from the centre; from the corner and in their unit where the tomogram's size is not known."""
        convention, positions = self._layout.convention, self._positions[chosen]
        if (grid := tomogram.grid) is not None:
            points.unit, points.origin = "angstrom", "centre"
            return PositionFrame.of(convention, grid).to_centred(positions)
        unit = POSITIONS[convention].unit
        points.unit, points.origin = ("angstrom" if unit == "angstrom" else "pixel"), "corner"
        what = "positions are counted from the corner of a tomogram whose size or voxel size is not known"
        place = self._table.place(int(self._rows[chosen[0]]))
        self._session.tally.assumed(what, place, option="--tomogram FILE.mrc")
        stays = PositionFrame.of(_STAYS[unit], _ONE)
        return convert_positions(positions, PositionFrame.of(convention, _ONE), stays)

    def _said(self, rows: Sequence[int]) -> Iterator[PointAttribute]:
        """The attributes, without columns of zeros where these say nothing."""
        for name, column in self._attributes.items():
            values = [column[row] for row in rows]
            nothing = (None, 0, 0.0) if self._layout.zero_is_nothing else (None,)
            if any(value not in nothing for value in values):
                yield PointAttribute(name=name, values=values)

    def _turned(self, turns: Floats) -> Floats | None:
        """Matrices of the rows; None where the format has none."""
        if not turns.size:
            return None
        if self._layout.angles is not None:
            return matrices_of(turns, self._layout.program)
        return turns.reshape(-1, 3, 3)

    def _numbers(self, names: Sequence[str], *, needed: bool = False) -> Floats:
        """Columns side by side, NaN for what is no number; no column if the table has none and needs none."""
        if not (needed and names) and not any(name in self._table for name in names):
            return np.empty((len(self._table), 0))
        columns = [self._column(name, needed) for name in names]
        return np.array(columns, np.float64).reshape(len(names), len(self._table)).T

    def _column(self, name: str, needed: bool) -> list[float | None]:
        if name not in self._table and not needed:
            return [0.0] * len(self._table)
        texts, numbers = self._table.texts(name), self._table.numbers(name)
        for row, text in enumerate(texts) if needed else ():
            if text is None:
                self._table.wrong(name, row, "nothing", "a number")
            elif abs(numbers[row] or 0.0) > _FARTHEST:
                self._table.wrong(name, row, text, f"a number up to {_FARTHEST:g}")
                numbers[row] = None
        return numbers
