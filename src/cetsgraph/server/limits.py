"""What a query may cost, and how its text is bounded before an engine sees it."""

import re
from dataclasses import dataclass
from functools import lru_cache

from cetsgraph.errors import QueryError
from cetsgraph.store.sparql import TOKEN, query_form

__all__ = ["LimitReached", "Limits", "bounded"]

_PART = re.compile(rf"{TOKEN.pattern} | (?P<mark>[{{}}()\[\]])", re.VERBOSE | re.DOTALL)

_KEPT = 4096  # characters of queries whose outline is kept for when they are asked again


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
    """Queries at once in a worker that run for longer than a moment; more wait."""
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
    outline = _outline(sparql) if len(sparql) > _KEPT else _kept_outline(sparql)
    if outline.depth > limits.depth:
        raise QueryError("the query is nested too deeply", expected=f"at most {limits.depth} levels")
    if outline.form == "ASK":
        return sparql
    if outline.limit is not None:
        start, end = outline.limit
        digits = sparql[start:end].lstrip("0") or "0"
        small = len(digits) <= len(str(limits.rows)) and int(digits) <= limits.rows
        return sparql if small else f"{sparql[:start]}{limits.rows}{sparql[end:]}"
    where = len(sparql) if outline.values is None else outline.values
    return f"{sparql[:where]}\nLIMIT {limits.rows}{' ' if sparql[where:] else ''}{sparql[where:]}"


@dataclass(frozen=True, slots=True)
class _Outline:
    """What is where in a query, outside of all brackets."""

    form: str
    depth: int
    """How deep brackets are nested."""
    limit: tuple[int, int] | None
    """Where the number after LIMIT is."""
    values: int | None
    """Where VALUES is."""


def _outline(sparql: str) -> _Outline:
    depth = deepest = 0
    after_limit = False
    values: int | None = None
    limit: tuple[int, int] | None = None
    for part in _PART.finditer(sparql):
        if part.lastgroup is None:
            continue
        word, name, _, mark = part.groups()
        if mark is not None:
            depth += 1 if mark in "{([" else -1
            deepest = max(deepest, depth)
            after_limit = False
        elif depth == 0 and word and not name:
            keyword = word.upper()
            if after_limit and word.isdecimal():
                limit = part.span()
            elif keyword == "VALUES":
                values = part.start()
            after_limit = keyword == "LIMIT"
    return _Outline(query_form(sparql), deepest, limit, values)


_kept_outline = lru_cache(1024)(_outline)
