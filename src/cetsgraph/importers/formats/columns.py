"""Rows of values between white space: .xf, .tlt, .rawtlt, .xtilt and .defocus of IMOD, tables of AreTomo."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["TextRow", "headings", "parse"]


@dataclass(frozen=True, slots=True)
class TextRow:
    """The values of a line."""

    line: int
    values: tuple[str, ...]


def parse(lines: Iterable[tuple[int, str]], *, comment: str = "#") -> tuple[list[TextRow], list[TextRow]]:
    """Rows of numbered lines, and the comments among them; empty lines are left out.

    >>> parse(enumerate(["# view angle", "", " 1  -57.0"], 1))
    ([TextRow(line=3, values=('1', '-57.0'))], [TextRow(line=1, values=('#', 'view', 'angle'))])
    """
    rows: list[TextRow] = []
    comments: list[TextRow] = []
    for number, line in lines:
        if values := tuple(line.split()):
            (comments if values[0].startswith(comment) else rows).append(TextRow(number, values))
    return rows, comments


def headings(names: Sequence[str], rows: Sequence[TextRow]) -> list[str]:
    """The names of the columns that rows have: as many of `names` as one has, and a number for each that all
    rows have besides, as newer programs write them.

    >>> headings(["angle", "dose"], [TextRow(1, ("-57.0",))])
    ['angle']
    >>> headings(["angle"], [TextRow(1, ("-57.0", "3", "x")), TextRow(2, ("-54.0", "6"))])
    ['angle', 'column 2']
    """
    lengths = [len(row.values) for row in rows]
    width = max(min(len(names), max(lengths, default=0)), min(lengths, default=0))
    return [*names, *(f"column {place + 1}" for place in range(len(names), width))][:width]
