"""Answers about tilt series that the examples are not: pre-tilts, gaps, conflicts, imaging stated elsewhere."""

from collections.abc import Iterator
from typing import Any

import pytest
from queries.example_documents import IMAGING, SERIES, D, store_of, tilt_series, tuples

from cetsgraph import queries


def symmetric(*, group: int, step: float = 3.0, start: float = 0.0, stop: int = 12) -> list[float]:
    """Angles in the order of a scheme after Hagen et al. (2017): `group` tilts on one side, then the other."""
    angles = [start]
    for first in range(1, stop + 1, group):
        for side in (1, -1):
            angles += [start + side * step * n for n in range(first, min(first + group, stop + 1))]
    return angles


def steps(*ends: float, step: float = 3.0) -> list[float]:
    """Angles from one end to the next, in steps."""
    angles = [ends[0]]
    for end in ends[1:]:
        count = round(abs(end - angles[-1]) / step)
        angles += [angles[-1] + (1 if end > angles[-1] else -1) * step * n for n in range(1, count + 1)]
    return angles


def without(angles: list[float], *places: int) -> list[float]:
    return [angle for place, angle in enumerate(angles) if place not in places]
