"""Rows of an answer as Python values, whole or a page of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import make_dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, Unpack

from cetsgraph.errors import QueryError
from cetsgraph.notebook import html_table
from cetsgraph.queries.file import load, parse
from cetsgraph.queries.order import Terms
from cetsgraph.queries.own import columns_in_order, is_sparql, kind_of_column
from cetsgraph.queries.pages import RowPage, checked, paged
from cetsgraph.queries.question import Column, Query
from cetsgraph.queries.scope import ScopedPage, graphs_of, solutions
from cetsgraph.queries.terms import Cell, Value, cell
from cetsgraph.store import Solutions, Store
from cetsgraph.store.frames import plain_value
from cetsgraph.texts import counted, shortened

if TYPE_CHECKING:
    import pandas
    import polars

__all__ = ["OfKind", "Row", "Rows", "run", "run_sparql", "run_typed"]

Row = dict[str, Cell]
R = TypeVar("R")

_LONGEST = 300  # characters of a repr


class Rows(list[R], Generic[R]):
    """The rows of an answer, with the columns that the question declares.

    Tables of pandas and polars have the same columns, typed by what is declared, not by what happens to be
    in the rows: an answer without rows has them too. What is not known is missing (NA, null).

    >>> from cetsgraph.queries.question import Column
    >>> from cetsgraph.queries.terms import ValueKind
    >>> Rows([{"dose": 120.0}], (Column("dose", ValueKind.NUMBER, "e⁻/Å²", "total dose"),))
    <Rows: 1 × (dose in e⁻/Å²)>
    """

    def __init__(self, rows: Iterable[R], columns: tuple[Column, ...]) -> None:
        super().__init__(rows)
        self.columns = columns

    def to_pandas(self) -> "pandas.DataFrame":
        """A data frame of pandas; `frame.attrs["units"]` has the unit of each column that has one.

        Raises:
            ExtraNotInstalled: pandas is not installed.
        """
        from cetsgraph.queries.frames import pandas_frame

        return pandas_frame(self, self.columns)

    def to_polars(self) -> "polars.DataFrame":
        """A data frame of polars.

        Raises:
            ExtraNotInstalled: polars is not installed.
        """
        from cetsgraph.queries.frames import polars_frame

        return polars_frame(self, self.columns)

    def __repr__(self) -> str:
        names = (f"{one.name} in {one.unit}" if one.unit else one.name for one in self.columns)
        return shortened(f"<Rows: {len(self)} × ({', '.join(names)}", _LONGEST - 2) + ")>"

    def _repr_html_(self) -> str:
        """A table for notebooks: the first 20 rows, with the units of the columns."""
        cells = [[column.of(row) for column in self.columns] for row in self]
        return html_table([*map(_header, self.columns)], cells, caption=counted(len(self), "row"))


class OfKind:
    """A row of a question about an object. Where kinds are asked for, it says which one it is about.

    Attributes:
        term: the kind as a term, or as it was asked for where no ontology knows it.
        term_label: label of the term in its ontology.
    """

    __slots__ = ()

    term: ClassVar[str | None] = None
    term_label: ClassVar[str | None] = None


@cache
def _with_term(row: type[Any]) -> type[Any]:
    """The class of rows with the fields of `OfKind` behind the others."""
    fields = [(name, str | None) for name in ("term", "term_label")]
    return make_dataclass(row.__name__, fields, bases=(row,), frozen=True, slots=True)


def _header(column: Column) -> str:
    return f"{column.name} ({column.unit})" if column.unit else column.name


def run(
    store: Store,
    query: str | Query,
    parameters: Mapping[str, Value] | None = None,
    **page: Unpack[ScopedPage],
) -> Rows[Row]:
    """Run a query, by name or as it was loaded; each row is a dictionary of its columns.

    >>> from cetsgraph.store import LocalStore
    >>> run(LocalStore.memory(), "tilt_series_by_dose", {"maximum": 120})
    <Rows: 0 × (dataset, tilt_series, name, path, dose in e⁻/Å²)>

    Args:
        store: the store to query.
        query: its name, or what `load` or `parse` gave, or SPARQL.
        parameters: values by the names of the query's parameters.
        **page: `limit` and `offset`, for some of the rows; `dataset`, by name or IRI, for those of one data
            set, or of several; `kinds_of`, for those of all kinds and parts of the object that is asked
            about, by kind. Rows then say in `term` and `term_label` which one they are about.

    Raises:
        UnknownQuery: there is no query of this name.
        DataSetNotFound: the store has no data set of this name.
        ParameterError: a parameter is unknown or missing, or a value is not of its kind, or the query has a
            LIMIT of its own and a page is wanted, or is asked across data sets and one of them is named, or
            is about no object whose kinds could be followed.
        QueryError: the store answers with something that is not of a column's kind.
        StoreError: the store failed.
    """
    if isinstance(query, str) and is_sparql(query):
        if not parameters and not page.get("kinds_of"):
            return _own(store, query, page)
        query = parse(query, Path("query"))
    question = load(query) if isinstance(query, str) else query
    if page.get("kinds_of"):
        return _with_kinds(store, question, parameters or {}, page)
    found = solutions(store, question, parameters or {}, page)
    return Rows((_row(question.columns, terms, store) for terms in found), question.columns)


def _with_kinds(store: Store, question: Query, values: Mapping[str, Value], page: ScopedPage) -> Rows[Row]:
    """The rows for each kind of an object, one kind after the other."""
    from cetsgraph.queries.object_kinds import KIND_COLUMNS, cells_of, values_by_kind

    rows = (
        row | cells_of(kind)
        for kind, asked in values_by_kind(store, question, values)
        for row in run(store, question, asked, dataset=page.get("dataset"))
    )
    numbers = checked(question.text, page, query=question.name)
    start, limit = numbers.get("offset", 0), numbers.get("limit")
    some = islice(rows, start, None if limit is None else start + limit)
    return Rows(some, (*question.columns, *KIND_COLUMNS))


def _row(columns: Iterable[Column], terms: Terms, store: Store) -> Row:
    row: Row = {}
    for column, term in zip(columns, terms, strict=True):
        try:
            row[column.name] = cell(column.kind, term)
        except (ValueError, ArithmeticError) as error:
            raise QueryError(
                f"column {column.name} has a value of the wrong kind",
                where=store.location,
                found=term,
                expected=column.kind,
            ) from error
    return row


def run_typed(
    store: Store, name: str, row: type[R], page: RowPage | ScopedPage, /, **values: Value | None
) -> Rows[R]:
    """Run a query by name and make each row a `row`."""
    rows = run(store, name, {key: value for key, value in values.items() if value is not None}, **page)
    plain: Any = row
    made = _with_term(plain) if page.get("kinds_of") else plain
    return Rows((made(**fields) for fields in rows), rows.columns)


def run_sparql(
    store: Store, sparql: str, *, dataset: str | Sequence[str] | None = None
) -> tuple[Sequence[str], Iterator[dict[str, Any]]]:
    """The columns of any SPARQL query and its rows, to be iterated once.

    They are triples for a CONSTRUCT, and one truth value for an ASK.

    >>> from cetsgraph.store import LocalStore
    >>> columns, rows = run_sparql(LocalStore.memory(), "SELECT (1 + 1 AS ?two) {}")
    >>> columns, list(rows)
    (('two',), [{'two': 2}])

    Args:
        store: what is asked.
        sparql: the query.
        dataset: names or IRIs of the data sets whose graphs are asked; all if not given.

    Raises:
        QueryError: the query fails, or, while rows are iterated, a value is not written as its datatype
            demands.
    """
    found = store.query(sparql, default_graph=None if dataset is None else graphs_of(store, dataset))
    if isinstance(found, bool):
        return ("answer",), iter([{"answer": found}])
    if isinstance(found, Solutions):
        columns = columns_in_order(sparql, found.variables)
        return columns, ({name: plain_value(row[name]) for name in columns} for row in found)
    columns = ("subject", "predicate", "object")
    return columns, ({name: plain_value(getattr(triple, name)) for name in columns} for triple in found)


def _own(store: Store, sparql: str, page: ScopedPage) -> Rows[Row]:
    names, found = run_sparql(store, paged(sparql, page, query="query"), dataset=page.get("dataset"))
    rows = list(found)
    columns = (Column(name, kind_of_column([row[name] for row in rows]), None, name) for name in names)
    return Rows(rows, tuple(columns))
