"""Values of parameters as SPARQL terms, and terms of answers as Python values."""

import json
import math
import operator
import re
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cetsgraph.iris import is_iri
from cetsgraph.namespaces import XSD

__all__ = ["Cell", "Kind", "Scalar", "Value", "python_value", "scalar", "serialize"]

Scalar = str | int | float | bool
Value = Scalar | Sequence[Scalar]
"""What a parameter can be given: one value, or several where it takes a list."""

Cell = str | int | float | bool | list[object] | None
"""One field of a row; None where the graph says nothing."""


class Kind(StrEnum):
    """What a parameter or column holds."""

    IRI = "iri"
    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    ARRAY = "array"  # a list of numbers or of lists; in answers only


_NO_TEXT = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")  # no document can hold them
_ESCAPED = re.compile(r'\\([uU]?)|["\n\r\t]')
_ESCAPES = {'"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def serialize(kind: Kind, value: object) -> str:
    r"""A value as a SPARQL term that means this value and nothing else.

    >>> serialize(Kind.TEXT, 'a "quoted" } # word'), serialize(Kind.NUMBER, 13.7)
    ('"a \\"quoted\\" } # word"', '"13.7"^^<http://www.w3.org/2001/XMLSchema#double>')

    Raises:
        ValueError: the value is not of the kind; the message says what it should be.
    """
    match kind:
        case Kind.IRI:
            return _iri(value)
        case Kind.TEXT:
            return _text(value)
        case Kind.NUMBER:
            return f'"{_double(value)}"^^<{XSD}double>'
        case Kind.INTEGER:
            return f'"{_integer(value)}"^^<{XSD}integer>'
        case Kind.BOOLEAN if isinstance(value, bool):
            return f'"{str(value).lower()}"^^<{XSD}boolean>'
    raise ValueError("true or false")


def _iri(value: object) -> str:
    if not isinstance(value, str) or not is_iri(value) or _NO_TEXT.search(value):
        raise ValueError("an absolute IRI")
    return f"<{value}>"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("text")
    if _NO_TEXT.search(value):
        raise ValueError("text without U+0000, U+FFFE, U+FFFF and lone surrogates")
    return f'"{_ESCAPED.sub(_escape, value)}"'


def _escape(found: re.Match[str]) -> str:
    if found[0].startswith("\\"):
        # Some engines expand \uXXXX before they read strings, after an escaped backslash too.
        return rf"\\\U{ord(found[1]):08X}" if found[1] else r"\\"
    return _ESCAPES[found[0]]


def _double(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise ValueError("a number")
    number = float(value)
    return repr(number) if math.isfinite(number) else "INF" if number > 0 else "-INF"


def _integer(value: object) -> int:
    if isinstance(value, bool):
        raise ValueError("a whole number")
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise ValueError("a whole number") from None


def scalar(kind: Kind, text: str) -> Scalar:
    """A value as it is typed on a command line.

    >>> scalar(Kind.NUMBER, "13.7"), scalar(Kind.INTEGER, "5"), scalar(Kind.TEXT, "5")
    (13.7, 5, '5')

    Raises:
        ValueError: the text is not of the kind; the message says what it should be.
    """
    try:
        match kind:
            case Kind.NUMBER:
                return float(text)
            case Kind.INTEGER:
                return int(text)
            case Kind.BOOLEAN:
                return _BOOLEANS[text.lower()]
    except (ValueError, KeyError):
        expected = {Kind.NUMBER: "a number", Kind.INTEGER: "a whole number"}.get(kind, "true or false")
        raise ValueError(expected) from None
    return text


def python_value(kind: Kind, term: NamedNode | BlankNode | Literal | Triple | None) -> Cell:
    """A term of an answer as Python.

    Raises:
        ValueError: the term is not of the kind.
    """
    if term is None:
        return None
    if not isinstance(term, NamedNode | Literal):
        raise ValueError(f"{term} is not {kind}")
    match kind:
        case Kind.NUMBER:
            return float(term.value)
        case Kind.INTEGER:
            return int(Decimal(term.value))
        case Kind.BOOLEAN if term.value in _BOOLEANS:
            return _BOOLEANS[term.value]
        case Kind.ARRAY:
            array: list[object] = json.loads(term.value)
            return array
        case Kind.IRI | Kind.TEXT:
            return term.value
    raise ValueError(f"{term} is not {kind}")
