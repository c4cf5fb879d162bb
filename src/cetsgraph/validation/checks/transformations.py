"""Checks on matrices, scales and translations.

Conventions: column vectors, r' = A r; a matrix is homogeneous where it has one row more than its object has
dimensions (whitepaper "Software Standards in Electron Tomography", May 2024).
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from cetsgraph.findings import Severity
from cetsgraph.graph.matrices import product
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import (
    CuboidSet,
    Entity,
    FitMap,
    Matrix,
    PointSet,
    ProjectionAlignment,
    SubTomogramSet,
    Transformation,
)
from cetsgraph.validation.checks.dimensions import dimension_of, in_context
from cetsgraph.validation.checks.matrices import determinant
from cetsgraph.validation.checks.registry import Fault, check

__all__ = [
    "matrix_does_what_it_is_called",
    "matrix_fits",
    "matrix_is_affine",
    "numbers_are_given",
    "particles_turn_alike",
    "rotation_is_orthonormal",
    "rotations_are_orthonormal",
    "rotations_fit",
    "scale_fits",
    "steps_have_one_dimension",
    "translation_fits",
    "translation_says_nothing",
]

_ORTHONORMAL = 1e-3  # what angles and matrices written with three decimals still meet
_LAST_ROW = 1e-6
_SINGULAR = (
    1e-9  # of a determinant whose columns and rows are scaled to 1, so that units and shifts do not count
)

_SIZES: dict[int | None, tuple[int, ...]] = {2: (2, 3, 4), 3: (3, 4), None: (2, 3, 4)}


@check("matrix-shape", Transformation, given="matrix")
def matrix_fits(place: Place, placement: Placement) -> Iterator[Fault]:
    """A matrix is square and of a size that its object can have."""
    matrix = _matrix(place.entity)
    if matrix is None:
        return
    size = _size(matrix)
    allowed = _SIZES.get(in_context(place), _SIZES[None])
    if size not in allowed:
        expected = " or ".join(f"{count}×{count}" for count in allowed)
        yield Fault("matrix", found=_shape(matrix), expected=expected)


@check("matrix-shape", Transformation, ProjectionAlignment, given="sequence")
def steps_have_one_dimension(place: Place, placement: Placement) -> Iterator[Fault]:
    """No step of a sequence turns a plane where another moves or scales in space."""
    steps: list[Transformation] = place.entity.__dict__["sequence"]
    spatial = any(len(step.translation or step.scale or ()) == 3 for step in steps)
    for step in steps if spatial else ():
        if step.matrix is not None and _size(step.matrix) == 2:
            expected = "3×3 or 4×4, as the other steps are in space"
            yield Fault("matrix", found="2×2", expected=expected, entity=step)


@check("matrix-shape", Transformation, profile="best-practice", given="matrix")
def translation_says_nothing(place: Place, placement: Placement) -> Iterator[Fault]:
    """A 2×2 matrix that is called a translation shifts nothing."""
    entity = place.entity
    matrix = _matrix(entity)
    if matrix is not None and _size(matrix) == 2 and entity.__dict__["transformation_type"] == "translation":
        yield Fault(
            "matrix",
            found="2×2",
            expected="3×3 or 4×4, with the shift in the last column",
            message="a 2×2 matrix that is called a translation holds no shift",
            severity=Severity.INFO,
        )


@check("matrix-shape", PointSet, CuboidSet, FitMap, given="rotations")
def rotations_fit(place: Place, placement: Placement) -> Iterator[Fault]:
    """The rotations of 2D points are 2×2, of 3D points 3×3, all of one size."""
    rotations = place.entity.__dict__["rotations"] or ()
    size = dimension_of(place.entity)
    allowed = (2, 3) if size is None else (size,)
    wrong = [index for index, rotation in enumerate(rotations) if _size(rotation) not in allowed]
    if wrong:
        expected = " or ".join(f"{count}×{count}" for count in allowed)
        yield Fault("rotations", _shape(rotations[wrong[0]]), expected, _first_of(wrong), index=wrong[0])


@check("matrix-affine", Transformation, given="matrix")
def matrix_is_affine(place: Place, placement: Placement) -> Iterator[Fault]:
    """The last row of a homogeneous matrix is 0 … 0 1, and every matrix has an inverse."""
    matrix = _matrix(place.entity)
    size = None if matrix is None else _size(matrix)
    if matrix is None or size is None:
        return
    shifts = size == 3 and place.entity.__dict__["transformation_type"] == "translation"
    homogeneous = size == 4 or (size == 3 and (in_context(place) == 2 or (shifts and in_context(place) != 3)))
    last = [0.0] * (size - 1) + [1.0]
    if homogeneous and any(abs(a - b) > _LAST_ROW for a, b in zip(matrix[-1], last, strict=True)):
        yield Fault(
            "matrix",
            found=f"last row {_row(matrix[-1])}",
            expected=_row(last),
            message="the last row of a homogeneous matrix is not 0 … 0 1",
            hint=_transposed(matrix, last),
        )
    elif _is_singular([row[:-1] for row in matrix[:-1]] if homogeneous else matrix):
        yield Fault(
            "matrix",
            found=f"determinant {determinant(matrix):.3g}",
            expected="other than 0",
            message="this matrix has no inverse",
            hint="Copy the matrix again from the program that made it; a row or column is 0 or repeated.",
        )


def _transposed(matrix: Matrix, last: Sequence[float]) -> str | None:
    """What to write for a matrix that was made for row vectors."""
    columns = [[*column] for column in zip(*matrix, strict=True)]
    if any(abs(a - b) > _LAST_ROW for a, b in zip(columns[-1], last, strict=True)):
        return None
    return f"Transpose it, so that the shift is in the last column: {columns}."


@check("vector-length", Transformation)
def numbers_are_given(place: Place, placement: Placement) -> Iterator[Fault]:
    """A translation, scale, rotation or affine has the numbers of its type, or a matrix that holds them."""
    values = place.entity.__dict__
    kind = values["transformation_type"]
    field = _NUMBERS.get(kind)
    if field is None or place.field not in _BETWEEN_SYSTEMS or values["sequence"]:
        return
    if values[field] is not None or values["matrix"] is not None:
        return
    stated = next((name for name in ("translation", "scale", "map_axis") if values[name]), None)
    yield Fault(
        stated,
        found=f"a {stated}" if stated else "no numbers",
        expected=f"the numbers of this {kind}",
        message=f"what is called a {kind} gives no {kind}",
        hint=f"Write {stated} as its type, or give the numbers of a {kind}." if stated else None,
        severity=Severity.WARNING,
    )


_NUMBERS = {"translation": "translation", "scale": "scale", "rotation": "matrix", "affine": "matrix"}
"""Where the numbers of each type stand."""
_BETWEEN_SYSTEMS = ("coordinate_transformations", "sequence")
"""Fields of transformations that have no matrix unless they state one."""


@check("matrix-affine", Transformation, given="matrix")
def matrix_does_what_it_is_called(place: Place, placement: Placement) -> Iterator[Fault]:
    """What is called an identity changes nothing, a translation only shifts, a scale does not turn, and a
    flip mirrors."""
    matrix = _matrix(place.entity)
    size = None if matrix is None else _size(matrix)
    claim = _CLAIMS.get(place.entity.__dict__["transformation_type"])
    if matrix is None or size is None or claim is None or (claim.name == "translation" and size < 3):
        return
    count = size - 1 if claim.name == "translation" else _linear_size(size, place)
    linear = [row[:count] for row in matrix[:count]]
    shift = [row[-1] for row in matrix[:count]] if count < size else []
    if message := claim.broken(linear, shift):
        yield Fault(
            "matrix",
            found="; ".join(map(_row, linear)) + (f", shift {_row(shift)}" if any(shift) else ""),
            expected=claim.expected,
            hint=claim.hint,
            message=f"what is called {claim.article} {claim.name} {message}",
            severity=Severity.WARNING,
        )


class _Claim(NamedTuple):
    """What the type of a transformation says of its matrix: `broken` says what this does instead."""

    name: str
    article: str
    broken: Callable[[Matrix, Sequence[float]], str | None]
    expected: str
    hint: str


def _is_unit(linear: Matrix) -> bool:
    places = range(len(linear))
    return all(abs(linear[i][j] - (i == j)) <= _ORTHONORMAL for i in places for j in places)


def _turns(linear: Matrix) -> bool:
    places = range(len(linear))
    return any(abs(linear[i][j]) > _ORTHONORMAL for i in places for j in places if i != j)


def _no_flip(linear: Matrix, shift: Sequence[float]) -> str | None:
    if _is_unit(linear):
        return "changes nothing"
    return None if _is_unit(product(linear, linear)) else "turns or scales"


_CLAIMS = {
    claim.name: claim
    for claim in (
        _Claim(
            "identity",
            "an",
            lambda linear, shift: None if _is_unit(linear) and not any(shift) else "changes positions",
            "1 on the diagonal and 0 beside it, or the type that the matrix has",
            "Write affine as its type, or the type that the matrix has, if the matrix is right.",
        ),
        _Claim(
            "translation",
            "a",
            lambda linear, shift: None if _is_unit(linear) else "also turns or scales",
            "1 on the diagonal and 0 beside it, or the type affine",
            "Write 1 on the diagonal and 0 beside it, and keep the last column, or call it affine.",
        ),
        _Claim(
            "scale",
            "a",
            lambda linear, shift: "turns or shears" if _turns(linear) else None,
            "0 beside the diagonal, or the type affine",
            "Call it affine, if the matrix is right; otherwise write 0 beside the diagonal.",
        ),
        _Claim(
            "flip",
            "a",
            _no_flip,
            "-1 for each axis that is mirrored",
            "Write -1 on the diagonal for the axis that is mirrored, call it affine, or take it out.",
        ),
    )
}


@check("matrix-rotation", Transformation, given="matrix")
def rotation_is_orthonormal(place: Place, placement: Placement) -> Iterator[Fault]:
    """The linear part of what is called a rotation is one."""
    matrix = _matrix(place.entity)
    if matrix is None or place.entity.__dict__["transformation_type"] != "rotation":
        return
    size = _size(matrix)
    if size is None:
        return
    linear = _linear_size(size, place)
    wrong = _no_rotation([row[:linear] for row in matrix[:linear]])
    if wrong:
        yield Fault("matrix", found=wrong, expected="orthonormal rows, determinant +1")


@check("matrix-rotation", SubTomogramSet, given="sub_tomograms")
def particles_turn_alike(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where the matrices of nearly all particles of a set are rotations, all are."""
    parts = place.entity.__dict__["sub_tomograms"]
    steps = [one for part in parts for one in part.coordinate_transformations if _size(one.matrix or []) == 3]
    wrong = [(step, found) for step in steps if (found := _no_rotation(step.matrix or []))]
    for step, found in wrong if len(wrong) <= len(steps) // 10 else ():
        yield Fault("matrix", found=found, expected="a rotation, as of the other particles", entity=step)


@check("matrix-rotation", PointSet, CuboidSet, FitMap, given="rotations")
def rotations_are_orthonormal(place: Place, placement: Placement) -> Iterator[Fault]:
    """Each of many rotations is one."""
    wrong: list[int] = []
    found = None
    for index, rotation in enumerate(place.entity.__dict__["rotations"] or ()):
        size = _size(rotation)
        if size == 3 and _turns_in_space(rotation):
            continue
        if size in (2, 3) and (fault := _no_rotation(rotation)):
            found = found or fault
            wrong.append(index)
    if wrong:
        yield Fault("rotations", found, "orthonormal rows, determinant +1", _first_of(wrong), index=wrong[0])


@check("vector-length", Transformation, given="scale")
def scale_fits(place: Place, placement: Placement) -> Iterator[Fault]:
    """A scale has one number per axis; on an image, a third of 1 changes nothing."""
    return _misfit(place, "scale", 1.0)


@check("vector-length", Transformation, given="translation")
def translation_fits(place: Place, placement: Placement) -> Iterator[Fault]:
    """A translation has one number per axis; on an image, a third of 0 changes nothing."""
    return _misfit(place, "translation", 0.0)


def _misfit(place: Place, field: str, neutral: float) -> Iterator[Fault]:
    dimension = in_context(place)
    allowed = (2, 3) if dimension is None else (dimension,)
    numbers = place.entity.__dict__[field]
    if len(numbers) not in allowed:
        harmless = dimension == 2 and numbers[2:] == [neutral]
        yield Fault(
            field,
            found=f"{len(numbers)} numbers",
            expected=f"{' or '.join(map(str, allowed))} numbers",
            message=f"the third number of an image is {neutral:g}, which changes nothing"
            if harmless
            else None,
            severity=Severity.INFO if harmless else None,
        )


def _linear_size(size: int, place: Place) -> int:
    """Rows of the part of a matrix that turns and scales, without the shift of a homogeneous one."""
    return size - 1 if size == 4 or (size == 3 and in_context(place) == 2) else size


def _matrix(entity: Entity) -> Matrix | None:
    matrix: Matrix | None = entity.__dict__["matrix"]
    return matrix


def _size(matrix: Sequence[Sequence[float]]) -> int | None:
    """Rows of a square matrix of 1 to 4; None for any other."""
    size = len(matrix)
    return size if size in (1, 2, 3, 4) and {size} == set(map(len, matrix)) else None


def _shape(matrix: Sequence[Sequence[float]]) -> str:
    lengths = sorted({len(row) for row in matrix})
    if len(lengths) > 1:
        return f"{len(matrix)} rows of {lengths[0]} to {lengths[-1]} numbers"
    return f"{len(matrix)}×{lengths[0] if lengths else 0}"


def _first_of(wrong: Sequence[int]) -> str:
    """The first of the matrices that are wrong, and how many others are."""
    others = f", nor are {len(wrong) - 1} others" if len(wrong) > 1 else ""
    return f"matrix {wrong[0]} is no rotation of these points{others}"


def _turns_in_space(rotation: Sequence[Sequence[float]]) -> bool:
    """Whether a 3×3 matrix is well within the tolerance: what nearly all of a million are."""
    (a, b, c), (d, e, f), (g, h, i) = rotation
    return (
        -_ORTHONORMAL < a * a + b * b + c * c - 1 < _ORTHONORMAL
        and -_ORTHONORMAL < d * d + e * e + f * f - 1 < _ORTHONORMAL
        and -_ORTHONORMAL < g * g + h * h + i * i - 1 < _ORTHONORMAL
        and -_ORTHONORMAL < a * d + b * e + c * f < _ORTHONORMAL
        and -_ORTHONORMAL < a * g + b * h + c * i < _ORTHONORMAL
        and -_ORTHONORMAL < d * g + e * h + f * i < _ORTHONORMAL
        and a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g) > 0
    )


def _no_rotation(rows: Sequence[Sequence[float]]) -> str | None:
    """Why a square matrix is no rotation, or None if it is one."""
    for i, row in enumerate(rows):
        length = math.hypot(*row)
        if not abs(length - 1) <= _ORTHONORMAL:
            return f"row {i} of length {length:.6g}"
        for j in range(i):
            product = sum(a * b for a, b in zip(row, rows[j], strict=True))
            if not abs(product) <= _ORTHONORMAL:
                return f"rows {j} and {i} not at right angles ({product:.6g})"
    product_of_axes = determinant(rows)
    # Orthonormal within the tolerance, the determinant is +1 or −1 within a few times of it.
    return None if product_of_axes > 0 else f"determinant {product_of_axes:.6g}"


def _is_singular(matrix: Sequence[Sequence[float]]) -> bool:
    """Whether a matrix has no inverse, in any units of its columns and rows; most turn, and have one."""
    if len(matrix) == 3 and _turns_in_space(matrix):
        return False
    columns = _scaled(list(zip(*matrix, strict=True)))
    rows = None if columns is None else _scaled(list(zip(*columns, strict=True)))
    return rows is None or abs(determinant(rows)) < _SINGULAR


def _scaled(vectors: Sequence[Sequence[float]]) -> list[list[float]] | None:
    """Each vector with its largest number made 1; None if one is all zero."""
    scaled = []
    for vector in vectors:
        largest = max(map(abs, vector))
        if largest == 0:
            return None
        scaled.append([value / largest for value in vector])
    return scaled


def _row(numbers: Sequence[float]) -> str:
    return " ".join(f"{number:.6g}" for number in numbers)
