"""Checks on how the images of a series were exposed: doses and defoci that cannot all be true."""

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cetsgraph.findings import Severity
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import MovieStack, TiltSeriesMicrograph, TiltSeriesMicrographStack
from cetsgraph.validation.checks.movies import movies_of
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import included, order_of

__all__ = [
    "conventions_agree",
    "defocus_changes_slowly",
    "dose_counts_as_it_says",
    "dose_grows_in_a_movie",
    "dose_grows_in_a_series",
    "images_have_the_dose_of_their_movies",
    "steps_are_exposures",
]

_ROUNDING = 0.05  # of a dose
_LEAST = 0.02  # e⁻/Å²
_DOSES = ("accumulated_dose", "total_accumulated_dose")
_FEWEST = 5  # images
_FEW = 0.1  # of them
_APART = 2.5  # times the usual step
_HIGHEST_TILT = 60.0  # beyond which defocus is hard to fit
_FACTOR = 3.0  # between defoci of neighbours
_TENFOLD = (8.0, 12.5)  # between defoci in Å and nm


@check("dose-coherent", TiltSeriesMicrographStack)
def dose_grows_in_a_series(place: Place, placement: Placement) -> Iterator[Fault]:
    """The accumulated dose is not the same on all images, which would be the dose of one, or a rate."""
    images = included(place.entity)
    for field in _DOSES:
        doses = [image.__dict__[field] for image in images]
        if _is_constant(doses):
            yield _constant(field, images[1], doses[1], "image")


@check("dose-coherent", MovieStack)
def dose_grows_in_a_movie(place: Place, placement: Placement) -> Iterator[Fault]:
    """The accumulated dose grows in a movie; where no section orders its frames, as they are listed."""
    movie = place.entity
    assert isinstance(movie, MovieStack)
    frames = [frame for frame in movie.frames if not frame.excluded]
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
    known = [
        image
        for image in included(place.entity)
        if None not in (image.acquisition_order, image.exposure_dose, image.accumulated_dose)
    ]
    orders = [image.acquisition_order for image in known]
    return sorted(known, key=order_of) if len(set(orders)) == len(orders) else []


@check("dose-coherent", TiltSeriesMicrographStack)
def images_have_the_dose_of_their_movies(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where nearly all images have the dose of their movie, give or take an exposure, all do."""
    for field in _DOSES:
        known = [
            (image, image.__dict__[field], dose)
            for image, movie in movies_of(place, placement)
            if image.__dict__[field] is not None and (dose := _first_dose(movie)) is not None
        ]
        if len(known) < _FEWEST:
            continue
        usual = statistics.median(dose - other for _, dose, other in known)
        doses = sorted(dose for _, dose, _ in known)
        step = statistics.median(after - before for before, after in pairwise(doses))
        wrong = [one for one in known if abs(one[1] - one[2] - usual) > _APART * max(step, abs(usual))]
        for image, dose, other in wrong if step > 0 and len(wrong) <= _FEW * len(known) else ():
            yield Fault(
                field,
                found=dose,
                expected=f"near {other + usual:.6g} e⁻/Å², by its movie and the other images",
                message=f"the dose is not that of the movie of this image, whose first frame has {other:.6g}",
                hint=_mended_dose(image, other + usual),
                entity=image,
            )


def _mended_dose(image: TiltSeriesMicrograph, dose: float) -> str:
    """What to write where an image and its movie have different doses."""
    if image.movie_stack_id is None:
        return f"Write {dose:.6g}."
    return (
        f"Write {dose:.6g}, if {image.movie_stack_id} is the movie of this image; otherwise name its movie."
    )


def _first_dose(movie: MovieStack) -> float | None:
    return min(
        (one.accumulated_dose for one in movie.frames if one.accumulated_dose is not None), default=None
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
def dose_counts_as_it_says(place: Place, placement: Placement) -> Iterator[Fault]:
    """The dose of the image that was taken first is 0 if doses count what was before, else its exposure."""
    series = place.entity
    assert isinstance(series, TiltSeriesMicrographStack)
    images = series.micrographs
    known = [image for image in images if image.accumulated_dose is not None]
    if len(known) < 2 or len(known) < len(images):
        return
    ordered = all(image.acquisition_order is not None for image in known)
    first = min(known, key=lambda image: (order_of(image) if ordered else 0, image.accumulated_dose or 0))
    exposure, dose = first.exposure_dose, first.accumulated_dose or 0
    if not exposure or first.excluded or (ordered and not _is_first(first, known)):
        return
    if first.dose_convention == "before" and _is_near(dose, exposure):
        yield Fault(
            "accumulated_dose",
            found=dose,
            expected="0 before the image taken first",
            message=f"doses are said to be those before each image, yet the earliest has its own exposure, "
            f"{exposure:.10g} e⁻/Å²: they seem to include the image",
            entity=first,
        )
    elif first.dose_convention == "including" and dose < _ROUNDING * exposure:
        yield Fault(
            "accumulated_dose",
            found=dose,
            expected=f"{exposure:.10g} e⁻/Å², the exposure of the image taken first",
            message="doses are said to include each image, yet the earliest has none: they seem to be those "
            "before",
            entity=first,
        )


def _is_first(image: TiltSeriesMicrograph, images: Sequence[TiltSeriesMicrograph]) -> bool:
    """Whether the earliest image that is listed was taken first: number 0, or 1 where none is missing."""
    return order_of(image) == 0 or (order_of(image) == 1 and max(map(order_of, images)) == len(images))


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
    for index, (step, exposure) in indexes.items():
        if index - 1 in indexes:
            continue  # said with the one before: the dose between them is off
        after, exposed = images[index], images[index - 1 + which]
        if index + 1 in indexes:
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


@check("ctf-coherent", TiltSeriesMicrographStack)
def defocus_changes_slowly(place: Place, placement: Placement) -> Iterator[Fault]:
    """Below 60°, V is at least half of U, and the defocus is within a factor of 3 of both neighbours'."""
    images = [
        image
        for image in included(place.entity)
        if image.ctf_metadata is not None
        and abs(image.nominal_tilt_angle or 0.0) < _HIGHEST_TILT
        and (image.ctf_metadata.defocus_u or 0.0) >= 500
    ]
    for image in images:
        ctf = image.ctf_metadata
        assert ctf is not None and ctf.defocus_u is not None
        if ctf.defocus_v is not None and 0 < ctf.defocus_v < ctf.defocus_u / 2:
            yield Fault(
                "defocus_v",
                found=ctf.defocus_v,
                expected=f"at least half of defocus U, {ctf.defocus_u:.10g} Å",
                message=f"defocus V ({ctf.defocus_v:.10g} Å) is less than half of defocus U "
                f"({ctf.defocus_u:.10g} Å)",
                severity=Severity.INFO,
                entity=ctf,
            )
    yield from _jumps(sorted(images, key=lambda image: image.nominal_tilt_angle or 0.0))


def _jumps(images: Sequence[TiltSeriesMicrograph]) -> Iterator[Fault]:
    """Images, by tilt angle, whose defocus is unlike that of their neighbours, which agree."""
    defoci = [image.ctf_metadata.defocus_u or 1.0 for image in images if image.ctf_metadata]
    if len(defoci) < 3:
        return
    for index, defocus in enumerate(defoci):
        neighbours = defoci[index - 1 : index] + defoci[index + 1 : index + 2]
        if len(neighbours) == 1:  # the first and the last one: of the next two
            neighbours = defoci[1:3] if index == 0 else defoci[-3:-1]
        low, high = min(neighbours), max(neighbours)
        if high < 2 * low and (defocus > _FACTOR * high or defocus < low / _FACTOR):
            usual = statistics.fmean(neighbours)
            tenfold = _TENFOLD[0] < max(usual / defocus, defocus / usual) < _TENFOLD[1]
            yield Fault(
                "defocus_u",
                found=defocus,
                expected=f"near {usual:.6g} Å, as of the neighbouring tilts",
                message="the defocus is a tenth or ten times that of the neighbouring tilts: it looks like nm"
                if tenfold
                else "the defocus differs by more than a factor of 3 from those of the neighbouring tilts",
                severity=Severity.WARNING if tenfold else Severity.INFO,
                entity=images[index].ctf_metadata,
                hint=f"Write {defocus * (10 if defocus < usual else 0.1):.10g}, and the other defocus alike."
                if tenfold
                else None,
            )
