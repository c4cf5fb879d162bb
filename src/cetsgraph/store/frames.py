"""Rows of SPARQL as a data frame, typed by what is in them."""

from typing import TYPE_CHECKING

from cetsgraph.errors import ExtraNotInstalled, QueryError
from cetsgraph.rdf import python_value
from cetsgraph.store.base import Solutions

if TYPE_CHECKING:
    import pandas

__all__ = ["frame"]


def frame(solutions: Solutions) -> "pandas.DataFrame":
    """A data frame of rows, one column per variable.

    Raises:
        ExtraNotInstalled: pandas is not installed.
        QueryError: a value is not written as its datatype demands.
    """
    try:
        import pandas
    except ImportError as error:
        raise ExtraNotInstalled(package="pandas", extra="frames") from error
    rows = list(solutions)
    try:
        cells = {name: [python_value(row[name]) for row in rows] for name in solutions.variables}
    except ValueError as error:
        raise QueryError("a value is not of its datatype", found=str(error)) from error
    return pandas.DataFrame(cells, columns=list(solutions.variables)).convert_dtypes()
