"""Text: which characters a graph can hold, and text for messages and tables that can be written anywhere."""

import os
import re
from collections.abc import Iterable, Sequence
from itertools import accumulate

__all__ = [
    "UNREPRESENTABLE",
    "counted",
    "did_you_mean",
    "has_unrepresentable",
    "listed",
    "nearest",
    "position",
    "shortened",
    "shortened_inside",
    "shown_path",
    "whole_number",
]

UNREPRESENTABLE = "\x00\ud800-\udfff\ufffe\uffff"
"""Characters that no RDF or XML tool carries, as they stand in a class of a regular expression.

U+0000, U+FFFE, U+FFFF, and surrogates without their other half.
"""

_search = re.compile(f"[{UNREPRESENTABLE}]").search


def has_unrepresentable(text: str) -> bool:
    r"""Whether a text holds a character that no graph can hold.

    >>> has_unrepresentable("Å\n"), has_unrepresentable("a\x00b")
    (False, True)
    """
    return _search(text) is not None


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number of things; the plural ends in s unless it is given.

    >>> counted(1, "row"), counted(1200, "row"), counted(2, "entry", "entries")
    ('1 row', '1,200 rows', '2 entries')
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def shortened(text: str, limit: int) -> str:
    """The text, of at most `limit` characters; the end goes.

    >>> shortened("tilt series", 20), shortened("tilt series", 5)
    ('tilt series', 'tilt…')
    """
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def listed(names: Iterable[str], joint: str = ", ") -> str:
    """Names one after the other: as many as 200 characters hold, and how many more there are.

    >>> listed(["array", "physical"], " or "), listed(f"TS_{number:02}" for number in range(40))[-17:]
    ('array or physical', 'TS_27 and 12 more')
    """
    known = list(names)
    fitting = sum(size <= _LONGEST_LIST for size in accumulate(len(name) + len(joint) for name in known)) or 1
    shown = joint.join(shortened(name, _LONGEST_LIST) for name in known[:fitting])
    return shown if fitting >= len(known) else f"{shown} and {len(known) - fitting} more"


_LONGEST_LIST = 200  # characters


def shortened_inside(text: str, limit: int) -> str:
    """The text, of at most `limit` characters; the middle goes, since IRIs and paths differ at their ends.

    >>> shortened_inside("https://example.org/data/TS_01", 16)
    'https…data/TS_01'
    """
    if len(text) <= limit:
        return text
    start = (limit - 1) // 3
    return f"{text[:start]}…{text[start + 1 - limit :]}"


def position(path: str, line: int | None, column: int | None) -> str:
    """A place in a file, as far as it is known.

    >>> position("TS_01.mdoc", 12, None)
    'TS_01.mdoc:12'
    """
    return ":".join([path, *(str(number) for number in (line, column) if number is not None)])


def shown_path(path: str | os.PathLike[str]) -> str:
    r"""A path as text that can be written anywhere: what is not UTF-8 in it is escaped.

    >>> print(shown_path("TS_\udce9.json"))
    TS_\udce9.json
    """
    return os.fspath(path).encode("utf-8", "backslashreplace").decode()


def nearest(name: str, known: Iterable[str], *, count: int = 3, cutoff: float = 0.6) -> tuple[str, ...]:
    """Return the known names most like ``name``, best first, in any case; empty if none is alike.

    ``cutoff`` is the least likeness, of 1 for the same name.

    >>> nearest("tilt_serie", ["tilt_series", "tilt_images", "path"], count=1)
    ('tilt_series',)
    """
    import difflib  # only failures need it

    spelled: dict[str, str] = {}
    for candidate in known:
        spelled.setdefault(candidate.casefold(), candidate)
    alike = difflib.get_close_matches(name.casefold(), spelled, n=count, cutoff=cutoff)
    return tuple(spelled[candidate] for candidate in alike)


def did_you_mean(suggestions: Sequence[str]) -> str | None:
    """Return the suggestions as a question.

    >>> did_you_mean(("tilt_series", "tilt_images"))
    "Did you mean 'tilt_series' or 'tilt_images'?"
    """
    return f"Did you mean {' or '.join(map(repr, suggestions))}?" if suggestions else None


def whole_number(text: str) -> int | float:
    """A whole number; one beyond all doubles is infinite, which no field can hold.

    >>> whole_number("-12"), whole_number("9" * 400)
    (-12, inf)

    Raises:
        ValueError: it is none, or has thousands of digits.
    """
    return float(text) if _MANY_DIGITS < len(text) < _MOST_DIGITS else int(text)


_MANY_DIGITS, _MOST_DIGITS = 300, 4000
