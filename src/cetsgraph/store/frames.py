"""Rows of terms as plain values, and columns of these as a data frame of pandas."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cetsgraph.errors import ExtraNotInstalled, QueryError
from cetsgraph.rdf import Term, python_value

if TYPE_CHECKING:
    import pandas
    import pyoxigraph as ox

__all__ = ["frame", "frame_of", "plain_value"]


def frame(variables: Sequence[str], rows: Iterable["ox.QuerySolution"]) -> "pandas.DataFrame":
    """A data frame of rows of terms, one column per variable.

    Raises:
        ExtraNotInstalled: pandas is not installed.
        QueryError: a value is not written as its datatype demands.
    """
    kept = list(rows)
    return frame_of({name: [plain_value(row[name]) for row in kept] for name in variables})


def frame_of(
    columns: Mapping[str, Sequence[Any]], types: Mapping[str, str] | None = None
) -> "pandas.DataFrame":
    """A data frame of columns, of these types of pandas, or else typed by what is in them.

    Raises:
        ExtraNotInstalled: pandas is not installed.
    """
    try:
        import pandas
    except ImportError as error:
        raise ExtraNotInstalled(package="pandas", extra="frames") from error
    if types is None:
        return pandas.DataFrame({**columns}, columns=[*columns]).convert_dtypes()
    return pandas.DataFrame(
        {name: pandas.Series(cells, dtype=types[name]) for name, cells in columns.items()}
    )


def plain_value(term: Term | None) -> str | int | float | bool | None:
    """A term by its datatype, as `python_value` gives it.

    Raises:
        QueryError: it is not written as its datatype demands.
    """
    try:
        return python_value(term)
    except ValueError as error:
        raise QueryError("a value is not of its datatype", found=str(term)) from error
