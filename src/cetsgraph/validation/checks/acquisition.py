"""Checks on tilts of movies, doses, and the order in which images were taken."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from cetsgraph.findings import Severity
from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.model import (
    CTFMetadata,
    Exposed,
    MovieStack,
    MovieStackSeries,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TomoImageSet,
)
from cetsgraph.texts import counted
from cetsgraph.validation.checks.file_names import angles_in_names
from cetsgraph.validation.checks.movies import (
    mended_tilt,
    movies_by_path,
    movies_in_order,
    movies_of,
    tilt_of,
    tilts_apart,
)
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import exposed, included, lacking, order_of
from cetsgraph.validation.checks.surroundings import referred

__all__ = [
    "defocus_u_is_the_larger",
    "dose_convention_is_known",
    "dose_grows",
    "dose_grows_in_turn",
    "dose_is_likely",
    "doses_include_movies_in_order",
    "frames_have_one_tilt",
    "handedness_is_the_same",
    "images_are_taken_in_turn",
    "images_have_an_order",
    "order_counts_from_0",
    "phase_shifts_are_in_degrees",
    "tilts_are_in_the_names_of_movies",
    "tilts_are_those_of_movies",
    "tilts_are_those_of_movies_in_order",
    "total_dose_is_likely",
    "total_dose_is_the_largest",
    "totals_include_the_image",
]

_FEW = 0.1  # of all images
_LARGEST_TILT = 90.0  # degrees
_MOST_DOSE = 300.0  # e⁻/Å²
_LEAST_TURN = 6.284  # 2π and a little
_ROUNDING = 1e-6  # e⁻/Å²: doses are sums of rounded numbers


@check("dose-monotonic", MovieStack)
def dose_grows(place: PlaceOf[MovieStack], placement: Placement) -> Iterator[Fault]:
    """The accumulated dose of frames does not fall with their section; SHACL would compare all with all."""
    movie = place.entity
    exposed = [
        (frame.section, frame.accumulated_dose, index)
        for index, frame in enumerate(movie.frames)
        if frame.section is not None and frame.accumulated_dose is not None
    ]
    for (_, before, _), (_, dose, index) in pairwise(sorted(exposed)):
        if dose < before - _ROUNDING:
            yield Fault(
                "accumulated_dose",
                found=dose,
                expected=f"at least {before:.10g} e⁻/Å²",
                message="the accumulated dose is lower than that of the frame before",
                entity=movie.frames[index],
            )


@check("dose-monotonic", TiltSeriesMicrographStack, shape="dose-monotonic-micrograph")
def dose_grows_in_turn(place: Place, placement: Placement) -> Iterator[Fault]:
    """The accumulated dose of an image is not less than that of one taken just before."""
    dosed = [
        (image, image.acquisition_order, image.accumulated_dose)
        for image in included(place.entity)
        if image.acquisition_order is not None and image.accumulated_dose is not None
    ]
    most: dict[int, float] = {}
    for _, order, dose in dosed:
        most[order] = max(dose, most.get(order, dose))
    for image, order, dose in dosed:
        before = most.get(order - 1, dose)
        if before > dose + _ROUNDING:
            yield Fault(
                "accumulated_dose", found=dose, expected=f"at least {before:.10g} e⁻/Å²", entity=image
            )


@check("dose-range", TiltSeriesMicrographStack, shape="dose-range")
@check("dose-range", MovieStackSeries, shape="dose-range-movie")
def dose_is_likely(place: Place, placement: Placement) -> Iterator[Fault]:
    """No image or frame of a series has a dose that no frozen specimen takes."""
    first: dict[float, Exposed] = {}
    for image in exposed(place.entity):
        for dose in (image.accumulated_dose, image.__dict__.get("total_accumulated_dose")):
            if dose is not None and not dose <= _MOST_DOSE:
                first.setdefault(dose, image)
    for dose, exposure in first.items() if first and not _is_warm(place) else ():
        where = f" It stands at {exposure.pointer}." if exposure.pointer else ""
        yield Fault(None, found=dose, hint=f"{_IN_WHICH_UNIT}{where}")


@check("dose-range", TiltSeriesMicrographStack, given="total_dose")
def total_dose_is_likely(place: Place, placement: Placement) -> Iterator[Fault]:
    """The total dose of a series is none that no frozen specimen takes."""
    total: float = place.entity.__dict__["total_dose"]
    if total > _MOST_DOSE and not _is_warm(place):
        yield Fault("total_dose", found=total, hint=_IN_WHICH_UNIT)


def _is_warm(place: Place) -> bool:
    """Whether the specimen is said to be imaged at room temperature, as sections of plastic are."""
    images = place.holder(TomoImageSet)
    imaging = None if images is None else images.entity.imaging
    return imaging is not None and (imaging.temperature or 0.0) > _WARM


_WARM = 200.0  # K
_IN_WHICH_UNIT = (
    "Correct the dose; divide by 100 if it is in e⁻/nm², or by the area of a pixel in Å² if it is per pixel."
)


@check("dose-convention", TiltSeriesMicrographStack, shape="dose-convention")
def dose_convention_is_known(place: Place, placement: Placement) -> Iterator[Fault]:
    """Doses start at 0, or it is said whether they include the image."""
    images = exposed(place.entity)
    doses = [image.accumulated_dose for image in images if image.accumulated_dose is not None]
    if doses and min(doses) > 0 and all(image.dose_convention is None for image in images):
        yield Fault(None)


@check(
    "dose-total-consistent",
    TiltSeriesMicrograph,
    given="total_accumulated_dose",
    shape="dose-total-consistent",
)
def total_dose_is_the_largest(place: PlaceOf[TiltSeriesMicrograph], placement: Placement) -> Iterator[Fault]:
    """The total dose of an image is at least its own, and that of every frame of its movie."""
    image = place.entity
    total = image.total_accumulated_dose or 0.0
    doses = [image.accumulated_dose]
    for movie in referred(place, "movie_stack_id", placement):
        doses += [frame.accumulated_dose for frame in exposed(movie.entity)]
    dose = next((dose for dose in doses if dose is not None and not dose <= total), None)
    if dose is not None:
        message = (
            f"the total accumulated dose {total:.10g} is less than the dose {dose:.10g} of the image or of a "
            "frame of its movie"
        )
        yield Fault("total_accumulated_dose", total, f"at least {dose:.10g}", message)


@check("defocus-order", CTFMetadata, given="defocus_u", shape="defocus-order")
def defocus_u_is_the_larger(place: Place, placement: Placement) -> Iterator[Fault]:
    """Defocus U is at least defocus V."""
    values = place.entity.__dict__
    u, v = values["defocus_u"], values["defocus_v"]
    if v is not None and not v <= u:
        hint = f"Write {abs(u):.10g}, if it is underfocus: that is positive here." if u < 0 < v else None
        yield Fault("defocus_u", found=u, hint=hint)


@check("phase-shift-unit", TiltSeriesMicrographStack, shape="phase-shift-unit-series")
@check("phase-shift-unit", MovieStackSeries, shape="phase-shift-unit-movie")
def phase_shifts_are_in_degrees(place: Place, placement: Placement) -> Iterator[Fault]:
    """Of phase shifts that are not 0, some are larger than any in radians."""
    holders = [*exposed(place.entity), *getattr(place.entity, "movie_stacks", ())]
    ctfs = (holder.ctf_metadata for holder in holders)
    largest = max((ctf.phase_shift or 0.0 for ctf in ctfs if ctf is not None), default=0.0)
    if 0 < largest < _LEAST_TURN:
        yield Fault(None)


@check("handedness-value", TiltSeriesMicrographStack, shape="handedness-value-micrograph")
@check("handedness-value", MovieStackSeries, shape="handedness-value-frame")
def handedness_is_the_same(place: Place, placement: Placement) -> Iterator[Fault]:
    """All images of a series, and all frames of its movies, have one defocus handedness."""
    ctfs = (image.ctf_metadata for image in exposed(place.entity))
    if len({ctf.defocus_handedness for ctf in ctfs if ctf is not None} - {None}) > 1:
        yield Fault(None, severity=Severity.WARNING)


@check("movie-tilt-agree", TiltSeriesMicrograph, given="movie_stack_id", shape="movie-tilt-agree")
def tilts_are_those_of_movies(place: PlaceOf[TiltSeriesMicrograph], placement: Placement) -> Iterator[Fault]:
    """An image was taken at the tilt of the movie that it names."""
    image = place.entity
    angle = image.nominal_tilt_angle
    if angle is None or image.movie_stack_id is None or image.excluded:
        return
    for movie in referred(place, "movie_stack_id", placement):
        assert isinstance(movie.entity, MovieStack)
        tilts = (frame.nominal_tilt_angle for frame in movie.entity.frames)
        apart = next((tilt for tilt in tilts if tilts_apart(tilt, angle)), None)
        if apart is not None:
            hint = mended_tilt(place, movie, angle, apart)
            yield Fault("nominal_tilt_angle", found=angle, expected=f"{apart:.10g}°", hint=hint)


@check("movie-tilt-agree", TiltSeriesMicrographStack)
def tilts_are_those_of_movies_in_order(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where nearly all images have the tilt of the movie at their place, all do."""
    for image, movie in movies_in_order(place, placement):
        if tilts_apart(image.nominal_tilt_angle, tilt_of(movie)):
            message = "this image has another tilt than the movie at its place, unlike nearly all others"
            found = image.nominal_tilt_angle
            places = placement.place_of(image), placement.place_of(movie)
            hint = mended_tilt(*places, found or 0.0, tilt_of(movie) or 0.0)
            yield Fault("nominal_tilt_angle", found=found, message=message, entity=image, hint=hint)


@check("movie-tilt-agree", TiltSeriesMicrographStack)
def tilts_are_in_the_names_of_movies(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where movies have no tilt but in their names, an image was taken at that of the movie that it names.

    Series that count all tilts the other way round, as Warp does, are left out.
    """
    known = _named_tilts(place, placement)
    wrong = [one for one in known if len(known) >= _FEWEST and tilts_apart(one[1], one[2])]
    many = len(wrong) > _FEW * len(known)
    if many and not any(tilts_apart(-angle, named) for _, angle, named, _ in wrong):
        return
    for image, angle, named, _ in wrong[:1] if many else wrong:
        meant = next((movie.id for *_, tilt, movie in known if not tilts_apart(tilt, angle)), None)
        yield Fault(
            "nominal_tilt_angle",
            found=angle,
            expected=f"{named:.10g}°, by the name of its movie",
            message=f"by its name, the movie of this image was taken at {named:.10g}°"
            + (f", and {counted(len(wrong) - 1, 'other image')} like it" if many else ""),
            hint=f"Name {meant}, the movie of {angle:.10g}°, or correct the angle." if meant else None,
            entity=image,
        )


def _named_tilts(
    place: Place, placement: Placement
) -> list[tuple[TiltSeriesMicrograph, float, float, MovieStack]]:
    """Images whose movies have no frames: image, its tilt, that in the name of its movie, and the movie."""
    pairs = [
        (image, image.nominal_tilt_angle, movie)
        for image, movie in movies_of(place, placement)
        if image.nominal_tilt_angle is not None and not image.excluded and movie.path and not movie.frames
    ]
    names = angles_in_names([movie.path or "" for *_, movie in pairs], [angle for _, angle, _ in pairs])
    return [(image, angle, named, movie) for (image, angle, movie), named in zip(pairs, names, strict=False)]


_FEWEST = 5  # images


@check("dose-total-consistent", TiltSeriesMicrographStack)
def totals_include_the_image(place: Place, placement: Placement) -> Iterator[Fault]:
    """No image of a series has a total dose of 0, which includes its own; where an image states its own dose
    or movie, that is compared instead."""
    images = [image for image in included(place.entity) if image.total_accumulated_dose is not None]
    none = [image for image in images if image.total_accumulated_dose == 0]
    if len(none) == len(images):
        return
    for image in none[:1]:
        if not image.accumulated_dose and image.movie_stack_id is None:
            yield Fault(
                "total_accumulated_dose",
                found=0.0,
                expected="the dose of this image, and of those before",
                message="the total dose includes the image, and is 0 here: it seems to be that before",
                hint="Add to each total the dose of its own image.",
                entity=image,
            )


@check("movie-tilt-agree", MovieStack)
def frames_have_one_tilt(place: PlaceOf[MovieStack], placement: Placement) -> Iterator[Fault]:
    """A movie is taken at one tilt: most of its frames say which."""
    movie = place.entity
    tilts = [frame.nominal_tilt_angle for frame in movie.frames if frame.nominal_tilt_angle is not None]
    usual = Counter(tilts).most_common(1)[0][0] if len(set(tilts)) > 1 else None
    for frame in movie.frames if usual is not None else ():
        angle = frame.nominal_tilt_angle
        if tilts_apart(angle, usual) and abs(angle or 0.0) <= _LARGEST_TILT:  # else `tilt-angle-range` asks
            yield Fault(
                "nominal_tilt_angle",
                found=angle,
                expected=f"{usual:.10g}°, as most frames of the movie have",
                message="the frames of this movie have different tilt angles",
                hint=f"Write {usual:.10g}.",
                entity=frame,
            )


@check("dose-total-consistent", TiltSeriesMicrographStack)
def doses_include_movies_in_order(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where nearly all images have at least the dose of the movie at their place or path, all do."""
    wrong = []
    pairs = movies_in_order(place, placement) or movies_by_path(place, placement)
    for image, movie in pairs:
        dose = max((frame.accumulated_dose or 0.0 for frame in movie.frames), default=0.0)
        total = image.total_accumulated_dose
        if total is not None and total < dose - _ROUNDING:
            expected = f"at least {dose:.10g}, as a frame of the movie at its place has"
            message = "the total accumulated dose is less than that of the movie at the same place"
            wrong.append(Fault("total_accumulated_dose", total, expected, message, entity=image))
    yield from wrong if len(wrong) <= max(1, _FEW * len(pairs)) < len(pairs) else ()


@check("acquisition-order", TiltSeriesMicrographStack)
def images_are_taken_in_turn(place: Place, placement: Placement) -> Iterator[Fault]:
    """Images of different tilts are not taken at one time, nor with less dose than those before."""
    images = (image for image in included(place.entity) if image.acquisition_order is not None)
    for before, image in pairwise(sorted(images, key=order_of)):
        if message := _out_of_turn(before, image):
            yield Fault(
                "acquisition_order",
                found=image.acquisition_order,
                expected="the place of this image in the order of exposures",
                message=message,
                entity=image,
            )


def _out_of_turn(before: TiltSeriesMicrograph, image: TiltSeriesMicrograph) -> str | None:
    """Why an image cannot have been taken next; of neighbours, `dose-monotonic` compares the doses."""
    step = order_of(image) - order_of(before)
    if step == 0 and before.nominal_tilt_angle != image.nominal_tilt_angle:
        return f"the image {before.id or before.section} has the same acquisition order"
    falls = (image.accumulated_dose or 0.0) < (before.accumulated_dose or 0.0) - _ROUNDING
    if step > 1 and falls and image.accumulated_dose is not None:
        return "this image has less dose than one that was taken before"
    return None


@check("acquisition-order", TiltSeriesMicrographStack)
def images_have_an_order(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where nearly all images of a series have an acquisition order, all have."""
    missing = [*lacking(place.entity, lambda image: image.acquisition_order)]
    for image in missing if len(missing) <= _FEW * len(included(place.entity)) else ():
        yield Fault(
            "acquisition_order",
            expected="the place of this image in the order of exposures",
            message="this image has no acquisition order, unlike nearly all others",
            entity=image,
        )


@check("acquisition-order", TiltSeriesMicrographStack)
def order_counts_from_0(place: Place, placement: Placement) -> Iterator[Fault]:
    """The first image has the order 0, which the whitepaper counts as 1."""
    images = included(place.entity)
    orders = [image.acquisition_order for image in images if image.acquisition_order is not None]
    if len(orders) > 1 and min(orders) == 1 and max(orders) == len(orders) == len(images):
        first = next(image for image in images if image.acquisition_order == 1)
        yield Fault(
            "acquisition_order",
            found=1,
            expected="0 for the image taken first",
            message="the acquisition order of this series counts from 1, and its images are read as the "
            "second, third … taken",
            severity=Severity.INFO,
            entity=first,
        )
