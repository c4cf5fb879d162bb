"""Which of several media types a client prefers (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence

__all__ = ["best"]


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
    ranges = [_range(text) for text in accept.split(",")[:100] if text.strip()]
    ranked = [(_quality(offer, ranges), -place, offer) for place, offer in enumerate(offers)]
    quality, _, offer = max(ranked, default=(0.0, 0, ""))
    return offer if quality > 0 else None


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


def _quality(offer: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The quality of the most specific range that the offer is in."""
    media = offer.partition(";")[0].strip().lower()
    kind = media.partition("/")[0]
    for wanted in (media, f"{kind}/*", "*/*"):
        found = [quality for name, quality in ranges if name == wanted]
        if found:
            return max(found)
    return 0.0
