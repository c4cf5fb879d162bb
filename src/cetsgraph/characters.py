"""Characters that no RDF or XML tool carries: U+0000, U+FFFE, U+FFFF, and surrogates without other half."""

import re

__all__ = ["UNREPRESENTABLE", "has_unrepresentable"]

UNREPRESENTABLE = "\x00\ud800-\udfff\ufffe\uffff"
"""The characters, as they stand in a class of a regular expression."""

_search = re.compile(f"[{UNREPRESENTABLE}]").search


def has_unrepresentable(text: str) -> bool:
    r"""Whether a text holds a character that no graph can hold.

    >>> has_unrepresentable("Å\n"), has_unrepresentable("a\x00b")
    (False, True)
    """
    return _search(text) is not None
