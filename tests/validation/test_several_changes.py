"""Mistakes that take several changes, as programs make them: one rule finds them, at its place.

`several.tsv` has the document, changes in JSON, the rule and the place; without a rule, nothing new is said.
A change is a place, in which `*` stands for each of a list, with a value, or with `{"times": 2}`,
`{"plus": 1}` or `{"copy": PLACE}` of what is there.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from cetsgraph.pointers import follow
from cetsgraph.validation import validate

from .test_single_changes import document, place, said, said_before, table


def places(whole: Any, pointer: str) -> Iterator[tuple[Any, Any]]:
    """What holds each place, and its key there."""
    before, star, after = pointer.partition("/*")
    if star:
        for index in range(len(follow(whole, before))):
            yield from places(whole, f"{before}/{index}{after}")
        return
    way, _, last = pointer.rpartition("/")
    holder = follow(whole, way)
    yield holder, int(last) if isinstance(holder, list) else last


def changed(whole: Any, old: Any, value: Any) -> Any:
    match value:
        case {"times": float() | int() as factor}:
            return old * factor
        case {"plus": float() | int() as number}:
            return old + number
        case {"copy": str() as pointer}:
            return copy.deepcopy(follow(whole, pointer))
    return value


def spoilt(name: str, changes: dict[str, Any]) -> Any:
    whole = copy.deepcopy(document(name))
    for pointer, value in changes.items():
        for holder, key in list(places(whole, place(pointer))):
            if isinstance(holder, list) and key == len(holder):
                holder.append(None)
            old = holder[key] if isinstance(holder, list) else holder.get(key)
            holder[key] = changed(whole, old, value)
    return whole


@pytest.mark.parametrize("row", table("several.tsv"), ids=lambda row: row["mistake"])
def test_the_mistake_is_found_at_its_place(row: dict[str, str]) -> None:
    changes = json.loads(row["changes"])
    new = said(validate(spoilt(row["document"], changes), "deposition")) - said_before(row["document"])
    if row["rule"]:
        assert (row["rule"], place(row["pointer"])) in {(rule, pointer) for rule, pointer, _ in new}
    else:
        assert new == set()


def particles(count: int = 20) -> Any:
    turned = {"type": "affine", "affine": [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]}
    return {
        "particles": [
            {"position": [float(10 * number), 20.0, 30.0], "coordinate_transformations": [dict(turned)]}
            for number in range(count)
        ]
    }


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("position", None, ("points-given", "/particles/3")),
        (
            "coordinate_transformations",
            [{"type": "affine", "affine": [[0.0, -2.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 2.0]]}],
            ("matrix-rotation", "/particles/3/coordinate_transformations/0/affine"),
        ),
    ],
)
def test_particles_are_measured_by_the_others_of_their_set(
    field: str, value: Any, found: tuple[str, str]
) -> None:
    whole = particles()
    before = {(one.rule, one.pointer) for one in validate(whole).findings}
    whole["particles"][3][field] = value
    new = {(one.rule, one.pointer) for one in validate(whole).findings} - before
    assert new == {found}


def test_a_scale_that_leads_backwards_is_said_once() -> None:
    scale = "/regions/0/tomograms/0/coordinate_transformations/0"
    whole = spoilt("complete-cets-data-model", {f"{scale}/input": "physical", f"{scale}/output": "array"})
    new = said(validate(whole)) - said_before("complete-cets-data-model")
    assert {(rule, pointer) for rule, pointer, _ in new} == {("coordinate-system-name", f"{scale}/input")}
