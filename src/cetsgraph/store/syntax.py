"""What is wrong with a text that the engine does not read as SPARQL, in words.

The engine lists all that could have followed where it gave up, which may be far behind the mistake.
"""

import re

from cetsgraph.errors import QuerySyntaxError
from cetsgraph.store.sparql import QUERY_FORMS
from cetsgraph.texts import did_you_mean, nearest

__all__ = ["explained"]

_UPDATES = ("INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY")
_FIRST_WORD = re.compile(
    r"(?:\s|#[^\n]*\n|PREFIX\s+[\w.-]*:\s*<[^>]*>|BASE\s*<[^>]*>)*([A-Za-z]+)", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?:^|, | of )((?:[A-Z][a-z]+|SELECT \*)(?: \w+){3,})")
_UNSEEN = (
    "BIND and AS set variables that are nowhere before, each triple has an object, and functions have the "
    "names of SPARQL, or IRIs."
)
"""What engines see at the end only, when all of the text is read."""
_PAIRS = (("{", "}"), ("(", ")"))
_SHOWN = 30  # characters of the text


def explained(sparql: str, said: str, line: int | None, column: int | None) -> QuerySyntaxError:
    """What is wrong, where, and what to do about it.

    >>> print(explained("SELECT * { ?s ?p", 'expected one of "(", "+"', 1, 17))
    query:1:17: this is not SPARQL: it ends too early
    It has 1 { and 0 }.
    >>> print(explained("SELECT * { ?s ?p ?o BIND(1 AS ?s) }", "expected [_]", 1, 36))
    query:1:36: this is not SPARQL, somewhere before its end
    BIND and AS set variables that are nowhere before, each triple has an object, and functions have ...
    >>> print(explained("SELEC * {}", "expected CONSTRUCT", 1, 10))
    query:1:1: no query begins with 'SELEC'
    Did you mean 'SELECT'?

    Args:
        sparql: the text.
        said: what the engine says.
        line: where it gave up, from 1.
        column: where it gave up in the line, from 1.
    """
    first = _FIRST_WORD.match(sparql)
    if first is not None and first[1].upper() not in (*QUERY_FORMS, "PREFIX", "BASE"):
        return _misbegun(sparql[: first.start(1)], first[1])
    if sentence := _SENTENCE.search(said):
        return QuerySyntaxError(sentence[1], line=line, column=column)
    if line is None or column is None:
        return QuerySyntaxError(said, line=line, column=column)
    rest = "\n".join(sparql.split("\n")[line - 1 :])[column - 1 :].split()
    hint = _unpaired(sparql)
    where = f" from {rest[0][:_SHOWN]!r} on, or before" if rest else ": it ends too early"
    if not rest and not hint and sparql.rstrip().endswith("}"):
        where, hint = ", somewhere before its end", _UNSEEN
    return QuerySyntaxError(f"this is not SPARQL{where}", line=line, column=column, hint=hint)


def _misbegun(before: str, word: str) -> QuerySyntaxError:
    """A word that no query begins with, after other text."""
    if word.upper() in _UPDATES:
        hint = "This is an update: send it as `update`, to a server that takes changes."
    else:
        meant = nearest(word, QUERY_FORMS, count=1)
        hint = did_you_mean(meant) or "It is SELECT, ASK, CONSTRUCT or DESCRIBE."
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return QuerySyntaxError(f"no query begins with {word[:_SHOWN]!r}", line=line, column=column, hint=hint)


def _unpaired(sparql: str) -> str | None:
    for opening, closing in _PAIRS:
        if (opened := sparql.count(opening)) != (closed := sparql.count(closing)):
            return f"It has {opened} {opening} and {closed} {closing}."
    return None
