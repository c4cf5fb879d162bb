"""Values of parameters as SPARQL terms, and terms of answers as Python values."""

import json
import math
import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import partial
from unicodedata import normalize

from pyoxigraph import Literal, NamedNode

from cetsgraph.iris import is_iri
from cetsgraph.namespaces import XSD
from cetsgraph.normal_forms import folded, object_key
from cetsgraph.rdf import BOOLEANS, Term, sparql_string
from cetsgraph.texts import has_unrepresentable

__all__ = ["Cell", "Scalar", "Value", "ValueKind", "cell", "scalar", "serialize"]

Scalar = str | int | float | bool
Value = Scalar | Sequence[Scalar]
"""What a parameter can be given: one value, or several where it takes a list."""

Cell = str | int | float | bool | list[object] | None
"""One field of a row; None where the graph says nothing."""


class ValueKind(StrEnum):
    """What a parameter or column holds."""

    IRI = "iri"
    TEXT = "text"  # in parameters composed (Unicode form NFC), as names in documents nearly always are
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    ARRAY = "array"  # a list of numbers or of lists; in answers only
    WORD = "word"  # a text that is searched for in any case and Unicode form; in parameters only
    OBJECT = "object"  # the name or ontology term of what is annotated; in parameters only


def serialize(kind: ValueKind, value: object) -> str:
    r"""A value as a SPARQL term that means this value and nothing else.

    >>> serialize(ValueKind.TEXT, 'a "quoted" } # word'), serialize(ValueKind.NUMBER, 13.7)
    ('"a \\"quoted\\" } # word"', '"13.7"^^<http://www.w3.org/2001/XMLSchema#double>')
    >>> serialize(ValueKind.TEXT, "Ju\u0308rgen") == '"J\u00fcrgen"'
    True
    >>> serialize(ValueKind.WORD, "Jürgen"), serialize(ValueKind.OBJECT, "GO_0005840")
    ('"jürgen"', '"go:0005840"')

    Raises:
        ValueError: the value is not of the kind; the message says what it should be.
    """
    match kind:
        case ValueKind.IRI:
            return _iri(value)
        case ValueKind.TEXT:
            return _text(value, partial(normalize, "NFC"))
        case ValueKind.WORD:
            return _text(value, folded)
        case ValueKind.OBJECT:
            return _text(value, object_key)
        case ValueKind.NUMBER:
            return f'"{_double(value)}"^^<{XSD}double>'
        case ValueKind.INTEGER:
            return f'"{_integer(value)}"^^<{XSD}integer>'
        case ValueKind.BOOLEAN if isinstance(value, bool):
            return f'"{str(value).lower()}"^^<{XSD}boolean>'
    raise ValueError("true or false")


def _iri(value: object) -> str:
    if not isinstance(value, str) or not is_iri(value) or has_unrepresentable(value):
        raise ValueError("an absolute IRI")
    return f"<{value}>"


def _text(value: object, normal_form: Callable[[str], str]) -> str:
    if not isinstance(value, str):
        raise ValueError("text")
    if has_unrepresentable(value):
        raise ValueError("text without U+0000, U+FFFE, U+FFFF and lone surrogates")
    return sparql_string(normal_form(value))


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


def scalar(kind: ValueKind, text: str) -> Scalar:
    """A value as it is typed on a command line.

    >>> scalar(ValueKind.NUMBER, "13.7"), scalar(ValueKind.INTEGER, "5"), scalar(ValueKind.TEXT, "5")
    (13.7, 5, '5')

    Raises:
        ValueError: the text is not of the kind; the message says what it should be.
    """
    try:
        match kind:
            case ValueKind.NUMBER:
                return float(text)
            case ValueKind.INTEGER:
                return int(text)
            case ValueKind.BOOLEAN:
                return BOOLEANS[text.lower()]
    except (ValueError, KeyError):
        expected = {ValueKind.NUMBER: "a number", ValueKind.INTEGER: "a whole number"}.get(
            kind, "true or false"
        )
        raise ValueError(expected) from None
    return text


def cell(kind: ValueKind, term: Term | None) -> Cell:
    """A term of an answer as what its column declares, with any type of number that the endpoint gives.

    >>> cell(ValueKind.INTEGER, Literal(5.0)), cell(ValueKind.ARRAY, Literal("[[1.5, 2]]"))
    (5, [[1.5, 2]])

    Raises:
        ValueError: the term is not of the kind.
    """
    if term is None:
        return None
    if not isinstance(term, _PLAIN):
        raise ValueError(f"{term} is not {kind}")
    try:
        return _READERS[kind](term.value)
    except KeyError:
        raise ValueError(f"{term} is not {kind}") from None


def _array(text: str) -> list[object]:
    array: list[object] = json.loads(text)
    return array


_PLAIN = (NamedNode, Literal)
_READERS: dict[ValueKind, Callable[[str], Cell]] = {
    ValueKind.IRI: str,
    ValueKind.TEXT: str,
    ValueKind.WORD: str,
    ValueKind.OBJECT: str,
    ValueKind.NUMBER: float,
    ValueKind.INTEGER: lambda text: int(Decimal(text)),
    ValueKind.BOOLEAN: BOOLEANS.__getitem__,
    ValueKind.ARRAY: _array,
}
