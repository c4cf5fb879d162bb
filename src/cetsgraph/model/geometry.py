"""Where things are: coordinates, coordinate systems and the transformations between them.

Conventions of the whitepaper "Software Standards in Electron Tomography" (May 2024): right-handed axes,
4×4 homogeneous matrices, column vectors, r' = A r.
"""

from typing import Annotated, Literal

from pydantic import SerializeAsAny

from cetsgraph.model.base import (
    Entity,
    Matrix,
    Meanings,
    Numbers,
    Reference,
    array,
    parts,
    reference,
    term,
)
from cetsgraph.model.objects import DataObject

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


CoordinateUnit = Annotated[
    Literal["angstrom", "pixel", "nanometre"],
    Meanings(
        angstrom="Positions and lengths are in angstrom (1e-10 m).",
        pixel="Positions and lengths are in pixels or voxels of the annotated image.",
        nanometre="Positions and lengths are in nanometres (1e-9 m).",
    ),
]
"""Unit in which positions are given."""


CoordinateOrigin = Annotated[
    Literal["centre", "corner"],
    Meanings(
        centre="Positions are counted from the middle of voxel ⌊N/2⌋ along each axis of N voxels, which are "
        "numbered from 0.",
        corner="Positions are counted from the middle of the first voxel, which is voxel 0 along each axis; "
        "not from its edge.",
    ),
]
"""Point from which positions are counted."""


AxisType = Annotated[
    Literal["space", "array"],
    Meanings(
        space="The axis measures space, in its unit.",
        array="The axis counts the elements of an array, from 0.",
    ),
]
"""Whether an axis counts array elements or measures space."""


TransformationType = Annotated[
    Literal["identity", "flip", "map_axis", "translation", "scale", "rotation", "affine", "sequence"],
    Meanings(
        identity="Positions stay as they are.",
        flip="One or more axes are mirrored.",
        map_axis="Axes are given other names or another order.",
        translation="A vector is added.",
        scale="Each axis is multiplied by a factor.",
        rotation="Positions are multiplied by an orthonormal matrix of determinant +1.",
        affine="Positions are multiplied by a matrix, and a vector may be added.",
        sequence="Several transformations are applied one after the other, the first one first.",
    ),
]
"""What kind of mapping a transformation is."""


class Coordinates(DataObject):
    """A position, or a length along each axis; two-dimensional where z is absent."""

    x: float | None = term(
        "Position or length along the first axis, in the unit that the holder states.", required=True
    )
    y: float | None = term(
        "Position or length along the second axis, in the unit that the holder states.", required=True
    )
    z: float | None = term("Position or length along the third axis, in the unit that the holder states.")


class Axis(DataObject):
    """One axis of a coordinate system."""

    axis_unit: str | None = term("Unit along the axis.")
    axis_type: AxisType | None = term("Whether the axis counts array elements or measures space.")


class CoordinateSystem(DataObject):
    """A named frame in which positions are given."""

    axes: list[Axis] = parts("Axis of the coordinate system.", "axis")


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
    map_axis: list[AxisMapping] = parts("Pair of axes that are identified.", "axis-mapping")
    sequence: list[SerializeAsAny["Transformation"]] = parts(
        "Transformation that is applied after those before it in the list.", "step"
    )
    target_id: Reference | None = reference(
        "Object that the statement or transformation is about, if not its owner.", "DataObject"
    )
