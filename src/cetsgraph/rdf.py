"""RDF terms as Python values."""

import pyoxigraph as ox

from cetsgraph.namespaces import XSD

__all__ = ["BOOLEANS", "Term", "python_value"]

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
"""Every way to write an `xsd:boolean`."""

_INTEGERS = frozenset(f"{XSD}{name}" for name in ("integer", "int", "long"))
_DOUBLES = frozenset(f"{XSD}{name}" for name in ("double", "decimal", "float"))
_BOOLEAN = f"{XSD}boolean"


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
