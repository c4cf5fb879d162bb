"""Some of the rows of an answer instead of all of them."""

from typing import TypedDict

from pyoxigraph import Store

from cetsgraph.errors import ParameterError

__all__ = ["Page", "paged"]


class Page(TypedDict, total=False):
    """Which rows of an answer, in the order of its question.

    limit: at most so many rows.
    offset: so many rows are left out before the first.
    """

    limit: int | None
    offset: int | None


def paged(text: str, page: Page, *, query: str) -> str:
    """SPARQL for a page of what `text` gives.

    Args:
        text: SPARQL that ends where a LIMIT may stand. It must have an ORDER BY for pages to fit together.
        page: which rows.
        query: name of the query, for errors.

    Raises:
        ParameterError: a number is not whole or below 0, or the SPARQL has a LIMIT or OFFSET of its own.
    """
    asked = {name: number for name, number in page.items() if number is not None}
    for name, number in asked.items():
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise ParameterError(
                "the value is of the wrong kind",
                query=query,
                parameter=name,
                found=repr(number),
                expected="a whole number, 0 or more",
            )
    if not asked:
        return text
    whole = "\n".join([text, *(f"{name.upper()} {number}" for name, number in asked.items())])
    if _is_sparql(text) and not _is_sparql(whole):
        raise ParameterError(
            "the query has a LIMIT or OFFSET of its own",
            query=query,
            parameter=next(iter(asked)),
            hint="Take it out of the query, or ask for no page.",
        )
    return whole


def _is_sparql(text: str) -> bool:
    try:
        Store().query(text)
    except SyntaxError:
        return False
    return True
