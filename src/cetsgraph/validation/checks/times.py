"""Checks on when things were done: sessions, deposition and release."""

import datetime as dt
from collections.abc import Iterator

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import AcquisitionSession, DataSet
from cetsgraph.validation.checks.registry import Fault, check

__all__ = ["times_are_in_order", "times_are_past"]


@check("time-order", AcquisitionSession, DataSet)
def times_are_in_order(place: Place, placement: Placement) -> Iterator[Fault]:
    """A session ends after it begins, and data are deposited before they are released."""
    values = place.entity.__dict__
    for first, last in (("start_time", "end_time"), ("deposition_date", "release_date")):
        before, after = values.get(first), values.get(last)
        if before is not None and after is not None and _is_later(before, after):
            name = first.replace("_", " ")
            yield Fault(last, str(after), f"not before the {name}, {before}", f"this is before the {name}")


@check("time-order", DataSet)
def times_are_past(place: Place, placement: Placement) -> Iterator[Fault]:
    """What was deposited or imaged was so by now, and images were taken before they were deposited."""
    deposited = place.entity.__dict__["deposition_date"]
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    if deposited is not None and deposited > tomorrow:
        yield Fault("deposition_date", str(deposited), "a day that has come", "this day is still to come")
    for session in placement.of(AcquisitionSession):
        start = session.entity.__dict__["start_time"]
        if start is None:
            continue
        late = "this is still to come" if start.date() > tomorrow else None
        if late is None and deposited is not None and start.date() > deposited + dt.timedelta(days=1):
            late = f"this is after the deposition, {deposited}"
        if late is not None:
            yield Fault("start_time", str(start), "a time before the deposition", late, entity=session.entity)


def _is_later(one: dt.date, other: dt.date) -> bool:
    """Whether one is after the other; moments with and without a time zone are not compared."""
    try:
        return one > other
    except TypeError:
        return False
