"""Where a map stands in a tomogram, in dialect A: one matrix and a centre, made of what dialect B has."""

from collections.abc import Sequence
from typing import Any

from cetsgraph.documents.dialects.mapping import WriteSession
from cetsgraph.graph.fitted_maps import CENTRE, placement_matrices, placing_transformations
from cetsgraph.graph.matrices import IDENTITY, Matrix, matrix_of, shift
from cetsgraph.model import Coordinates, Entity, FitMap, Transformation

__all__ = ["placed", "with_matrix"]


def placed(found: FitMap) -> FitMap:
    """The map with one matrix and a centre of its own, where these are told by other fields.

    The centre is the one that is stated, else where the matrix takes the map's centre.
    """
    matrices = placement_matrices(found)
    if len(matrices) != 1 or (found.transformation is not None and not found.rotations):
        return found
    (matrix,) = matrices
    placing = placing_transformations(found)
    centres = [one for one in found.coordinate_transformations if one.name == CENTRE]
    updates: dict[str, Any] = {"rotations": None}
    if placing or found.rotations:
        updates["transformation"] = Transformation(transformation_type=_kind(matrix), matrix=matrix)
    if found.center is None and (centres or any(shift(matrix))):
        stated = [one.translation for one in centres if len(one.translation or ()) == 3]
        updates["center"] = _coordinates(stated[0] or () if stated else shift(matrix))
    used = {id(one) for one in (*placing, *centres)}
    frames = {one.output for one in (*placing, *centres)}
    updates["coordinate_transformations"] = [
        one for one in found.coordinate_transformations if id(one) not in used
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
    still = [row[:3] for row in matrix] == [row[:3] for row in IDENTITY]
    return "translation" if still and any(shift(matrix)) else "affine"
