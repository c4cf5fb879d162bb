"""Tables of text with a delimiter: CSV and its kin, with or without a line of names."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cetsgraph.importers.formats.star import Odd
from cetsgraph.importers.numbers import finite

__all__ = ["DelimitedText", "parse"]

_DELIMITERS = (";", "|", "\t", ",")


@dataclass(slots=True)
class DelimitedText:
    """The rows of a file."""

    columns: list[str] | None = None
    """Names, if the first line has some."""
    rows: list[list[str]] = field(default_factory=list)
    """As many values in each as the first one has."""
    lines: list[int] = field(default_factory=list)
    """Line of each row."""
    odds: list[Odd] = field(default_factory=list)


def parse(lines: Iterable[tuple[int, str]]) -> DelimitedText:
    """Read numbered lines; the first one says by which of `, ; |`, tab or white space they are divided.

    >>> found = parse(enumerate(["x|y|z", "1|2|3", "", "# two", "4|5"], 1))
    >>> found.columns, found.rows, found.odds
    (['x', 'y', 'z'], [['1', '2', '3']], [Odd(line=5, found='2 values', expected='3 values')])
    """
    table = DelimitedText()
    width, delimiter = 0, None
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not width:
            delimiter = _delimiter(line)
        try:
            values = _values(line, delimiter)
        except csv.Error:
            table.odds.append(Odd(number, "a value too long", "values with delimiters between them"))
            continue
        values = _without_end(values, width)
        if not any(values):  # delimiters alone, as spreadsheets leave them
            continue
        if not width:
            width = len(values)
            if not any(finite(value) is not None for value in values):
                table.columns = _distinct(values)
                continue
        _add(table, number, values, width)
    return table


def _add(table: DelimitedText, number: int, values: list[str], width: int) -> None:
    if len(values) == width:
        table.rows.append(values)
        table.lines.append(number)
    else:
        table.odds.append(Odd(number, f"{len(values)} values", f"{width} values"))


def _delimiter(line: str) -> str | None:
    return next((one for one in _DELIMITERS if one in line), None)


def _values(line: str, delimiter: str | None) -> list[str]:
    if delimiter is None:
        return line.split()
    return [value.strip() for value in next(csv.reader([line], delimiter=delimiter))]


def _without_end(values: list[str], width: int) -> list[str]:
    """The values without empty ones behind the last column, as a delimiter at the end of each line makes one.

    >>> _without_end(["x", "y", "z", ""], 0), _without_end(["1", "", "", ""], 3)
    (['x', 'y', 'z'], ['1', '', ''])
    """
    while len(values) > width and not values[-1]:
        values.pop()
    return values


def _distinct(names: Sequence[str]) -> list[str]:
    """The names, with a number where one comes again.

    >>> _distinct(["NA", "x", "NA"])
    ['NA', 'x', 'NA 2']
    """
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return found
