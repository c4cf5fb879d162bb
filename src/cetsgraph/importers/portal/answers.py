"""Rows of tables in JSON: a list of one table, an answer of the API, or several tables by name."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cetsgraph.importers.portal.schema import TABLES, snake, table_called
from cetsgraph.pointers import child_pointer

__all__ = ["Rows", "rows_in", "table_of"]

_COMMON = {"id", "name", "run_id", "dataset_id", "annotation_id", "deposition_id", "title", "description"}


class Rows(NamedTuple):
    """Rows of one table, and where they stand in their file."""

    table: str
    pointer: str
    rows: list[Any]


def rows_in(value: Any, name: str) -> Iterator[Rows]:
    """The rows of each table that a JSON value has; none if it is no answer and no table.

    >>> list(rows_in({"data": {"runs": [{"id": 1, "datasetId": 2, "name": "TS_1"}]}}, "answer"))
    [Rows(table='runs', pointer='/data/runs', rows=[{'id': 1, 'datasetId': 2, 'name': 'TS_1'}])]

    Args:
        value: what the file holds.
        name: of the file, which tells tables apart that look alike.
    """
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
