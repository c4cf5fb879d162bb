"""Media types of answers, and which of several a client prefers (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence

__all__ = ["GRAPH_TYPES", "HTML", "NOT_ACCEPTABLE", "RESULT_TYPES", "best"]

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

_FORMS = ", ".join(RESULT_TYPES + GRAPH_TYPES)
NOT_ACCEPTABLE = f"The answer can be had as {_FORMS}, as the form of the query has it."
_LONGEST = 2000  # characters of a header that are looked at


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
    ranges = sorted(_range(text) for text in accept[:_LONGEST].split(",") if text.strip())
    qualities = dict(ranges)

    def quality(offer: str) -> float:
        media = offer.partition(";")[0].strip().lower()
        wanted = (media, f"{media.partition('/')[0]}/*", "*/*")
        return next((qualities[name] for name in wanted if name in qualities), 0.0)

    preferred = max(offers, key=quality, default="")
    return preferred if quality(preferred) > 0 else None


def _range(text: str) -> tuple[str, float]:
    media, *parameters = text.split(";")
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                quality = min(max(float(value.strip()), 0.0), 1.0)
            except ValueError:
                quality = 0.0
    return media.strip().lower(), quality
