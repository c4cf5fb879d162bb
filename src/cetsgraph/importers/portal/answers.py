"""Rows of tables in JSON: a list of one table, an answer of the API, or several tables by name.

Rows of an answer may have those that belong to them within: `{"runs": {"edges": [{"node": {"id": 1}}]}}`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cetsgraph.importers.portal.schema import TABLES, snake, table_called
from cetsgraph.pointers import child_pointer

__all__ = ["Rows", "rows_in", "table_of"]

_RELATIONS = {
    ("datasets", "authors"): "datasetAuthors",
    ("datasets", "fundingSources"): "datasetFunding",
    ("annotations", "authors"): "annotationAuthors",
    ("annotations", "methodLinks"): "annotationMethodLinks",
    ("alignments", "perSectionAlignments"): "perSectionAlignmentParameters",
}
"""Tables by the tables that they are listed in, and how they are called there."""

_LEAVES = ("datasetAuthors", "datasetFunding", "annotationAuthors", "annotationMethodLinks", "gainFiles")
_MOST = 10_000  # rows of such a table that belong to one row
_COMMON = {"id", "name", "run_id", "dataset_id", "annotation_id", "deposition_id", "title", "description"}


class Rows(NamedTuple):
    """Rows of one table, and where they stand in their file."""

    table: str
    pointer: str
    rows: list[Any]
    inside: tuple[str, ...] = ()
    """What leads from an item of the list at the pointer to its row."""

    def pointer_of(self, number: int, *column: str) -> str:
        """JSON pointer of a row, or of a column of it."""
        return child_pointer(self.pointer, number, *self.inside, *column)


def rows_in(value: Any, name: str) -> Iterator[Rows]:
    """The rows of each table that a JSON value has; none if it is no answer and no table.

    >>> (runs,) = rows_in({"data": {"runs": [{"id": 1, "datasetId": 2, "name": "TS_1"}]}}, "answer")
    >>> runs.table, runs.pointer_of(0, "name")
    ('runs', '/data/runs/0/name')

    Args:
        value: what the file holds.
        name: of the file, which tells tables apart that look alike.
    """
    for found in _outermost(value, name):
        yield from _unfolded(found)


def _outermost(value: Any, name: str) -> Iterator[Rows]:
    if isinstance(value, list):
        table = table_of(value[0], name) if value else table_called(name)
        if table is not None:
            yield Rows(table, "", value)
        return
    answer = value.get("data") if isinstance(value, dict) else None
    tables, pointer = (value, "") if answer is None else (answer, "/data")
    for key, rows in tables.items() if isinstance(tables, dict) else ():
        table = table_called(key)
        if table is not None and isinstance(rows, list):
            yield Rows(table, child_pointer(pointer, key), rows)


def _unfolded(found: Rows) -> Iterator[Rows]:
    """The rows, and those that they have within, which get the number of the row that they belong to."""
    flat: list[Any] = []
    below: list[Rows] = []
    for number, row in enumerate(found.rows):
        lists = dict(_lists_in(found, number)) if isinstance(row, Mapping) else {}
        flat.append({key: cell for key, cell in row.items() if key not in lists} if lists else row)
        below += lists.values()
    yield found._replace(rows=flat)
    for rows in below:
        yield from _unfolded(rows)


def _lists_in(found: Rows, number: int) -> Iterator[tuple[str, Rows]]:
    """The lists of rows that a row has, by the names of their columns."""
    row = found.rows[number]
    for key, cell in row.items():
        table = _RELATIONS.get((found.table, key)) or table_called(key)
        edges = cell.get("edges") if isinstance(cell, Mapping) else None
        items = edges if isinstance(edges, list) else cell
        if table not in TABLES or not isinstance(items, list):
            continue
        inside = () if items is cell else ("node",)
        pointer = found.pointer_of(number, key, *(() if items is cell else ("edges",)))
        rows = [one.get("node") if inside and isinstance(one, Mapping) else one for one in items]
        owner = row.get("id") if TABLES[table].parent == found.table else None
        linked = [_linked(one, at, table, owner) for at, one in enumerate(rows)]
        yield key, Rows(table, pointer, linked, inside)


def _linked(row: Any, at: int, table: str, owner: Any) -> Any:
    """A row with the number of the row that it belongs to; and one of its own, where nothing leads to it."""
    if not isinstance(row, Mapping):
        return row
    known = {snake(key) for key in row}
    added = {} if owner is None or TABLES[table].link in known else {TABLES[table].link: owner}
    if "id" not in known and table in _LEAVES and isinstance(owner, int):
        added["id"] = -(owner * _MOST + at + 1)
    return {**row, **added}


def table_of(row: Any, name: str) -> str | None:
    """The table that a row is of, by its columns, and by the name of its file where that is of help.

    >>> table_of({"id": 1, "datasetId": 2, "name": "TS_1"}, "runs"), table_of({"id": 1}, "runs")
    ('runs', None)
    >>> table_of({"id": 1, "annotation_id": 2, "shape_type": "Point"}, "a")
    'annotationShapes'
    """
    if not isinstance(row, Mapping) or not isinstance(row.get("id"), int):
        return None
    called = table_called(name)
    columns = {snake(key) for key in row}
    if called is not None and (called not in TABLES or TABLES[called].needed <= columns):
        return called
    fits = [
        (len(telling), len(telling) / len(table.columns), table.name)
        for table in TABLES.values()
        if table.needed <= columns and (telling := columns.intersection(table.columns) - _COMMON)
    ]
    return max(fits)[2] if fits else None
