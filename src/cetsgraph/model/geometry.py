"""Where things are: coordinates, coordinate systems and the transformations between them.

Conventions of the whitepaper "Software Standards in Electron Tomography" (May 2024): right-handed axes,
4×4 homogeneous matrices, column vectors, r' = A r.
"""

from typing import Literal

from pydantic import SerializeAsAny

from cetsgraph.model.base import DataObject, Entity, Matrix, Numbers, Reference, array, parts, reference, term

__all__ = [
    "Axis",
    "AxisMapping",
    "AxisType",
    "CoordinateOrigin",
    "CoordinateSystem",
    "CoordinateUnit",
    "Coordinates",
    "Transformation",
    "TransformationType",
]


CoordinateUnit = Literal["angstrom", "pixel", "nanometre"]
"""Unit in which positions are given."""


CoordinateOrigin = Literal["centre", "corner"]
"""Point from which positions are counted."""


AxisType = Literal["space", "array"]
"""Whether an axis counts array elements or measures space."""


TransformationType = Literal[
    "identity", "flip", "map_axis", "translation", "scale", "rotation", "affine", "sequence"
]
"""What kind of mapping a transformation is."""


class Coordinates(DataObject):
    """A position; two-dimensional where z is absent."""

    x: float | None = term("Position along the first axis, in the unit of the annotation.", required=True)
    y: float | None = term("Position along the second axis, in the unit of the annotation.", required=True)
    z: float | None = term("Position along the third axis, in the unit of the annotation.")


class Axis(DataObject):
    """One axis of a coordinate system."""

    axis_unit: str | None = term("Unit along the axis.")
    axis_type: AxisType | None = term("Whether the axis counts array elements or measures space.")


class CoordinateSystem(DataObject):
    """A named frame in which positions are given."""

    axes: list[Axis] = parts("Axes of the coordinate system, in order.", "axis")


class AxisMapping(Entity):
    """One pair of axes that a transformation identifies."""

    axis1_name: str | None = term("Name of the axis in the source coordinate system.")
    axis2_name: str | None = term("Name of the axis in the target coordinate system.")


class Transformation(DataObject):
    """A mapping from one coordinate system to another."""

    labels = ("coordinate transformation",)

    transformation_type: TransformationType | None = term(
        "What kind of mapping it is.", labels=("transform type",)
    )
    input: str | None = term("Name of the coordinate system that is mapped from.")
    output: str | None = term("Name of the coordinate system that is mapped to.")
    matrix: Matrix | None = array(
        "Matrix of the mapping, row by row, for column vectors; homogeneous where it has one row more than "
        "the object has dimensions.",
        labels=("affine", "trans_matrix"),
    )
    translation: Numbers | None = array("Shift along each axis, in units of the target coordinate system.")
    scale: Numbers | None = array("Factor along each axis, in target units per source unit.")
    map_axis: list[AxisMapping] = parts("Pairs of axes that are identified.", "axis-mapping")
    sequence: list[SerializeAsAny["Transformation"]] = parts(
        "Transformations applied one after the other, the first one first.", "step"
    )
    target_id: Reference | None = reference(
        "Object that the statement or transformation is about, if not its owner.", "DataObject"
    )
