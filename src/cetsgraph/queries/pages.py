"""Pages of rows: LIMIT and OFFSET behind a query that has neither."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TypedDict

import pyoxigraph as ox

from cetsgraph.errors import ParameterError
from cetsgraph.store.prefixes import with_usual_prefixes

__all__ = ["RowPage", "checked", "paged", "with_page"]


_ARGUMENTS = frozenset({"limit", "offset", "dataset", "kinds_of"})


class RowPage(TypedDict, total=False):
    """Which rows of an answer, in the order of its question.

    limit: at most so many rows.
    offset: so many rows are left out before the first.
    """

    limit: int | None
    offset: int | None


def paged(text: str, page: RowPage, *, query: str) -> str:
    """SPARQL for a page of what `text` gives.

    >>> paged("SELECT * { ?s ?p ?o } ORDER BY ?s", {"limit": 10}, query="mine")
    'SELECT * { ?s ?p ?o } ORDER BY ?s\\nLIMIT 10'

    Args:
        text: SPARQL that ends where a LIMIT may stand. It must have an ORDER BY for pages to fit together.
        page: which rows.
        query: name of the query, for errors.

    Raises:
        ParameterError: a number is not whole or below 0, or the SPARQL has a LIMIT or OFFSET of its own.
    """
    return with_page(text, checked(text, page, query=query))


def checked(text: str, page: RowPage, *, query: str) -> dict[str, int]:
    """The numbers of a page that are given, once it is clear that the SPARQL can be paged by them.

    Raises:
        ParameterError: as `paged` says.
        TypeError: there is an argument that no page has.
    """
    _refuse_others(page, query)
    given = {"limit": page.get("limit"), "offset": page.get("offset")}
    wanted = {name: number for name, number in given.items() if number is not None}
    for name, number in wanted.items():
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise ParameterError(
                "the value is of the wrong kind",
                query=query,
                parameter=name,
                found=repr(number),
                expected="a whole number, 0 or more",
            )
    if wanted and _has_page(text):
        raise ParameterError(
            "the query has a LIMIT or OFFSET of its own",
            query=query,
            parameter=next(iter(wanted)),
            hint="Take it out of the query, or leave out limit and offset.",
        )
    return wanted


def _refuse_others(page: RowPage, query: str) -> None:
    """Refuse arguments that choose no rows: Python does not, since they come as keywords of any name."""
    if others := sorted(page.keys() - _ARGUMENTS):
        known = ", ".join(sorted(_ARGUMENTS))
        raise TypeError(
            f"{query} takes the arguments {known}, not {others[0]}; `run` takes parameters of the question "
            f"as a mapping: {{{others[0]!r}: …}}"
        )


def with_page(text: str, numbers: Mapping[str, int]) -> str:
    """The SPARQL with LIMIT and OFFSET behind it."""
    return "\n".join([text, *(f"{name.upper()} {number}" for name, number in numbers.items())])


@lru_cache(maxsize=256)
def _has_page(text: str) -> bool:
    """Whether a query cannot take a LIMIT and OFFSET; false of what is no query at all."""
    return _is_sparql(text) and not _is_sparql(with_page(text, {"limit": 1, "offset": 1}))


def _is_sparql(text: str) -> bool:
    try:
        ox.Store().query(with_usual_prefixes(text))
    except SyntaxError:
        return False
    return True
