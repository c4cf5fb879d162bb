"""Checks on where fitted maps are placed in their tomograms."""

import math
from collections.abc import Iterator, Sequence
from operator import mul

from cetsgraph.graph.extent import numbers_of
from cetsgraph.graph.fitted_maps import CENTRE, placement_matrices, placing_transformations
from cetsgraph.graph.matrices import shift
from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.model import Coordinates, Entity, FitMap, Tomogram, Transformation
from cetsgraph.validation.checks.matrices import determinant
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.surroundings import annotated_volume, limits_along
from cetsgraph.validation.checks.views import in_angstrom, near, numbers_as_text, sampling, sides

__all__ = ["centre_is_where_the_matrix_leads", "map_is_inside", "map_is_placed"]

_FAR = 1.5  # times the size of the tomogram
_SCALE = 0.03  # of a factor
_ORTHOGONAL = 0.02


@check("fitmap-placed", FitMap)
def map_is_placed(place: PlaceOf[FitMap], placement: Placement) -> Iterator[Fault]:
    """A map is turned and moved, not mirrored, sheared or stretched."""
    fitted = place.entity
    for transformation in _placing(fitted):
        matrix = transformation.matrix
        if matrix is None or not _is_spatial(matrix):
            continue
        fault = None
        if transformation.transformation_type != "rotation":  # of which `matrix-rotation` asks
            fault = _of_linear_part([row[:3] for row in matrix[:3]], fitted, placement.about(place))
        if fault is None and len(matrix) == 3 and not _has_position(fitted):
            fault = _NO_POSITION
        if fault is not None:
            yield Fault("matrix", fault[1], fault[2], message=fault[0], entity=transformation)


_NO_POSITION = (
    "the matrix turns the map, and nothing says where it is in the tomogram",
    "3×3",
    "4×4, with the position in the last column, or a centre",
)


def _placing(fitted: FitMap) -> list[Transformation]:
    """The transformations that take a map into its tomogram."""
    return placing_transformations(fitted) if fitted.transformation is None else [fitted.transformation]


def _has_position(fitted: FitMap) -> bool:
    """Whether a centre or a shift says where a map is."""
    centred = any(one.name == CENTRE for one in fitted.coordinate_transformations)
    return fitted.center is not None or centred or any(map(_is_shifted, _placing(fitted)))


def _of_linear_part(
    linear: Sequence[Sequence[float]], fitted: FitMap, target: Place | None
) -> tuple[str, str, str] | None:
    """What is wrong with the part of a matrix that turns: message, found, expected."""
    if (product := determinant(linear)) < 0:
        message = "the matrix mirrors the map, which no placement of a molecule does"
        return message, f"determinant {product:.3g}", "determinant +1: a rotation and a shift"
    columns = [*zip(*linear, strict=True)]
    lengths = [math.hypot(*column) for column in columns]
    if min(lengths) == 0:
        return None  # which has no inverse: `matrix-affine`
    units = [[number / max(lengths) for number in column] for column in columns]
    pairs = zip(units, (*units[1:], units[0]), strict=True)
    slant = max(abs(sum(map(mul, *pair))) for pair in pairs)
    if slant > _ORTHOGONAL or not near(max(lengths) / min(lengths), _SCALE):
        found = "columns of length " + ", ".join(f"{length:.3g}" for length in lengths)
        return "the matrix shears or stretches the map", found, "a rotation and a shift"
    if not any(near(lengths[0] / factor, _SCALE) for factor in _scales(fitted, target)):
        return f"the matrix scales the map by {lengths[0]:.4g}", f"{lengths[0]:.4g}", "a rotation and a shift"
    return None


def _scales(fitted: FitMap, target: Place | None) -> Iterator[float]:
    """Factors that a placement may have: 1, and those from voxels of the map to Å or to other voxels."""
    own = sampling(fitted)
    theirs = None if target is None else sampling(target.entity)
    yield 1.0
    if own is None and fitted.unit not in ("angstrom", "nanometre"):
        return  # a map of unknown voxels
    for size in (own, None if own is None or theirs is None else own / theirs):
        if size is not None:
            yield from (size, size / 10, 1 / size)


@check("fitmap-placed", FitMap)
def map_is_inside(place: PlaceOf[FitMap], placement: Placement) -> Iterator[Fault]:
    """A map is placed inside its tomogram, or not far outside where unit and origin are unknown."""
    fitted, tomogram = place.entity, annotated_volume(place, placement)
    if not isinstance(tomogram, Tomogram):
        return
    for entity, field, position in _positions(fitted):
        if not _is_inside(position, fitted, tomogram):
            size = sampling(tomogram) or 1.0
            yield Fault(
                field,
                found=numbers_as_text(position),
                expected=f"inside the tomogram of {in_angstrom([side * size for side in sides(tomogram)])}",
                hint=_ALL_NUMBERS,
                message="the map is placed outside its tomogram",
                entity=entity,
            )


@check("fitmap-placed", FitMap, given="center")
def centre_is_where_the_matrix_leads(place: Place, placement: Placement) -> Iterator[Fault]:
    """Centre and matrix do not place a map by the same numbers in another order, with other signs or unit."""
    center, transformation = place.entity.__dict__["center"], place.entity.__dict__["transformation"]
    matrix = None if transformation is None else transformation.matrix
    if matrix is None or len(matrix) != 4 or not _is_spatial(matrix):
        return
    one, other = numbers_of(center), shift(matrix)
    if len(one) != len(other) or _are_alike(one, other) or not any(one) or not any(other):
        return
    how = None
    if _are_alike(sorted(map(abs, one)), sorted(map(abs, other))):
        how = "in another order or with another sign"
    elif any(_are_alike([factor * number for number in one], other) for factor in (10.0, 0.1)):
        how = "in another unit"
    if how is not None:
        yield Fault(
            None,
            found=numbers_as_text(one),
            expected=f"{numbers_as_text(other)}, as the last column of the matrix has",
            message=f"the centre has the numbers of the matrix {how}",
            hint="Write both alike: x, y, z in the unit of the annotation.",
            entity=center,
        )


def _are_alike(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(abs(a - b) <= _SAME * max(1.0, abs(a)) for a, b in zip(one, other, strict=True))


_SAME = 0.01  # of a position
_ALL_NUMBERS = (
    "Correct the position, in the unit and from the origin of the annotation; look also at the voxel size "
    "and the sides of the tomogram."
)


def _positions(fitted: FitMap) -> Iterator[tuple[Entity, str | None, list[float]]]:
    """Where a map is placed, by its centre and by its matrix."""
    center, transformation = fitted.center, fitted.transformation
    if isinstance(center, Coordinates):
        position = [value for value in (center.x, center.y, center.z) if value is not None]
        if len(position) == 3:
            yield center, None, position
    if transformation is None:
        placing = placing_transformations(fitted)
        for matrix in placement_matrices(fitted) if placing else ():
            yield placing[-1], "matrix" if placing[-1].translation is None else "translation", shift(matrix)
    elif (stated := transformation.matrix) is not None and len(stated) == 4 and _is_spatial(stated):
        yield transformation, "matrix", shift(stated)


def _is_inside(position: Sequence[float], fitted: FitMap, tomogram: Tomogram) -> bool:
    """Whether a position is in the tomogram, or by less than the size of the map beside it."""
    lengths, size = sides(tomogram), sampling(tomogram)
    if len(lengths) < 3 or size is None:
        return True
    own = [side * (sampling(fitted) or size) for side in sides(fitted)]
    margin = math.hypot(*own) if own else max(lengths) * size
    for axis, value in enumerate(position):
        far = _FAR * lengths[axis] * max(size, 1.0)
        centred = limits_along(fitted, tomogram, axis, margin, fitted.origin or "centre")
        cornered = limits_along(fitted, tomogram, axis, margin, fitted.origin or "corner")
        low, high = (-far, far) if centred is None or cornered is None else (centred[0], cornered[1])
        if not low <= value <= high:
            return False
    return True


def _is_spatial(matrix: Sequence[Sequence[float]]) -> bool:
    """Whether a matrix is 3×3 or 4×4."""
    return len(matrix) in (3, 4) and {len(row) for row in matrix} == {len(matrix)}


def _is_shifted(transformation: Transformation) -> bool:
    steps = (transformation, *transformation.sequence)
    return any(step.translation or (step.matrix and len(step.matrix) == 4) for step in steps)
