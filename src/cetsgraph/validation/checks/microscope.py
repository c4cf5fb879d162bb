"""Checks that what is said of the microscope of one series agrees: voltage, Cs, detector, handedness."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import TiltSeriesMicrographStack
from cetsgraph.validation.checks.agreement import Stated, differing, disagreeing, stated
from cetsgraph.validation.checks.movies import movies_of
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.surroundings import microscopes_of

__all__ = ["handedness_agrees", "microscopes_agree"]

_VOLTAGE = 0.01  # of the voltage
_LARGEST_VOLTAGE = 3000.0  # kV; more is in another unit, which `unit-plausible` reports
_ABERRATION = 0.15  # mm
_LARGEST_ABERRATION = 10.0  # mm
_NUMERALS = {"ii": "2", "iii": "3", "iv": "4"}
_NUMERAL = re.compile(r"\b(?:iii|ii|iv)(?=i?\b)")
_SIGN = "defocus_handedness"
_SIGNS = {"right_handed": 1, "left_handed": -1}


@check("voltage-coherent", TiltSeriesMicrographStack)
def microscopes_agree(place: Place, placement: Placement) -> Iterator[Fault]:
    """Image set, movies, series, session and instrument state one voltage, one Cs and one detector."""
    microscopes = microscopes_of(place, placement)
    voltages = [one for one in stated(microscopes, "accelerating_voltage") if one[2] <= _LARGEST_VOLTAGE]
    yield from disagreeing(voltages, lambda a, b: abs(a - b) <= _VOLTAGE * max(a, b), "kV")
    aberrations = [
        one for one in stated(microscopes, "spherical_aberration") if abs(one[2]) <= _LARGEST_ABERRATION
    ]
    yield from disagreeing(aberrations, lambda a, b: abs(a - b) <= _ABERRATION, "mm")
    holders = [getattr(one, "detector", None) or one for one in microscopes]
    yield from disagreeing(stated(holders, "detector_model"), _same_detector, "")


@check("handedness-coherent", TiltSeriesMicrographStack)
def handedness_agrees(place: Place, placement: Placement) -> Iterator[Fault]:
    """Session, series, images and the frames of their movies state one handedness."""
    series = place.entity
    assert isinstance(series, TiltSeriesMicrographStack)
    known: list[Stated[int]] = []
    for entity in microscopes_of(place, placement):
        word = entity.__dict__.get("handedness")
        if word in _SIGNS:
            known.append((entity, "handedness", _SIGNS[word]))
    if series.defocus_handedness is not None:
        known.append((series, _SIGN, series.defocus_handedness))
    ctfs = [image.ctf_metadata for image in series.micrographs if not image.excluded]
    signs = [(ctf, ctf.defocus_handedness) for ctf in ctfs if ctf is not None]
    counts = Counter(sign for _, sign in signs if sign is not None)
    if counts:
        usual = counts.most_common(1)[0][0]
        known.append((next(ctf for ctf, sign in signs if sign == usual), _SIGN, usual))
        for ctf, sign in signs if 2 * counts[usual] > counts.total() else ():
            if sign in (1, -1) and sign != usual:
                yield differing((ctf, _SIGN, sign), usual, "")
    frames = (frame for _, movie in movies_of(place, placement) for frame in movie.frames)
    fits = (frame.ctf_metadata for frame in frames if frame.ctf_metadata is not None)
    theirs = ((fit, fit.defocus_handedness) for fit in fits)
    known += islice(((fit, _SIGN, sign) for fit, sign in theirs if sign is not None), 1)
    yield from disagreeing(known, lambda a, b: a == b, "")


def _same_detector(one: object, other: object) -> bool:
    """Whether two names can be of one detector: they share a word with a number, or one holds the other."""
    plain = [_NUMERAL.sub(lambda numeral: _NUMERALS[numeral[0]], str(name).lower()) for name in (one, other)]
    names = ["".join(re.findall(r"\w", name)) for name in plain]
    words = [{word.rstrip("i") for word in re.findall(r"[a-z]*\d+[a-z]*", name)} for name in plain]
    return names[0] in names[1] or names[1] in names[0] or bool(words[0] & words[1]) or not all(words)
