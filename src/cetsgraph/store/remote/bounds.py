"""What an answer must not have, looked for before the engine's parser reads it.

The parser recurses into terms within terms, and a process ends where that goes too deep; for each variable it
looks through all others. Both are counted here in the raw bytes, in one go: never too few.
"""

import re

__all__ = ["NESTING", "refuse_unbounded"]

NESTING = 200
"""How deep triple terms and brackets may be: SPARQL 1.1 has no triple terms at all."""
_VARIABLES = 2_000

_NESTED_IN_JSON = re.compile(
    rb'"value"\s*:\s*\{\s*"(?:subject|predicate|object)"'
    rb"|(?<!\\)(?:\\\\)*\\u00(?:6[1-9a-fA-F]|7[0-9aA])"  # or a letter of these escaped, as no server does
)
_NESTED_IN_XML = re.compile(rb"<(?:[^<>\s/:]*:)?triple\b")
_VARIABLE_IN_XML = re.compile(rb"<(?:[^<>\s/:]*:)?variable\b")
_NAMES_IN_JSON = re.compile(rb'\[\s*"[^\[\]{}]*')  # a list of texts; names of variables have no brackets


def refuse_unbounded(body: bytes) -> None:
    """Raise ValueError for an answer that would take the parser too deep, or too long.

    Args:
        body: results in JSON or XML, N-Triples or Turtle.
    """
    if _NESTED_IN_JSON.search(body) or _NESTED_IN_XML.search(body) or body.count(b"<<") > NESTING:
        raise ValueError("terms are nested in terms")
    if _columns(body) > _VARIABLES:
        raise ValueError(f"more than {_VARIABLES:,} columns")


def _columns(body: bytes) -> int:
    in_xml = sum(1 for _ in _VARIABLE_IN_XML.finditer(body))
    in_json = max((found[0].count(b",") + 1 for found in _NAMES_IN_JSON.finditer(body)), default=0)
    return max(in_xml, in_json)
