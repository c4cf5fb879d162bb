"""Coordinate systems, transformations and the images that carry them, in dialect B."""

from collections.abc import Callable, Mapping
from typing import Any

from cetsgraph.documents.dialects.cets_data_model.revisions import REVISIONS, UNIT_WORDS, b_table
from cetsgraph.documents.dialects.cets_data_model.steps import is_simple, simplify
from cetsgraph.documents.dialects.mapping import (
    NULL,
    FieldRule,
    ObjectMap,
    ReadSession,
    Table,
    WriteSession,
    coded,
    formerly,
    many,
    same,
    structural,
    value,
    words,
)
from cetsgraph.documents.dialects.sampling import UNIT_SPELLINGS, angstrom_per_pixel, unit_of, with_sampling
from cetsgraph.findings import Severity
from cetsgraph.model import Axis, AxisMapping, CoordinateSystem, Entity, Transformation
from cetsgraph.pointers import child_pointer

__all__ = ["COORDINATE_SYSTEM", "PLACED", "TRANSFORMATION", "image_2d", "image_3d"]


def _read_unit(reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
    """Units are the words of now; the oldest revision had one word for pixel and voxel."""
    if found == "pixel/voxel":
        REVISIONS.only(reading, frozenset({"2025-12"}))
    now = UNIT_SPELLINGS.get(found, found) if isinstance(found, str) else found
    if now is not found:
        reading.report_older(pointer, "this is an older way to say it", found=found, expected=now)
    values["axis_unit"] = now


def _write_unit(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
    """The unit, by one of the revision's words where it has a list of them."""
    found = values["axis_unit"]
    known = UNIT_WORDS.get(writing.revision or "")
    if found is None or known is None or found in known:
        return found
    unit = unit_of(found)
    if unit in known:
        return unit
    message = f"{writing.dialect} has no word for this unit; it is left out"
    writing.report(
        "not-representable", f"{pointer}/axis_unit", message, found=found, expected=", ".join(known)
    )
    return NULL  # an absent unit is angstrom


AXIS = b_table(
    Axis,
    "Axis",
    {
        "name": same,
        "axis_unit": structural(_read_unit, _write_unit, "axis_unit"),
        "axis_type": same,
    },
    required=("name",),
)
COORDINATE_SYSTEM = b_table(
    CoordinateSystem,
    "CoordinateSystem",
    {"name": same, "axes": many("axes", AXIS), "id": formerly("id")},
    required=("name", "axes"),
    holds=lambda writing, values: values["name"] is not None,
)
AXIS_MAPPING = b_table(AxisMapping, "AxisNameMapping", words("axis1_name", "axis2_name"))

_MATRIX = "Write affine, and the matrix in the field `affine`."
_TRANSFORMATION_TYPES = {
    name: name for name in ("identity", "map_axis", "translation", "scale", "affine", "sequence")
}


class _Recursive:
    """A table that is declared further down."""

    def __init__(self, declared: Callable[[], Table]) -> None:
        self._declared = declared

    @property
    def table(self) -> Table:
        """The table."""
        return self._declared()

    def read(self, reading: ReadSession, source: Any, pointer: str) -> Entity | None:
        kind = source.get("transformation_type") if isinstance(source, dict) else None
        if kind == "sequence":
            reading.report(
                "value-enum",
                child_pointer(pointer, "transformation_type"),
                "a sequence holds no other sequence",
                found=kind,
                expected="identity, map_axis, translation, scale or affine",
                hint="Write the steps of the inner sequence in its place.",
                severity=Severity.WARNING,
            )
        return self.table.read(reading, source, pointer)

    def write(self, writing: WriteSession, entity: Entity, pointer: str) -> dict[str, Any] | None:
        return self.table.write(writing, entity, pointer)


TRANSFORMATION: ObjectMap = b_table(
    Transformation,
    "CoordinateTransformation",
    {
        "transformation_type": coded(
            "transformation_type",
            _TRANSFORMATION_TYPES,
            older={"mapAxis": "map_axis"},
            instead=dict.fromkeys(("rotation", "rotate", "matrix", "linear"), _MATRIX),
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
    prepare=simplify,
    holds=is_simple,
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
    cls: type[Entity], source: str, fields: dict[str, FieldRule], *required: str, **more: Any
) -> ObjectMap:
    """The table of a two-dimensional image."""
    return b_table(
        cls, source, {**IMAGE_2D, **fields}, required=required,
        implied=_pixel_size, prepare=_with_pixel_size, **more,
    )  # fmt: skip


def image_3d(
    cls: type[Entity], source: str, fields: dict[str, FieldRule], *required: str, **more: Any
) -> ObjectMap:
    """The table of a three-dimensional image."""
    return b_table(
        cls, source, {**IMAGE_3D, **fields}, required=required,
        implied=_voxel_size, prepare=_with_voxel_size, **more,
    )  # fmt: skip
