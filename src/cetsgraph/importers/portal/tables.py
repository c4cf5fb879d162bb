"""The tables of a data set: each row an account of its columns, found by the row that it belongs to."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cetsgraph.errors import DocumentError
from cetsgraph.importers.claims import stem
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.portal.answers import Rows, rows_in
from cetsgraph.importers.portal.recognition import LOST
from cetsgraph.importers.portal.schema import TABLES, snake
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.pointers import child_pointer

__all__ = ["Tables", "identifier"]


def identifier(row: Fields, column: str = "id") -> int | None:
    """A row's number, without taking it."""
    value = row.peek(column)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


class Tables:
    """The rows of all tables of a claim.

    Raises:
        DocumentError: a file is no table, or is an answer that says only what went wrong.
    """

    def __init__(self, session: ImportSession) -> None:
        self._session = session
        self._rows: dict[str, dict[int, Fields]] = defaultdict(dict)
        self._values: dict[tuple[str, int], Any] = {}
        for path in session.claim.files:
            self._read(path)
        self._owned: dict[str, dict[int | None, list[Fields]]] = {}
        for table in TABLES.values():
            owned = self._owned[table.name] = defaultdict(list)
            for row in self.rows(table.name):
                owned[identifier(row, table.link)].append(row)
        self._say_orphans()

    def rows(self, table: str) -> list[Fields]:
        """The rows of a table, by their numbers."""
        rows = self._rows[table]
        return [rows[number] for number in sorted(rows)]

    def of(self, table: str, owner: int | None) -> list[Fields]:
        """The rows that belong to a row of the parent table, by their numbers."""
        rows = [] if owner is None else self._owned[table].get(owner, [])
        for row in rows:
            row.take(TABLES[table].link)
        return rows

    def find(self, table: str, number: int | None) -> Fields | None:
        """The row of a number."""
        return None if number is None else self._rows[table].get(number)

    def _read(self, path: Path) -> None:
        value = self._session.json_value(path)
        if path.name.startswith(LOST):
            self._say_lost(path, value)
            return
        found = list(rows_in(value, stem(path)))
        if not found:
            errors = value.get("errors") if isinstance(value, dict) else None
            said = "the answer is an error" if errors else "the file has no table of the portal"
            raise DocumentError(said, path=path, line=1, found=str(errors)[:200] if errors else None)
        for rows in found:
            self._add(path, rows)

    def _add(self, path: Path, found: Rows) -> None:
        file = self._session.shown(path)
        for number, row in enumerate(found.rows):
            place = SourcePlace(file, pointer=child_pointer(found.pointer, number))
            key = row.get("id") if isinstance(row, dict) else None
            if not isinstance(key, int):
                self._session.tally.wrong(found.table, place, found=row, expected="a row with an id")
                continue
            values = {snake(column): value for column, value in row.items() if column != "__typename"}
            if key in self._rows[found.table]:
                self._compare(found.table, key, values, place)
            else:
                account = self._session.fields(values, place, label=f"{found.table}/")
                self._rows[found.table][key] = account
                self._values[found.table, key] = values

    def _compare(self, table: str, key: int, values: dict[str, Any], place: SourcePlace) -> None:
        """Say where a row that is there twice differs, as pages do when rows change between them."""
        kept = self._values[table, key]
        for column in sorted(kept.keys() | values.keys()):
            if kept.get(column) != values.get(column):
                what = f"{table}/{column} of a row that is there twice"
                self._session.tally.conflict(what, place, kept=kept.get(column), other=values.get(column))

    def _say_orphans(self) -> None:
        """Say which rows are named that are not there; what names them is not imported."""
        for table in TABLES.values():
            for owner in self._owned[table.name] if table.parent else ():
                rows = self._rows[table.parent]
                if owner not in rows and (rows or table.parent != "datasets"):
                    row = self._owned[table.name][owner][0]
                    self._session.tally.part_missing(
                        f"row {owner} of {table.parent}, which {table.name} names", row.place(table.link)
                    )

    def _say_lost(self, path: Path, value: Any) -> None:
        place = SourcePlace(self._session.shown(path))
        for table, column in _lost(value):
            self._session.tally.part_missing(
                f"table {table}" if column == table else f"column {column} of {table}",
                place,
                hint="The portal no longer has it, or calls it otherwise; the rest was fetched without it.",
            )


def _lost(value: Any) -> Iterator[tuple[str, str]]:
    tables = value.get("lost_columns") if isinstance(value, dict) else None
    for table, columns in tables.items() if isinstance(tables, dict) else ():
        for column in columns if isinstance(columns, list) else ():
            yield str(table), str(column)
