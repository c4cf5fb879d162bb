"""Rows of values between white space: .xf, .tlt, .rawtlt, .xtilt and .defocus of IMOD, tables of AreTomo."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["TextRow", "parse"]


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
