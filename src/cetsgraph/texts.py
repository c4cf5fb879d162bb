"""Text for messages and tables: of bounded length, and such that it can be written anywhere."""

import os

__all__ = ["shortened", "shortened_inside", "shown_path"]


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


def shown_path(path: str | os.PathLike[str]) -> str:
    r"""A path as text that can be written anywhere: what is not UTF-8 in it is escaped.

    >>> print(shown_path("TS_\udce9.json"))
    TS_\udce9.json
    """
    return os.fspath(path).encode("utf-8", "backslashreplace").decode()
