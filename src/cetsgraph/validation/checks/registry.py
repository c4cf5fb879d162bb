"""What a check is: a rule's arithmetic on the numbers of one object, where SHACL cannot do it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from cetsgraph.findings import Severity
from cetsgraph.graph.placement import Placement, PlaceOf
from cetsgraph.model import Entity

__all__ = ["CHECKS", "Check", "Fault", "check"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an object; what is None is as the rule says.

    `hint` says what to write, where the numbers tell.
    `field` is the model's name of the field that is wrong, None where the object as a whole is; `index` the
    place in it. `entity` is the object that is wrong where it is a part of the one that was looked at.
    """

    field: str | None
    found: object = None
    expected: object = None
    message: str | None = None
    severity: Severity | None = None
    index: int | None = None
    entity: Entity | None = None
    hint: str | None = None


_Kind = TypeVar("_Kind", bound=Entity)
Function = Callable[[PlaceOf[Any], Placement], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Check:
    """A function that looks at each object of some classes; `profile` if it belongs to one alone.

    It is asked only of objects that have the field that must be `given`.
    `shape` is the shape for other programs that finds the same, or the first of several; it words findings.
    """

    rule: str
    classes: tuple[type[Entity], ...]
    function: Function
    profile: str | None = None
    given: str | None = None
    shape: str | None = None


CHECKS: list[Check] = []
"""All checks, in the order in which they were declared."""


def check(
    rule: str,
    *classes: type[_Kind],
    profile: str | None = None,
    given: str | None = None,
    shape: str | None = None,
) -> Callable[[Callable[[PlaceOf[_Kind], Placement], Iterator[Fault]]], Function]:
    """Declare a check of a rule for objects of some classes and of those below them.

    The function takes a `Place`, or a `PlaceOf` what all of the classes are, whose fields are typed.
    """

    def declare(function: Callable[[PlaceOf[_Kind], Placement], Iterator[Fault]]) -> Function:
        CHECKS.append(Check(rule, classes, function, profile, given, shape))
        return function

    return declare
