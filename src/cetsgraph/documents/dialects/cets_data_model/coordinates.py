"""Coordinate systems, transformations and the images that carry them, in dialect B."""

from collections.abc import Callable, Mapping
from typing import Any

from cetsgraph.documents.dialects.mapping import (
    FieldRule,
    ObjectMap,
    ReadSession,
    Table,
    WriteSession,
    coded,
    formerly,
    many,
    same,
    value,
    words,
)
from cetsgraph.documents.dialects.sampling import angstrom_per_pixel, with_sampling
from cetsgraph.model import Axis, AxisMapping, CoordinateSystem, Entity, Transformation

__all__ = ["COORDINATE_SYSTEM", "PLACED", "TRANSFORMATION", "image_2d", "image_3d"]

_UNITS = {"Ångstrom": "angstrom", "Angstrom": "angstrom", "Å": "angstrom", "pixel/voxel": "pixel"}

AXIS = ObjectMap(
    Axis, "Axis", {"name": same, "axis_unit": value("axis_unit", older=_UNITS), "axis_type": same},
    required=("name",),
)  # fmt: skip
COORDINATE_SYSTEM = ObjectMap(
    CoordinateSystem,
    "CoordinateSystem",
    {"name": same, "axes": many("axes", AXIS), "id": formerly("id")},
    required=("name", "axes"),
)
AXIS_MAPPING = ObjectMap(AxisMapping, "AxisNameMapping", words("axis1_name", "axis2_name"))

_TRANSFORMATION_TYPES = {
    name: name
    for name in ("identity", "map_axis", "translation", "scale", "affine", "sequence", "projection_alignment")
}


class _Recursive:
    """A table that is declared further down."""

    def __init__(self, table: Callable[[], Table]) -> None:
        self.table = table

    def read(self, reading: ReadSession, source: Any, pointer: str) -> Entity | None:
        return self.table().read(reading, source, pointer)

    def write(self, writing: WriteSession, entity: Entity, pointer: str) -> dict[str, Any] | None:
        return self.table().write(writing, entity, pointer)


TRANSFORMATION: ObjectMap = ObjectMap(
    Transformation,
    "CoordinateTransformation",
    {
        "transformation_type": coded(
            "transformation_type", _TRANSFORMATION_TYPES, older={"mapAxis": "map_axis"}
        ),
        **words("name", "input", "output", "translation", "scale"),
        "affine": value("matrix"),
        "map_axis": many("map_axis", AXIS_MAPPING),
        "sequence": many("sequence", _Recursive(lambda: TRANSFORMATION)),
        "id": formerly("id"),
        "target_id": formerly("target_id"),
    },
    required=("transformation_type",),
    older={"type": "transformation_type", "mapAxis": "map_axis"},
)

PLACED: dict[str, FieldRule] = {
    "coordinate_systems": many("coordinate_systems", COORDINATE_SYSTEM),
    "coordinate_transformations": many("coordinate_transformations", TRANSFORMATION),
}
IMAGE_2D: dict[str, FieldRule] = {**words("width", "height"), **PLACED}
IMAGE_3D: dict[str, FieldRule] = {**words("width", "height", "depth"), **PLACED}


def _pixel_size(values: Mapping[str, Any]) -> dict[str, Any]:
    return angstrom_per_pixel(values, "pixel_size", 2)


def _voxel_size(values: Mapping[str, Any]) -> dict[str, Any]:
    return angstrom_per_pixel(values, "voxel_size", 3)


def _with_pixel_size(writing: WriteSession, entity: Entity, values: dict[str, Any], pointer: str) -> None:
    with_sampling(writing, entity, values, pointer, "pixel_size", 2)


def _with_voxel_size(writing: WriteSession, entity: Entity, values: dict[str, Any], pointer: str) -> None:
    with_sampling(writing, entity, values, pointer, "voxel_size", 3)


def image_2d(
    cls: type[Entity], source: str, fields: dict[str, FieldRule], *required: str, **older: str
) -> ObjectMap:
    """The table of a two-dimensional image."""
    return ObjectMap(
        cls, source, {**IMAGE_2D, **fields}, required=required, older=older,
        implied=_pixel_size, prepare=_with_pixel_size,
    )  # fmt: skip


def image_3d(
    cls: type[Entity], source: str, fields: dict[str, FieldRule], *required: str, **older: str
) -> ObjectMap:
    """The table of a three-dimensional image."""
    return ObjectMap(
        cls, source, {**IMAGE_3D, **fields}, required=required, older=older,
        implied=_voxel_size, prepare=_with_voxel_size,
    )  # fmt: skip
