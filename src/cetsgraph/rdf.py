"""RDF terms as Python values, and texts as terms."""

import re

import pyoxigraph as ox

from cetsgraph.namespaces import XSD

__all__ = ["BOOLEANS", "Term", "python_value", "sparql_string"]

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
"""Every way to write an `xsd:boolean`."""

_INTEGERS = frozenset(f"{XSD}{name}" for name in ("integer", "int", "long"))
_DOUBLES = frozenset(f"{XSD}{name}" for name in ("double", "decimal", "float"))
_BOOLEAN = f"{XSD}boolean"
_ESCAPED = re.compile(r'\\([uU]?)|["\n\r\t]')
_ESCAPES = {'"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


def python_value(term: Term | None) -> str | int | float | bool | None:
    """A term by its datatype: numbers and truth values as such, everything else as text.

    >>> python_value(ox.Literal(2.5)), python_value(ox.Literal(True)), python_value(ox.NamedNode("urn:a"))
    (2.5, True, 'urn:a')

    Raises:
        ValueError: a literal is not written as its datatype demands.
    """
    if term is None:
        return None
    if not isinstance(term, ox.Literal):
        return term.value if isinstance(term, ox.NamedNode) else str(term)
    datatype, text = term.datatype.value, term.value
    if datatype in _INTEGERS:
        return int(text)
    if datatype in _DOUBLES:
        return float(text)
    if datatype == _BOOLEAN:
        if text not in BOOLEANS:
            raise ValueError(f"not true or false: {text!r}")
        return BOOLEANS[text]
    return text


def sparql_string(text: str) -> str:
    r"""A text as a literal of SPARQL that means this text and nothing else.

    >>> print(sparql_string('a "quoted" } # word'), sparql_string(r"C:\users"))
    "a \"quoted\" } # word" "C:\\\U00000075sers"
    """
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    if found[0].startswith("\\"):
        # Some engines expand \uXXXX before they read strings, after an escaped backslash too.
        return rf"\\\U{ord(found[1]):08X}" if found[1] else r"\\"
    return _ESCAPES[found[0]]
