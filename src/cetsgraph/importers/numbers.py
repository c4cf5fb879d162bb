"""Numbers of sources: finite, and computed ones the same everywhere."""

import math
import re

__all__ = ["finite", "is_not_finite", "number_or_text", "positive", "rounded"]

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LARGEST = 1e60  # of what microscopes and computers count, nothing comes near


def finite(text: str) -> float | None:
    """The number that a text is; None if it is none, not finite, or so large that a product with others would
    not be finite.

    >>> finite(" -3.5e2 "), finite("nan"), finite("1_000"), finite("1e999"), finite("1e308")
    (-350.0, None, None, None, None)
    """
    text = text.strip()
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    return number if abs(number) <= _LARGEST else None


def is_not_finite(text: str) -> bool:
    """Whether a text stands for no number, or one without end.

    >>> is_not_finite("NaN"), is_not_finite("-inf"), is_not_finite("nanobody")
    (True, True, False)
    """
    return text.lstrip("+-").casefold() in ("nan", "inf", "infinity")


def positive(number: float | None) -> float | None:
    """The number if it is above 0: 0 stands for a size that is not known."""
    return number if number is not None and number > 0 else None


def rounded(value: float, digits: int = 6) -> float:
    """A computed number as data sets have it: the same on every machine, and no negative zero.

    Å and degrees have 6 digits after the point, entries of matrices 9.

    >>> rounded(0.1 + 0.2), rounded(-1e-9)
    (0.3, 0.0)
    """
    return round(value, digits) + 0.0


def number_or_text(text: str | None) -> float | int | str | None:
    """A value of a column as the number that it is, whole or not; else as its text.

    >>> number_or_text("5"), number_or_text("0.5"), number_or_text("A"), number_or_text(None)
    (5, 0.5, 'A', None)
    """
    number = None if text is None else finite(text)
    if number is None or text is None:
        return text
    return int(number) if text.lstrip("+-").isdecimal() else number
