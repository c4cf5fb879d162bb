"""The typed functions of the questions, and the classes of their rows: one module for each theme.

The headers of the query files say all of it: parameters, columns, units, what may be empty.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from textwrap import indent, wrap

from pyoxigraph import QuerySolutions, Store

from cetsgraph.queries.object_kinds import object_parameter
from cetsgraph.queries.question import Column, Parameter, Query, RowClass, Scope
from cetsgraph.queries.terms import ValueKind, cell

__all__ = ["FOLDER", "modules"]

FOLDER = Path("src/cetsgraph/queries/typed")

_WIDTH = 110
_NOTE = "Derived from queries/ by `make derive`; edit those instead."
_THEMES = {
    "acquisition": "Questions about tilt series: how their images were taken, and how they were aligned.",
    "annotation": "Questions about annotations: what they mark, how they were made, and where they lie.",
    "completeness": "Questions about what is missing, unknown or contradictory.",
    "dataset": "Questions about data sets: what they hold, name and share.",
    "image": "Questions about tilt images: what is known of each, and what it takes to process them again.",
    "object": "Questions about objects: where they are annotated, how often, how densely, and by whom.",
    "sample": "Questions about samples: what was imaged, how it was prepared, and under which licence.",
    "tomogram": "Questions about tomograms: what is in them, how they were made, and from what.",
}
_EXPLANATION = (
    "`dataset` and the objects in a row are IRIs, as they stand in the graph; a field is None where the "
    "documents do not say. `name` is the name of the object, or else its id. `limit` and `offset` give some "
    "of the rows. In the examples, `store` holds the documents of `examples/`."
)
_LAZILY = """

def __getattr__(name: str) -> Any:
    \"\"\"Import a question when it is first used.\"\"\"
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)"""
_SCALARS = {
    ValueKind.IRI: "str",
    ValueKind.TEXT: "str",
    ValueKind.WORD: "str",
    ValueKind.OBJECT: "str",
    ValueKind.NUMBER: "float",
    ValueKind.INTEGER: "int",
    ValueKind.BOOLEAN: "bool",
}


def modules(questions: Iterable[Query]) -> dict[Path, bytes]:
    """The modules, and the package that shows them: their places and contents.

    Raises:
        ValueError: a query has no theme or no row, or two queries describe one row differently.
    """
    themes: defaultdict[str, list[Query]] = defaultdict(list)
    for query in questions:
        if query.theme not in _THEMES or query.row is None or query.scope is None:
            raise ValueError(f"{query.name}.rq: a theme ({', '.join(_THEMES)}), a row or a scope is missing")
        themes[query.theme].append(query)
    written = {FOLDER / f"{theme}_queries.py": _module(theme, queries) for theme, queries in themes.items()}
    written[FOLDER / "__init__.py"] = _package(themes)
    return {path: "\n".join(lines).encode() + b"\n" for path, lines in written.items()}


def _package(themes: dict[str, list[Query]]) -> list[str]:
    exported = {f"{theme}_queries": _exported(queries) for theme, queries in sorted(themes.items())}
    homes = {name: module for module, shown in exported.items() for name in shown}
    return [
        *_docstring(["The typed functions of the questions, and the classes of their rows.", _NOTE], ""),
        "",
        "from importlib import import_module",
        "from typing import TYPE_CHECKING, Any",
        "",
        "if TYPE_CHECKING:",
        *(
            line
            for module, shown in exported.items()
            for line in _listed(
                f"from cetsgraph.queries.typed.{module} import (", sorted(shown, key=_sorting), ")", "    "
            )
        ),
        "",
        *_listed("__all__ = [", [f'"{name}"' for name in sorted(homes)], "]"),
        "",
        *_listed("_HOMES = {", [f'"{name}": "{homes[name]}"' for name in sorted(homes)], "}"),
        *_LAZILY.split("\n"),
    ]


def _sorting(name: str) -> tuple[bool, str]:
    """Classes before functions, as sorted imports have them."""
    return name.islower(), name


def _exported(queries: Iterable[Query]) -> list[str]:
    return sorted({name for query in queries for name in (query.name, _row(query).name)})


def _module(theme: str, queries: Sequence[Query]) -> list[str]:
    several = any(parameter.many for query in queries for parameter in query.parameters)
    lines = [
        *_docstring([_THEMES[theme], _EXPLANATION, _NOTE], ""),
        "",
        *(["from collections.abc import Sequence"] if several else []),
        "from dataclasses import dataclass",
        "from typing import Unpack",
        "",
        *_imported_pages(queries),
        "from cetsgraph.store import Store",
        "",
        *_listed("__all__ = [", [f'"{name}"' for name in _exported(queries)], "]"),
    ]
    known: dict[str, Query] = {}
    for query in queries:
        first = known.setdefault(_row(query).name, query)
        if first is query:
            lines += ["", "", *_class(query)]
        elif (first.row, first.columns) != (query.row, query.columns):
            raise ValueError(f"{query.name}.rq and {first.name}.rq describe {_row(query).name} differently")
        lines += ["", "", *_function(query)]
    return lines


def _imported_pages(queries: Sequence[Query]) -> list[str]:
    """The imports of rows, and of the pages that functions take."""
    pages = {_page(query) for query in queries}
    base = ["OfKind"] if any(map(object_parameter, queries)) else []
    return [
        *(["from cetsgraph.queries.pages import RowPage"] if "RowPage" in pages else []),
        f"from cetsgraph.queries.rows import {', '.join([*base, 'Rows', 'run_typed'])}",
        *(["from cetsgraph.queries.scope import ScopedPage"] if "ScopedPage" in pages else []),
    ]


def _page(query: Query) -> str:
    return "RowPage" if query.scope is Scope.ACROSS else "ScopedPage"


def _row(query: Query) -> RowClass:
    assert query.row is not None
    return query.row


def _class(query: Query) -> Iterator[str]:
    row = _row(query)
    yield "@dataclass(frozen=True, slots=True)"
    yield f"class {row.name}{'(OfKind)' if object_parameter(query) else ''}:"
    yield from _docstring([row.meaning, _described("Attributes:", query.columns)], "    ")
    yield ""
    yield from (f"    {column.name}: {_column_type(column)}" for column in query.columns)


def _column_type(column: Column) -> str:
    name = _SCALARS.get(column.kind)
    if name is None:
        depth = (column.shape or "N").count("×") + 1
        name = "list[" * depth + "float" + "]" * depth
    return f"{name} | None" if column.optional else name


def _parameter_type(parameter: Parameter) -> str:
    one = _SCALARS[parameter.kind]
    given = f"{one} | Sequence[{one}]" if parameter.many else one
    return f"{given} | None = None" if parameter.optional else given


def _function(query: Query) -> Iterator[str]:
    row, parameters = _row(query).name, query.parameters
    declared = [f"{one.name}: {_parameter_type(one)}" for one in parameters]
    keywords = ["*", *declared] if declared else []
    yield from _listed(
        f"def {query.name}(",
        ["store: Store", *keywords, f"**page: Unpack[{_page(query)}]"],
        f") -> Rows[{row}]:",
    )
    summary, _, more = query.description.partition(". ")
    paragraphs = [summary if summary.endswith(".") else f"{summary}.", more, _example(query)]
    if parameters:
        paragraphs.append(_described("Args:", parameters, "store: the store to query."))
    yield from _docstring(paragraphs, "    ")
    values = [f"{one.name}={one.name}" for one in parameters]
    yield from _listed("return run_typed(", ["store", f'"{query.name}"', row, "page", *values], ")", "    ")


def _described(title: str, fields: Iterable[Parameter | Column], *before: str) -> str:
    """A section of a docstring: a line for each field, with its unit."""
    lines = [*before, *(f"{one.name}: {_with_unit(one)}." for one in fields)]
    wrapped = (
        line
        for text in lines
        for line in wrap(text, _WIDTH - 8, subsequent_indent="    ", break_on_hyphens=False)
    )
    return "\n".join([title, *(f"    {line}" for line in wrapped)])


def _with_unit(one: Parameter | Column) -> str:
    if one.unit is None:
        return one.meaning
    return f"{one.meaning}, in {'the ' if ' ' in one.unit else ''}{one.unit}"


_LONGEST_REPR = 250  # characters of columns that the repr of rows shows for certain


def _example(query: Query) -> str:
    """The question with the example values of its file, as a doctest."""
    given = [one for one in query.parameters if not one.optional]
    values = [f"{one.name}={_example_value(one)}" for one in given]
    call = list(_listed(f"{query.name}(", ["store", *values], ")", width=_WIDTH - 8))
    names = [f"{one.name} in {one.unit}" if one.unit else one.name for one in query.columns]
    shown = ", ".join(names)
    if len(shown) > _LONGEST_REPR:
        shown = f"{names[0]}, {names[1]}, ..."
    answer = wrap(f"<Rows: ... × ({shown})>", _WIDTH - 4, break_on_hyphens=False)
    return "\n".join([f">>> {call[0]}", *(f"... {line}" for line in call[1:]), *answer])


def _example_value(parameter: Parameter) -> str:
    found = Store().query(f"SELECT ?value {{ VALUES ?value {{ {parameter.example} }} }}")
    assert isinstance(found, QuerySolutions)
    values = [cell(parameter.kind, row["value"]) for row in found]
    texts = [_literal(value) for value in values]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


def _literal(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if not isinstance(value, str):
        return repr(value)
    half = value.rfind("/", 0, 80) + 1 if len(value) > 80 else 0
    return f'"{value[:half]}"\n    "{value[half:]}"' if half else f'"{value}"'


def _listed(
    start: str, items: Sequence[str], end: str, margin: str = "", *, width: int = _WIDTH
) -> Iterator[str]:
    """Items between brackets on one line, or else on one line of their own, or else on a line each."""
    inside = ", ".join(items)
    whole = f"{margin}{start}{inside}{end}"
    if len(whole) <= width and "\n" not in whole:
        yield whole
        return
    yield f"{margin}{start}"
    if start.startswith("def ") and len(inside) + 4 <= width:
        yield f"{margin}    {inside}"
    else:
        yield from indent("\n".join(f"{item}," for item in items), f"{margin}    ").split("\n")
    yield f"{margin}{end}"


def _docstring(paragraphs: Iterable[str], margin: str) -> Iterator[str]:
    """Paragraphs wrapped at the width of a line; one that has lines of its own stays as it is."""
    lines: list[str] = []
    for number, text in enumerate(filter(None, paragraphs)):
        whole = "\n" in text or text.startswith(">>>")
        opening = f'{margin}"""' if number == 0 else margin
        lines += [""] if number else []
        lines += (
            indent(text, margin).split("\n")
            if whole
            else wrap(text, _WIDTH, initial_indent=opening, subsequent_indent=margin, break_on_hyphens=False)
        )
    if len(lines) == 1 and len(lines[0]) + 3 <= _WIDTH:
        return iter([f'{lines[0]}"""'])
    return iter([*lines, f'{margin}"""'])
