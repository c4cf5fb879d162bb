"""Checks on doses beside the time and the rate at which they were given."""

import statistics
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import MovieStack, MovieStackSeries, TiltSeriesMicrograph, TiltSeriesMicrographStack
from cetsgraph.validation.checks.movies import movies_of
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import exposed, included
from cetsgraph.validation.checks.surroundings import microscopes_of

__all__ = [
    "exposures_are_alike",
    "exposures_take_their_time",
    "frames_are_exposed_alike",
    "frames_make_the_exposure",
    "movies_end_before_the_next_begin",
    "totals_include_their_image",
]

_FACTOR = 5.0  # rates are measured in vacuum or behind the specimen, and exposures have pauses
_FEWEST = 3  # images
_HALF = 0.5  # of an exposure
_MORE = 1.5  # times an exposure: beyond rounding and what a shutter adds


@check("dose-arithmetic", TiltSeriesMicrographStack)
def exposures_take_their_time(place: Place, placement: Placement) -> Iterator[Fault]:
    """The dose of an exposure is its time and the dose rate multiplied, within a factor of 5."""
    known = [
        (image, image.exposure_dose / image.exposure_time)
        for image in included(place.entity)
        if image.exposure_dose and image.exposure_time
    ]
    usual = statistics.median(rate for _, rate in known) if known else 0.0
    if not usual:
        return
    for entity in microscopes_of(place, placement):
        stated = entity.__dict__.get("dose_rate")
        if stated and not _are_alike(stated, usual):
            yield Fault(
                "dose_rate",
                found=stated,
                expected=f"near {usual:.4g} e⁻/Å²/s, by doses and times of the exposures",
                message=f"at this rate the exposures would have {stated / usual:.3g} times the dose that is "
                "stated of them",
                hint="Correct the rate (per Å² of the specimen), or the time (s) or dose of the exposures.",
                entity=entity,
            )
    for image, rate in known if len(known) >= _FEWEST else ():
        if not _are_alike(rate, usual) and not _is_odd(image, known):
            yield Fault(
                "exposure_time",
                found=image.exposure_time,
                expected=f"near {(image.exposure_dose or 0.0) / usual:.4g} s, by its dose and the others",
                message=f"this image has {rate:.4g} e⁻/Å²/s by dose and time of its exposure, and most "
                f"others {usual:.4g}",
                hint="Correct the time or the dose of this exposure.",
                entity=image,
            )


def _is_odd(image: TiltSeriesMicrograph, known: Sequence[tuple[TiltSeriesMicrograph, float]]) -> bool:
    """Whether time or dose of an exposure is far from those of others alone: `exposures_are_alike` asks."""
    for field in ("exposure_time", "exposure_dose"):
        usual = statistics.median(one.__dict__[field] for one, _ in known)
        if not 1 / _UNLIKE <= image.__dict__[field] / usual <= _UNLIKE:
            return True
    return False


def _are_alike(rate: float, other: float) -> bool:
    return 1 / _FACTOR <= rate / other <= _FACTOR


@check("dose-arithmetic", MovieStack, TiltSeriesMicrographStack)
def exposures_are_alike(place: Place, placement: Placement) -> Iterator[Fault]:
    """Time and dose of an exposure are within a factor of 4 of those of most of its series or movie."""
    images = [image for image in exposed(place.entity) if not image.excluded]
    fields = ("exposure_time", "exposure_dose")
    for field in fields[:1] if isinstance(place.entity, MovieStack) else fields:
        known = [(image, value) for image in images if (value := image.__dict__[field]) is not None]
        usual = statistics.median(value for _, value in known) if len(known) >= _FEWEST else 0.0
        odd = [one for one in known if usual and not 1 / _UNLIKE <= one[1] / usual <= _UNLIKE]
        for image, value in odd if len(odd) <= max(1, len(known) // 10) else ():
            yield Fault(
                field,
                found=value,
                expected=f"near {usual:.6g}, as of most others",
                message=f"the {field.replace('_', ' ')} is {value:.6g} here, and of most others {usual:.6g}",
                hint="Correct it, or exclude what was not exposed as the others were.",
                entity=image,
            )


_UNLIKE = 4.0  # times; exposures grow with the tilt by up to 3


@check("dose-arithmetic", MovieStackSeries)
def movies_end_before_the_next_begin(place: Place, placement: Placement) -> Iterator[Fault]:
    """The last frame of a movie has no more dose than the first of the movie that was taken next."""
    movies: list[MovieStack] = place.entity.__dict__["movie_stacks"]
    dosed = [[frame for frame in movie.frames if frame.accumulated_dose is not None] for movie in movies]
    taken = sorted(filter(None, dosed), key=lambda frames: frames[0].accumulated_dose or 0.0)
    wrong = [
        (frames[-1], after[0].accumulated_dose or 0.0)
        for frames, after in pairwise(taken)
        if (frames[-1].accumulated_dose or 0.0) > _OVER * (after[0].accumulated_dose or 0.0) > 0
    ]
    for frame, begins in wrong if len(wrong) <= max(1, len(taken) // 10) and len(taken) >= _FEWEST else ():
        yield Fault(
            "accumulated_dose",
            found=frame.accumulated_dose,
            expected=f"at most {begins:.6g} e⁻/Å², with which the next movie begins",
            message="this frame has more dose than the movie that was taken next begins with",
            hint="Correct the dose of this frame, or those of the movies around it.",
            entity=frame,
        )


_OVER = 1.05


@check("dose-arithmetic", TiltSeriesMicrographStack)
def totals_include_their_image(place: Place, placement: Placement) -> Iterator[Fault]:
    """The total dose of an image is the dose before it and that of its exposure."""
    for image in included(place.entity):
        before, exposure, total = image.accumulated_dose, image.exposure_dose, image.total_accumulated_dose
        if image.dose_convention != "before" or before is None or total is None or not exposure:
            continue
        if before <= total < before + _HALF * exposure:
            yield Fault(
                "total_accumulated_dose",
                found=total,
                expected=f"{before + exposure:.10g} e⁻/Å², of which {exposure:.10g} by this image",
                message="the total dose does not include the exposure of this image",
                hint=f"Write {before + exposure:.10g}.",
                entity=image,
            )


@check("dose-arithmetic", MovieStack, given="frames")
def frames_are_exposed_alike(place: Place, placement: Placement) -> Iterator[Fault]:
    """No frame of a movie has a multiple of the exposure of the others."""
    frames = [frame for frame in place.entity.__dict__["frames"] if frame.exposure_dose]
    usual = statistics.median(frame.exposure_dose for frame in frames) if len(frames) >= _FEWEST else 0.0
    for frame in frames if usual else ():
        if frame.exposure_dose > _FACTOR * usual:
            yield Fault(
                "exposure_dose",
                found=frame.exposure_dose,
                expected=f"near {usual:.6g} e⁻/Å², as of the other frames",
                message=f"this frame has {frame.exposure_dose / usual:.3g} times the exposure of most frames",
                hint=f"Write {usual:.6g}, if the frames were exposed alike.",
                entity=frame,
            )


@check("dose-arithmetic", TiltSeriesMicrographStack)
def frames_make_the_exposure(place: Place, placement: Placement) -> Iterator[Fault]:
    """The frames of a movie together are exposed to no more than the image that was made from it."""
    for image, movie in movies_of(place, placement):
        exposures = [frame.exposure_dose or 0.0 for frame in movie.frames]
        total, exposure = sum(exposures), image.exposure_dose
        if len(exposures) > 1 and exposure and total > _MORE * exposure:
            whole = statistics.median(exposures)
            share = exposure / len(exposures)
            yield Fault(
                "exposure_dose",
                found=exposures[0],
                expected=f"at most {share:.6g} e⁻/Å² for each of {len(exposures)} frames",
                message=f"the frames of this movie have {total:.6g} e⁻/Å² together, and their image "
                f"{exposure:.6g}",
                hint=f"Write {share:.6g} for each frame, if {whole:.6g} is the dose of all of them.",
                entity=movie.frames[0],
            )
