"""The tables of a data set: each row an account of its columns, found by the row that it belongs to.

Rows wait packed until they are opened, and are forgotten with the run that they belong to: a table of a
million rows takes a fraction of what their accounts would.
"""

import pickle
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from cetsgraph.errors import DocumentError
from cetsgraph.importers.claim import stem
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.portal.answers import Rows, rows_in
from cetsgraph.importers.portal.recognition import LOST
from cetsgraph.importers.portal.schema import TABLES, snake
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tally import SourcePlace

__all__ = ["Tables", "identifier"]


def identifier(row: Fields, column: str = "id") -> int | None:
    """A row's number, or that of another one, without taking it."""
    return _integer(row.peek(column))


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


class _Packed(NamedTuple):
    """A row that is not open."""

    values: bytes
    file: str
    found: Rows
    """Those of its table, without their values."""
    number: int
    """Which row of the table it is."""

    def row_place(self, *column: str) -> SourcePlace:
        """Where the row stands, or a column of it."""
        return SourcePlace(self.file, pointer=self.found.pointer_of(self.number, *column))


class Tables:
    """The rows of all tables of a claim.

    Raises:
        DocumentError: a file is no table, or is an answer that says only what went wrong.
    """

    def __init__(self, session: ImportSession) -> None:
        self.session = session
        self._packed: dict[str, dict[int, _Packed]] = defaultdict(dict)
        self._owned: dict[str, dict[int | None, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._open: dict[tuple[str, int], Fields] = {}
        for path in session.claim.files:
            if path.parent == session.claim.folder:
                self._read(path)
        self._say_orphans()

    @contextmanager
    def part(self) -> Iterator[None]:
        """What is opened in the block is settled at its end, and forgotten."""
        around, self._open = self._open, {}
        try:
            with self.session.part():
                yield
        finally:
            self._open = around

    def numbers(self, table: str) -> list[int]:
        """The numbers of the rows of a table."""
        return sorted(self._packed[table])

    def owners(self, table: str) -> list[int]:
        """The numbers of the rows that the rows of a table belong to."""
        return sorted(owner for owner in self._owned[table] if owner is not None)

    def of(self, table: str, owner: int | None) -> list[Fields]:
        """The rows that belong to a row of the parent table, by their numbers."""
        numbers = [] if owner is None else self._owned[table].get(owner, [])
        rows = [self.open(table, number) for number in sorted(numbers)]
        for row in rows:
            row.take(TABLES[table].link)
        return rows

    def open(self, table: str, number: int) -> Fields:
        """The row of a number, which must be there."""
        if (table, number) not in self._open:
            packed = self._packed[table].pop(number)
            values = pickle.loads(packed.values)
            account = self.session.fields(values, packed.row_place(), label=f"{table}/")
            self._open[table, number] = account
        return self._open[table, number]

    def find(self, table: str, number: int | None) -> Fields | None:
        """The row of a number, if it is open."""
        return None if number is None else self._open.get((table, number))

    def report_others(self) -> None:
        """Open the rows that nothing was taken of, so that all of them is reported."""
        for table in list(self._packed):
            with self.part():
                for number in self.numbers(table):
                    self.open(table, number)

    def _read(self, path: Path) -> None:
        value = self.session.json_value(path)
        if path.name.startswith(LOST):
            self._say_lost(path, value)
            return
        found = list(rows_in(value, stem(path)))
        if not found:
            errors = value.get("errors") if isinstance(value, dict) else None
            said = "the answer is an error" if errors else "the file has no table of the portal"
            raise DocumentError(said, path=path, line=1, found=str(errors)[:200] if errors else None)
        for rows in found:
            self._add(self.session.shown(path), rows)

    def _add(self, file: str, found: Rows) -> None:
        link = TABLES[found.table].link if found.table in TABLES else ""
        empty = found._replace(rows=[])
        for number, row in enumerate(found.rows):
            key = _integer(row.get("id")) if isinstance(row, dict) else None
            known = _Packed(b"", file, empty, number)
            if key is None:
                what, wanted = found.table, "a row with an id"
                self.session.tally.wrong(what, known.row_place(), found=row, expected=wanted)
                continue
            values = {snake(column): value for column, value in row.items() if column != "__typename"}
            if key in self._packed[found.table]:
                self._compare(found.table, key, values, known.row_place())
            else:
                packed = pickle.dumps(values, pickle.HIGHEST_PROTOCOL)
                self._packed[found.table][key] = known._replace(values=packed)
                self._owned[found.table][_integer(values.get(link))].append(key)

    def _compare(self, table: str, key: int, values: dict[str, Any], place: SourcePlace) -> None:
        """Say where a row that is there twice differs, as pages do when rows change between them."""
        kept = pickle.loads(self._packed[table][key].values)
        for column in sorted(kept.keys() | values.keys()):
            if kept.get(column) != values.get(column):
                what = f"{table}/{column} of a row that is there twice"
                self.session.tally.conflict(what, place, kept=kept.get(column), other=values.get(column))

    def _say_orphans(self) -> None:
        """Say which rows are named that are not there; what names them is not imported."""
        for table in TABLES.values():
            known = self._packed[table.parent] if table.parent else {}
            for owner in self.owners(table.name) if known or table.parent not in ("", "datasets") else ():
                if owner not in known:
                    row = self._packed[table.name][min(self._owned[table.name][owner])]
                    what = f"row {owner} of {table.parent}, which {table.name} names"
                    self.session.tally.part_missing(what, row.row_place(table.link))

    def _say_lost(self, path: Path, value: Any) -> None:
        place = SourcePlace(self.session.shown(path))
        hint = "The portal no longer has it, or calls it otherwise; the rest was fetched without it."
        for table, column in _lost(value):
            what = f"table {table}" if column == table else f"column {column} of {table}"
            self.session.tally.part_missing(what, place, hint=hint)


def _lost(value: Any) -> Iterator[tuple[str, str]]:
    tables = value.get("lost_columns") if isinstance(value, dict) else None
    for table, columns in tables.items() if isinstance(tables, dict) else ():
        for column in columns if isinstance(columns, list) else ():
            yield str(table), str(column)
