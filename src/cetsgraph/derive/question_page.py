"""The page of questions: what each asks, its parameters and its columns, in Markdown."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from cetsgraph.archive import put
from cetsgraph.documents import read_all
from cetsgraph.iris import DEFAULT_BASE
from cetsgraph.queries.question import NOT_GIVEN, Column, Parameter, Query, Scope
from cetsgraph.queries.rows import run_sparql
from cetsgraph.queries.writing import cell_text
from cetsgraph.store import LocalStore, Store
from cetsgraph.texts import shortened

__all__ = ["question_page"]

_LONGEST = 48  # characters of an example

_HEAD = """\
<!-- Derived from queries/ by `make derive`; edit those instead. -->
# Questions

Each is a file in `queries/`, a function of `cetsgraph.queries`, and a name for `cetsgraph query`. `dataset`
and the objects in a row are IRIs; an optional cell is empty where the documents do not say. Rows are ordered,
so that `limit` and `offset` give pages of them. A question that is asked per data set can be asked of one
data set, or of several: `dataset` in Python, `--dataset` on the command line. Optional parameters that are
left out restrict nothing.
"""


def question_page(questions: Iterable[Query], examples: Path) -> bytes:
    """The page, with a section for each question; rows are of the example documents in a folder."""
    store = LocalStore.memory()
    for path in sorted([*examples.glob("*.json"), *examples.glob("*.yaml")]):
        for read in read_all(path):
            put(store, read)
    lines = (line for query in questions for line in _section(query, _first_row(store, query)))
    return "\n".join([_HEAD, *lines]).encode()


def _first_row(store: Store, query: Query) -> dict[str, object]:
    """The first row that a question gives as it stands in its file; empty where it gives none."""
    _, rows = run_sparql(store, f"{query.text}\nLIMIT 1")
    return next(rows, {})


def _section(query: Query, first: Mapping[str, object]) -> Iterator[str]:
    yield f"## {query.name}\n"
    yield f"{query.description}\n"
    yield "Asked per data set.\n" if query.scope is Scope.DATA_SET else "Asked across data sets.\n"
    if query.parameters:
        yield "Parameters:\n"
        given = ((one, _parameter_kind(one), _example(one.example)) for one in query.parameters)
        yield from _table(given, "such as")
    yield "Columns, and the first row that the [examples](../../examples) have:\n" if first else "Columns:\n"
    shown = ((one, _column_kind(one), _example(first.get(one.name))) for one in query.columns)
    yield from _table(shown, "first row" if first else "")


def _parameter_kind(parameter: Parameter) -> str:
    kind = f"list of {parameter.kind}" if parameter.many else parameter.kind
    return f"{kind}, optional" if parameter.optional else kind


def _column_kind(column: Column) -> str:
    kind = f"{column.kind} {column.shape}" if column.shape else column.kind
    return f"{kind}, optional" if column.optional else kind


def _example(value: object) -> str:
    """A value in a cell: the end of an IRI of the store, and the beginning of what is long."""
    text = cell_text(value).removeprefix("<").removeprefix(DEFAULT_BASE).removesuffix(">")
    text = shortened(text.replace("|", "/"), _LONGEST)
    return f"`{text}`" if text and text != NOT_GIVEN else ""


def _table(fields: Iterable[tuple[Parameter | Column, str, str]], last: str) -> Iterator[str]:
    yield f"| | kind | unit | meaning | {last} |\n|---|---|---|---|---|"
    for field, kind, example in fields:
        yield f"| `{field.name}` | {kind} | {field.unit or ''} | {field.meaning} | {example} |"
    yield ""
