"""Annotations of dialect B: points, shapes, masks and maps, told apart by `annotation_type`."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from cetsgraph.documents.dialects.cets_data_model.coordinates import PLACED
from cetsgraph.documents.dialects.cets_data_model.placements import frame_of_placement, with_placement
from cetsgraph.documents.dialects.cets_data_model.references import reference
from cetsgraph.documents.dialects.cets_data_model.revisions import b_table
from cetsgraph.documents.dialects.mapping import (
    Choice,
    FieldRule,
    ObjectMap,
    ReadSession,
    WriteSession,
    formerly,
    ignore,
    many,
    same,
    structural,
    value,
    words,
)
from cetsgraph.documents.dialects.sampling import angstrom_per_pixel, frame_of, with_frame, with_sampling
from cetsgraph.model import (
    CuboidSet,
    CylinderSet,
    Entity,
    FitMap,
    PointAttribute,
    PointSet,
    ProbabilityMap,
    SegmentationMask,
    SphereSet,
    Spline,
    Surface,
    Transformation,
)

__all__ = ["ANNOTATION", "tag_of"]


def _column(kind: str) -> FieldRule:
    """Values of one type; of the columns of an attribute, one has values."""

    def read(reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
        """Take the values with their type; an empty list takes no other's place."""
        if found == [] and values.get("values"):
            return
        values.update(values=found, value_type=kind)

    def write(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        """Give the values if they are of the column's type."""
        found, types = values["values"], _VALUE_TYPES[kind]
        fits = found is not None and all(type(value) in types for value in found)
        return found if fits and (found or values["value_type"] in (kind, None)) else None

    return structural(read, write, "values", "value_type")


_VALUE_TYPES: dict[str, tuple[type, ...]] = {"numeric": (int, float), "string": (str,), "boolean": (bool,)}


def _has_one_type(writing: WriteSession, values: Mapping[str, Any]) -> bool:
    found = values["values"] or []
    return any(all(type(value) in types for value in found) for types in _VALUE_TYPES.values())


POINT_ATTRIBUTE = b_table(
    PointAttribute,
    "PointAttribute",
    {"name": same, **{f"{kind}_values": _column(kind) for kind in _VALUE_TYPES}},
    implied=lambda values: {"value_type": _type_of(values.get("values"))},
    holds=_has_one_type,
)


def _type_of(values: Any) -> str | None:
    """The type of a column, where its values tell."""
    first = type(values[0]) if isinstance(values, list) and values else None
    return next((kind for kind, types in _VALUE_TYPES.items() if first in types), None)


def _rows(target: str, dimension: int) -> FieldRule:
    """Rows of as many numbers as there are dimensions, one at least; matrices of as many rows."""

    def write(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        """Give rows that have as many numbers as there are dimensions; report others."""
        found = values[target]
        if not found or all(_is_row(row, dimension, target == "rotations") for row in found):
            return found
        message = f"{writing.dialect} has no place for rows that are not of {dimension} numbers"
        writing.report("not-representable", f"{pointer}/{target}", message, found=f"a list of {len(found)}")
        return None

    return structural(value(target).read, write, target)


def _is_row(row: Any, dimension: int, matrix: bool) -> bool:
    if len(row) != dimension:
        return False
    return not matrix or all(len(inner) == dimension for inner in row)


def _radii() -> FieldRule:
    """One radius for each shape."""

    def write(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        """Give the radii if each shape has one; report others."""
        found = values["radii"]
        if not found or all(isinstance(radius, float) for radius in found):
            return found
        message = f"{writing.dialect} has no place for several radii of one shape"
        writing.report("not-representable", f"{pointer}/radii", message, found=f"a list of {len(found)}")
        return None

    return structural(value("radii").read, write, "radii")


ANNOTATION_BASE: dict[str, FieldRule] = {
    **words("id", "name"),
    "source_tomogram_id": reference("source_tomogram_id"),
    **PLACED,
    "source_region_id": formerly("source_region_id"),
    "target_id": formerly("target_id"),
}
ARRAYS = {
    "origin": "coordinates",
    "vector": "vectors",
    "matrix": "rotations",
    "dimensions": "dimensions",
}
"""Arrays whose name ends in the number of dimensions, and what they are in the model."""


def _annotation(
    tag: str,
    cls: type[Entity],
    source: str,
    dimension: int | None,
    *arrays: str,
    fields: dict[str, FieldRule] | None = None,
) -> ObjectMap:
    named = {f"{array}{dimension}D": _rows(ARRAYS[array], dimension or 3) for array in arrays}
    kind = structural(ignore, lambda writing, values, pointer: tag)
    return b_table(
        cls,
        source,
        {"annotation_type": kind, **ANNOTATION_BASE, **named, **(fields or {})},
        required=("id",),
        implied=partial(_implied, cls, dimension, arrays),
        prepare=partial(_prepare, cls, dimension or 3),
    )


def _implied(
    cls: type[Entity], dimension: int | None, arrays: Sequence[str], values: Mapping[str, Any]
) -> dict[str, Any]:
    """What the kind of an annotation says without a field."""
    told: dict[str, Any] = {}
    if cls is PointSet:  # whose kind is known even without its arrays
        told = {ARRAYS[array]: [] for array in arrays if ARRAYS[array] in ("vectors", "rotations")}
    if dimension is not None and "dimension" in cls.model_fields:
        told["dimension"] = dimension
    if not _is_image(cls):
        return told if _leads_elsewhere(cls, values) else {**told, **frame_of(values)}
    frame = frame_of_placement(values) if cls is FitMap else {}
    return {**told, **frame, **angstrom_per_pixel(values, _size(dimension), dimension or 3)}


def _leads_elsewhere(cls: type[Entity], values: Mapping[str, Any]) -> bool:
    """Whether positions are in a frame of their own, with another unit or origin than those of the image.

    Cylinders have no positions: a translation gives one.
    """
    stated: Sequence[Transformation] = values.get("coordinate_transformations") or ()
    return cls is not CylinderSet and any(one.transformation_type != "identity" for one in stated)


def _prepare(
    cls: type[Entity],
    dimension: int,
    writing: WriteSession,
    entity: Entity,
    values: dict[str, Any],
    pointer: str,
) -> None:
    """Put sampling, placement and frame into the forms that the dialect has."""
    if not _is_image(cls):
        with_frame(writing, entity, values, pointer, dimension)
        return
    with_sampling(writing, entity, values, pointer, _size(dimension), dimension)
    if isinstance(entity, FitMap):
        with_placement(writing, entity, values, pointer)


def _is_image(cls: type[Entity]) -> bool:
    return "voxel_size" in cls.model_fields


def _size(dimension: int | None) -> str:
    return "pixel_size" if dimension == 2 else "voxel_size"


_POINTS: dict[str, FieldRule] = {
    "point_ids": same,
    "point_attributes": many("point_attributes", POINT_ATTRIBUTE),
}
_FORMER_FILE: dict[str, FieldRule] = {"path": formerly("path")}
_FORMERLY_IN_FILES = {("PointSet", 2), ("PointMatrixSet", 2), ("PointMatrixSet", 3)}
_RADII: dict[str, FieldRule] = {"radii": _radii()}


def _file(*names: str) -> dict[str, FieldRule]:
    return words("path", "width", "height", *names)


ANNOTATIONS: dict[str, ObjectMap] = {
    **{
        f"{kind}_{dimension}D": _annotation(
            f"{kind}_{dimension}D",
            PointSet,
            f"{source}{dimension}D",
            dimension,
            *arrays,
            fields=_POINTS | (_FORMER_FILE if (source, dimension) in _FORMERLY_IN_FILES else {}),
        )
        for dimension in (2, 3)
        for kind, source, arrays in (
            ("point_set", "PointSet", ("origin",)),
            ("point_vector_set", "PointVectorSet", ("origin", "vector")),
            ("point_matrix_set", "PointMatrixSet", ("origin", "matrix")),
        )
    },
    "sphere_set": _annotation("sphere_set", SphereSet, "SphereSet", 3, "origin", fields=_RADII),
    "circle_set": _annotation("circle_set", SphereSet, "CircleSet", 2, "origin", fields=_RADII),
    "cylinder_set": _annotation("cylinder_set", CylinderSet, "CylinderSet", 3, "vector", fields=_RADII),
    "cuboid_set": _annotation("cuboid_set", CuboidSet, "CuboidSet", 3, "origin", "matrix", "dimensions"),
    "box_set": _annotation("box_set", CuboidSet, "BoxSet", 2, "origin", "matrix", "dimensions"),
    "spline_2D": _annotation("spline_2D", Spline, "Spline2D", 2, "origin"),
    "spline_3D": _annotation("spline_3D", Spline, "Spline3D", 3, "origin"),
    "tri_mesh": _annotation("tri_mesh", Surface, "TriMesh", None, fields=words("path")),
    "segmentation_mask_2D": _annotation(
        "segmentation_mask_2D", SegmentationMask, "SegmentationMask2D", 2, fields=_file()
    ),
    "segmentation_mask_3D": _annotation(
        "segmentation_mask_3D", SegmentationMask, "SegmentationMask3D", 3, fields=_file("depth")
    ),
    "probability_map_2D": _annotation(
        "probability_map_2D", ProbabilityMap, "ProbabilityMap2D", 2, fields=_file()
    ),
    "probability_map_3D": _annotation(
        "probability_map_3D", ProbabilityMap, "ProbabilityMap3D", 3, fields=_file("depth")
    ),
    "density_map": _annotation("density_map", FitMap, "DensityMap", 3, "matrix", fields=_file("depth")),
}


def tag_of(entity: Entity) -> str | None:
    """The dialect's name for an annotation: by its class, number of dimensions, and arrays."""
    flat = _dimension(entity) == 2
    if isinstance(entity, PointSet):
        kind = "matrix_" if entity.rotations is not None else "vector_" if entity.vectors is not None else ""
        return f"point_{kind}set_{2 if flat else 3}D"
    tags: dict[type[Entity], tuple[str, str]] = {
        SphereSet: ("sphere_set", "circle_set"),
        CylinderSet: ("cylinder_set", "cylinder_set"),
        CuboidSet: ("cuboid_set", "box_set"),
        Spline: ("spline_3D", "spline_2D"),
        Surface: ("tri_mesh", "tri_mesh"),
        SegmentationMask: ("segmentation_mask_3D", "segmentation_mask_2D"),
        ProbabilityMap: ("probability_map_3D", "probability_map_2D"),
        FitMap: ("density_map", "density_map"),
    }
    return tags[type(entity)][flat] if type(entity) in tags else None


def _dimension(entity: Entity) -> int:
    """Number of dimensions of an annotation: as it says, or as its arrays show."""
    stated: int | None = getattr(entity, "dimension", None)
    if stated is not None:
        return stated
    for name in ("coordinates", "vectors", "dimensions"):
        rows = getattr(entity, name, None)
        if rows:
            return len(rows[0])
    return 3


ANNOTATION = Choice(
    "annotation_type",
    ANNOTATIONS,
    tag_of=tag_of,
    older={tag.lower(): tag for tag in ANNOTATIONS if tag != tag.lower()} | {"trimesh": "tri_mesh"},
    older_keys=("type",),
    untagged=ANNOTATIONS,
)
