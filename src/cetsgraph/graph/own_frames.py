"""Positions in a frame of their own, such as that of unbinned images: where a transformation takes them.

A set whose unit and origin are not those of its tomogram names the coordinate system of the tomogram that a
transformation leads to (cets-data-model: `annotation_to_tomogram`).
"""

from collections.abc import Sequence
from operator import mul

from cetsgraph.graph.axes import axes_named, counts_voxels
from cetsgraph.graph.matrices import Matrix, matrix_of
from cetsgraph.model import CoordinateSystem, Geometry, Raster3D, Transformation

__all__ = ["rows_in_tomogram"]

Rows = list[list[float]]
_UNITS = {None: "angstrom", "angstrom": "angstrom", "nanometre": "nanometre", "nanometer": "nanometre"}


def rows_in_tomogram(annotation: Geometry, rows: Rows, tomogram: Raster3D) -> tuple[str, str, Rows] | None:
    """Unit, origin and positions (N×3) in the tomogram, if exactly one transformation leads into it.

    It is not followed where unit or origin of the positions are stated, or those of the system that it leads
    to are not certain.
    """
    leading = [one for one in annotation.coordinate_transformations if one.transformation_type != "identity"]
    own = annotation.coordinate_systems
    if annotation.unit or annotation.origin or len(leading) != 1 or len(own) > 1:
        return None
    if own and (leading[0].input not in (None, own[0].name) or not _is_in_order(own[0])):
        return None
    system = next((one for one in tomogram.coordinate_systems if one.name == leading[0].output), None)
    frame = None if system is None or not _is_in_order(system) else _frame_of(system, tomogram)
    matrix = matrix_of(leading[0])
    if frame is None or matrix is None or any(len(row) != 3 for row in rows):
        return None
    return *frame, _moved(matrix, rows)


def _is_in_order(system: CoordinateSystem) -> bool:
    return axes_named(axis.name for axis in system.axes) == [0, 1, 2]


def _frame_of(system: CoordinateSystem, tomogram: Raster3D) -> tuple[str, str] | None:
    """Unit and origin of a coordinate system of a tomogram: its voxels, or space that is a Scale of them."""
    if counts_voxels(system):
        return "pixel", "corner"
    units = {axis.axis_unit for axis in system.axes}
    unit = _UNITS.get(units.pop()) if len(units) == 1 else None
    arrays = {one.name for one in tomogram.coordinate_systems if counts_voxels(one)}
    ways = [one for one in tomogram.coordinate_transformations if _joins(one, arrays, system.name)]
    scaled = len(ways) == 1 and ways[0].scale is not None and not ways[0].sequence
    return (unit, "corner") if unit is not None and scaled else None


def _joins(transformation: Transformation, arrays: set[str | None], space: str | None) -> bool:
    ends = (transformation.input, transformation.output)
    return space in ends and not arrays.isdisjoint(ends)


def _moved(matrix: Matrix, rows: Sequence[Sequence[float]]) -> Rows:
    """Each position moved by the matrix."""
    return [[sum(map(mul, line[:3], row)) + line[3] for line in matrix[:3]] for row in rows]
