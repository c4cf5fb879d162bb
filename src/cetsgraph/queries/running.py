"""Asks a store a question and gives the rows as Python values."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from cetsgraph.errors import QueryError
from cetsgraph.queries.file import Query, load
from cetsgraph.queries.terms import Cell, Value, python_value
from cetsgraph.store import Store

__all__ = ["Row", "ask", "run"]

Row = dict[str, Cell]
R = TypeVar("R")


def run(store: Store, query: str | Query, parameters: Mapping[str, Value] | None = None) -> list[Row]:
    """Ask a query, by name or as it was loaded; each row is a dictionary of its columns.

    Raises:
        UnknownQuery: there is no query of this name.
        ParameterError: a parameter is unknown or missing, or a value is not of its kind.
        QueryError: the store answers with something that is not of a column's kind.
        StoreError: the store failed.
    """
    question = load(query) if isinstance(query, str) else query
    solutions = store.select(question.bind(**(parameters or {})))
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
    return rows


def ask(store: Store, name: str, row: Callable[..., R], **values: Value) -> list[R]:
    """Ask a query by name and make each row a `row`."""
    return [row(**fields) for fields in run(store, name, values)]
