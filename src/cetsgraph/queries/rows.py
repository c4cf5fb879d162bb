"""Asks a store a question and gives the rows as Python values."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Generic, TypeVar, Unpack

from cetsgraph.errors import QueryError
from cetsgraph.queries.file import Column, Query, load
from cetsgraph.queries.pages import Page, paged
from cetsgraph.queries.terms import Cell, Value, python_value
from cetsgraph.store import Store

if TYPE_CHECKING:
    import pandas
    import polars

__all__ = ["Row", "Rows", "ask", "run"]

Row = dict[str, Cell]
R = TypeVar("R")


class Rows(list[R], Generic[R]):
    """The rows of an answer, with the columns that the question declares.

    Tables of pandas and polars have the same columns, typed by what is declared, not by what happens to be
    in the rows: an answer without rows has them too. What is not known is missing (NA, null).
    """

    def __init__(self, rows: Iterable[R], columns: tuple[Column, ...]) -> None:
        super().__init__(rows)
        self.columns = columns

    def to_pandas(self) -> "pandas.DataFrame":
        """A data frame of pandas; `frame.attrs["units"]` has the unit of each column that has one.

        Raises:
            CetsGraphError: pandas is not installed.
        """
        from cetsgraph.queries.frames import pandas_frame

        return pandas_frame(self, self.columns)

    def to_polars(self) -> "polars.DataFrame":
        """A data frame of polars.

        Raises:
            CetsGraphError: polars is not installed.
        """
        from cetsgraph.queries.frames import polars_frame

        return polars_frame(self, self.columns)


def run(
    store: Store,
    query: str | Query,
    parameters: Mapping[str, Value] | None = None,
    **page: Unpack[Page],
) -> Rows[Row]:
    """Ask a query, by name or as it was loaded; each row is a dictionary of its columns.

    Args:
        store: what to ask.
        query: its name, or what `load` or `parse` gave.
        parameters: values by the names of the query's parameters.
        **page: `limit` and `offset`, for some of the rows.

    Raises:
        UnknownQuery: there is no query of this name.
        ParameterError: a parameter is unknown or missing, or a value is not of its kind, or the query has a
            LIMIT of its own and a page is asked for.
        QueryError: the store answers with something that is not of a column's kind.
        StoreError: the store failed.
    """
    question = load(query) if isinstance(query, str) else query
    sparql = question.bind(**(parameters or {}))
    solutions = store.select(paged(sparql, page, query=question.name))
    rows: list[Row] = []
    for solution in solutions:
        row: Row = {}
        for column in question.columns:
            try:
                row[column.name] = python_value(column.kind, solution[column.name])
            except (ValueError, ArithmeticError) as error:
                raise QueryError(
                    f"column {column.name} has a value of the wrong kind",
                    where=store.location,
                    found=solution[column.name],
                    expected=column.kind,
                ) from error
        rows.append(row)
    return Rows(rows, question.columns)


def ask(store: Store, name: str, row: Callable[..., R], page: Page, /, **values: Value) -> Rows[R]:
    """Ask a query by name and make each row a `row`."""
    answer = run(store, name, values, **page)
    return Rows((row(**fields) for fields in answer), answer.columns)
