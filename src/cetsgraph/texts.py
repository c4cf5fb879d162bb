"""Text for messages and tables, of bounded length."""

__all__ = ["shortened", "shortened_inside"]


def shortened(text: str, limit: int) -> str:
    """The text, of at most `limit` characters; the end goes.

    >>> shortened("tilt series", 20), shortened("tilt series", 5)
    ('tilt series', 'tilt…')
    """
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def shortened_inside(text: str, limit: int) -> str:
    """The text, of at most `limit` characters; the middle goes, since IRIs and paths differ at their ends.

    >>> shortened_inside("https://example.org/data/TS_01", 16)
    'https…data/TS_01'
    """
    if len(text) <= limit:
        return text
    start = (limit - 1) // 3
    return f"{text[:start]}…{text[start + 1 - limit :]}"
