"""The usual prefixes need no declaration in a query, and one that is not declared is named with its place."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar

from cetsgraph.errors import CetsGraphError, QuerySyntaxError
from cetsgraph.namespaces import PREFIXES
from cetsgraph.store.syntax import explained

__all__ = ["answered", "with_usual_prefixes"]

T = TypeVar("T")

_USUAL = [f"{name}:" for name in PREFIXES]
_PREFIXED = re.compile(r"(?<![\w<:/#?$-])([A-Za-z][\w-]*|):")
_DECLARED = re.compile(r"\bPREFIX\s+([\w-]*)\s*:", re.IGNORECASE)


@lru_cache(maxsize=16)  # of data sets that are asked one after the other, all are asked the same
def with_usual_prefixes(sparql: str) -> str:
    """The query with declarations of the `namespaces.PREFIXES` that it uses without declaring them.

    They stand before its first line, so that the numbers of its lines stay.

    >>> with_usual_prefixes("SELECT * { ?t a cets:Tomogram }")
    'PREFIX cets: <https://w3id.org/cetsgraph/ontology#> SELECT * { ?t a cets:Tomogram }'
    """
    if sparql.count(":") == sparql.count("://") or not any(prefix in sparql for prefix in _USUAL):
        return sparql
    declared = set(_DECLARED.findall(sparql))
    used = (name for name in dict.fromkeys(_PREFIXED.findall(sparql)) if name in PREFIXES)
    missing = [name for name in used if name not in declared]
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in missing) + sparql


def answered(sparql: str, answer: Callable[[str], T]) -> T:
    """What `answer` makes of a query, in which usual prefixes need no declaration.

    Raises:
        QuerySyntaxError: it is not SPARQL; the place is that in `sparql`.
    """
    whole = with_usual_prefixes(sparql)
    try:
        return answer(whole)
    except QuerySyntaxError as error:
        line, column = error.line, error.column
        if column is not None and line == 1:
            column -= len(whole) - len(sparql)
        unknown = sorted({*_PREFIXED.findall(whole)} - {*_DECLARED.findall(whole)})
        if unknown and _is_read(whole, unknown, answer):
            hint = f"Declare it before the query: PREFIX {unknown[0]}: <IRI>."
            line, column = _place_of(unknown[0], sparql)
            what = f"the prefix {unknown[0]}: is not declared"
            raise QuerySyntaxError(what, line=line, column=column, hint=hint) from error
        raise explained(sparql, error.what, line, column) from error


def _place_of(prefix: str, sparql: str) -> tuple[int, int]:
    """Line and column, from 1, where a prefix is first used."""
    before = sparql[: next(one.start() for one in _PREFIXED.finditer(sparql) if one[1] == prefix)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _is_read(sparql: str, prefixes: Sequence[str], answer: Callable[[str], object]) -> bool:
    """Whether the query is one once these prefixes are declared."""
    try:
        answer("".join(f"PREFIX {name}: <urn:x-{name}:> " for name in prefixes) + sparql)
    except CetsGraphError:
        return False
    return True
