"""Arrays in JSON text as arrays of numpy."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pydantic_core import from_json

__all__ = ["numbers", "values"]

_PIECE = 2**20  # characters of text that are read at once


def numbers(text: str, depth: int) -> NDArray[np.float64]:
    """An array of numbers; beside it and its text, little is held in memory.

    >>> numbers("[[1,2],[3,4],[5,6]]", 2).tolist()
    [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]

    Args:
        text: a JSON array.
        depth: how many levels of lists there are: 2 for positions, 3 for matrices.
    """
    parts = [np.array(part, np.float64) for part in _parts(text, "]" * (depth - 1))]
    return np.concatenate(parts) if parts else np.empty((0,) * depth)


def values(text: str | None) -> list[object]:
    """The values of an array, such as identifiers; none where there is no text."""
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
