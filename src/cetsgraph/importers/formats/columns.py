"""Rows of values between white space: .xf, .tlt, .rawtlt, .xtilt and .defocus of IMOD, tables of AreTomo."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Row", "parse"]


@dataclass(frozen=True, slots=True)
class Row:
    """The values of a line."""

    line: int
    values: tuple[str, ...]


def parse(lines: Iterable[tuple[int, str]], *, comment: str = "#") -> tuple[list[Row], list[Row]]:
    """Rows of numbered lines, and the comments among them; empty lines are left out.

    >>> parse(enumerate(["# view angle", "", " 1  -57.0"], 1))
    ([Row(line=3, values=('1', '-57.0'))], [Row(line=1, values=('#', 'view', 'angle'))])
    """
    rows: list[Row] = []
    comments: list[Row] = []
    for number, line in lines:
        if values := tuple(line.split()):
            (comments if values[0].startswith(comment) else rows).append(Row(number, values))
    return rows, comments
