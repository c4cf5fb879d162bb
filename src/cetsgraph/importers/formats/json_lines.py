"""Lines of JSON as a table: a row for each object, a column for each place in it."""

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import overload

from cetsgraph.importers.formats.star import Odd

__all__ = ["JsonTable", "TextColumn", "flattened", "parse"]

_DEEPEST = 8
_REPEATED = 16  # characters of texts of which equal ones are one
_MOST = 256  # more columns are no table, and would take the square of the memory


class TextColumn(Sequence[str]):
    """Values of JSON as text; while all of them are numbers with a point, each takes eight bytes.

    >>> column = TextColumn([1.5, 2.0])
    >>> column.append("A")
    >>> [*column]
    ['1.5', '2.0', 'A']
    """

    def __init__(self, values: Iterable[object] = ()) -> None:
        self._numbers = array("d")
        self._texts: list[str] = []
        for value in values:
            self.append(value)

    def append(self, value: object) -> None:
        """Add a value; what is null is an empty text."""
        if type(value) is float and not self._texts:
            self._numbers.append(value)
            return
        if self._numbers:
            self._texts, self._numbers = [*self], array("d")
        text = _text(value)
        self._texts.append(intern(text) if len(text) <= _REPEATED else text)

    def __len__(self) -> int:
        return len(self._numbers) or len(self._texts)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return [self[one] for one in range(len(self))[row]]
        return repr(self._numbers[row]) if self._numbers else self._texts[row]


@dataclass(slots=True)
class JsonTable:
    """Objects as rows."""

    columns: dict[str, TextColumn] = field(default_factory=dict)
    """Values by their places, such as `location/x`; empty where an object has none."""
    lines: list[int | None] = field(default_factory=list)
    odds: list[Odd] = field(default_factory=list)

    def add(self, line: int | None, value: object) -> None:
        """Add an object as a row."""
        count = len(self.lines)
        for name, leaf in flattened(value):
            column = self.columns.get(name)
            if column is None and len(self.columns) == _MOST:
                self.odds.append(Odd(line or 1, name, f"at most {_MOST} different values in all objects"))
                break
            if column is None:
                column = self.columns[name] = TextColumn()
            _fill(column, count)
            column.append(leaf)
        self.lines.append(line)

    def rows(self, chosen: Sequence[int]) -> Mapping[str, Sequence[str]]:
        """The columns of some of the rows."""
        if len(chosen) == len(self.lines):
            return self.columns
        return {name: [values[row] for row in chosen] for name, values in self.columns.items()}

    def whole(self) -> "JsonTable":
        """The table, with as many values in each column as there are rows."""
        for column in self.columns.values():
            _fill(column, len(self.lines))
        return self


def _fill(column: TextColumn, count: int) -> None:
    """Give a column so many values; those that objects do not have are empty."""
    for _ in range(count - len(column)):
        column.append(None)


def parse(lines: Iterable[tuple[int, str]]) -> JsonTable:
    """Read numbered lines, each an object.

    >>> found = parse(enumerate(['{"type": "point", "location": {"x": 1.5}}', "", "[1"], 1))
    >>> {name: [*column] for name, column in found.columns.items()}
    {'type': ['point'], 'location/x': ['1.5']}
    >>> found.odds
    [Odd(line=3, found='[1', expected='an object of JSON')]
    """
    table = JsonTable()
    for number, line in lines:
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            table.add(number, value)
        else:
            table.odds.append(Odd(number, line.strip()[:80], "an object of JSON"))
    return table.whole()


def flattened(value: object, place: str | None = None) -> Iterator[tuple[str, object]]:
    """The values in an object by their places; what is deeper than 8 levels is one value.

    A `/` in a name is written `~1`, as in JSON pointers.

    >>> dict(flattened({"a": {"b": [1, None]}, "c": True}))
    {'a/b/0': 1, 'a/b/1': None, 'c': True}
    """
    deep = place is not None and place.count("/") >= _DEEPEST
    if isinstance(value, dict) and value and not deep:
        for key, item in value.items():
            token = key.replace("~", "~0").replace("/", "~1")
            yield from flattened(item, token if place is None else f"{place}/{token}")
    elif isinstance(value, list) and value and not deep:
        for number, item in enumerate(value):
            yield from flattened(item, str(number) if place is None else f"{place}/{number}")
    else:
        yield place or "", value


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return repr(value) if type(value) in (int, float) else json.dumps(value, ensure_ascii=False)
