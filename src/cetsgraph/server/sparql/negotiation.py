"""Media types of answers, and which of several a client prefers (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence
from functools import lru_cache

from python_multipart.multipart import parse_options_header
from starlette.exceptions import HTTPException

__all__ = [
    "GRAPH_OR_PAGE", "GRAPH_TYPES", "HTML", "NAMED", "RESULT_TYPES", "Types",
    "best", "not_acceptable", "type_named", "types_of_answer",
]  # fmt: skip

HTML = "text/html"

RESULT_TYPES = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
    "application/json",
    "application/xml",
    "text/xml",
)
"""Media types of rows and of yes or no; the first is sent where none is asked for."""

GRAPH_TYPES = (
    "text/turtle",
    "application/n-triples",
    "application/rdf+xml",
    "application/ld+json",
    "application/json",
    "application/xml",
    "text/plain",
)
"""Media types of triples; the first is sent where none is asked for."""

GRAPH_OR_PAGE = (GRAPH_TYPES[0], HTML, *GRAPH_TYPES[1:])
"""Media types of what people read as a page."""

NAMED = {
    "json": "application/json",
    "xml": "application/xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "html": HTML,
}
"""Media types by the names that addresses have for them (`?format=`)."""

Types = tuple[str | None, str | None]
"""Media types of an answer that has rows, and of one that has triples; None where it cannot be had."""


def best(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer that the Accept header prefers, of equal ones the first; None if it takes none.

    >>> best("text/csv;q=0.5, application/*", ["application/json", "text/csv"])
    'application/json'
    >>> best("text/html", ["text/turtle"])
    >>> best(None, ["text/turtle"])
    'text/turtle'
    """
    if accept is None or not accept.strip():
        return offers[0] if offers else None
    ranges = sorted(_range(text) for text in accept.split(",") if text.strip())
    qualities = dict(ranges)

    def quality(offer: str) -> float:
        media = offer.partition(";")[0].strip().lower()
        wanted = (media, f"{media.partition('/')[0]}/*", "*/*")
        return next((qualities[name] for name in wanted if name in qualities), 0.0)

    preferred = max(offers, key=quality, default="")
    return preferred if quality(preferred) > 0 else None


def _range(text: str) -> tuple[str, float]:
    """A range of media types and its quality, which is 0 where it is no number."""
    media, parameters = parse_options_header(text.strip().lower())
    try:
        return media.decode("latin-1"), min(max(float(parameters.get(b"q", 1)), 0.0), 1.0)
    except ValueError:
        return media.decode("latin-1"), 0.0


def type_named(form: str | None) -> str | None:
    """The media type that `?format=` has, by one of the names or as it is; None where a client names none.

    >>> type_named("turtle"), type_named("application/ld json"), type_named("")
    ('text/turtle', 'application/ld+json', None)
    """
    if not form:
        return None
    written = form.lower().replace(" ", "+")  # of forms, a plus that was not quoted
    return NAMED.get(written, written)


@lru_cache(256)
def types_of_answer(accept: str | None, form: str | None) -> Types:
    """Those of a form, or else those that the Accept header prefers.

    Raises:
        HTTPException: there is no such form, or neither of them can be had.
    """
    named = type_named(form)
    if named is not None and named not in (*RESULT_TYPES, *GRAPH_TYPES, HTML):
        raise HTTPException(406, f"There is no format {form!r}; there are {', '.join(NAMED)}.")
    types = [best(accept if named is None else named, offers) for offers in (RESULT_TYPES, GRAPH_TYPES)]
    if not any(types):
        raise not_acceptable()
    return types[0], types[1]


def not_acceptable() -> HTTPException:
    """What a client is answered that takes none of the forms in which a query can be answered."""
    forms = ", ".join(RESULT_TYPES + GRAPH_TYPES)
    return HTTPException(406, f"The answer can be had as {forms}, as the form of the query has it.")
