"""Annotations of dialect B: points, shapes, masks and maps, told apart by `annotation_type`."""

from collections.abc import Mapping
from typing import Any

from cetsgraph.documents.dialects.cets_data_model.coordinates import PLACED
from cetsgraph.documents.dialects.cets_data_model.references import reference
from cetsgraph.documents.dialects.mapping import (
    Choice,
    FieldRule,
    ObjectMap,
    WriteSession,
    formerly,
    many,
    same,
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
)

__all__ = ["ANNOTATION", "tag_of"]

POINT_ATTRIBUTE = ObjectMap(
    PointAttribute,
    "PointAttribute",
    {**words("id", "name", "description", "values"), "unit": value("unit_name")},
)
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
    cls: type[Entity],
    source: str,
    dimension: int | None,
    *arrays: str,
    fields: dict[str, FieldRule] | None = None,
) -> ObjectMap:
    named = {f"{array}{dimension}D": value(ARRAYS[array]) for array in arrays}

    def implied(values: Mapping[str, Any]) -> dict[str, Any]:
        empty: dict[str, Any] = {
            ARRAYS[array]: [] for array in arrays if ARRAYS[array] in ("vectors", "rotations")
        }
        told: dict[str, Any] = (
            empty if cls is PointSet else {}
        )  # so that a kind is told even without its arrays
        if dimension is not None and "dimension" in cls.model_fields:
            told = {**told, "dimension": dimension}
        if "voxel_size" in cls.model_fields:
            name = "voxel_size" if dimension != 2 else "pixel_size"
            return {**told, **angstrom_per_pixel(values, name, dimension or 3)}
        return {**told, **frame_of(values)}

    def prepare(writing: WriteSession, entity: Entity, values: dict[str, Any], pointer: str) -> None:
        if "voxel_size" in cls.model_fields:
            name = "voxel_size" if dimension != 2 else "pixel_size"
            with_sampling(writing, entity, values, pointer, name, dimension or 3)
        else:
            with_frame(writing, entity, values, pointer, dimension or 3)

    return ObjectMap(
        cls,
        source,
        {**ANNOTATION_BASE, **named, **(fields or {})},
        required=("id",),
        implied=implied,
        prepare=prepare,
    )


_POINTS: dict[str, FieldRule] = {
    "point_ids": same,
    "point_attributes": many("point_attributes", POINT_ATTRIBUTE),
}
_RADII: dict[str, FieldRule] = {"radii": same}


def _file(*names: str) -> dict[str, FieldRule]:
    return words("path", "width", "height", *names)


ANNOTATIONS: dict[str, ObjectMap] = {
    **{
        f"{kind}_{dimension}D": _annotation(
            PointSet, f"{source}{dimension}D", dimension, *arrays, fields=_POINTS
        )
        for dimension in (2, 3)
        for kind, source, arrays in (
            ("point_set", "PointSet", ("origin",)),
            ("point_vector_set", "PointVectorSet", ("origin", "vector")),
            ("point_matrix_set", "PointMatrixSet", ("origin", "matrix")),
        )
    },
    "sphere_set": _annotation(SphereSet, "SphereSet", 3, "origin", fields=_RADII),
    "circle_set": _annotation(SphereSet, "CircleSet", 2, "origin", fields=_RADII),
    "cylinder_set": _annotation(CylinderSet, "CylinderSet", 3, "vector", fields=_RADII),
    "cuboid_set": _annotation(CuboidSet, "CuboidSet", 3, "origin", "matrix", "dimensions"),
    "box_set": _annotation(CuboidSet, "BoxSet", 2, "origin", "matrix", "dimensions"),
    "spline_2D": _annotation(Spline, "Spline2D", 2, "origin"),
    "spline_3D": _annotation(Spline, "Spline3D", 3, "origin"),
    "tri_mesh": _annotation(Surface, "TriMesh", None),
    "segmentation_mask_2D": _annotation(SegmentationMask, "SegmentationMask2D", 2, fields=_file()),
    "segmentation_mask_3D": _annotation(SegmentationMask, "SegmentationMask3D", 3, fields=_file("depth")),
    "probability_map_2D": _annotation(ProbabilityMap, "ProbabilityMap2D", 2, fields=_file()),
    "probability_map_3D": _annotation(ProbabilityMap, "ProbabilityMap3D", 3, fields=_file("depth")),
    "density_map": _annotation(FitMap, "DensityMap", 3, "matrix", fields=_file("depth")),
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
    older={tag.lower(): tag for tag in ANNOTATIONS if tag != tag.lower()},
    older_keys=("type",),
)
