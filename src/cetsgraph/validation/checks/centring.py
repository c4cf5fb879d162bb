"""Shifts that move the origin of an image or volume to its centre: by half of each side, negative."""

import re
from collections.abc import Sequence

__all__ = ["half_sides", "is_centring", "shift_is_wrong"]

_BINNINGS = (2, 3, 4, 6, 8, 12, 16)


def half_sides(lengths: Sequence[int], factors: Sequence[float]) -> list[float]:
    """The shift to the centre, in elements times the factors.

    >>> half_sides([1024, 1440], [1, 1]), half_sides([1024, 1440], [2, 2])
    ([-512.0, -720.0], [-1024.0, -1440.0])
    """
    return [-length / 2 * factor for length, factor in zip(lengths, factors, strict=True)]


def shift_is_wrong(
    numbers: Sequence[float],
    lengths: Sequence[int],
    factors: Sequence[float],
    *,
    scaled: bool,
    centring: bool = False,
) -> str | None:
    """How a shift beside a scale differs from that to the centre, if it seems to be meant as that.

    >>> shift_is_wrong([-512, -720], [1024, 1440], [7.8, 7.8], scaled=False)
    >>> shift_is_wrong([-720, -512], [1024, 1440], [7.8, 7.8], scaled=False)
    'is in another order, or in another unit'
    >>> shift_is_wrong([-2048, -2880], [1024, 1440], [7.8, 7.8], scaled=False)
    'is 4 times as large: it seems to be of another binning'
    """
    elements = half_sides(lengths, [1.0] * len(lengths))
    halves = [elements, half_sides(lengths, factors)]
    right = halves[scaled]
    margin = max(1.0, *factors)
    if _are_near(numbers, right, margin):
        return None
    unit = margin if scaled else 1.0
    for binning in _BINNINGS:
        if _are_near(numbers, [binning * number for number in right], binning * unit):
            return f"is {binning} times as large: it seems to be of another binning"
        if _are_near([binning * number for number in numbers], right, binning * unit):
            return f"is 1/{binning} as large: it seems to be of another binning"
    known = [*halves, *([2 * number for number in half] for half in halves)]
    if any(_are_near(sorted(numbers), sorted(one), margin) for one in known):
        return "is in another order, or in another unit"
    apart = [abs(number - half) > unit for number, half in zip(numbers, right, strict=True)]
    if sum(apart) == 1 and numbers[apart.index(True)] != 0:
        return "is that to the centre along the other axes, and not along " + "XYZ"[apart.index(True)]
    return "is called so, and does not lead to the centre" if centring else None


def is_centring(name: str | None) -> bool:
    """Whether a step is called a shift to the centre.

    >>> is_centring("center_array_origin"), is_centring("array_to_physical"), is_centring(None)
    (True, False, False)
    """
    return re.search(r"(?i)\bcent(er|re|ring|ering)\b", (name or "").replace("_", " ")) is not None


def _are_near(numbers: Sequence[float], others: Sequence[float], margin: float) -> bool:
    return all(abs(a - b) <= margin for a, b in zip(numbers, others, strict=True))
