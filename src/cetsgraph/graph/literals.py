"""Values of the model as literals of N-Quads."""

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

from cetsgraph.model.values import moment_text
from cetsgraph.namespaces import RDF_JSON, XSD
from cetsgraph.texts import UNREPRESENTABLE, has_unrepresentable
from cetsgraph.vocabulary import Kind

__all__ = ["DATATYPES", "LEXICAL", "UnrepresentableText", "escape", "json_literal"]

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
