"""The lines of a document around some places, for people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cetsgraph.texts import shortened

__all__ = ["Line", "excerpt"]

_AROUND = 2  # lines before and after a place
_MOST = 60  # places
_LONGEST = 160  # characters of a line


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its number, from 1."""

    number: int
    text: str
    meant: bool
    """Whether it is one of the places."""
    follows: bool
    """Whether the line before it is shown too."""


def excerpt(data: bytes, places: Iterable[int]) -> Sequence[Line]:
    """The first places, each with the lines around it.

    Args:
        data: the document.
        places: numbers of lines, from 1.

    >>> [line.number for line in excerpt(b"a\\n" * 9, [2, 9])]
    [1, 2, 3, 4, 7, 8, 9]
    """
    lines = data.decode(errors="replace").splitlines()
    meant = set(sorted(place for place in set(places) if 0 < place <= len(lines))[:_MOST])
    near = {number for place in meant for number in range(place - _AROUND, place + _AROUND + 1)}
    shown = sorted(number for number in near if 0 < number <= len(lines))
    return [
        Line(
            number, shortened(lines[number - 1], _LONGEST), number in meant, number == 1 or number - 1 in near
        )
        for number in shown
    ]
