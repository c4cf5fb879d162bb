"""Checks that sizes in pixels and sizes of pixels agree between what shows the same field of view."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import (
    Coordinates,
    DefectFile,
    Entity,
    FitMap,
    GainFile,
    MovieStack,
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
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.surroundings import referred

__all__ = [
    "gain_has_the_size_of_movies",
    "image_shows_its_movie",
    "map_is_placed",
    "mask_covers_its_tomogram",
    "one_sampling_each",
    "sizes_are_of_one_series",
    "tomogram_shows_its_series",
]

_SAME_VIEW = 0.1  # of the field of view
_INTEGER = 0.03  # of a factor of binning
_SAME_SAMPLING = 0.02
_WIDER = 6.0  # times the field of view: beyond any padding
_FAR = 1.5  # times the size of the tomogram
_ANGSTROM_PER_UNIT = {None: 1.0, "angstrom": 1.0, "nanometre": 10.0, "nanometer": 10.0}
_SIDES = ("width", "height", "depth")
_SIZES = ("voxel_size", "pixel_size")


def _side(entity: Entity, names: Sequence[str] = _SIDES) -> list[int]:
    values = entity.__dict__
    return [values[name] for name in names if values.get(name)]


def _sampling(entity: Entity) -> float | None:
    """Size of a pixel or voxel: the one for all axes, else that along X."""
    values = entity.__dict__
    fields = ("voxel_size", "voxel_size_x", "pixel_size", "pixel_size_x")
    found = next((values[field] for field in fields if values.get(field)), None)
    return found if found is not None and math.isfinite(found) and found > 0 else None


def _stated_sampling(entity: Entity) -> str:
    values = entity.__dict__
    fields = ("voxel_size", "voxel_size_x", "pixel_size", "pixel_size_x")
    return next(field for field in fields if values.get(field))


def _near(ratio: float, tolerance: float) -> bool:
    return abs(ratio - 1) <= tolerance


def _is_integer(factor: float) -> bool:
    """Whether a factor is a whole number, or one divided by a whole number."""
    factor = factor if factor >= 1 else 1 / factor
    return _near(factor / round(factor), _INTEGER)


def _largest_two(sides: Sequence[int]) -> tuple[int, int]:
    """The sides of the field of view; a volume is thinnest along the beam, and may be turned."""
    second, first = sorted(sides)[-2:]
    return first, second


@check("series-consistent", TiltSeriesMicrographStack, MovieStackSeries)
def sizes_are_of_one_series(place: Place, placement: Placement) -> Iterator[Fault]:
    """All images of a series have the size of most of them, and so do the frames of its movies."""
    series = place.entity
    images: list[Raster2D] = []
    if isinstance(series, TiltSeriesMicrographStack):
        images += [image for image in series.micrographs if not image.excluded]
    elif isinstance(series, MovieStackSeries):
        images += [frame for movie in series.movie_stacks for frame in movie.frames if not frame.excluded]
    for field, name in (("width", "widths"), ("height", "heights"), ("pixel_size", "pixel sizes")):
        known = [(image, value) for image in images if (value := image.__dict__[field]) is not None]
        usual = _usual([value for _, value in known])
        for image, value in known:
            tolerance = 1e-3 if field == "pixel_size" else 0
            if usual is not None and usual > 0 and value > 0 and not _near(value / usual, tolerance):
                yield Fault(
                    field,
                    found=value,
                    expected=f"{usual:.10g}, as most images have",
                    message=f"the images of this series have different {name}",
                    entity=image,
                )


def _usual(values: Sequence[float]) -> float | None:
    """The commonest value; of two as common, the first."""
    return Counter(values).most_common(1)[0][0] if values else None


@check("sampling-coherent", TiltSeriesMicrographStack)
def image_shows_its_movie(place: Place, placement: Placement) -> Iterator[Fault]:
    """A tilt image has the field of view of its movie, upright or turned by 90°."""
    series = place.entity
    assert isinstance(series, TiltSeriesMicrographStack)
    for image in series.micrographs:
        sides, size = _side(image, _SIDES[:2]), _sampling(image)
        if len(sides) < 2 or size is None or image.excluded or image.movie_stack_id is None:
            continue
        for movie in referred(placement.place_of(image), "movie_stack_id", placement):
            assert isinstance(movie.entity, MovieStack)
            raster = next(
                (one for one in (*movie.entity.frames, movie.entity) if len(_side(one, _SIDES[:2])) == 2),
                None,
            )
            theirs = None if raster is None else _sampling(raster)
            if raster is None or theirs is None:
                continue
            own_view = [side * size for side in _largest_two(sides)]
            view = [side * theirs for side in _largest_two(_side(raster, _SIDES[:2]))]
            if not all(_near(a / b, _SAME_VIEW) for a, b in zip(own_view, view, strict=True)):
                yield Fault(
                    _stated_sampling(image),
                    found=size,
                    expected=f"{view[0] / max(sides):.6g} Å, by the field of view of the movie",
                    message=f"the image shows {_view(own_view)}, and its movie {_view(view)}: size or pixel "
                    "size is of another binning",
                    entity=image,
                )


@check("sampling-coherent", Tomogram)
def tomogram_shows_its_series(place: Place, placement: Placement) -> Iterator[Fault]:
    """A tomogram has a voxel size that fits its size, or its binning, beside the images of its series."""
    tomogram = place.entity
    assert isinstance(tomogram, Tomogram)
    holder = place.parent
    named = [*referred(place, "tilt_series_id", placement)]
    if not named and holder is not None:
        named = [*referred(holder, "tilt_series_id", placement)]
    sides, size = _side(tomogram), _sampling(tomogram)
    if len(sides) < 2 or size is None:
        return
    for series in named:
        assert isinstance(series.entity, TiltSeriesMicrographStack)
        image = next(
            (
                one
                for one in (*series.entity.micrographs, series.entity)
                if len(_side(one, _SIDES[:2])) == 2 and _sampling(one)
            ),
            None,
        )
        if image is None:
            continue
        pixel = _sampling(image) or 1.0
        of_image, own = _largest_two(_side(image, _SIDES[:2])), _largest_two(sides)
        binnings = [a / b for a, b in zip(of_image, own, strict=True)]
        ratio = size / pixel
        binned = all(_is_integer(one) and one > 0.97 for one in binnings) and _near(
            binnings[0] / binnings[1], _INTEGER
        )
        views = [ratio / one for one in binnings]
        unbinned = _near(binnings[0], _INTEGER) and _is_integer(ratio)  # bigger voxels, as many: made up
        if unbinned or all(_near(view, _SAME_VIEW) for view in views):
            continue
        if (binned and views[0] < 1) or all(view > _WIDER for view in views):
            own_view, view = [side * size for side in own], [side * pixel for side in of_image]
            yield Fault(
                _stated_sampling(tomogram),
                found=size,
                expected=f"{pixel * binnings[0]:.6g} Å, by the field of view of the tilt images",
                message=f"the tomogram shows {_view(own_view)}, and its tilt images {_view(view)}: its voxel "
                "size is of another binning",
            )
            return


def _view(sides: Sequence[float]) -> str:
    return " × ".join(f"{side:.5g}" for side in sides) + " Å"


@check("sampling-coherent", MovieStackCollection)
def gain_has_the_size_of_movies(place: Place, placement: Placement) -> Iterator[Fault]:
    """Gain and defect files have the sides of the movies, in that order, or both by one whole factor."""
    collection = place.entity
    assert isinstance(collection, MovieStackCollection)
    movies = (movie for series in collection.movie_stack_series for movie in series.movie_stacks)
    frames = (one for movie in movies for one in (*movie.frames, movie))
    sides = next((found for one in frames if len(found := _side(one, _SIDES[:2])) == 2), None)
    for file in (collection.gain_file, collection.defect_file):
        own = [] if file is None else _side(file, _SIDES[:2])
        if file is None or sides is None or len(own) < 2 or own == sides:
            continue
        turned = own == sides[::-1]
        factors = [a / b for a, b in zip(own, sides, strict=True)]
        if turned and _is_transformed(file):
            continue
        if not turned and _is_integer(factors[0]) and _near(factors[0] / factors[1], _INTEGER):
            continue
        field = "width" if own[0] != sides[0] else "height"
        yield Fault(
            field,
            found=f"{own[0]} × {own[1]}",
            expected=f"{sides[0]} × {sides[1]}, the size of the movies",
            message="width and height of this {kind} are swapped beside those of the movies"
            if turned
            else "this {kind} has another size than the movies",
            entity=file,
        )


def _is_transformed(file: GainFile | DefectFile) -> bool:
    return bool(file.transformations or file.coordinate_transformations)


@check("sampling-coherent", Raster2D, Raster3D)
def one_sampling_each(place: Place, placement: Placement) -> Iterator[Fault]:
    """A pixel or voxel size agrees with the Scale from array to space on the same object."""
    entity = place.entity
    values = entity.__dict__
    if not values["coordinate_transformations"] or not any(values.get(field) for field in _SIZES):
        return
    size = _sampling(entity)
    scales = [scale for one in values["coordinate_transformations"] for scale in _scales(one, entity)]
    if size is None or not scales:
        return
    if not any(
        _near(scale / size, _SAME_SAMPLING) or _near(scale * size, _SAME_SAMPLING) for scale in scales
    ):
        field = _stated_sampling(entity)
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
    if (
        target is None
        or not isinstance(target.entity, Tomogram)
        or mask.__dict__["coordinate_transformations"]
    ):
        return
    own, theirs = _sampling(mask), _sampling(target.entity)
    if own is None or theirs is None or len(_side(mask)) < 3 or len(_side(target.entity)) < 3:
        return
    views = [[side * own for side in _side(mask)], [side * theirs for side in _side(target.entity)]]
    if not all(_near(a / b, _SAME_VIEW) for a, b in zip(*views, strict=True)):
        yield Fault(
            _stated_sampling(mask),
            found=own,
            expected=f"a size that covers {_view(views[1])}",
            message=f"the mask covers {_view(views[0])}, and its tomogram {_view(views[1])}",
        )


@check("fitmap-placed", FitMap)
def map_is_placed(place: Place, placement: Placement) -> Iterator[Fault]:
    """A map is moved, not mirrored, to a position inside its tomogram."""
    fitted = place.entity
    assert isinstance(fitted, FitMap)
    transformation = fitted.transformation
    matrix = None if transformation is None else transformation.matrix
    if transformation is not None and matrix is not None:
        linear = [row[:3] for row in matrix[:3]]
        if len(matrix) not in (3, 4) or {len(row) for row in matrix} != {len(matrix)}:
            return
        if _determinant(linear) < 0 and transformation.transformation_type != "rotation":
            yield Fault(
                "matrix",
                found=f"determinant {_determinant(linear):.3g}",
                expected="determinant +1: a rotation and a shift",
                message="the matrix mirrors the map, which no placement of a molecule does",
                entity=transformation,
            )
        if len(matrix) == 3 and fitted.center is None and not _is_shifted(transformation):
            yield Fault(
                "matrix",
                found="3×3",
                expected="4×4, with the position in the last column, or a centre",
                message="the matrix turns the map, and nothing says where it is in the tomogram",
                entity=transformation,
            )
    yield from _outside(place, placement, fitted)


def _outside(place: Place, placement: Placement, fitted: FitMap) -> Iterator[Fault]:
    """A position that is far outside the tomogram, whatever its unit and origin are."""
    target = placement.about(place)
    if target is None or not isinstance(target.entity, Tomogram):
        return
    sides, size = _side(target.entity), _sampling(target.entity)
    if len(sides) < 3 or size is None:
        return
    transformation = fitted.transformation
    matrix = None if transformation is None else transformation.matrix
    positions: list[tuple[Entity | None, str | None, list[float]]] = []
    if isinstance(fitted.center, Coordinates):
        center = fitted.center
        positions.append(
            (center, None, [value for value in (center.x, center.y, center.z) if value is not None])
        )
    if matrix is not None and len(matrix) == 4 and all(len(row) == 4 for row in matrix):
        positions.append((transformation, "matrix", [row[3] for row in matrix[:3]]))
    for entity, field, position in positions:
        limits = [_FAR * side * max(size, 1.0) for side in sides]
        if len(position) == 3 and any(abs(a) > b for a, b in zip(position, limits, strict=True)):
            yield Fault(
                field,
                found="(" + ", ".join(f"{value:.6g}" for value in position) + ")",
                expected=f"inside the tomogram of {_view([side * size for side in sides])}",
                message="the map is placed far outside its tomogram",
                entity=entity,
            )


def _is_shifted(transformation: Transformation) -> bool:
    steps = (transformation, *transformation.sequence)
    return any(step.translation or (step.matrix and len(step.matrix) == 4) for step in steps)


def _determinant(m: Sequence[Sequence[float]]) -> float:
    return (
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    )
