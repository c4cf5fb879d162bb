"""Checks on how the images of a series were exposed: doses that cannot all be true."""

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import TypeVar

from cetsgraph.findings import Severity
from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.model import (
    Entity,
    Exposed,
    MovieStack,
    MovieStackSeries,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
)
from cetsgraph.validation.checks.movies import dose_of_frames, doses_of_movies, first_dose, movies_of
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.rising import APART, odd_one_out
from cetsgraph.validation.checks.siblings import included, kept, one_each, order_of

__all__ = [
    "conventions_agree",
    "dose_counts_as_it_says",
    "dose_grows_in_a_movie",
    "dose_grows_in_a_series",
    "doses_go_on_from_movie_to_movie",
    "doses_grow_as_those_of_movies",
    "doses_rise_as_they_are_taken",
    "frames_share_an_exposure",
    "images_are_exposed_as_their_movies",
    "images_have_the_dose_of_their_movies",
    "steps_are_exposures",
]

_Image = TypeVar("_Image", bound=Exposed)

_ROUNDING = 0.05  # of a dose
_LEAST = 0.02  # e⁻/Å²
_DOSES = ("accumulated_dose", "total_accumulated_dose")
_FEWEST = 5  # images
_FEW = 0.1  # of them
_MOST = 0.8  # of all steps
_SCALES = 20  # times: beyond, one of the two was not recorded


@check("dose-coherent", TiltSeriesMicrographStack)
def dose_grows_in_a_series(place: Place, placement: Placement) -> Iterator[Fault]:
    """The accumulated dose is not the same on all images, which would be the dose of one, or a rate."""
    images = included(place.entity)
    for field in _DOSES:
        doses = [image.__dict__[field] for image in images]
        if _is_constant(doses):
            yield _constant(field, images[1], doses[1], "image")


@check("dose-coherent", TiltSeriesMicrographStack, MovieStackSeries)
def doses_rise_as_they_are_taken(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where doses rise from each image or movie to the next, in the order of exposures or as they are listed,
    but for one, that one is wrong."""
    images = _taken(place.entity)
    for field in _DOSES:
        taken = [image for image in images if image.__dict__.get(field) is not None]
        doses = [image.__dict__[field] for image in taken]
        index = odd_one_out(doses)
        if index is not None:
            near = [*doses[max(index - 1, 0) : index], *doses[index + 1 : index + 2]]
            yield Fault(
                field,
                found=doses[index],
                expected=f"near {statistics.median(near):.6g} e⁻/Å², between those taken before and after",
                message="the dose does not fit between those taken before and after, which rise steadily",
                entity=taken[index],
            )


def _taken(series: Entity) -> Sequence[Exposed]:
    """The images of a series, or the first frames of its movies, in the order of exposures or as listed."""
    images = one_each(series)
    return images if any(image.acquisition_order is None for image in images) else _by_order(images)


def _by_order(images: Sequence[_Image]) -> list[_Image]:
    """Images as they were taken; none if an order repeats, of which `acquisition-order` asks."""
    orders = {image.acquisition_order for image in images}
    return sorted(images, key=order_of) if len(orders) == len(images) else []


@check("dose-coherent", MovieStackSeries)
def doses_go_on_from_movie_to_movie(place: Place, placement: Placement) -> Iterator[Fault]:
    """Movies at different tilts do not all begin with the same dose: the specimen remembers the others."""
    frames = _taken(place.entity)
    doses = {frame.accumulated_dose for frame in frames}
    tilts = {frame.nominal_tilt_angle for frame in frames}
    movies: list[MovieStack] = place.entity.__dict__["movie_stacks"]
    grows = any(len({frame.accumulated_dose for frame in movie.frames}) > 1 for movie in movies)
    if len(frames) >= 3 and len(tilts) >= 3 and len(doses) == 1 and None not in doses and grows:
        yield Fault(
            "accumulated_dose",
            found=frames[1].accumulated_dose,
            expected="the dose of all movies before, and that of the frames",
            message="the accumulated dose begins anew in each movie of the series",
            hint="Add to the doses of each movie those of all movies that were taken before.",
            severity=Severity.INFO,
            entity=frames[1],
        )


@check("dose-coherent", MovieStack)
def dose_grows_in_a_movie(place: PlaceOf[MovieStack], placement: Placement) -> Iterator[Fault]:
    """The accumulated dose grows in a movie; where no section orders its frames, as they are listed."""
    movie = place.entity
    frames = kept(movie)
    doses = [frame.accumulated_dose for frame in frames]
    if _is_constant(doses):
        yield _constant("accumulated_dose", frames[1], doses[1], "frame")
        return
    if any(frame.section is not None for frame in frames):
        return  # dose-monotonic asks
    for before, frame in pairwise(frames):
        earlier, dose = before.accumulated_dose, frame.accumulated_dose
        if earlier is not None and dose is not None and dose < earlier - 1e-6:
            yield Fault(
                "accumulated_dose",
                found=dose,
                expected=f"at least {earlier:.10g} e⁻/Å²",
                message="the accumulated dose is lower than that of the frame before",
                entity=frame,
            )


def _is_constant(doses: Sequence[float | None]) -> bool:
    return len(doses) >= 3 and None not in doses and len(set(doses)) == 1 and doses[0] != 0


def _constant(field: str, image: object, dose: object, kind: str) -> Fault:
    return Fault(
        field,
        found=dose,
        expected="a dose that grows",
        message=f"every {kind} has the same accumulated dose: it looks like that of one {kind}, or a rate",
        hint=f"Write the sum of the doses up to each {kind}: 0 for the one taken first, {dose} for the "
        f"second, twice that for the third, and so on, if {dose} is the dose of one {kind}.",
        entity=image,  # type: ignore[arg-type]
    )


def _in_order(place: Place) -> list[TiltSeriesMicrograph]:
    """Images with order, exposure and dose, as they were taken; none if an order repeats."""
    return _by_order(
        [
            image
            for image in included(place.entity)
            if None not in (image.acquisition_order, image.exposure_dose, image.accumulated_dose)
        ]
    )


@check("dose-coherent", TiltSeriesMicrographStack)
def images_have_the_dose_of_their_movies(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where nearly all images have the dose of their movie, give or take an exposure, all do; of few images,
    none has less than its movie began with."""
    for field in _DOSES:
        known = doses_of_movies(place, placement, field)
        if len(known) < 3:
            usual, least = 0.0, max(dose_of_frames(place, placement), _LEAST)
            wrong = [one for one in known if one[1] < one[2] * (1 - 2 * _ROUNDING) - least]
        else:
            usual = statistics.median(dose - other for _, dose, other in known)
            doses = sorted(dose for _, dose, _ in known)
            step = statistics.median(after - before for before, after in pairwise(doses))
            wrong = [one for one in known if abs(one[1] - one[2] - usual) > APART * max(step, abs(usual))]
            wrong = wrong if step > 0 and len(wrong) <= max(1, _FEW * len(known)) else []
        for image, dose, other in wrong:
            yield Fault(
                field,
                found=dose,
                expected=f"near {other + usual:.6g} e⁻/Å², by its movie and the other images",
                message=f"the dose is not that of the movie of this image, whose first frame has {other:.6g}",
                hint=_mended_dose(image, other + usual),
                entity=image,
            )


@check("dose-coherent", TiltSeriesMicrographStack)
def frames_share_an_exposure(place: Place, placement: Placement) -> Iterator[Fault]:
    """From the first frame of a movie on, the dose grows by no more than the exposure of its image."""
    for image, movie in movies_of(place, placement):
        first, exposure = first_dose(movie), image.exposure_dose
        if first is None or not exposure:
            continue
        for frame in movie.frames:
            dose = frame.accumulated_dose
            if dose is not None and dose - first > exposure + max(_LEAST, _ROUNDING * exposure):
                yield Fault(
                    "accumulated_dose",
                    found=dose,
                    expected=f"at most {first + exposure:.6g} e⁻/Å², by the first frame and the exposure",
                    message=f"the dose grows by {dose - first:.6g} e⁻/Å² in this movie, and the exposure is "
                    f"{exposure:.6g}",
                    entity=frame,
                )
                break


@check("dose-coherent", TiltSeriesMicrographStack)
def images_are_exposed_as_their_movies(place: Place, placement: Placement) -> Iterator[Fault]:
    """The doses of images rise in the order in which those of their movies rise."""
    for field in _DOSES:
        known = sorted(doses_of_movies(place, placement, field), key=itemgetter(2))
        falls = [after for before, after in pairwise(known) if before[2] < after[2] and after[1] < before[1]]
        for image, dose, other in falls[:1] if len(falls) > max(1, _FEW * len(known)) else ():
            yield Fault(
                field,
                found=dose,
                expected=f"near {other:.6g} e⁻/Å², by its movie",
                message="the doses of the images rise in another order than those of their movies",
                hint="Give each image the dose of its movie, in the order of exposures.",
                entity=image,
            )


@check("dose-coherent", TiltSeriesMicrographStack)
def doses_grow_as_those_of_movies(place: Place, placement: Placement) -> Iterator[Fault]:
    """From image to image, the dose grows by as much as that of the movies does."""
    for field in _DOSES:
        known = sorted(doses_of_movies(place, placement, field), key=itemgetter(2))
        steps = [(after[1] - before[1], after[2] - before[2]) for before, after in pairwise(known)]
        growth = [own / theirs for own, theirs in steps if theirs > _LEAST]
        usual = statistics.median(growth) if len(growth) >= _FEWEST else 1.0
        alike = sum(abs(one - usual) <= _ROUNDING * usual for one in growth) > _MOST * len(growth)
        if alike and 1 / _SCALES < usual < _SCALES and abs(usual - 1) > 2 * _ROUNDING:
            image, dose, other = known[-1]
            yield Fault(
                field,
                found=dose,
                expected=f"near {other:.6g} e⁻/Å², by its movie",
                message=f"the doses of the images grow {usual:.3g} times as much as those of their movies",
                hint="Correct the doses of all images, or of all frames: both count what the specimen had.",
                entity=image,
            )


def _mended_dose(image: TiltSeriesMicrograph, dose: float) -> str:
    """What to write where an image and its movie have different doses."""
    if image.movie_stack_id is None:
        return f"Write {dose:.6g}."
    return (
        f"Write {dose:.6g}, if {image.movie_stack_id} is the movie of this image; otherwise name its movie."
    )


@check("dose-coherent", TiltSeriesMicrographStack)
def conventions_agree(place: Place, placement: Placement) -> Iterator[Fault]:
    """The doses of a series count alike, all before the image or all including it."""
    images = [image for image in included(place.entity) if image.dose_convention is not None]
    counts = Counter(image.dose_convention for image in images)
    for image in images if len(counts) > 1 else ():
        if image.dose_convention != (usual := counts.most_common(1)[0][0]):
            yield Fault(
                "dose_convention",
                found=image.dose_convention,
                expected=f"{usual}, as of most images",
                message="the doses of this series are counted in different ways",
                hint=f"Write {usual}, and the dose of this image counted so.",
                entity=image,
            )


@check("dose-coherent", TiltSeriesMicrographStack)
def dose_counts_as_it_says(
    place: PlaceOf[TiltSeriesMicrographStack], placement: Placement
) -> Iterator[Fault]:
    """The dose of the image that was taken first is 0 if doses count what was before, else its exposure."""
    series = place.entity
    images = series.micrographs
    known = [image for image in images if image.accumulated_dose is not None]
    if len(known) < 2 or len(known) < len(images):
        return
    ordered = all(image.acquisition_order is not None for image in known)
    first = min(known, key=lambda image: (order_of(image) if ordered else 0, image.accumulated_dose or 0))
    dose = first.accumulated_dose or 0
    exposure = first.exposure_dose or (_usual_step(known) if ordered else None)
    if first.excluded or (ordered and not _is_first(first, known)):
        return
    if exposure and first.dose_convention == "before" and _is_near(dose, exposure):
        yield Fault(
            "accumulated_dose",
            found=dose,
            expected="0 before the image taken first",
            message=f"doses are said to be those before each image, yet the earliest has its own exposure, "
            f"{exposure:.10g} e⁻/Å²: they seem to include the image",
            entity=first,
        )
    elif first.dose_convention == "including" and dose <= _ROUNDING * (exposure or 0) and _grows(known):
        yield Fault(
            "accumulated_dose",
            found=dose,
            expected=f"{exposure or 'more than 0'} e⁻/Å², the exposure of the image taken first",
            message="doses are said to include each image, yet the earliest has none: they seem to be those "
            "before",
            entity=first,
        )


def _usual_step(images: Sequence[TiltSeriesMicrograph]) -> float | None:
    """By how much the dose grows from image to image, where it does so evenly."""
    doses = [image.accumulated_dose or 0.0 for image in _by_order(images)]
    steps = [after - before for before, after in pairwise(doses)]
    usual = statistics.median_low(steps) if len(steps) >= _FEWEST else 0.0
    even = sum(_is_near(step, usual) for step in steps) >= (1 - _FEW) * len(steps)
    return usual if usual > 0 and even else None


def _grows(images: Sequence[TiltSeriesMicrograph]) -> bool:
    """Whether any image has a dose: where none has, it was not recorded."""
    return any(image.accumulated_dose for image in images)


def _is_first(image: TiltSeriesMicrograph, images: Sequence[TiltSeriesMicrograph]) -> bool:
    """Whether the earliest image that is listed was taken first: number 0, or 1 where none is missing."""
    if order_of(image) != 1:
        return order_of(image) == 0
    sections = max((one.section or 0 for one in images), default=0)
    return max(map(order_of, images)) == len(images) > sections


@check("dose-coherent", TiltSeriesMicrographStack)
def steps_are_exposures(place: Place, placement: Placement) -> Iterator[Fault]:
    """From one image to the next, the dose grows by the exposure of one of the two."""
    images = _in_order(place)
    if len(images) < 3 or _is_constant([image.accumulated_dose for image in images]):
        return
    options = {which: _mismatches(images, which) for which in _conventions(images)}
    which, best = min(options.items(), key=lambda option: len(option[1]))
    if len(best) > len(images) // 2:
        index, step, exposure = best[0]
        yield _step(images[index], images[index], "accumulated_dose", step, exposure)
        return
    indexes = {index: (step, exposure) for index, step, exposure in best}
    usual = statistics.median(image.exposure_dose or 0.0 for image in images)
    for index, (step, exposure) in indexes.items():
        if index - 1 in indexes:
            continue  # said with the one before: the dose between them is off
        after, exposed = images[index], images[index - 1 + which]
        if index + 1 in indexes or (index == len(images) - 1 and _is_near(exposure, usual)):
            yield _step(after, after, "accumulated_dose", step, exposure)
        else:
            yield _step(exposed, after, "exposure_dose", step, exposure)


def _conventions(images: Sequence[TiltSeriesMicrograph]) -> tuple[int, ...]:
    """Which of two neighbours exposes the step between them: the first (before), the second (including)."""
    stated = {image.dose_convention for image in images}
    return (0,) if stated == {"before"} else (1,) if stated == {"including"} else (0, 1)


def _mismatches(images: Sequence[TiltSeriesMicrograph], which: int) -> list[tuple[int, float, float]]:
    """Steps that are not the exposure: place of the image after the step, the step, and the exposure."""
    found = []
    for index, pair in enumerate(pairwise(images), start=1):
        before, after = pair
        exposure = pair[which].exposure_dose or 0.0
        step = (after.accumulated_dose or 0.0) - (before.accumulated_dose or 0.0)
        if order_of(after) == order_of(before) + 1 and not _is_near(step, exposure):
            found.append((index, step, exposure))
    return found


def _step(
    wrong: TiltSeriesMicrograph, after: TiltSeriesMicrograph, field: str, step: float, exposure: float
) -> Fault:
    by_dose = field == "accumulated_dose"
    return Fault(
        field,
        found=wrong.__dict__[field],
        expected=f"a step of {exposure:.6g} e⁻/Å², the exposure"
        if by_dose
        else f"{step:.6g} e⁻/Å², the step",
        message=f"the dose grows by {step:.6g} e⁻/Å² up to {'this' if wrong is after else 'the next'} image, "
        f"and the exposure is {exposure:.6g}",
        entity=wrong,
    )


def _is_near(one: float, other: float) -> bool:
    return abs(one - other) <= max(_LEAST, _ROUNDING * max(abs(one), abs(other)))
