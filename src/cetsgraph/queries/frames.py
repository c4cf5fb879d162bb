"""Rows as tables of pandas and polars, with the types that the columns of a question declare."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from cetsgraph.errors import ExtraNotInstalled
from cetsgraph.queries.question import Column
from cetsgraph.queries.terms import ValueKind
from cetsgraph.store.frames import frame_of

if TYPE_CHECKING:
    import pandas
    import polars

__all__ = ["pandas_frame", "polars_frame"]

_PANDAS = {
    ValueKind.IRI: "string",
    ValueKind.TEXT: "string",
    ValueKind.NUMBER: "float64",
    ValueKind.INTEGER: "Int64",
    ValueKind.BOOLEAN: "boolean",
    ValueKind.ARRAY: "object",
}


def pandas_frame(rows: Iterable[Any], columns: Sequence[Column]) -> "pandas.DataFrame":
    """A data frame; missing numbers are NaN, other missing values NA; arrays are nested lists.

    `frame.attrs["units"]` maps the columns that have a unit to it.

    Raises:
        ExtraNotInstalled: pandas is not installed.
    """
    frame = frame_of(_cells(rows, columns), {column.name: _PANDAS[column.kind] for column in columns})
    frame.attrs["units"] = {column.name: column.unit for column in columns if column.unit is not None}
    return frame


def polars_frame(rows: Iterable[Any], columns: Sequence[Column]) -> "polars.DataFrame":
    """A data frame; missing values are null; arrays are nested lists of 64-bit floats.

    Raises:
        ExtraNotInstalled: polars is not installed.
    """
    try:
        import polars
    except ImportError as error:
        raise ExtraNotInstalled(package="polars", extra="frames") from error
    types: dict[ValueKind, Any] = {
        ValueKind.IRI: polars.String,
        ValueKind.TEXT: polars.String,
        ValueKind.NUMBER: polars.Float64,
        ValueKind.INTEGER: polars.Int64,
        ValueKind.BOOLEAN: polars.Boolean,
    }
    cells = _cells(rows, columns)
    return polars.DataFrame(
        [
            polars.Series(
                column.name,
                cells[column.name],
                dtype=types[column.kind] if column.kind in types else _nested(polars, cells[column.name]),
            )
            for column in columns
        ]
    )


def _cells(rows: Iterable[Any], columns: Sequence[Column]) -> dict[str, list[Any]]:
    """The cells of each column."""
    kept = list(rows)
    return {column.name: [column.of(row) for row in kept] for column in columns}


def _nested(polars: Any, arrays: list[Any]) -> Any:
    """The type of arrays: as many lists in each other as the deepest of them has."""
    depth = max([1, *map(_depth, arrays)])
    nested = polars.Float64
    for _ in range(depth):
        nested = polars.List(nested)
    return nested


def _depth(array: Any) -> int:
    return 1 + max((_depth(item) for item in array), default=0) if isinstance(array, list) else 0
