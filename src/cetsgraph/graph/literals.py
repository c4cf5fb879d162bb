"""Values of the model as literals of N-Quads, and literals of any RDF as values."""

import datetime as dt
import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pyoxigraph as ox

from cetsgraph.model.values import moment, moment_text
from cetsgraph.namespaces import RDF_JSON, XSD
from cetsgraph.rdf import BOOLEANS
from cetsgraph.texts import UNREPRESENTABLE, has_unrepresentable, whole_number
from cetsgraph.vocabulary import Kind

__all__ = ["DATATYPES", "LEXICAL", "READABLE", "UnrepresentableText", "escape", "json_literal", "value_of"]

DATATYPES = {
    Kind.INTEGER: f"{XSD}integer",
    Kind.DOUBLE: f"{XSD}double",
    Kind.BOOLEAN: f"{XSD}boolean",
    Kind.DATE: f"{XSD}date",
    Kind.DATETIME: f"{XSD}dateTime",
    Kind.ARRAY: RDF_JSON,
}
"""The datatype of values that are not just texts."""

_SPECIAL = re.compile(rf'[\\"\n\r{UNREPRESENTABLE}]')
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


class UnrepresentableText(ValueError):
    """A text holds a character that no RDF or XML tool carries."""


def escape(text: str) -> str:
    """A text as it stands between quotation marks in N-Quads.

    Raises:
        UnrepresentableText: it holds a character that no RDF or XML tool carries.
    """
    if _SPECIAL.search(text) is None:
        return text
    if has_unrepresentable(text):
        raise UnrepresentableText
    return text.translate(_ESCAPES)


_COMPACT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def json_literal(value: object) -> str:
    """An array as compact JSON."""
    return escape(_COMPACT.encode(value))


LEXICAL: dict[Kind, Callable[[Any], str]] = {
    Kind.TEXT: escape,
    Kind.INTEGER: int.__repr__,
    Kind.DOUBLE: float.__repr__,
    Kind.BOOLEAN: lambda value: "true" if value else "false",
    Kind.DATE: dt.date.isoformat,
    Kind.DATETIME: moment_text,
    Kind.ARRAY: json_literal,
}
"""How the values of each kind are written."""


def value_of(literal: ox.Literal, kind: Kind) -> Any:
    """The value of a literal: a number of any datatype of XML Schema where one belongs, but no text.

    >>> value_of(ox.Literal(3), Kind.DOUBLE), value_of(ox.Literal("2024-05-01"), Kind.DATE)
    (3.0, datetime.date(2024, 5, 1))

    Raises:
        ValueError: it is of another kind, or not written as its kind demands.
        RecursionError: it is an array that is nested too deep.
    """
    stated = _KIND_OF_DATATYPE.get(literal.datatype.value, Kind.TEXT)
    if _STATED.get(kind, stated) is not stated:
        raise ValueError(literal.datatype.value)
    return READABLE[kind](literal.value)


def _boolean(text: str) -> bool:
    if text not in BOOLEANS:
        raise ValueError(text)
    return BOOLEANS[text]


READABLE: dict[Kind, Callable[[str], Any]] = {
    Kind.TEXT: str,
    Kind.INTEGER: whole_number,
    Kind.DOUBLE: float,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: dt.date.fromisoformat,
    Kind.DATETIME: moment,
    Kind.ARRAY: partial(json.loads, parse_int=whole_number),
}
"""How the values of each kind that literals have are read."""

_STATED = {
    Kind.TEXT: Kind.TEXT,
    Kind.INTEGER: Kind.DOUBLE,
    Kind.DOUBLE: Kind.DOUBLE,
    Kind.BOOLEAN: Kind.BOOLEAN,
}
"""The kind that the datatype of a literal has to state; what is written as text is read where none is."""
_NUMBERS = (
    "decimal double float integer int long short byte unsignedLong unsignedInt unsignedShort unsignedByte "
    "nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger"
)
_KIND_OF_DATATYPE = {
    f"{XSD}boolean": Kind.BOOLEAN,
    **dict.fromkeys((f"{XSD}{name}" for name in _NUMBERS.split()), Kind.DOUBLE),
}
