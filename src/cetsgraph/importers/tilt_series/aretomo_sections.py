"""Which section of the raw stack a row of an .aln file is about.

AreTomo 3 counts the sections of the raw stack from 1. AreTomo 2 counts from 0, and leaves dark images out, so
that its numbers of rows and of dark frames overlap.
"""

from collections.abc import Sequence

__all__ = ["sections_of"]

Sections = tuple[list[int], list[int]]


def sections_of(rows: Sequence[int], dark: Sequence[int], count: int) -> Sections | None:
    """Sections of rows and of dark frames, counted from 0; None if they are not all sections of the stack.

    >>> sections_of([1, 3], [2], 3)
    ([0, 2], [1])
    >>> sections_of([0, 1], [0, 2], 4)
    ([1, 3], [0, 2])

    Args:
        rows: the numbers of the rows, in order.
        dark: the numbers of the dark frames.
        count: sections of the raw stack.
    """
    base = min((*rows, *dark), default=0)
    darkened = [number - base for number in dark]
    if set(rows) & set(dark):
        kept = [section for section in range(count) if section not in darkened]
    else:
        kept = [number - base for number in rows]
    every = sorted((*kept, *darkened))
    return (kept, darkened) if every == list(range(count)) and len(kept) == len(rows) else None
