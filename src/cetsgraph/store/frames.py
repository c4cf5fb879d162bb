"""Rows of SPARQL as a data frame, typed by what is in them."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cetsgraph.errors import ExtraNotInstalled, QueryError
from cetsgraph.rdf import python_value

if TYPE_CHECKING:
    import pandas
    import pyoxigraph as ox

__all__ = ["frame"]


def frame(variables: Sequence[str], rows: Iterable["ox.QuerySolution"]) -> "pandas.DataFrame":
    """A data frame of rows of terms, one column per variable.

    Raises:
        ExtraNotInstalled: pandas is not installed.
        QueryError: a value is not written as its datatype demands.
    """
    try:
        import pandas
    except ImportError as error:
        raise ExtraNotInstalled(package="pandas", extra="frames") from error
    kept = list(rows)
    try:
        cells = {name: [python_value(row[name]) for row in kept] for name in variables}
    except ValueError as error:
        raise QueryError("a value is not of its datatype", found=str(error)) from error
    return pandas.DataFrame(cells, columns=list(variables)).convert_dtypes()
