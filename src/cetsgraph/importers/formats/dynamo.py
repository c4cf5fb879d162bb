"""Names of the volumes that a table of Dynamo is of: .doc and .vll."""

import re
from collections.abc import Iterable

__all__ = ["numbered_volumes", "volume_list"]

_INDEX = re.compile(r"\*\s*index\s*=\s*(\d+)")


def numbered_volumes(lines: Iterable[tuple[int, str]]) -> dict[int, tuple[int, str]]:
    """Volumes of a .doc by their numbers, each with its line.

    >>> numbered_volumes([(1, "3\\tTS_01.mrc"), (2, "# end")])
    {3: (1, 'TS_01.mrc')}
    """
    found = {}
    for number, line in lines:
        first, *rest = line.split(None, 1)[:2] or [""]
        if first.isdecimal() and rest:
            found[int(first)] = number, rest[0].strip()
    return found


def volume_list(lines: Iterable[tuple[int, str]]) -> dict[int, tuple[int, str]]:
    """Volumes of a .vll by their indexes, each with its line; one without is the next in order.

    >>> volume_list([(1, "TS_01.mrc"), (2, "* index = 3"), (3, "TS_02.mrc")])
    {3: (1, 'TS_01.mrc'), 2: (3, 'TS_02.mrc')}
    """
    volumes: list[tuple[int, str]] = []
    indexes: dict[int, int] = {}
    for number, line in lines:
        text = line.strip()
        if (index := _INDEX.match(text)) is not None:
            indexes[len(volumes)] = int(index[1])
        elif text and not text.startswith(("*", "#", ">")):
            volumes.append((number, text))
    return {indexes.get(place, place): volume for place, volume in enumerate(volumes, start=1)}
