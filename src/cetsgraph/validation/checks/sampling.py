"""Checks that sizes in pixels and sizes of pixels agree between what shows the same field of view."""

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.model import (
    Alignment,
    DefectFile,
    Entity,
    GainFile,
    Map,
    MovieFrame,
    MovieStackCollection,
    MovieStackSeries,
    ProbabilityMap,
    Raster2D,
    Raster3D,
    SegmentationMask,
    TiltSeriesMicrographStack,
    Tomogram,
    Transformation,
)
from cetsgraph.validation.checks.centring import half_sides, is_centring, shift_is_wrong
from cetsgraph.validation.checks.movies import finest_pixel, movies_of
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import kept
from cetsgraph.validation.checks.surroundings import annotated_volume, is_placed, rows_of, series_of
from cetsgraph.validation.checks.views import (
    SAME_VIEW,
    FieldOfView,
    in_angstrom,
    is_applicable,
    is_cut_out,
    is_of_another_binning,
    is_rebinned,
    near,
    numbers_as_text,
    sampling,
    samplings,
    scales_of,
    sides,
    stated_sampling,
    view_of,
)

__all__ = [
    "gain_has_the_size_of_movies",
    "gain_is_sampled_as_movies",
    "image_shows_its_movie",
    "mask_covers_its_tomogram",
    "motion_stays_in_the_frame",
    "one_sampling_each",
    "origin_is_moved_to_the_centre",
    "resolution_is_sampled",
    "shifts_stay_in_the_image",
    "sizes_are_of_one_series",
    "sub_tomograms_are_smaller",
    "tomogram_shows_its_series",
    "voxels_are_alike",
]

_STITCHED = 0.02  # of a side
_SAME_SAMPLING = 0.02


@check("series-consistent", TiltSeriesMicrographStack, MovieStackSeries)
def sizes_are_of_one_series(place: Place, placement: Placement) -> Iterator[Fault]:
    """All images of a series have the size of most of them, and so do the frames of its movies."""
    images = kept(place.entity)
    for field, name in (("width", "widths"), ("height", "heights"), ("pixel_size", "pixel sizes")):
        values = [image.__dict__[field] for image in images]
        if len({*values} - {None}) < 2:
            continue
        tolerance = 1e-3 if field == "pixel_size" else 0
        usual, times = Counter(value for value in values if value is not None).most_common(1)[0]
        if field != "pixel_size" and 2 * times <= len(values) and _are_stitched(values):
            continue
        for image, value in zip(images, values, strict=True):
            if value is not None and usual > 0 and value > 0 and not near(value / usual, tolerance):
                yield Fault(
                    field,
                    found=value,
                    expected=f"{usual:.10g}, as most images have",
                    message=f"the images of this series have different {name}",
                    entity=image,
                )


def _are_stitched(values: Sequence[int | float | None]) -> bool:
    """Whether sides differ a little from image to image, as those of montages do."""
    known = {value for value in values if value is not None and value > 0}
    return len(known) > 2 and near(max(known) / min(known), _STITCHED)


@check("sampling-coherent", TiltSeriesMicrographStack)
def image_shows_its_movie(place: Place, placement: Placement) -> Iterator[Fault]:
    """A tilt image has the field of view of its movie, upright or turned by 90°."""
    for image, movie in movies_of(place, placement):
        own = None if image.excluded else view_of([image])
        theirs = None if own is None else view_of((*movie.frames, movie))
        if (
            own is None
            or theirs is None
            or is_cut_out(own, theirs)
            or not (own.is_likely() and theirs.is_likely())
        ):
            continue
        if not own.is_like(theirs, SAME_VIEW):
            yield Fault(
                stated_sampling(image),
                found=own.sampling,
                expected=f"{theirs.angstrom[0] / own.pixels[0]:.6g} Å, by the field of view of the movie",
                message=f"the image shows {own}, and its movie {theirs}: size or pixel size is of another "
                "binning",
                hint=f"Write {theirs.angstrom[0] / own.pixels[0]:.6g} as the size of a pixel, or correct "
                "width and height, or those of the movie.",
                entity=image,
            )


@check("sampling-coherent", Tomogram)
def tomogram_shows_its_series(place: Place, placement: Placement) -> Iterator[Fault]:
    """A tomogram has a voxel size that fits its size, or its binning, beside the images of its series."""
    tomogram = place.entity
    own = view_of([tomogram], count=3)
    for series in series_of(place, placement) if own is not None else ():
        assert own is not None
        theirs = view_of((*series.entity.micrographs, series.entity))
        if theirs is not None and theirs.is_likely() and is_of_another_binning(own, theirs):
            expected = theirs.sampling * theirs.pixels[0] / own.pixels[0]
            yield Fault(
                stated_sampling(tomogram),
                found=own.sampling,
                expected=f"{expected:.6g} Å, by the field of view of the tilt images",
                message=f"the tomogram shows {own}, and its tilt images {theirs}: its voxel size is of "
                "another binning",
                hint=f"Write {expected:.6g} Å as the size of a voxel, or correct width, height and depth, or "
                "the unit of its axes.",
            )
            return


@check("sampling-coherent", Alignment, TiltSeriesMicrographStack)
def shifts_stay_in_the_image(place: Place, placement: Placement) -> Iterator[Fault]:
    """No image is shifted by more than it shows, be it in pixels or Å."""
    for row, image in rows_of(place, placement):
        view = None if image is None else view_of([image])
        steps = [step for step in (row.shift, *row.sequence) if step is not None]
        for step in steps:
            yield from _beyond(step, view)


@check("sampling-coherent", MovieFrame)
def motion_stays_in_the_frame(place: Place, placement: Placement) -> Iterator[Fault]:
    """No frame moves by more than it shows, be it in pixels or Å."""
    values = place.entity.__dict__
    if steps := [*values["motion_correction_transformations"], *values["coordinate_transformations"]]:
        view = view_of([place.entity])
        for step in steps:
            yield from _beyond(step, view)


def _beyond(step: Transformation, view: FieldOfView | None) -> Iterator[Fault]:
    """The fault of a shift that is larger than a field of view, or than any, where none is stated."""
    shift = _largest_shift(step)
    if shift > (_LARGEST_VIEW if view is None else max(*view.pixels, *view.angstrom)):
        yield Fault(
            "matrix" if step.translation is None else "translation",
            found=shift,
            expected="at most the image" + ("" if view is None else f", {view}"),
            message=f"this shifts the image by {shift:.6g}, out of its own field of view",
            hint="Write the shift as the program gave it, in pixels or Å.",
            entity=step,
        )


_LARGEST_VIEW = 200_000.0  # Å, of a camera of 12k pixels at 16 Å


def _largest_shift(step: Transformation) -> float:
    matrix = step.matrix or []
    last = [row[-1] for row in matrix[:-1] if len(row) == len(matrix)] if len(matrix) > 2 else []
    return max(map(abs, step.translation or last or [0.0]))


@check("sampling-coherent", MovieStackCollection)
def gain_has_the_size_of_movies(
    place: PlaceOf[MovieStackCollection], placement: Placement
) -> Iterator[Fault]:
    """Gain and defect files have the sides of the movies, in that order, or both by one whole factor."""
    collection = place.entity
    theirs = next((found for one in _images_of(collection) if len(found := sides(one, 2)) == 2), [])
    for file in _references_of(collection):
        own = sides(file, 2)
        if not theirs or len(own) < 2 or is_applicable(file, own, theirs):
            continue
        yield Fault(
            "width" if own[0] != theirs[0] else "height",
            found=f"{own[0]} × {own[1]}",
            expected=f"{theirs[0]} × {theirs[1]}, the size of the movies",
            message="width and height of this {kind} are swapped beside those of the movies"
            if own == theirs[::-1]
            else "this {kind} has another size than the movies",
            entity=file,
        )


@check("sampling-coherent", MovieStackCollection)
def gain_is_sampled_as_movies(place: PlaceOf[MovieStackCollection], placement: Placement) -> Iterator[Fault]:
    """A gain or defect file with as many pixels as the movies has pixels of their size."""
    collection = place.entity
    views = [(file, own) for file in _references_of(collection) if (own := view_of([file])) is not None]
    theirs = next(iter(Counter(_views_of(collection)).most_common(1)), (None, 0))[0] if views else None
    for file, own in views:
        if theirs is None or own.pixels != theirs.pixels:
            continue
        if not near(own.sampling / theirs.sampling, _SAME_SAMPLING):
            yield Fault(
                stated_sampling(file),
                found=own.sampling,
                expected=f"{theirs.sampling:.6g} Å, as the movies have",
                message="this {kind} has as many pixels as the movies, and another pixel size",
                entity=file,
            )


def _views_of(collection: MovieStackCollection) -> Iterator[FieldOfView]:
    """What each movie shows, by its first frame that says so, or by itself."""
    movies = (movie for series in collection.movie_stack_series for movie in series.movie_stacks)
    return filter(None, (view_of((*movie.frames, movie)) for movie in movies))


def _images_of(collection: MovieStackCollection) -> Iterator[Entity]:
    """Frames and movies of a collection, each movie after its frames."""
    for series in collection.movie_stack_series:
        for movie in series.movie_stacks:
            yield from (*movie.frames, movie)


def _references_of(collection: MovieStackCollection) -> list[GainFile | DefectFile]:
    return [file for file in (collection.gain_file, collection.defect_file) if file is not None]


@check("sampling-coherent", Raster2D, Raster3D, given="coordinate_transformations")
def one_sampling_each(place: Place, placement: Placement) -> Iterator[Fault]:
    """A pixel or voxel size agrees with the Scale from array to space on the same object."""
    entity = place.entity
    transformations = entity.__dict__["coordinate_transformations"]
    scales = [scale for one in transformations for scale in scales_of(one, entity)]
    for axis, field, size in samplings(entity) if scales else ():
        along = [scale[axis] for scale in scales if axis < len(scale)]
        if along and not any(_is_same(scale, size) for scale in along):
            yield Fault(
                field,
                found=size,
                expected=f"{along[0]:.10g} Å, as its Scale says",
                message=f"the size of a {field[:5]} is {size:.10g} Å here, and {along[0]:.10g} Å by the "
                "Scale of the same object",
            )


def _is_same(scale: float, size: float) -> bool:
    """Whether a scale is the size of an element, or elements per Å."""
    return near(scale / size, _SAME_SAMPLING) or near(scale * size, _SAME_SAMPLING)


@check("sampling-coherent", Raster2D, Raster3D, given="coordinate_transformations")
def origin_is_moved_to_the_centre(place: Place, placement: Placement) -> Iterator[Fault]:
    """A shift of the origin by half of the sides is in the order and unit of the step at which it is done."""
    lengths = sides(place.entity)
    for one in place.entity.__dict__["coordinate_transformations"]:
        kinds = [step.transformation_type for step in one.sequence]
        if kinds not in (["scale", "translation"], ["translation", "scale"]) or len(lengths) < 2:
            continue
        shift, scale = (one.sequence[kinds.index(kind)] for kind in ("translation", "scale"))
        numbers, factors = shift.translation or [], scale.scale or []
        if not len(numbers) == len(factors) == len(lengths):
            continue
        scaled = kinds == ["scale", "translation"]
        wrong = shift_is_wrong(numbers, lengths, factors, scaled=scaled, centring=is_centring(shift.name))
        if wrong is not None:
            right = half_sides(lengths, factors if scaled else [1.0] * len(lengths))
            yield Fault(
                "translation",
                found=numbers_as_text(numbers),
                expected=f"near {numbers_as_text(right)}, half of each side",
                message=f"this shift by sides or their halves {wrong}",
                hint="Before a scale, a shift is in pixels or voxels; after it, in the unit of space.",
                entity=shift,
            )


@check("sampling-coherent", SegmentationMask, ProbabilityMap)
def mask_covers_its_tomogram(place: Place, placement: Placement) -> Iterator[Fault]:
    """A mask with a voxel size of its own covers the tomogram, unless it says where it is."""
    mask, tomogram = place.entity, annotated_volume(place, placement)
    if not isinstance(tomogram, Tomogram):
        return
    own, theirs = sampling(mask), sampling(tomogram)
    if own is None or theirs is None or is_placed(mask, tomogram):
        return
    pixels = [sides(mask), sides(tomogram)]
    if min(map(len, pixels)) < 3 or (near(own / theirs, 1e-3) and not is_rebinned(*pixels)):
        return  # as many voxels are asked for by `mask-size`
    views = [[side * own for side in pixels[0]], [side * theirs for side in pixels[1]]]
    if not all(near(a / b, SAME_VIEW) for a, b in zip(*views, strict=True)):
        yield Fault(
            stated_sampling(mask),
            found=own,
            expected=f"a size that covers {in_angstrom(views[1])}",
            message=f"the mask covers {in_angstrom(views[0])}, and its tomogram {in_angstrom(views[1])}",
            hint="Correct width, height and depth of the mask, or the size of its voxels: all stand in the "
            "header of its file.",
        )


@check("sampling-coherent", Map, given="resolution")
def resolution_is_sampled(place: Place, placement: Placement) -> Iterator[Fault]:
    """No map resolves less than two of its voxels (Nyquist)."""
    size, resolution = sampling(place.entity), place.entity.__dict__["resolution"]
    if size is not None and 0 < resolution < 2 * size * (1 - _SAME_SAMPLING):
        yield Fault(
            "resolution",
            found=resolution,
            expected=f"at least two voxels, {2 * size:.6g} Å",
            message=f"a map with voxels of {size:.10g} Å cannot resolve {resolution:.10g} Å",
            hint=f"Write {resolution * 10:.10g}, if {resolution:.10g} is nm, or correct the voxel size.",
        )


@check("sampling-coherent", Raster3D, given="voxel_size_x")
@check("sampling-coherent", Raster2D, given="pixel_size_x")
def voxels_are_alike(place: Place, placement: Placement) -> Iterator[Fault]:
    """The voxels of a tomogram, or the pixels of an image, are about as long along each axis."""
    values = place.entity.__dict__
    volume = values.get("voxel_size_x") is not None
    sizes = {name: values[name] for name in _BY_AXIS[volume] if values[name]}
    usual = statistics.median_low(sizes.values()) if len(sizes) == len(_BY_AXIS[volume]) else None
    for name, size in sizes.items() if usual is not None and usual > 0 else ():
        if not 1 / _LONGER < size / usual < _LONGER and size <= _LONGEST:  # else `pixel-size-range` asks
            yield Fault(
                name,
                found=size,
                expected=f"near {usual:.6g} Å, as along the other axes",
                message=f"this is {size:.6g} Å along this axis, and {usual:.6g} Å along the other",
            )


_BY_AXIS = (("pixel_size_x", "pixel_size_y"), ("voxel_size_x", "voxel_size_y", "voxel_size_z"))
_LONGEST = 200.0  # Å
_LONGER = 3.0  # times the others: beyond any section


@check("sampling-coherent", Tomogram, given="sub_tomogram_sets")
def sub_tomograms_are_smaller(place: Place, placement: Placement) -> Iterator[Fault]:
    """A volume that was cut from a tomogram is no larger than that, nor finer than the tilt images."""
    whole, pixel = _longest(place.entity), finest_pixel(place, placement)
    parts = (part for held in place.entity.__dict__["sub_tomogram_sets"] for part in held.sub_tomograms)
    for part in parts:
        own, size = _longest(part), sampling(part)
        if own is not None and whole is not None and own > _PADDED * whole:
            yield Fault(
                "width",
                found=f"{own:.6g} Å",
                expected=f"at most {whole:.6g} Å, the longest side of the tomogram",
                message="this sub-tomogram is larger than the tomogram that it was cut from",
                entity=part,
            )
        elif size is not None and pixel is not None and size < pixel * (1 - _SAME_SAMPLING):
            yield Fault(
                stated_sampling(part),
                found=size,
                expected=f"at least {pixel:.6g} Å, the smallest pixel",
                message="the voxels of this sub-tomogram are smaller than any pixel of the images",
                entity=part,
            )


def _longest(volume: Entity) -> float | None:
    """The longest side in Å."""
    size, own = sampling(volume), sides(volume)
    return max(own) * size if own and size is not None else None


_PADDED = 1.1
