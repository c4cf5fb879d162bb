"""Lines of JSON as a table: a row for each object, a column for each place in it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cetsgraph.importers.formats.star import Odd

__all__ = ["JsonTable", "flattened", "parse"]

_DEEPEST = 8
_MOST = 256  # more columns are no table, and would take the square of the memory


@dataclass(slots=True)
class JsonTable:
    """Objects as rows."""

    columns: dict[str, list[str]] = field(default_factory=dict)
    """Values by their places, such as `location/x`; empty where an object has none."""
    lines: list[int | None] = field(default_factory=list)
    odds: list[Odd] = field(default_factory=list)

    def add(self, line: int | None, value: object) -> None:
        """Add an object as a row."""
        count = len(self.lines)
        for name, text in flattened(value):
            column = self.columns.get(name)
            if column is None and len(self.columns) == _MOST:
                self.odds.append(Odd(line or 1, name, f"at most {_MOST} different values in all objects"))
                break
            if column is None:
                column = self.columns[name] = []
            if len(column) < count:
                column.extend([""] * (count - len(column)))
            column.append(text)
        self.lines.append(line)

    def whole(self) -> "JsonTable":
        """The table, with as many values in each column as there are rows."""
        for column in self.columns.values():
            column.extend([""] * (len(self.lines) - len(column)))
        return self


def parse(lines: Iterable[tuple[int, str]]) -> JsonTable:
    """Read numbered lines, each an object.

    >>> found = parse(enumerate(['{"type": "point", "location": {"x": 1.5}}', "", "[1"], 1))
    >>> found.columns, found.odds
    ({'type': ['point'], 'location/x': ['1.5']}, [Odd(line=3, found='[1', expected='an object of JSON')])
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


def flattened(value: object, place: str | None = None) -> Iterator[tuple[str, str]]:
    """The values in an object by their places, as text; what is null or deeper than 8 levels is one text.

    A `/` in a name is written `~1`, as in JSON pointers.

    >>> dict(flattened({"a": {"b": [1, None]}, "c": True}))
    {'a/b/0': '1', 'a/b/1': '', 'c': 'true'}
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
        yield place or "", _text(value)


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return repr(value) if type(value) in (int, float) else json.dumps(value, ensure_ascii=False)
