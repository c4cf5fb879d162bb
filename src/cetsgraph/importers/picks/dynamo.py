"""Tables of Dynamo, with the names of their tomograms."""

from collections.abc import Iterator, Mapping

from cetsgraph.importers.formats import columns
from cetsgraph.importers.formats.star import Odd
from cetsgraph.importers.numbers import finite
from cetsgraph.importers.picks.companions import below, map_of, names_of
from cetsgraph.importers.picks.layouts import DYNAMO, DYNAMO_COLUMNS
from cetsgraph.importers.picks.picked import Picked, PickFile
from cetsgraph.importers.picks.tomograms import PickedTomogram, cube, named_in_path, stated
from cetsgraph.importers.tables import SourceTable
from cetsgraph.importers.tally import SourcePlace

__all__ = ["dynamo"]


def dynamo(file: PickFile) -> Iterator[Picked]:
    """The points of a table by their tomograms.

    Raises:
        DocumentError: a file cannot be read.
    """
    table = _table(file)
    known = _Tomograms(file, table)
    if len(table):
        what = "positions are counted from 1, as Dynamo and MATLAB do"
        file.session.tally.assumed(what, table.place(0))
    yield from file.picked(table, DYNAMO, known.of)


def _table(file: PickFile) -> SourceTable:
    """The account of the table; all lines have as many values as the first one."""
    rows, _ = columns.parse(file.session.text(file.path).lines(), comment="%")
    width = len(rows[0].values) if rows else 0
    file.session.odd(
        file.path,
        [
            Odd(row.line, f"{len(row.values)} values", f"{width} values, as on the first line")
            for row in rows
            if len(row.values) != width
        ],
    )
    whole = [row for row in rows if len(row.values) == width]
    names = [*DYNAMO_COLUMNS[:width], *(str(place) for place in range(len(DYNAMO_COLUMNS) + 1, width + 1))]
    given = {name: [row.values[place] for row in whole] for place, name in enumerate(names)}
    return file.session.table(given, file.path, lines=[row.line for row in whole])


class _Tomograms:
    """The tomograms of a table by their numbers."""

    def __init__(self, file: PickFile, table: SourceTable) -> None:
        self._file = file
        self._spacing = _spacing(table)
        self._numbered = file.numbered(table, "tomo")
        self._named: Mapping[int, tuple[int, str]] = {}
        self._map = map_of(file.path)
        if self._map is not None and file.session.has(self._map):
            self._named = names_of(file.session.text(self._map), self._map)
            self._report(table)

    def of(self, number: str | None) -> PickedTomogram:
        """The tomogram of a number: as it is named, or called by its number."""
        user, own = stated(self._file.session.options), PickedTomogram("", voxel=self._spacing)
        found = finite(number or "")
        _, written = self._named.get(-1 if found is None else int(found), (0, ""))
        if not written:
            numbered = self._numbered(number)
            return PickedTomogram(numbered.name).filled(own).filled(numbered)
        named = named_in_path(written)
        header = self._file.header(below(self._file.session.claim.folder, written))
        return named.filled(own).filled(header).filled(user)

    def _report(self, table: SourceTable) -> None:
        """Say which of the names are of tomograms that have no points."""
        used = {finite(number or "") for number in table.texts("tomo")}
        others = [named for number, named in self._named.items() if number not in used]
        if others and self._map is not None:
            line, name = others[0]
            place = SourcePlace(self._file.session.shown(self._map), line)
            self._file.session.tally.dropped("tomograms without points", place, found=name, count=len(others))


def _spacing(table: SourceTable) -> tuple[float, float, float] | None:
    """The size of a voxel, if all rows state the same."""
    sizes = set(table.numbers("apix")) - {None, 0.0}
    return cube(sizes.pop()) if len(sizes) == 1 else None
