"""Files of RELION as accounts of their tables."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cetsgraph.importers.formats.star import Star, parse
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tables import SourceTable
from cetsgraph.importers.tally import SourcePlace

__all__ = ["StarRow", "named_tables", "only", "rows", "series_name", "table_with"]


@dataclass(frozen=True, slots=True)
class StarRow:
    """What is taken of one row of a table: None where the row has no such value."""

    place: SourcePlace
    texts: Mapping[str, str | None]
    numbers: Mapping[str, float | None]

    def said(self, *columns: str) -> float | None:
        """The first number that the row has of several columns."""
        return next((found for name in columns if (found := self.numbers[name]) is not None), None)

    def all(self, *columns: str) -> list[float] | None:
        """The numbers of all columns; None if one is missing."""
        found = [number for name in columns if (number := self.numbers[name]) is not None]
        return found if len(found) == len(columns) else None


def named_tables(
    session: ImportSession, path: Path, *, labelled: bool = False
) -> list[tuple[str, SourceTable]]:
    """The tables of a file by the names of their blocks; what is no row of a table is a finding.

    Args:
        session: the import.
        path: the file.
        labelled: whether findings name columns with their blocks, where several have the same ones.

    Raises:
        DocumentError: the file cannot be read, or is not text.
    """
    found = parse(session.text(path).lines())
    session.odd(path, found.odds)
    return list(_accounts(session, path, found, labelled=labelled))


def table_with(tables: list[tuple[str, SourceTable]], *columns: str) -> SourceTable | None:
    """The first table that has one of the columns."""
    return next((table for _, table in tables if any(column in table for column in columns)), None)


def rows(table: SourceTable, *, texts: Iterable[str], numbers: Iterable[str]) -> list[StarRow]:
    """The rows of a table, with the columns that are taken of it."""
    words = {name: table.texts(name) for name in texts}
    values = {name: table.numbers(name) for name in numbers}
    return [
        StarRow(
            table.place(index),
            {name: column[index] for name, column in words.items()},
            {name: column[index] for name, column in values.items()},
        )
        for index in range(len(table))
    ]


def series_name(written: str | None) -> str:
    """The name of a series, which Warp writes with the ending of its file.

    >>> series_name("TS_01.tomostar"), series_name(None)
    ('TS_01', '')
    """
    return (written or "").removesuffix(".tomostar")


def only(values: list[str | None]) -> str | None:
    """What all rows that say something say; the most frequent one if they differ."""
    said = Counter(value for value in values if value is not None)
    return said.most_common(1)[0][0] if said else None


def _accounts(
    session: ImportSession, path: Path, found: Star, *, labelled: bool
) -> Iterator[tuple[str, SourceTable]]:
    for name, table in found.tables():
        columns = dict(zip(table.columns, map(list, zip(*table.rows, strict=True)), strict=False))
        for column in table.columns:
            columns.setdefault(column, [])
        label = f"{name}/" if labelled else ""
        yield name, session.table(columns, path, lines=table.lines, label=label)
