"""Numbers that rise from each to the next, but for one."""

import statistics
from collections.abc import Sequence
from itertools import pairwise

__all__ = ["APART", "odd_one_out"]

APART = 2.5
"""Times the usual step, by which a number is far from where it should be."""
_FEWEST = 5  # numbers


def odd_one_out(numbers: Sequence[float]) -> int | None:
    """The place of the one number without which all others rise, and which is far from its neighbours.

    >>> odd_one_out([0, 3, 6, 90, 12, 15]), odd_one_out([0, 3, 6, 9]), odd_one_out([0, 3, -3, 6, -6, 9])
    (3, None, None)
    """
    steps = [after - before for before, after in pairwise(numbers)]
    falls = [index for index, step in enumerate(steps, start=1) if step < 0]
    if len(numbers) < _FEWEST or not 0 < len(falls) < 3 or (step := statistics.median(steps)) <= 0:
        return None
    for index in dict.fromkeys(place for fall in falls for place in (fall, fall - 1)):
        others = [*numbers[:index], *numbers[index + 1 :]]
        beside = others[max(index - 1, 0) : index + 1]
        apart = abs(numbers[index] - statistics.median(beside))
        if apart > APART * step and all(before <= after for before, after in pairwise(others)):
            return index
    return None
