"""Checks that what is said of the microscope of one series agrees: voltage, Cs, detector, tilt axis."""

import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import Alignment, Entity, TiltSeriesMicrographStack
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.surroundings import alignments_of, microscopes_of

__all__ = ["axes_agree", "handedness_agrees", "microscopes_agree"]

_Value = TypeVar("_Value")
_Stated = tuple[Entity, str, _Value]
"""An object, the field of it that says something, and what it says."""

_AXIS = 5.0  # degrees
_VOLTAGE = 0.01  # of the voltage
_LARGEST_VOLTAGE = 3000.0  # kV; more is in another unit, which `unit-plausible` reports
_ABERRATION = 0.15  # mm
_LARGEST_ABERRATION = 10.0  # mm
_SIGNS = {"right_handed": 1, "left_handed": -1}


@check("voltage-coherent", TiltSeriesMicrographStack)
def microscopes_agree(place: Place, placement: Placement) -> Iterator[Fault]:
    """Image set, movies, series, session and instrument state one voltage, one Cs and one detector."""
    microscopes = microscopes_of(place, placement)
    voltages = [one for one in _stated(microscopes, "accelerating_voltage") if one[2] <= _LARGEST_VOLTAGE]
    yield from _disagreeing(voltages, lambda a, b: abs(a - b) <= _VOLTAGE * max(a, b), "kV")
    aberrations = [
        one for one in _stated(microscopes, "spherical_aberration") if abs(one[2]) <= _LARGEST_ABERRATION
    ]
    yield from _disagreeing(aberrations, lambda a, b: abs(a - b) <= _ABERRATION, "mm")
    holders = [getattr(one, "detector", None) or one for one in microscopes]
    yield from _disagreeing(_stated(holders, "detector_model"), _same_detector, "")


@check("angle-coherent", TiltSeriesMicrographStack)
def axes_agree(place: Place, placement: Placement) -> Iterator[Fault]:
    """Image set, series, session and alignments state one tilt axis, as a line: modulo 180°, within 5°."""
    stated = list(_stated(microscopes_of(place, placement), "tilt_axis_angle"))
    stated = [one for one in stated if abs(one[2]) <= 360]
    turned = list(_turned(place, placement))
    if not stated:
        return
    yield from _disagreeing(stated, _same_axis, "°")
    reference = _reference(stated, _same_axis)
    for entity, field, angle in turned:
        # Programs map the image to the volume or back, so either sign is right.
        if not (_same_axis(angle, reference) or _same_axis(-angle, reference)):
            yield _differing((entity, field, angle), reference, "°")


@check("handedness-coherent", TiltSeriesMicrographStack)
def handedness_agrees(place: Place, placement: Placement) -> Iterator[Fault]:
    """Session, series and images state one handedness."""
    series = place.entity
    assert isinstance(series, TiltSeriesMicrographStack)
    stated: list[_Stated[int]] = []
    for entity in microscopes_of(place, placement):
        word = entity.__dict__.get("handedness")
        if word in _SIGNS:
            stated.append((entity, "handedness", _SIGNS[word]))
    if series.defocus_handedness is not None:
        stated.append((series, "defocus_handedness", series.defocus_handedness))
    ctfs = [image.ctf_metadata for image in series.micrographs if not image.excluded]
    signs = [(ctf, ctf.defocus_handedness) for ctf in ctfs if ctf is not None]
    counts = Counter(sign for _, sign in signs if sign is not None)
    if counts:
        usual = counts.most_common(1)[0][0]
        stated.append((next(ctf for ctf, sign in signs if sign == usual), "defocus_handedness", usual))
        for ctf, sign in signs if 2 * counts[usual] > counts.total() else ():
            if sign in (1, -1) and sign != usual:
                yield _differing((ctf, "defocus_handedness", sign), usual, "")
    yield from _disagreeing(stated, lambda a, b: a == b, "")


def _stated(entities: Sequence[Entity], field: str) -> Iterator["_Stated[float]"]:
    for entity in entities:
        value = entity.__dict__.get(field)
        if value is not None:
            yield entity, field, value


def _turned(place: Place, placement: Placement) -> Iterator["_Stated[float]"]:
    """By how much alignments turn images in their plane: of each alignment, its middle value."""
    series = place.entity
    assert isinstance(series, TiltSeriesMicrographStack)
    own = [image.projection_alignment for image in series.micrographs if image.projection_alignment]
    groups = [own]
    for alignment in alignments_of(place, placement):
        if isinstance(alignment, Alignment):
            groups.append(alignment.projection_alignments)
    for group in groups:
        angles = [one.z_rotation for one in group if one.z_rotation is not None]
        if angles and any(angles):  # 0 throughout is a default
            middle = statistics.median_low(angles)
            yield next(one for one in group if one.z_rotation == middle), "z_rotation", middle


def _disagreeing(
    stated: "Iterator[_Stated[_Value]] | Sequence[_Stated[_Value]]",
    same: Callable[[_Value, _Value], bool],
    unit: str,
) -> Iterator[Fault]:
    """What differs from most; of two, the second."""
    known = list(stated)
    if len(known) < 2:
        return
    reference = _reference(known, same)
    for one in known:
        if not same(one[2], reference):
            yield _differing(one, reference, unit)


def _reference(stated: "Sequence[_Stated[_Value]]", same: Callable[[_Value, _Value], bool]) -> _Value:
    """What most say; of as many, the first."""
    values = [value for _, _, value in stated]
    return max(values, key=lambda value: sum(same(value, other) for other in values))


def _differing(one: "_Stated[_Value]", reference: object, unit: str) -> Fault:
    entity, field, value = one
    name = field.replace("_", " ")
    space = "" if unit in ("", "°") else " "
    return Fault(
        field,
        found=value,
        expected=f"{_shown(reference)}{space}{unit}",
        message=f"the {name} is {_shown(value)}{space}{unit} here, and {_shown(reference)}{space}{unit} "
        "elsewhere for the same tilt series",
        entity=entity,
    )


def _shown(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _same_axis(one: float, other: float) -> bool:
    difference = (one - other) % 180
    return min(difference, 180 - difference) <= _AXIS


def _same_detector(one: object, other: object) -> bool:
    """Whether two names can be of one detector: they share a word with a number, or one holds the other."""
    names = ["".join(re.findall(r"\w", str(name).lower())) for name in (one, other)]
    words = [set(re.findall(r"[a-z]*\d+[a-z]*", str(name).lower())) for name in (one, other)]
    return names[0] in names[1] or names[1] in names[0] or bool(words[0] & words[1]) or not all(words)
