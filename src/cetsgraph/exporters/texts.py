"""Numbers and tables as text files have them."""

from collections.abc import Mapping, Sequence
from itertools import count

from pydantic_core import to_json

__all__ = ["RELION_5", "Value", "columns", "json_text", "number", "plain", "star_block"]

_BEFORE = 6  # characters of a number of STAR that are not behind its point

RELION_5 = "\n# version 50001\n"
"""What tables of RELION 5 begin with."""

Value = str | float | int | None


def number(value: float, digits: int = 6) -> str:
    """A number with all its digits, and no negative zero.

    >>> number(-0.0), number(1.5), number(34.845611)
    ('0.000000', '1.500000', '34.845611')
    """
    return f"{round(value, digits) + 0.0:.{digits}f}"


def plain(value: object) -> str:
    """A value as short as it can be.

    >>> plain(15.0), plain(0.052575), plain(3)
    ('15', '0.052575', '3')
    """
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of words, each column as wide as its longest word, right-aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (" ".join(word.rjust(width) for word, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(f"{line}\n" for line in lines)


def star_block(
    name: str, rows: Sequence[Mapping[str, Value]], *, numbered: bool = True, digits: int = 6
) -> tuple[str, list[str]]:
    """A block with one loop, and the columns that only some rows have, which are left out.

    Numbers have so many digits behind the point.

    >>> text, left_out = star_block("TS_01", [{"rlnTomoYTilt": -57.0, "rlnPhaseShift": None}])
    >>> text.split(), left_out
    (['data_TS_01', 'loop_', '_rlnTomoYTilt', '#1', '-57.000000'], [])
    """
    names = dict.fromkeys(name for row in rows for name, value in row.items() if value is not None)
    whole = [name for name in names if all(row.get(name) is not None for row in rows)]
    numbers = (f" #{place}" if numbered else "" for place in count(1))
    head = "".join(f"_{column}{number}\n" for column, number in zip(whole, numbers, strict=False))
    lines = (" ".join(_word(row[column], digits) for column in whole) for row in rows)
    body = "".join(f"{line}\n" for line in lines) if whole else ""
    return f"\ndata_{name}\n\nloop_\n{head}{body}\n", [name for name in names if name not in whole]


def _word(value: Value, digits: int) -> str:
    """A value of STAR, as wide as RELION's: quoted where it is empty or has white space."""
    if isinstance(value, float):
        text = number(value, digits) if abs(value) >= 1e-3 or abs(value) < 1e-12 else f"{value:.9g}"
    else:
        text = str(value)
        text = f'"{text}"' if not text or any(character.isspace() for character in text) else text
    return text.rjust(digits + _BEFORE)


def json_text(value: object) -> str:
    """A value as a file of JSON.

    >>> json_text({"name": "µ", "at": [1.0]})
    '{\\n "name": "µ",\\n "at": [\\n  1.0\\n ]\\n}\\n'
    """
    return to_json(value, indent=1).decode() + "\n"
