"""The page of questions: what each asks, its parameters and its columns, in Markdown."""

from collections.abc import Iterable, Iterator

from cetsgraph.queries.question import Column, Parameter, Query, Scope

__all__ = ["question_page"]

_HEAD = """\
<!-- Derived from queries/ by `make derive`; edit those instead. -->
# Questions

Each is a file in `queries/`, a function of `cetsgraph.queries`, and a name for `cetsgraph query`. `dataset`
and the objects in a row are IRIs; an optional cell is empty where the documents do not say. Rows are ordered,
so that `limit` and `offset` give pages of them. A question that is asked per data set can be asked of one
data set, or of several: `dataset` in Python, `--dataset` on the command line. Optional parameters that are
left out restrict nothing.
"""


def question_page(questions: Iterable[Query]) -> bytes:
    """The page, with a section for each question."""
    return "\n".join([_HEAD, *(line for query in questions for line in _section(query))]).encode()


def _section(query: Query) -> Iterator[str]:
    yield f"## {query.name}\n"
    yield f"{query.description}\n"
    yield "Asked per data set.\n" if query.scope is Scope.DATA_SET else "Asked across data sets.\n"
    if query.parameters:
        yield "Parameters:\n"
        yield from _table((parameter, _parameter_kind(parameter)) for parameter in query.parameters)
    yield "Columns:\n"
    yield from _table((column, _column_kind(column)) for column in query.columns)


def _parameter_kind(parameter: Parameter) -> str:
    kind = f"list of {parameter.kind}" if parameter.many else parameter.kind
    return f"{kind}, optional" if parameter.optional else kind


def _column_kind(column: Column) -> str:
    kind = f"{column.kind} {column.shape}" if column.shape else column.kind
    return f"{kind}, optional" if column.optional else kind


def _table(fields: Iterable[tuple[Parameter | Column, str]]) -> Iterator[str]:
    yield "| | kind | unit | meaning |\n|---|---|---|---|"
    for field, kind in fields:
        yield f"| `{field.name}` | {kind} | {field.unit or ''} | {field.meaning} |"
    yield ""
