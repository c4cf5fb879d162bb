"""What several objects state of one thing, and which of them differ."""

import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from cetsgraph.geometry.projections import between_lines
from cetsgraph.model import Entity
from cetsgraph.validation.checks.registry import Fault

__all__ = [
    "AXIS",
    "DEGREES",
    "Stated",
    "deviations",
    "differing",
    "disagreeing",
    "most_alike",
    "reference",
    "same_axis",
    "stated",
]

AXIS = 5.0
"""Degrees between statements of one tilt axis, at most."""
DEGREES = 5.0
"""By which refinement changes an angle at most, beside an offset of the series."""
_LARGEST_OFFSET = 30.0  # degrees, where too few angles tell

_Value = TypeVar("_Value")
Stated = tuple[Entity, str, _Value]
"""An object, the field of it that says something, and what it says."""


def stated(entities: Iterable[Entity], field: str) -> Iterator["Stated[float]"]:
    """What objects say in a field, those that say anything."""
    for entity in entities:
        value = entity.__dict__.get(field)
        if value is not None:
            yield entity, field, value


def disagreeing(
    known: "Iterable[Stated[_Value]]",
    same: Callable[[_Value, _Value], bool],
    unit: str,
) -> Iterator[Fault]:
    """What differs from most; of two, the second."""
    known = list(known)
    if len(known) < 2:
        return
    usual = reference(known, same)
    for one in known:
        if not same(one[2], usual):
            yield differing(one, usual, unit)


def reference(known: "Sequence[Stated[_Value]]", same: Callable[[_Value, _Value], bool]) -> _Value:
    """What most say; of as many, the first."""
    return most_alike([value for _, _, value in known], same)


def most_alike(values: Sequence[_Value], same: Callable[[_Value, _Value], bool]) -> _Value:
    """The value that most of several are the same as; of as many, the first, which nearly always is it.

    Of very many, some hundred stand for all.
    """
    if all(same(values[0], other) for other in values):
        return values[0]
    some = values[:: max(1, len(values) // _SOME)]
    return max(some, key=lambda value: sum(same(value, other) for other in values))


_SOME = 100


def differing(one: "Stated[_Value]", usual: object, unit: str) -> Fault:
    """The fault of an object that says something else than the others."""
    entity, field, value = one
    name = field.replace("_", " ")
    space = "" if unit in ("", "°") else " "
    return Fault(
        field,
        found=value,
        expected=f"{_shown(usual)}{space}{unit}",
        message=f"the {name} is {_shown(value)}{space}{unit} here, and {_shown(usual)}{space}{unit} "
        "elsewhere for the same tilt series",
        entity=entity,
    )


def _shown(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def deviations(angles: Sequence[tuple[float, float]]) -> list[float]:
    """One angle less the other and what all have in common; programs may count tilts the other way."""
    options = [_of_one_sign(angles, sign) for sign in (1, -1)]
    return min(options, key=lambda some: sum(abs(one) > DEGREES for one in some))


def _of_one_sign(angles: Sequence[tuple[float, float]], sign: int) -> list[float]:
    differences = [one - sign * other for one, other in angles]
    if len(differences) < 3:
        offset = min(differences, key=abs)
        offset = offset if max(map(abs, differences)) < _LARGEST_OFFSET else 0.0
    else:
        offset = statistics.median_low(differences)
    return [difference - offset for difference in differences]


def same_axis(one: float, other: float) -> bool:
    """Whether two angles are of one tilt axis, which is a line."""
    return between_lines(one, other) <= AXIS
