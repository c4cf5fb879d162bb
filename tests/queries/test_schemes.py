"""Tilt schemes, as angles and times say them."""

from typing import Any

import pytest
from queries.example_documents import SERIES, D, store_of, tilt_series, tuples

from cetsgraph import queries


def symmetric(*, group: int, step: float = 3.0, start: float = 0.0, stop: int = 12) -> list[float]:
    """Angles in the order of Hagen et al. (2017): `group` tilts on one side, then as many on the other."""
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


GROUPS = [symmetric(group=group) for group in (1, 2, 3, 4, 5)]


ORDERS = [
    *((angles, True) for angles in GROUPS),
    *(([-angle for angle in angles], True) for angles in GROUPS),
    (symmetric(group=1, step=1.0), True),
    (symmetric(group=2, step=2.0), True),
    (symmetric(group=3, step=5.0), True),
    (symmetric(group=1, step=20.0, stop=3), True),
    (symmetric(group=7), False),  # spans 18°
    ([0.01, 2.99, -3.02, 6.0, -5.98], True),
    ([3.0, -3.0, 6.0, -6.0], True),
    ([10.0, -10.0, 20.0, -20.0, 30.0, -30.0], True),
    (without(symmetric(group=2), 3), True),
    (without(symmetric(group=3), 0, 1), True),
    ([*symmetric(group=2), 0.0], True),  # the first tilt again
    ([*symmetric(group=1), 39.0, 42.0, 45.0], True),  # the other side ends early
    # around the pre-tilt of a lamella, which is the angle of the first image
    (symmetric(group=1, start=-10.0), True),
    (symmetric(group=2, start=-10.0), True),
    (symmetric(group=3, start=9.0), True),
    (symmetric(group=2, step=2.0, start=-9.8), True),
    (without(symmetric(group=2, start=-10.0), 0), True),
    (without(symmetric(group=2, start=12.0), 4), True),
    (symmetric(group=1, start=-12.0, stop=16), True),
    (symmetric(group=4, start=-59.0, stop=12), True),
    # several exposures at every tilt, one after the other or all over again
    ([angle for angle in symmetric(group=2) for _ in range(2)], True),
    ([*symmetric(group=2), *symmetric(group=2)], True),
    ([angle for angle in symmetric(group=2, start=-10.0) for _ in range(3)], True),
    ([*steps(-60, 60), *steps(-60, 60)], False),
    # one side, then the other
    (steps(0, 60) + steps(-3, -60), False),
    (steps(0, 60) + steps(0, -60), False),
    (steps(0, 60) + steps(-3, -60) + [0.0], False),
    (steps(0, 60) + steps(-3, -60) + [60.0], False),
    (steps(-21, 60) + steps(-24, -60), False),
    (steps(21, -60) + steps(24, 60), False),
    (steps(-10, 50) + steps(-13, -70), False),
    (steps(-10, 50) + steps(-13, -70) + [-10.0], False),
    (steps(0, 12) + steps(-3, -12), False),
    # one way
    (steps(-60, 60), False),
    (steps(60, -60), False),
    (steps(-70, 50), False),
    ([0.0, *steps(-60, 60)], False),
    ([0.0, *steps(60, -60)], False),
    (steps(-6, 6), False),
    # too few to tell
    ([0.0, 3.0, -3.0], False),
    ([0.0], False),
    ([], False),
]


@pytest.mark.parametrize(("angles", "found"), ORDERS)
def test_dose_symmetric_series(angles: list[float], found: bool) -> None:
    """Images stand in the order of their angles, as in most files."""
    images = [{"nominal_tilt_angle": angle, "accumulated_dose": 3.0 * n} for n, angle in enumerate(angles)]
    images.sort(key=lambda image: image["nominal_tilt_angle"])
    with store_of(**tilt_series({"id": "a", "micrographs": images})) as store:
        rows = tuples(queries.dose_symmetric_series(store))
    assert rows == [
        (D, f"{SERIES}/a", "a", None, len(angles), min(angles), max(angles)) for _ in range(found)
    ]


SYMMETRIC, ONE_WAY = symmetric(group=2), steps(-36, 36)


def timed(angles: list[float], **times: float) -> list[dict[str, Any]]:
    """Images with a field that grows by so much from image to image; by 0, it stays 3."""
    return [
        {"nominal_tilt_angle": angle}
        | {field: place * each if each else 3.0 for field, each in times.items()}
        for place, angle in enumerate(angles)
    ]


@pytest.mark.parametrize(
    ("images", "found"),
    [
        (timed(SYMMETRIC, acquisition_order=1), True),
        (timed(SYMMETRIC, total_accumulated_dose=2.5), True),
        (timed(SYMMETRIC, accumulated_dose=2.5, total_accumulated_dose=2.5, acquisition_order=1), True),
        (timed(SYMMETRIC, accumulated_dose=0, acquisition_order=1), True),  # the same dose everywhere
        (timed(ONE_WAY, acquisition_order=1), False),
        (timed(SYMMETRIC, exposure_dose=0), False),  # when each image was taken is not known
        (timed(SYMMETRIC), False),
        ([{"acquisition_order": 0}, *timed(SYMMETRIC, accumulated_dose=2.5)], True),
    ],
)
def test_what_says_when_images_were_taken(images: list[dict[str, Any]], found: bool) -> None:
    with store_of(**tilt_series({"micrographs": images})) as store:
        rows = queries.dose_symmetric_series(store)
    assert [row.tilts for row in rows] == [25] * found
