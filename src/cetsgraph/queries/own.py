"""SPARQL of one's own: what is a query, and its columns in the order of the text."""

import re
from collections.abc import Sequence

from cetsgraph.queries.terms import Cell, ValueKind

__all__ = ["columns_in_order", "is_sparql", "kind_of_column"]

_ALL_COLUMNS = re.compile(r"\bSELECT\s+(?:DISTINCT\s+|REDUCED\s+)?\*", re.IGNORECASE)
_VARIABLE = re.compile(r"[?$](\w+)")


def is_sparql(text: str) -> bool:
    """Whether a text is a query itself, and not the name of one.

    >>> is_sparql("SELECT * { ?s ?p ?o }"), is_sparql("tilt_schemes")
    (True, False)
    """
    return "{" in text


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
