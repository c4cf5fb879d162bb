"""Checks that what is said of a tilt series as a whole is what its images say."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from math import inf

from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.model import TiltSeriesMicrographStack
from cetsgraph.validation.checks.movies import movies_of
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import included, order_of
from cetsgraph.validation.checks.views import near, sampling

__all__ = [
    "binning_is_that_of_pixels",
    "count_is_that_of_range_and_step",
    "exclusions_have_a_meaning",
    "range_ends_where_images_do",
    "scheme_is_that_of_the_order",
    "series_is_as_its_images",
]

_TILT = 3.0  # degrees: stages miss the angle that was asked for
_STEP = 0.2  # of a step
_DOSE = 0.9  # of a total
_MOST_OF_TOTAL = 3.0  # where all images are listed


@check("series-summary", TiltSeriesMicrographStack)
def series_is_as_its_images(
    place: PlaceOf[TiltSeriesMicrographStack], placement: Placement
) -> Iterator[Fault]:
    """What is said of a series as a whole agrees with the images that it lists."""
    series = place.entity
    low, high = series.tilt_range_min, series.tilt_range_max
    images = included(series)
    angles = sorted(image.nominal_tilt_angle for image in images if image.nominal_tilt_angle is not None)
    if low is not None and high is not None and low > high:
        hint, message = "Swap the two.", "the smallest tilt is above the largest"
        yield Fault("tilt_range_min", low, f"at most {high:.10g}°", message, hint=hint)
    elif low is not None and angles and angles[0] < low - _TILT:
        yield _unlike("tilt_range_min", low, angles[0], "°")
    elif high is not None and angles and angles[-1] > high + _TILT:
        yield _unlike("tilt_range_max", high, angles[-1], "°")
    step = _usual_step(angles) if series.tilt_step else None
    if series.tilt_step and step is not None and abs(series.tilt_step - step) > _STEP * step:
        yield _unlike("tilt_step", series.tilt_step, step, "°")
    count = series.tilt_count
    if count is not None and (count < len(images) or (count > len(images) and _are_all(series))):
        yield _unlike("tilt_count", count, len(images), "images")
    if series.total_dose is None:
        return
    dose = max((image.total_accumulated_dose or image.accumulated_dose or 0.0 for image in images), default=0)
    most = _MOST_OF_TOTAL * dose if _are_all(series) and dose else inf
    if not _DOSE * dose <= series.total_dose <= most:
        yield _unlike("total_dose", series.total_dose, dose, "e⁻/Å²")


@check("series-summary", TiltSeriesMicrographStack, given="tilt_range_max")
def range_ends_where_images_do(
    place: PlaceOf[TiltSeriesMicrographStack], placement: Placement
) -> Iterator[Fault]:
    """Where all images of a stack are listed, the range of tilts ends at most some steps beyond them."""
    series = place.entity
    low, high = series.tilt_range_min, series.tilt_range_max
    angles = sorted(one.nominal_tilt_angle for one in included(series) if one.nominal_tilt_angle is not None)
    step = _usual_step(angles) if len(angles) >= _FEWEST and _are_all(series) else None
    if low is None or high is None or low > high or step is None:
        return
    beyond = max(_STEPS_BEYOND * step, _BEYOND)  # of images that were not taken
    if low < angles[0] - beyond:
        yield _unlike("tilt_range_min", low, angles[0], "°")
    if high > angles[-1] + beyond:
        yield _unlike("tilt_range_max", high, angles[-1], "°")


_STEPS_BEYOND = 3
_BEYOND = 5.0  # degrees


def _unlike(field: str, stated: float, found: float, unit: str) -> Fault:
    return Fault(
        field,
        found=stated,
        expected=f"{found:.6g} {unit}, by the images that are listed",
        message=f"the {field.replace('_', ' ')} of this series is not that of its images",
    )


def _usual_step(angles: list[float]) -> float | None:
    """The step between most neighbours, if there is one."""
    steps = Counter(round(after - before, 1) for before, after in pairwise(angles) if after - before > 0.1)
    step, times = steps.most_common(1)[0] if steps else (None, 0)
    return step if 2 * times > len(angles) else None


def _are_all(series: TiltSeriesMicrographStack) -> bool:
    """Whether the sections of images run from 0 without a gap, so that all of a stack are listed."""
    sections = sorted(-1 if image.section is None else image.section for image in series.micrographs)
    return bool(sections) and sections == [*range(len(sections))] and not _are_left_out(series)


def _are_left_out(series: TiltSeriesMicrographStack) -> bool:
    return any(image.excluded for image in series.micrographs)


@check("series-summary", TiltSeriesMicrographStack, given="tilt_step")
def count_is_that_of_range_and_step(
    place: PlaceOf[TiltSeriesMicrographStack], placement: Placement
) -> Iterator[Fault]:
    """A series without images has about as many tilts as steps in its range; twice as many, if each is
    exposed twice, and fewer, if some are left out."""
    series = place.entity
    low, high, step, count = series.tilt_range_min, series.tilt_range_max, series.tilt_step, series.tilt_count
    if series.micrographs or low is None or high is None or not step or step < 0 or not count or low >= high:
        return
    steps = (high - low) / step + 1
    if not 1 / _MANY_TIMES < count / steps < _MANY_TIMES:
        yield Fault(
            "tilt_count",
            found=count,
            expected=f"about {steps:.0f}, by the range of tilts and their step",
            message=f"{count} tilts from {low:.10g}° to {high:.10g}° do not have steps of {step:.10g}°",
            hint="Correct the number of tilts, their step or their range.",
        )


_MANY_TIMES = 2.2


@check("series-summary", TiltSeriesMicrographStack, given="tilt_scheme")
def scheme_is_that_of_the_order(place: Place, placement: Placement) -> Iterator[Fault]:
    """A dose-symmetric series turns back many times, others once or never."""
    scheme: str = place.entity.__dict__["tilt_scheme"]
    symmetric, swept = bool(_SYMMETRIC.search(scheme)), bool(_SWEPT.search(scheme))
    angles = _angles_in_turn(place)
    if symmetric == swept or len(angles) < _FEWEST:
        return
    turns = _turns(angles)
    if (symmetric and turns <= _FEW_TURNS) or (swept and turns > _MOST_TURNS * len(angles)):
        yield Fault(
            "tilt_scheme",
            found=scheme,
            expected=f"a scheme in which the stage turns back {turns} times",
            message="this is not the order in which the images of this series were taken",
            hint="Correct the scheme, or the order of exposures of the images.",
        )


def _angles_in_turn(place: Place) -> list[float]:
    """The tilts of a series in the order of exposures; none, if that of an image is not known."""
    images = included(place.entity)
    if any(image.acquisition_order is None or image.nominal_tilt_angle is None for image in images):
        return []
    return [image.nominal_tilt_angle or 0.0 for image in sorted(images, key=order_of)]


def _turns(angles: list[float]) -> int:
    """How often tilts change their direction.

    >>> _turns([0, 3, -3, -6, 6]), _turns([-60, -30, 0, 30])
    (2, 0)
    """
    upwards = [after > before for before, after in pairwise(angles) if after != before]
    return sum(one != other for one, other in pairwise(upwards))


_SYMMETRIC = re.compile(r"symmetric|hagen", re.IGNORECASE)
_SWEPT = re.compile(r"\b(?:uni|bi)-?directional|\bcontinuous", re.IGNORECASE)
_FEWEST = 10  # images
_FEW_TURNS = 2
_MOST_TURNS = 0.2  # of the number of images


@check("series-summary", TiltSeriesMicrographStack, given="binning_from_frames")
def binning_is_that_of_pixels(place: Place, placement: Placement) -> Iterator[Fault]:
    """The pixels of images are as many times those of frames as the binning says; a factor of 2 is left to
    super-resolution, in which frames may be stated either way."""
    binning: float = place.entity.__dict__["binning_from_frames"]
    sizes = (
        (sampling(image), sampling(frame))
        for image, movie in movies_of(place, placement)
        for frame in movie.frames[:1]
    )
    own, theirs = next((pair for pair in sizes if all(pair)), (None, None))
    if not own or not theirs or binning <= 0:
        return
    if not any(near(own / theirs / (binning * factor), _STEP) for factor in (0.5, 1, 2)):
        yield Fault(
            "binning_from_frames",
            found=binning,
            expected=f"{own / theirs:.4g}, by the size of pixels",
            message=f"pixels of the images are {own / theirs:.4g} times those of the frames, and not "
            f"{binning:.4g} times",
            hint="Correct the binning, or the size of a pixel of the images or frames.",
        )


@check("exclusions-agree", TiltSeriesMicrographStack, given="micrographs")
def exclusions_have_a_meaning(
    place: PlaceOf[TiltSeriesMicrographStack], placement: Placement
) -> Iterator[Fault]:
    """Not all images of a series are excluded, and those with a reason for it are."""
    series = place.entity
    if len(series.micrographs) > 1 and not included(series):
        yield Fault(None)
    for image in included(series):
        if (image.exclusion_reason or "").strip():
            yield Fault(
                "exclusion_reason",
                found=image.exclusion_reason,
                expected="no reason, or an image that is excluded",
                message="this says why the image was left out, and the image is not excluded",
                hint="Add `excluded`: true, or take the reason out.",
                entity=image,
            )
