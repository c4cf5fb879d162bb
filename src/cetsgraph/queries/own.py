"""SPARQL of one's own: usual prefixes need no declaration, and columns come in the order of the text."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from cetsgraph.errors import CetsGraphError, QuerySyntaxError
from cetsgraph.namespaces import PREFIXES
from cetsgraph.queries.terms import Cell, ValueKind
from cetsgraph.store import QueryAnswer, Store

__all__ = ["answered", "ask", "columns_in_order", "is_sparql", "kind_of_column", "with_usual_prefixes"]

T = TypeVar("T")

_USUAL = [f"{name}:" for name in PREFIXES]
_PREFIXED = re.compile(r"(?<![\w<:/#?$-])([a-z]+):")
_DECLARED = re.compile(r"\bPREFIX\s+([\w-]*)\s*:", re.IGNORECASE)
_ALL_COLUMNS = re.compile(r"\bSELECT\s+(?:DISTINCT\s+|REDUCED\s+)?\*", re.IGNORECASE)
_VARIABLE = re.compile(r"[?$](\w+)")


def is_sparql(text: str) -> bool:
    """Whether a text is a query itself, and not the name of one.

    >>> is_sparql("SELECT * { ?s ?p ?o }"), is_sparql("tilt_schemes")
    (True, False)
    """
    return "{" in text


def with_usual_prefixes(sparql: str) -> str:
    """The query with declarations of the `namespaces.PREFIXES` that it uses without declaring them.

    They stand before its first line, so that the numbers of its lines stay.

    >>> with_usual_prefixes("SELECT * { ?t a cets:Tomogram }")
    'PREFIX cets: <https://w3id.org/cetsgraph/ontology#> SELECT * { ?t a cets:Tomogram }'
    """
    if not any(prefix in sparql for prefix in _USUAL):
        return sparql
    declared = set(_DECLARED.findall(sparql))
    used = (name for name in dict.fromkeys(_PREFIXED.findall(sparql)) if name in PREFIXES)
    missing = [name for name in used if name not in declared]
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in missing) + sparql


def ask(store: Store, sparql: str, graphs: Sequence[str] | None = None) -> QueryAnswer:
    """The answer to a query, in which usual prefixes need no declaration; of these graphs, or of all.

    Raises:
        QuerySyntaxError: it is not SPARQL; the place is that in `sparql`.
        StoreError: the store failed.
    """
    return answered(sparql, lambda whole: store.query(whole, default_graph=graphs))


def answered(sparql: str, answer: Callable[[str], T]) -> T:
    """What `answer` makes of a query, in which usual prefixes need no declaration.

    Raises:
        QuerySyntaxError: it is not SPARQL; the place is that in `sparql`.
    """
    whole = with_usual_prefixes(sparql)
    try:
        return answer(whole)
    except QuerySyntaxError as error:
        line, column = error.line, error.column
        if column is not None and line == 1:
            column -= len(whole) - len(sparql)
        unknown = sorted({*_PREFIXED.findall(whole)} - {*_DECLARED.findall(whole)})
        what, hint = error.what, error.hint
        if unknown and _is_read(whole, unknown, answer):
            what = f"the prefix {unknown[0]} is not declared"
            hint = f"Declare it before the query: PREFIX {unknown[0]}: <IRI>."
            line, column = _place_of(unknown[0], sparql)
        raise QuerySyntaxError(what, line=line, column=column, hint=hint) from error


def _place_of(prefix: str, sparql: str) -> tuple[int, int]:
    """Line and column, from 1, where a prefix is first used."""
    before = sparql[: next(one.start() for one in _PREFIXED.finditer(sparql) if one[1] == prefix)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _is_read(sparql: str, prefixes: Sequence[str], answer: Callable[[str], object]) -> bool:
    """Whether the query is one once these prefixes are declared."""
    try:
        answer("".join(f"PREFIX {name}: <urn:x-{name}:> " for name in prefixes) + sparql)
    except CetsGraphError:
        return False
    return True


def columns_in_order(sparql: str, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns of `SELECT *` in the order in which the text first names them; others as they are.

    >>> columns_in_order("SELECT * { ?tomogram a ?class }", ("class", "tomogram"))
    ('tomogram', 'class')
    """
    if _ALL_COLUMNS.search(sparql) is None:
        return tuple(columns)
    places = {name: place for place, name in reversed([*enumerate(_VARIABLE.findall(sparql))])}
    return tuple(sorted(columns, key=lambda name: places.get(name, len(places))))


def kind_of_column(values: Sequence[Cell]) -> ValueKind:
    """What the values of a column are, which nothing declares; text where they differ.

    >>> kind_of_column([1, 2.5, None]), kind_of_column(["a", 1])
    (<ValueKind.NUMBER: 'number'>, <ValueKind.TEXT: 'text'>)
    """
    types = {type(value) for value in values if value is not None}
    if types == {bool}:
        return ValueKind.BOOLEAN
    if types == {int}:
        return ValueKind.INTEGER
    return ValueKind.NUMBER if types and types <= {int, float} else ValueKind.TEXT
