"""Checks on when things were done: images, sessions, deposition and release."""

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import (
    AcquisitionSession,
    DataSet,
    Provenance,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
)
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import included
from cetsgraph.validation.checks.surroundings import referred

__all__ = [
    "images_are_taken_in_their_session",
    "images_are_taken_in_turn",
    "images_are_taken_one_by_one",
    "times_are_in_order",
    "times_are_past",
]

_TIMES = ("start_time", "end_time")
_DATES = ("deposition_date", "release_date")
_CHANGES = ("deposition_date", "last_modified_date")
_DAY = dt.timedelta(days=1)
_EMBARGO = dt.timedelta(days=18262)
_FIRST_YEAR = 1968  # of a reconstruction from a tilt series: De Rosier and Klug, Nature 217, 130


@check("time-order", AcquisitionSession, DataSet, Provenance)
def times_are_in_order(place: Place, placement: Placement) -> Iterator[Fault]:
    """What ends does so after it begins, and data are deposited before they are released or changed."""
    values = place.entity.__dict__
    for first, last in (_TIMES, _DATES, _CHANGES):
        before, after = values.get(first), values.get(last)
        if before is not None and after is not None and _is_later(before, after):
            name = first.replace("_", " ")
            yield Fault(last, str(after), f"not before the {name}, {before}", f"this is before the {name}")
    for field in (*_TIMES, *_DATES):
        if (value := values.get(field)) is not None and value.year < _FIRST_YEAR:
            yield Fault(field, str(value), "a year of tomography", "nobody took tilt series in that year")


@check("time-order", DataSet)
def times_are_past(place: Place, placement: Placement) -> Iterator[Fault]:
    """What was deposited or imaged was so by now, and images were taken before they were deposited."""
    deposited = place.entity.__dict__["deposition_date"]
    tomorrow = dt.datetime.now(dt.UTC).date() + _DAY
    if deposited is not None and deposited > tomorrow:
        yield Fault("deposition_date", str(deposited), "a day that has come", "this day is still to come")
    released = place.entity.__dict__["release_date"]
    if released is not None and released > tomorrow + _EMBARGO:
        expected = f"a day before {tomorrow + _EMBARGO}"
        yield Fault("release_date", str(released), expected, "nobody holds data back for so long")
    yield from _images_are_past(placement, min(day for day in (deposited, released, tomorrow) if day))
    for session in placement.of(AcquisitionSession):
        for field in _TIMES:
            time = session.entity.__dict__[field]
            if time is None:
                continue
            late = "this is still to come" if time.date() > tomorrow else None
            if late is None and deposited is not None and time.date() > deposited + _DAY:
                late = f"this is after the deposition, {deposited}"
            if late is None and released is not None and time.date() > released + _DAY:
                late = f"this is after the release, {released}"
            if late is not None:
                yield Fault(field, str(time), "a time before the deposition", late, entity=session.entity)
                break


def _images_are_past(placement: Placement, last: dt.date) -> Iterator[Fault]:
    """The first image that was taken after the day on which the data were deposited or released, or today."""
    for there in placement.of(TiltSeriesMicrograph):
        time = there.entity.__dict__["acquisition_time"]
        if time is not None and time.date() > last + _DAY:
            expected = f"a time before {last}"
            yield Fault("acquisition_time", str(time), expected, f"this is after {last}", entity=there.entity)
            return


@check("time-order", TiltSeriesMicrographStack)
def images_are_taken_in_turn(place: Place, placement: Placement) -> Iterator[Fault]:
    """Images were taken in the order of exposures: the first that was not is reported."""
    timed = [
        (image.acquisition_order, index, image, image.acquisition_time)
        for index, image in enumerate(included(place.entity))
        if image.acquisition_order is not None and image.acquisition_time is not None
    ]
    for (*_, before), (_, _, image, time) in pairwise(sorted(timed)):
        if _is_later(before, time):
            yield Fault(
                "acquisition_time",
                found=str(time),
                expected=f"not before {before}, when the image before was taken",
                message="this image was taken before the one that precedes it in the order of exposures",
                entity=image,
            )
            return


@check("time-order", TiltSeriesMicrographStack)
def images_are_taken_in_their_session(place: Place, placement: Placement) -> Iterator[Fault]:
    """Images were taken within a day of their session: the first that was not is reported."""
    times = [(image, image.acquisition_time) for image in included(place.entity) if image.acquisition_time]
    for session in referred(place, "acquisition_session_id", placement):
        start, end = (session.entity.__dict__[field] for field in _TIMES)
        for image, time in times:
            if (start and _is_later(start - _DAY, time)) or (end and _is_later(time, end + _DAY)):
                yield Fault(
                    "acquisition_time",
                    found=str(time),
                    expected=f"a time from {start or 'any'} to {end or 'any'}",
                    message=f"this image was not taken during its session, {session.entity.id}",
                    entity=image,
                )
                return


@check("time-order", TiltSeriesMicrographStack)
def images_are_taken_one_by_one(place: Place, placement: Placement) -> Iterator[Fault]:
    """Images of a series were not all taken in one moment; a day without a time is none."""
    times = [(image.acquisition_time, image) for image in included(place.entity) if image.acquisition_time]
    if len(times) < _FEWEST or len({time for time, _ in times}) > 1 or times[0][0].time() == dt.time():
        return
    time, image = times[1]
    yield Fault(
        "acquisition_time",
        found=str(time),
        expected="a time of its own",
        message=f"all {len(times)} images of the series are said to be taken at one moment",
        hint="Write when each image was taken, or only give the day.",
        entity=image,
    )


_FEWEST = 3  # images


def _is_later(one: dt.date, other: dt.date) -> bool:
    """Whether one is after the other; moments with and without a time zone are not compared."""
    try:
        return one > other
    except TypeError:
        return False
