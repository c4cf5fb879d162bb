"""Where a map stands in a tomogram, in dialect A: one matrix and a centre, made of what dialect B has."""

from collections.abc import Sequence
from typing import Any

from cetsgraph.documents.dialects.mapping import WriteSession
from cetsgraph.model import Coordinates, Entity, FitMap, Transformation

__all__ = ["matrix_of", "placed", "with_matrix"]

PLACEMENT = "annotation_to_tomogram"
CENTRE = "center"
Matrix = list[list[float]]
_IDENTITY: Matrix = [[float(i == j) for j in range(4)] for i in range(4)]


def placed(found: FitMap) -> FitMap:
    """The map with its matrix and centre as fields of their own, where these are told by others.

    The matrix comes from the transformation called `annotation_to_tomogram`, else from the only rotation; the
    centre from the translation called `center`, else from the matrix, which takes the map's centre to it.
    """
    used: list[Transformation] = []
    updates: dict[str, Any] = {}
    by_name = {one.name: one for one in found.coordinate_transformations}
    placement, centre = by_name.get(PLACEMENT), by_name.get(CENTRE)
    matrix = None if placement is None else matrix_of(placement)
    if found.transformation is None and matrix is not None and placement is not None:
        updates["transformation"] = Transformation(transformation_type=_kind(matrix), matrix=matrix)
        used.append(placement)
    rotations = found.rotations or []
    if found.transformation is None and matrix is None and len(rotations) == 1 and len(rotations[0]) == 3:
        matrix = [[*row, 0.0] for row in rotations[0]] + [_IDENTITY[3]]
        updates["transformation"] = Transformation(transformation_type="rotation", matrix=matrix)
    if matrix is not None and len(rotations) == 1 and rotations[0] == [row[:3] for row in matrix[:3]]:
        updates["rotations"] = None
    if found.center is None and centre is not None and len(centre.translation or ()) == 3:
        updates["center"] = _coordinates(centre.translation or ())
        used.append(centre)
    elif found.center is None and placement is not None and matrix is not None:
        updates["center"] = _coordinates([row[3] for row in matrix[:3]])
    if not updates:
        return found
    frames = {one.output for one in used}
    updates["coordinate_transformations"] = [
        one for one in found.coordinate_transformations if all(one is not other for other in used)
    ]
    updates["coordinate_systems"] = [one for one in found.coordinate_systems if one.name not in frames]
    return found.model_copy(update=updates)


def with_matrix(writing: WriteSession, entity: Entity, values: dict[str, Any], pointer: str) -> None:
    """Tell a transformation by the one matrix that the dialect has, where it has another form."""
    assert isinstance(entity, Transformation)
    others = ("translation", "scale", "sequence")
    if entity.matrix is not None or all(values[name] in (None, []) for name in others):
        return
    if (matrix := matrix_of(entity)) is not None:
        values.update(matrix=matrix, translation=None, scale=None, sequence=[])
        if entity.transformation_type == "sequence":
            values["transformation_type"] = "affine"


def _coordinates(numbers: Sequence[float]) -> Coordinates:
    x, y, z = numbers
    return Coordinates(x=x, y=y, z=z)


def _kind(matrix: Matrix) -> Any:
    linear = [row[:3] for row in matrix[:3]]
    still = linear == [row[:3] for row in _IDENTITY[:3]]
    return "translation" if still and any(row[3] for row in matrix[:3]) else "affine"


def matrix_of(found: Transformation) -> Matrix | None:
    """The 4×4 matrix of a transformation of three dimensions; None if it has none."""
    if found.transformation_type == "sequence":
        whole: Matrix | None = _IDENTITY
        for step in found.sequence:
            made = matrix_of(step)
            whole = None if made is None or whole is None else _product(made, whole)
        return whole
    if found.transformation_type == "identity" and found.matrix is None:
        return _IDENTITY
    if found.matrix is not None and {len(row) for row in found.matrix} == {len(found.matrix)}:
        return _homogeneous(found.matrix)
    if found.translation is not None and len(found.translation) == 3:
        return [[*row[:3], shift] for row, shift in zip(_IDENTITY, found.translation, strict=False)] + [
            _IDENTITY[3]
        ]
    if found.scale is not None and len(found.scale) == 3:
        factors = [*found.scale, 1.0]
        return [[factor * float(i == j) for j in range(4)] for i, factor in enumerate(factors)]
    return None


def _homogeneous(matrix: Sequence[Sequence[float]]) -> Matrix | None:
    if len(matrix) == 4:
        return [list(row) for row in matrix]
    return [[*row, 0.0] for row in matrix] + [_IDENTITY[3]] if len(matrix) == 3 else None


def _product(left: Matrix, right: Matrix) -> Matrix:
    columns = list(zip(*right, strict=True))
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in left]
