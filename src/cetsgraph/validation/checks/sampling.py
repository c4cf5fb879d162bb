"""Checks that sizes in pixels and sizes of pixels agree between what shows the same field of view."""

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from cetsgraph.graph.placement import Place, Placement
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
from cetsgraph.validation.checks.movies import movies_of
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import included
from cetsgraph.validation.checks.surroundings import is_placed, referred, rows_of
from cetsgraph.validation.checks.views import (
    FieldOfView,
    in_angstrom,
    is_integer,
    is_rebinned,
    near,
    sampling,
    sides,
    stated_sampling,
    view_of,
)

__all__ = [
    "gain_has_the_size_of_movies",
    "image_shows_its_movie",
    "mask_covers_its_tomogram",
    "motion_stays_in_the_frame",
    "one_sampling_each",
    "resolution_is_sampled",
    "shifts_stay_in_the_image",
    "sizes_are_of_one_series",
    "sub_tomograms_are_smaller",
    "tomogram_shows_its_series",
    "voxels_are_alike",
]

_SAME_VIEW = 0.1  # of the field of view
_STITCHED = 0.02  # of a side
_INTEGER = 0.03  # of a factor of binning
_EXACT = 0.003  # of a factor between voxel sizes
_LARGE = 9.0  # binnings from which any number is near a whole one
_SAME_SAMPLING = 0.02
_WIDER = 6.0  # times the field of view: beyond any padding
_ANGSTROM_PER_UNIT = {None: 1.0, "angstrom": 1.0, "nanometre": 10.0, "nanometer": 10.0}
_SIZES = ("voxel_size", "pixel_size")


@check("series-consistent", TiltSeriesMicrographStack, MovieStackSeries)
def sizes_are_of_one_series(place: Place, placement: Placement) -> Iterator[Fault]:
    """All images of a series have the size of most of them, and so do the frames of its movies."""
    series = place.entity
    images: list[Raster2D] = []
    if isinstance(series, TiltSeriesMicrographStack):
        images += included(series)
    elif isinstance(series, MovieStackSeries):
        images += [frame for movie in series.movie_stacks for frame in movie.frames if not frame.excluded]
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
        if own is None or theirs is None or _is_cut_out(own, theirs):
            continue
        if not own.is_like(theirs, _SAME_VIEW):
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


def _is_cut_out(image: FieldOfView, movie: FieldOfView) -> bool:
    """Whether an image has the pixels of its movie, or binned ones, and shows less along one side alone."""
    binning = image.sampling / movie.sampling
    views = [a / b for a, b in zip(image.angstrom, movie.angstrom, strict=True)]
    narrow = views[0] < 1 - _SAME_VIEW and near(views[1], _SAME_VIEW)
    return narrow and binning > 1 - _INTEGER and near(binning / round(binning), _EXACT)


@check("sampling-coherent", Tomogram)
def tomogram_shows_its_series(place: Place, placement: Placement) -> Iterator[Fault]:
    """A tomogram has a voxel size that fits its size, or its binning, beside the images of its series."""
    tomogram = place.entity
    own = view_of([tomogram], count=3)
    named = [*referred(place, "tilt_series_id", placement)]
    if not named and place.parent is not None:
        named = [*referred(place.parent, "tilt_series_id", placement)]
    for series in named if own is not None else ():
        assert own is not None and isinstance(series.entity, TiltSeriesMicrographStack)
        theirs = view_of((*series.entity.micrographs, series.entity))
        if theirs is not None and _is_of_another_binning(own, theirs):
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


def _is_of_another_binning(tomogram: FieldOfView, image: FieldOfView) -> bool:
    """Whether a volume has the sides of one binning of its images and the voxels of another.

    One that was cut out shows less, and one that was padded a little more.
    """
    binnings = [a / b for a, b in zip(image.pixels, tomogram.pixels, strict=True)]
    views = [a / b for a, b in zip(tomogram.angstrom, image.angstrom, strict=True)]
    if tomogram.is_like(image, _SAME_VIEW):
        return False
    alike = near(binnings[0] / binnings[1], _INTEGER)
    wrong = binnings[0] * image.sampling / tomogram.sampling  # by which the voxels would be too short
    exact = wrong > 1.5 and near(wrong / round(wrong), _EXACT)
    whole = max(binnings) < _LARGE and all(is_integer(one) and one > 1 - _INTEGER for one in binnings)
    binned = alike and (exact or whole)
    return (binned and views[0] < 1) or all(view > _WIDER for view in views)


@check("sampling-coherent", Alignment, TiltSeriesMicrographStack)
def shifts_stay_in_the_image(place: Place, placement: Placement) -> Iterator[Fault]:
    """No image is shifted by more than it shows, be it in pixels or Å."""
    for row, image in rows_of(place, placement):
        view = None if image is None else view_of([image])
        steps = [step for step in (row.shift, *row.sequence) if step is not None]
        for step in steps if view is not None else ():
            assert view is not None
            yield from _beyond(step, view)


@check("sampling-coherent", MovieFrame, given="motion_correction_transformations")
def motion_stays_in_the_frame(place: Place, placement: Placement) -> Iterator[Fault]:
    """No frame moves by more than it shows, be it in pixels or Å."""
    frame = place.entity
    steps, view = frame.__dict__["motion_correction_transformations"], view_of([frame])
    for step in steps if view is not None else ():
        assert view is not None
        yield from _beyond(step, view)


def _beyond(step: Transformation, view: FieldOfView) -> Iterator[Fault]:
    """The fault of a shift that is larger than a field of view."""
    shift = _largest_shift(step)
    if shift > max(*view.pixels, *view.angstrom):
        yield Fault(
            "matrix" if step.translation is None else "translation",
            found=shift,
            expected=f"at most the image, {view}",
            message=f"this shifts the image by {shift:.6g}, out of its own field of view",
            entity=step,
        )


def _largest_shift(step: Transformation) -> float:
    matrix = step.matrix or []
    last = [row[-1] for row in matrix[:-1] if len(row) == len(matrix)] if len(matrix) > 2 else []
    return max(map(abs, step.translation or last or [0.0]))


@check("sampling-coherent", MovieStackCollection)
def gain_has_the_size_of_movies(place: Place, placement: Placement) -> Iterator[Fault]:
    """Gain and defect files have the sides of the movies, in that order, or both by one whole factor."""
    collection = place.entity
    assert isinstance(collection, MovieStackCollection)
    movies = (movie for series in collection.movie_stack_series for movie in series.movie_stacks)
    frames = (one for movie in movies for one in (*movie.frames, movie))
    theirs = next((found for one in frames if len(found := sides(one, 2)) == 2), [])
    for file in (collection.gain_file, collection.defect_file):
        own = [] if file is None else sides(file, 2)
        if file is None or not theirs or len(own) < 2 or _fits(own, theirs, file):
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


def _fits(own: list[int], movies: list[int], file: GainFile | DefectFile) -> bool:
    """Whether a reference can be applied to movies: as it is, binned, or turned where it says so."""
    if own == movies[::-1] and own != movies:
        return any(_turns(one) for one in (*file.transformations, *file.coordinate_transformations))
    factors = [a / b for a, b in zip(own, movies, strict=True)]
    return is_integer(factors[0]) and near(factors[0] / factors[1], _INTEGER)


def _turns(transformation: Transformation) -> bool:
    """Whether axes change places; an unknown matrix may do that."""
    matrix = transformation.matrix
    steps = transformation.sequence
    if matrix is None:
        return any(map(_turns, steps)) if steps else transformation.scale is None
    return abs(matrix[0][0]) < 0.5


@check("sampling-coherent", Raster2D, Raster3D, given="coordinate_transformations")
def one_sampling_each(place: Place, placement: Placement) -> Iterator[Fault]:
    """A pixel or voxel size agrees with the Scale from array to space on the same object."""
    entity = place.entity
    values = entity.__dict__
    if not any(values.get(field) for field in _SIZES):
        return
    size = sampling(entity)
    scales = [scale for one in values["coordinate_transformations"] for scale in _scales(one, entity)]
    if size is None or not scales:
        return
    if not any(near(scale / size, _SAME_SAMPLING) or near(scale * size, _SAME_SAMPLING) for scale in scales):
        field = stated_sampling(entity)
        yield Fault(
            field,
            found=size,
            expected=f"{scales[0]:.10g} Å, as its Scale says",
            message=f"the size of a {field[:5]} is {size:.10g} Å here, and {scales[0]:.10g} Å by the Scale "
            "of the same object",
        )


def _scales(transformation: Transformation, entity: Entity) -> Iterator[float]:
    """Å per element that a Scale into space states, along its first axis."""
    steps = transformation.sequence or [transformation]
    scales = [step.scale for step in steps if step.scale]
    systems = {system.name: system for system in entity.__dict__["coordinate_systems"]}
    output = systems.get(transformation.output)
    axes = [] if output is None else output.axes
    units = {axis.axis_unit for axis in axes} or {None}
    if len(scales) != 1 or len(units) != 1 or any(axis.axis_type == "array" for axis in axes):
        return
    if any(step.matrix for step in steps):
        return
    factor = _ANGSTROM_PER_UNIT.get(units.pop())
    if factor is not None and scales[0][0] > 0:
        yield scales[0][0] * factor


@check("sampling-coherent", SegmentationMask, ProbabilityMap)
def mask_covers_its_tomogram(place: Place, placement: Placement) -> Iterator[Fault]:
    """A mask with a voxel size of its own covers the tomogram, unless it says where it is."""
    mask, target = place.entity, placement.about(place)
    if target is None or not isinstance(target.entity, Tomogram):
        return
    own, theirs = sampling(mask), sampling(target.entity)
    if own is None or theirs is None or is_placed(mask, target.entity):
        return
    pixels = [sides(mask), sides(target.entity)]
    if min(map(len, pixels)) < 3 or (near(own / theirs, 1e-3) and not is_rebinned(*pixels)):
        return  # as many voxels are asked for by `mask-size`
    views = [[side * own for side in pixels[0]], [side * theirs for side in pixels[1]]]
    if not all(near(a / b, _SAME_VIEW) for a, b in zip(*views, strict=True)):
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
        )


@check("sampling-coherent", Tomogram)
def voxels_are_alike(place: Place, placement: Placement) -> Iterator[Fault]:
    """The voxels of a tomogram are about as long along each axis."""
    sizes = {name: place.entity.__dict__[name] for name in _BY_AXIS if place.entity.__dict__[name]}
    usual = statistics.median_low(sizes.values()) if len(sizes) == 3 else None
    for name, size in sizes.items() if usual is not None and usual > 0 else ():
        if not 1 / _LONGER < size / usual < _LONGER and size <= _LONGEST:  # else `pixel-size-range` asks
            yield Fault(
                name,
                found=size,
                expected=f"near {usual:.6g} Å, as along the other axes",
                message=f"the voxels are {size:.6g} Å long along this axis, and {usual:.6g} Å along others",
            )


_BY_AXIS = ("voxel_size_x", "voxel_size_y", "voxel_size_z")
_LONGEST = 200.0  # Å
_LONGER = 3.0  # times the others: beyond any section


@check("sampling-coherent", Tomogram, given="sub_tomogram_sets")
def sub_tomograms_are_smaller(place: Place, placement: Placement) -> Iterator[Fault]:
    """A volume that was cut from a tomogram is no larger than that."""
    whole = _longest(place.entity)
    for held in place.entity.__dict__["sub_tomogram_sets"]:
        for part in held.sub_tomograms:
            own = _longest(part)
            if own is not None and whole is not None and own > _PADDED * whole:
                yield Fault(
                    "width",
                    found=f"{own:.6g} Å",
                    expected=f"at most {whole:.6g} Å, the longest side of the tomogram",
                    message="this sub-tomogram is larger than the tomogram that it was cut from",
                    entity=part,
                )


def _longest(volume: Entity) -> float | None:
    """The longest side in Å."""
    size, own = sampling(volume), sides(volume)
    return max(own) * size if own and size is not None else None


_PADDED = 1.1
