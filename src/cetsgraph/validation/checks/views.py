"""What an image or volume shows: its sides in pixels, the size of a pixel, and the field of view of both."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cetsgraph.graph.axes import columns_of
from cetsgraph.model import Axis, DefectFile, Entity, GainFile, Transformation

__all__ = [
    "SAME_VIEW",
    "SIDES",
    "FieldOfView",
    "axes_by_system",
    "in_angstrom",
    "is_applicable",
    "is_cut_out",
    "is_integer",
    "is_of_another_binning",
    "is_rebinned",
    "near",
    "numbers_as_text",
    "sampling",
    "samplings",
    "scales_of",
    "sides",
    "stated_sampling",
    "view_of",
]

SIDES = ("width", "height", "depth")
"""Fields with the sides of an image or volume, along X, Y and Z."""
_AXES = {
    **{"voxel_size": 0, "voxel_size_x": 0, "voxel_size_y": 1, "voxel_size_z": 2},
    **{"pixel_size": 0, "pixel_size_x": 0, "pixel_size_y": 1},
}
"""Fields with the size of a voxel or pixel, and the axis along which it is compared."""
_SAMPLINGS = ("voxel_size", "voxel_size_x", "pixel_size", "pixel_size_x")
_SMALLEST, _LARGEST = 1e-9, 1e9  # Å: beyond any pixel
_LIKELY = (0.3, 60.0)  # Å per pixel of an image
_INTEGER = 0.03  # of a factor of binning
_EXACT = 0.003  # of a factor between voxel sizes
_LARGE = 9.0  # binnings from which any number is near a whole one
_PADDED = 1.9  # times the field of view: from there on a volume may be padded
_WIDER = 6.0  # times the field of view: beyond any padding
_ANGSTROM_PER_UNIT = {None: 1.0, "angstrom": 1.0, "nanometre": 10.0, "nanometer": 10.0}
SAME_VIEW = 0.1
"""Part of a field of view by which two of the same may differ."""


@dataclass(frozen=True, slots=True)
class FieldOfView:
    """A field of view: the longer and the shorter side in pixels, and Å per pixel."""

    pixels: tuple[int, int]
    sampling: float

    @property
    def angstrom(self) -> list[float]:
        """Both sides in Å."""
        return [side * self.sampling for side in self.pixels]

    def __str__(self) -> str:
        return in_angstrom(self.angstrom)

    def is_likely(self) -> bool:
        """Whether images have pixels of this size; else `pixel-size-range` asks."""
        return _LIKELY[0] <= self.sampling <= _LIKELY[1]

    def is_like(self, other: "FieldOfView", tolerance: float) -> bool:
        """Whether both show as much, upright or turned by 90°."""
        return all(near(a / b, tolerance) for a, b in zip(self.angstrom, other.angstrom, strict=True))


def sides(entity: Entity, count: int = 3) -> list[int]:
    """The first of width, height and depth that are stated, in pixels."""
    values = entity.__dict__
    return [side for name in SIDES[:count] if (side := values.get(name)) and side > 0]


def sampling(entity: Entity) -> float | None:
    """Size of a pixel or voxel in Å: the one for all axes, else that along X."""
    values = entity.__dict__
    found = next((values[field] for field in _SAMPLINGS if values.get(field)), None)
    return found if found is not None and _SMALLEST < found < _LARGEST else None


def stated_sampling(entity: Entity) -> str:
    """The field that says it."""
    values = entity.__dict__
    return next(field for field in _SAMPLINGS if values.get(field))


def samplings(entity: Entity) -> Iterator[tuple[int, str, float]]:
    """Sizes of a pixel or voxel in Å, each with its axis and field: one for all axes, or one along each."""
    values = entity.__dict__
    for field, axis in _AXES.items():
        if (size := values.get(field)) and _SMALLEST < size < _LARGEST:
            yield axis, field, size


def view_of(entities: Iterable[Entity], count: int = 2) -> FieldOfView | None:
    """The field of view of the first object that states its sides and sampling.

    A volume is thinnest along the beam and may be turned, so its two longest sides count.
    """
    for entity in entities:
        own = sides(entity, count)
        if len(own) >= 2 and (size := sampling(entity)) is not None:
            shorter, longer = sorted(own)[-2:]
            return FieldOfView((longer, shorter), size)
    return None


def is_of_another_binning(tomogram: FieldOfView, image: FieldOfView) -> bool:
    """Whether a volume has the sides of one binning of its images and the voxels of another.

    One that was cut out shows less, and one that was padded a little more.
    """
    binnings = [a / b for a, b in zip(image.pixels, tomogram.pixels, strict=True)]
    views = [a / b for a, b in zip(tomogram.angstrom, image.angstrom, strict=True)]
    if tomogram.is_like(image, SAME_VIEW):
        return False
    alike = near(binnings[0] / binnings[1], _INTEGER)
    wrong = binnings[0] * image.sampling / tomogram.sampling  # by which the voxels are too short
    exact = wrong > 1.5 and near(wrong / round(wrong), _EXACT)
    whole = max(binnings) < _LARGE and all(is_integer(one) and one > 1 - _INTEGER for one in binnings)
    binned = alike and (exact or whole)
    return (binned and views[0] < _PADDED) or all(view > _WIDER for view in views)


def is_cut_out(image: FieldOfView, movie: FieldOfView) -> bool:
    """Whether an image has the pixels of its movie, or binned ones, and shows less along one side alone."""
    binning = image.sampling / movie.sampling
    views = [a / b for a, b in zip(image.angstrom, movie.angstrom, strict=True)]
    narrow = views[0] < 1 - SAME_VIEW and near(views[1], SAME_VIEW)
    return narrow and binning > 1 - _INTEGER and near(binning / round(binning), _EXACT)


def is_rebinned(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether all sides differ, by about one factor.

    >>> is_rebinned([256, 360, 125], [512, 720, 250]), is_rebinned([511, 720, 250], [512, 720, 250])
    (True, False)
    """
    factors = [a / b for a, b in zip(one, other, strict=True)]
    return not near(factors[0], _INTEGER) and all(near(factor / factors[0], _INTEGER) for factor in factors)


def in_angstrom(lengths: Sequence[float]) -> str:
    """Lengths of sides as text.

    >>> in_angstrom([5529.6, 7776.0])
    '5529.6 × 7776 Å'
    """
    return " × ".join(f"{length:.5g}" for length in lengths) + " Å"


def numbers_as_text(numbers: Sequence[float]) -> str:
    """A position as text.

    >>> numbers_as_text([1.0, 2.5]), numbers_as_text([])
    ('(1, 2.5)', 'nothing')
    """
    return "(" + ", ".join(f"{number:.6g}" for number in numbers) + ")" if numbers else "nothing"


def near(ratio: float, tolerance: float) -> bool:
    """Whether a ratio is 1, within the tolerance."""
    return abs(ratio - 1) <= tolerance


def is_integer(factor: float) -> bool:
    """Whether a factor is a whole number, or one divided by a whole number.

    >>> is_integer(4.05), is_integer(0.25), is_integer(1.4)
    (True, True, False)
    """
    factor = factor if factor >= 1 else 1 / factor
    return near(factor / round(factor), _INTEGER)


def axes_by_system(entity: Entity) -> dict[str | None, list[Axis]]:
    """The axes of an object's coordinate systems, by the names of these."""
    return {system.name: system.axes for system in entity.__dict__["coordinate_systems"]}


def scales_of(transformation: Transformation, entity: Entity) -> Iterator[list[float]]:
    """Å per element that a Scale into space states, along X, Y and Z."""
    steps = transformation.sequence or [transformation]
    scales = [step.scale for step in steps if step.scale]
    if len(scales) != 1 or any(step.matrix for step in steps):
        return
    axes = axes_by_system(entity).get(transformation.output, ())
    units = {axis.axis_unit for axis in axes} or {None}
    if len(units) != 1 or any(axis.axis_type == "array" for axis in axes):
        return
    factor = _ANGSTROM_PER_UNIT.get(units.pop())
    if factor is not None and min(scales[0]) > 0:
        order = columns_of(axis.name for axis in axes) or range(len(scales[0]))
        yield [scales[0][column] * factor for column in order if column < len(scales[0])]


def is_applicable(file: GainFile | DefectFile, own: list[int], movies: list[int]) -> bool:
    """Whether a reference can be applied to movies: as it is, binned, or turned where it says so."""
    if own == movies[::-1] and own != movies:
        return any(_turns(one) for one in (*file.transformations, *file.coordinate_transformations))
    larger, smaller = max(own, movies), min(own, movies)
    factors = [a / b for a, b in zip(larger, smaller, strict=True)]
    binning = round(factors[0])
    return all(near(factor / binning, _EXACT if binning > 1 else 0) for factor in factors)


def _turns(transformation: Transformation) -> bool:
    """Whether axes change places; an unknown matrix may do that."""
    matrix = transformation.matrix
    steps = transformation.sequence
    if matrix is None:
        return any(map(_turns, steps)) if steps else transformation.scale is None
    return abs(matrix[0][0]) < 0.5
