"""Checks that what is said of the microscope of a series agrees: model, voltage, Cs, detector, handedness."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.model import ImagingParameters, Instrument, TiltSeriesMicrographStack
from cetsgraph.validation.checks.agreement import Stated, differing, disagreeing, stated
from cetsgraph.validation.checks.movies import movies_of
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.surroundings import microscopes_of
from cetsgraph.validation.checks.views import sampling

__all__ = [
    "handedness_agrees",
    "magnification_is_of_the_pixels",
    "microscopes_agree",
    "voltage_is_of_the_model",
]

_VOLTAGE = 0.01  # of the voltage
_LARGEST_VOLTAGE = 3000.0  # kV; more is in another unit, which `unit-plausible` reports
_ABERRATION = 0.15  # mm
_LARGEST_ABERRATION = 10.0  # mm
_NUMERALS = {"ii": "2", "iii": "3", "iv": "4"}
_NUMERAL = re.compile(r"\b(?:iii|ii|iv)(?=i?\b)")
_PIXELS = re.compile(r"\d+k? ?[x×] ?\d+k?")  # such as 6k x 4k, which many detectors have
_SIGN = "defocus_handedness"
_SIGNS = {"right_handed": 1, "left_handed": -1}


@check("voltage-coherent", TiltSeriesMicrographStack)
def microscopes_agree(place: Place, placement: Placement) -> Iterator[Fault]:
    """Image set, movies, series, session and instrument state one microscope, voltage, Cs and detector."""
    microscopes = microscopes_of(place, placement)
    yield from disagreeing(stated(microscopes, "microscope_model"), _same_model, "")
    voltages = [one for one in stated(microscopes, "accelerating_voltage") if one[2] <= _LARGEST_VOLTAGE]
    yield from disagreeing(voltages, lambda a, b: abs(a - b) <= _VOLTAGE * max(a, b), "kV")
    aberrations = [
        one for one in stated(microscopes, "spherical_aberration") if abs(one[2]) <= _LARGEST_ABERRATION
    ]
    yield from disagreeing(aberrations, lambda a, b: abs(a - b) <= _ABERRATION, "mm")
    holders = [getattr(one, "detector", None) or one for one in microscopes]
    yield from disagreeing(stated(holders, "detector_model"), _same_detector, "")


@check("voltage-coherent", ImagingParameters, Instrument, given="microscope_model")
def voltage_is_of_the_model(place: Place, placement: Placement) -> Iterator[Fault]:
    """No microscope has more than the highest voltage of its model."""
    values = place.entity.__dict__
    model, voltage = _model(values["microscope_model"]), values["accelerating_voltage"]
    most = _HIGHEST_VOLTAGES.get(model or "", _LARGEST_VOLTAGE)
    if voltage is not None and most * (1 + _VOLTAGE) < voltage <= _LARGEST_VOLTAGE:
        yield Fault(
            "microscope_model",
            found=values["microscope_model"],
            expected=f"a microscope of {voltage:.10g} kV",
            message=f"this microscope has at most {most:.10g} kV, and {voltage:.10g} kV are stated",
            hint="Correct the model of the microscope, or the voltage.",
        )


@check("magnification-plausible", TiltSeriesMicrographStack)
def magnification_is_of_the_pixels(
    place: PlaceOf[TiltSeriesMicrographStack], placement: Placement
) -> Iterator[Fault]:
    """Magnification and size of a pixel in the specimen make a pixel that a detector can have."""
    sizes = [size for image in place.entity.micrographs if (size := sampling(image)) is not None]
    for entity in microscopes_of(place, placement) if sizes else ():
        magnification = entity.__dict__.get("nominal_magnification")
        on_detector = (magnification or 0) * min(sizes) * 1e-4
        if magnification and on_detector > _MOST_ON_DETECTOR:
            yield Fault(
                "nominal_magnification",
                found=magnification,
                expected=f"about {10 / (min(sizes) * 1e-4):.2g}, by pixels of {min(sizes):.4g} Å",
                message=f"pixels of {min(sizes):.4g} Å would have {on_detector:.3g} µm on the detector",
                entity=entity,
            )


_MOST_ON_DETECTOR = 100.0  # µm; images may be binned by 8


@check("handedness-coherent", TiltSeriesMicrographStack)
def handedness_agrees(place: PlaceOf[TiltSeriesMicrographStack], placement: Placement) -> Iterator[Fault]:
    """Session, series, images and the frames of their movies state one handedness."""
    series = place.entity
    known: list[Stated[int]] = []
    for entity in microscopes_of(place, placement):
        word = entity.__dict__.get("handedness")
        if word in _SIGNS:
            known.append((entity, "handedness", _SIGNS[word]))
    if (own := _signed(series.defocus_handedness)) is not None:
        known.append((series, _SIGN, own))
    ctfs = [image.ctf_metadata for image in series.micrographs if not image.excluded]
    signs = [(ctf, _signed(ctf.defocus_handedness)) for ctf in ctfs if ctf is not None]
    counts = Counter(sign for _, sign in signs if sign is not None)
    if counts:
        usual = counts.most_common(1)[0][0]
        known.append((next(ctf for ctf, sign in signs if sign == usual), _SIGN, usual))
        for ctf, sign in signs if 2 * counts[usual] > counts.total() else ():
            if sign is not None and sign != usual:
                yield differing((ctf, _SIGN, sign), usual, "")
    frames = (frame for _, movie in movies_of(place, placement) for frame in movie.frames)
    fits = (frame.ctf_metadata for frame in frames if frame.ctf_metadata is not None)
    theirs = ((fit, _signed(fit.defocus_handedness)) for fit in fits)
    known += islice(((fit, _SIGN, sign) for fit, sign in theirs if sign is not None), 1)
    yield from disagreeing(known, lambda a, b: a == b, "")


def _signed(handedness: int | None) -> int | None:
    """A handedness that can be one; of others `handedness-value` asks."""
    return handedness if handedness in (1, -1) else None


def _same_model(one: object, other: object) -> bool:
    """Whether two names can be of one microscope: they are not of two models that are known."""
    models = {_model(str(one)), _model(str(other))}
    return len(models - {None}) < 2


def _model(name: str) -> str | None:
    """The model that a name of a microscope is of, if it is known.

    >>> _model("FEI Titan Krios G4"), _model("JEOL CRYO ARM 200"), _model("our microscope")
    ('krios', 'cryoarm200', None)
    """
    plain = "".join(filter(str.isalnum, name.lower()))
    return next((model for model in _HIGHEST_VOLTAGES if model in plain), None)


_HIGHEST_VOLTAGES = {
    **dict.fromkeys(("krios", "polara", "cryoarm300", "tecnaif30", "3200fs"), 300.0),
    **dict.fromkeys(("arctica", "glacios", "cryoarm200", "tecnaif20", "f200c", "2200fs"), 200.0),
    **dict.fromkeys(("l120c", "spirit", "tecnai12", "1400"), 120.0),
    "tundra": 100.0,
}
"""Models of microscopes in the mmCIF dictionary, as they are named in small letters and digits; kV."""


def _same_detector(one: object, other: object) -> bool:
    """Whether two names can be of one detector: they share a word with a number, or one holds the other."""
    bare = [_PIXELS.sub("", str(name).lower()) for name in (one, other)]
    plain = [_NUMERAL.sub(lambda numeral: _NUMERALS[numeral[0]], name) for name in bare]
    names = ["".join(re.findall(r"\w", name)) for name in plain]
    words = [{word.rstrip("i") for word in re.findall(r"[a-z]*\d+[a-z]*", name)} for name in plain]
    return names[0] in names[1] or names[1] in names[0] or bool(words[0] & words[1]) or not all(words)
