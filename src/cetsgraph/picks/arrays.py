"""Arrays in JSON text, read piece by piece into numpy."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pydantic_core import from_json

__all__ = ["number_rows", "rows"]

_PIECE = 2**20  # characters of text that are read at once


def number_rows(text: str, depth: int, at_most: int) -> Iterator[NDArray[np.float64]]:
    """The rows of an array of numbers, in pieces of so many rows.

    >>> [piece.tolist() for piece in number_rows("[[1,2],[3,4],[5,6]]", 2, 2)]
    [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0]]]

    Args:
        text: a JSON array.
        depth: how many levels of lists there are: 2 for positions, 3 for matrices.
        at_most: rows in a piece.
    """
    waiting: list[NDArray[np.float64]] = []
    count = 0
    for part in _parts(text, "]" * (depth - 1)):
        waiting.append(np.array(part, np.float64))
        count += len(part)
        if count >= at_most:
            whole = np.concatenate(waiting)
            full = count - count % at_most
            yield from np.split(whole[:full], full // at_most)
            waiting, count = ([whole[full:]], count - full) if count > full else ([], 0)
    if count:
        yield np.concatenate(waiting)


def rows(text: str | None) -> list[object]:
    """The rows of a short array; none where there is no text."""
    return list(from_json(text)) if text else []


def _parts(text: str, end: str) -> Iterator[list[object]]:
    """Lists of whole rows that follow each other; a row ends with `end`."""
    start, last = text.index("[") + 1, text.rindex("]")
    while start < last:
        found = text.find(end, min(start + _PIECE, last), last)
        stop = last if found < 0 else found + len(end)
        if part := from_json(f"[{text[start:stop]}]"):
            yield part
        comma = text.find(",", stop, last)
        start = last if comma < 0 else comma + 1
