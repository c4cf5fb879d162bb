"""What a query may cost, and how its text is bounded before an engine sees it."""

import re
from dataclasses import dataclass

from cetsgraph.errors import QueryError
from cetsgraph.store.sparql import TOKEN, query_form

__all__ = ["LimitReached", "Limits", "bounded"]

_PART = re.compile(rf"{TOKEN.pattern} | (?P<mark>[{{}}()\[\]])", re.VERBOSE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query, and one worker, may take."""

    seconds: float = 30.0
    """Time of a query, from its arrival."""
    memory: int = 1024 * 2**20
    """Bytes that a worker may hold beyond what it holds when idle."""
    rows: int = 100_000
    """Rows or triples of an answer: a LIMIT that is added where there is none, or a larger one."""
    bytes: int = 64 * 2**20
    """Bytes of an answer, before compression."""
    query: int = 200_000
    """Characters of a query."""
    update: int = 64 * 2**20
    """Bytes of an update or graph that is sent."""
    depth: int = 64
    """How deep brackets may be nested: the engine's parser goes down with them."""
    stack: int = 256 * 2**20
    """Bytes of address space for the stack of a query. Of all texts that are not too long or too deep, those
    that need most took less."""
    running: int = 16
    """Queries at once in a worker; more wait."""
    long: int = 4
    """Queries at once in a worker that run for longer than half a second."""


class LimitReached(Exception):
    """A query passed a limit; the text says which."""


def bounded(sparql: str, limits: Limits) -> str:
    """The query with a LIMIT of at most so many rows.

    >>> bounded("SELECT * { ?s ?p ?o }", Limits(rows=10))
    'SELECT * { ?s ?p ?o }\\nLIMIT 10'
    >>> bounded("SELECT * { ?s ?p ?o } LIMIT 5000 VALUES ?s { <a:b> }", Limits(rows=10))
    'SELECT * { ?s ?p ?o } LIMIT 10 VALUES ?s { <a:b> }'

    Raises:
        QueryError: the text is too long, or nested too deeply.
    """
    if len(sparql) > limits.query:
        raise QueryError(
            "the query is too long", found=f"{len(sparql)} characters", expected=f"at most {limits.query}"
        )
    depth = 0
    after_limit = False
    values: int | None = None
    limit: tuple[int, int] | None = None
    for part in _PART.finditer(sparql):
        mark, word = part["mark"], part["word"]
        if mark is not None:
            depth += 1 if mark in "{([" else -1
            if depth > limits.depth:
                raise QueryError("the query is nested too deeply", expected=f"at most {limits.depth} levels")
        elif depth == 0 and word and not part["name"]:
            if after_limit and word.isdecimal():
                limit = part.span()
            elif word.upper() == "VALUES":
                values = part.start()
        after_limit = bool(depth == 0 and word and word.upper() == "LIMIT")
    if query_form(sparql) == "ASK":
        return sparql
    if limit is not None:
        start, end = limit
        return f"{sparql[:start]}{min(int(sparql[start:end]), limits.rows)}{sparql[end:]}"
    where = len(sparql) if values is None else values
    return f"{sparql[:where]}\nLIMIT {limits.rows}{' ' if sparql[where:] else ''}{sparql[where:]}"
