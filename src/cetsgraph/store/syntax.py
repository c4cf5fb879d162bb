"""What is wrong with a text that the engine does not read as SPARQL, in words.

The engine lists all that could have followed where it gave up, which may be far behind the mistake.
"""

import re

from cetsgraph.errors import did_you_mean, nearest

__all__ = ["explained"]

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_FIRST_WORD = re.compile(
    r"(?:\s|#[^\n]*\n|PREFIX\s+[\w.-]*:\s*<[^>]*>|BASE\s*<[^>]*>)*([A-Za-z]+)", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?:^|, | of )([A-Z][a-z]+(?: \w+){3,})")
_PAIRS = (("{", "}"), ("(", ")"))
_SHOWN = 30  # characters of the text


def explained(sparql: str, said: str, line: int | None, column: int | None) -> tuple[str, str | None]:
    """What is wrong, and what to do about it.

    >>> explained("SELECT * { ?s ?p", 'expected one of "(", "+"', 1, 17)
    ('this is not SPARQL: it ends too early', 'It has 1 { and 0 }.')
    >>> explained("SELEC * {}", "expected CONSTRUCT", 1, 10)
    ("this is not SPARQL from '}' on, or before", "Did you mean 'SELECT'?")

    Args:
        sparql: the text.
        said: what the engine says.
        line: where it gave up, from 1.
        column: where it gave up in the line, from 1.
    """
    if sentence := _SENTENCE.search(said):
        return sentence[1], None
    if line is None or column is None:
        return said, None
    rest = "\n".join(sparql.split("\n")[line - 1 :])[column - 1 :].split()
    where = f"from {rest[0][:_SHOWN]!r} on, or before" if rest else "it ends too early"
    return f"this is not SPARQL{'' if rest else ':'} {where}", _mend(sparql)


def _mend(sparql: str) -> str | None:
    first = _FIRST_WORD.match(sparql)
    if first is not None and first[1].upper() not in _FORMS:
        return did_you_mean(nearest(first[1], _FORMS, count=1))
    for opening, closing in _PAIRS:
        if (opened := sparql.count(opening)) != (closed := sparql.count(closing)):
            return f"It has {opened} {opening} and {closed} {closing}."
    return None
