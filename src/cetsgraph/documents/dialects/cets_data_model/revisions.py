"""Revisions of dialect B, as TomoBabel/cets-data-models published or proposed them: the fields of each class.

`main` is 5e2ba01 (2026-08-17); `2025-12` is b0ecc40, `2026-02` what was between the two (caeb655 to 4a4e4c0).
`pr33`, `pr34` and `pr35` are proposals; `nonrigid` is the branch feature/nonrigid-alignment (54a46d8), which
has the fields of PR 34 and PR 35 too.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from cetsgraph.documents.dialects.mapping import ObjectMap, Revision, Revisions

__all__ = ["MAX_STEPS", "REVISIONS", "UNIT_WORDS", "b_table"]

_PLACED = "coordinate_systems coordinate_transformations"
_IMAGE_2D = f"width height {_PLACED}"
_IMAGE_3D = f"width height depth {_PLACED}"
_EXPOSED = f"{_IMAGE_2D} path section nominal_tilt_angle accumulated_dose ctf_metadata"
_ANNOTATION = f"{_PLACED} id annotation_type name source_tomogram_id"
_FILE_2D = f"{_ANNOTATION} path width height"
_POINTS = ("PointSet", "PointVectorSet", "PointMatrixSet")
_ARRAYS = {"PointSet": "origin", "PointVectorSet": "origin vector", "PointMatrixSet": "origin matrix"}


def _arrays(names: str, dimension: int) -> str:
    return " ".join(f"{name}{dimension}D" for name in names.split())


_MAIN: dict[str, str] = {
    "Dataset": "name regions averages",
    "Average": "name particle_maps",
    "Region": "id movie_stack_collection tilt_series alignments tomograms annotations",
    "MovieStackCollection": "movie_stacks gain_file defect_file",
    "MovieStackSeries": "id stacks",
    "MovieStack": "id path images",
    "MovieFrame": _EXPOSED,
    "GainFile": f"{_IMAGE_2D} path",
    "DefectFile": f"{_IMAGE_2D} path",
    "TiltSeries": "id path ctf_corrected even_path odd_path images movie_stack_series_id",
    "TiltImage": f"{_EXPOSED} id movie_stack_id",
    "CTFMetadata": "defocus_u defocus_v defocus_angle phase_shift defocus_handedness",
    "Alignment": "tilt_series_id projection_alignments",
    "ProjectionAlignment": "transformation_type name input output id tilt_image_id sequence",
    "Tomogram": f"{_IMAGE_3D} id path ctf_corrected even_path odd_path tilt_series_id",
    "ParticleMap": f"{_IMAGE_3D} path source_region_id source_annotation_id coord_index",
    "Axis": "name axis_unit axis_type",
    "AxisNameMapping": "axis1_name axis2_name",
    "CoordinateSystem": "name axes",
    "CoordinateTransformation": "transformation_type name input output "
    "affine map_axis scale sequence translation",
    **{
        f"{kind}{dimension}D": f"{_ANNOTATION} {_arrays(_ARRAYS[kind], dimension)}"
        for kind in _POINTS
        for dimension in (2, 3)
    },
    "SphereSet": f"{_ANNOTATION} origin3D radii",
    "CircleSet": f"{_ANNOTATION} origin2D radii",
    "CylinderSet": f"{_ANNOTATION} vector3D radii",
    "CuboidSet": f"{_ANNOTATION} origin3D matrix3D dimensions3D",
    "BoxSet": f"{_ANNOTATION} origin2D matrix2D dimensions2D",
    "Spline2D": f"{_ANNOTATION} origin2D",
    "Spline3D": f"{_ANNOTATION} origin3D",
    "TriMesh": _ANNOTATION,
    "SegmentationMask2D": _FILE_2D,
    "ProbabilityMap2D": _FILE_2D,
    "SegmentationMask3D": f"{_FILE_2D} depth",
    "ProbabilityMap3D": f"{_FILE_2D} depth",
    "DensityMap": f"{_FILE_2D} depth matrix3D",
}
_ANNOTATIONS = tuple(name for name, keys in _MAIN.items() if "annotation_type" in keys)

_PR33 = {
    "TiltSeries": "voltage spherical_aberration amplitude_contrast dose_rate",
    "TiltImage": "exposure_time",
    "MovieFrame": "exposure_time",
}
_PR35 = {
    "Dataset": "instruments acquisition_sessions",
    "Instrument": "id name microscope_model voltage electron_source detector_model",
    "AcquisitionSession": "id name instrument_id dose_rate detector_dose_rate amplitude_contrast "
    "spherical_aberration tilt_axis_angle handedness",
    "TiltSeries": "acquisition_session_id",
    "MovieStackSeries": "acquisition_session_id",
    "TiltImage": "exposure_time",
    "MovieFrame": "exposure_time",
}
_NON_RIGID = {
    "Alignment": "id name reference_volume_id non_rigid_alignment tilt_angle_observations exclusions "
    "provenance",
    "NonRigidAlignment": "profile_version kind tilt_image_ids payload_uri payload_group sampling heldout "
    "channels context_digest digest_version",
    "GridSampling": "kind grid_shape",
    "ParticleSampling": "kind annotation_id",
    "HeldOut": "method seed count fraction min_count",
    "Channels": "displacement_3d ctf_depth",
    "TiltAngleObservation": "tilt_image_id value_degrees angle_kind source",
    "ProjectionExclusion": "tilt_image_id reason",
    "MovieStack": f"{_IMAGE_2D} raw_frame_count alignments",
    "MovieAlignment": "id name profile_version movie_stack_id frame_ids gauge reference_frame_id "
    "frame_alignments non_rigid_alignment provenance",
    "FrameAlignment": "frame_id transform",
    "MovieFrame": "id source_start_index source_frame_count acquisition_order exposure_dose exposure_time",
    "TiltImage": "acquisition_order exposure_dose exposure_time",
    "CTFMetadata": "fit_score fit_resolution",
    "TiltSeries": "acquisition_session_id defocus_handedness defocus_slope nominal_tilt_axis_angle "
    "collection_metadata_path",
    "Tomogram": "alignment_id provenance",
    "ProcessingProvenance": "software_name software_version parameters artifacts warnings "
    "dropped_information",
    "NativeParameter": "name value_json",
    "Artifact": "role uri sha256",
    "PointAttribute": "name numeric_values string_values boolean_values",
    **{f"{kind}{dimension}D": "point_ids point_attributes" for kind in _POINTS for dimension in (2, 3)},
}
_FEBRUARY = {
    **dict.fromkeys(("Dataset", "CoordinateSystem"), "id"),
    **dict.fromkeys(("MovieFrame", "GainFile", "DefectFile", "MovieStackCollection"), "id name"),
    **dict.fromkeys(
        ("Region", "MovieStackSeries", "MovieStack", "TiltImage", "Tomogram", "Alignment"), "name"
    ),
    "Region": "name movie_stack_collections",
    "Alignment": "id name",
    "Average": "id annotations",
    "CoordinateTransformation": "id target_id",
    "ProjectionAlignment": "target_id",
    "ParticleMap": "source_annotation_reference_id",
    **dict.fromkeys(_ANNOTATIONS, "source_region_id target_id"),
}

# The oldest revision has names of its own: `type` tells kinds apart, in small letters.
_OLD_EXPOSED = f"{_EXPOSED} acquisition_order"
_OLD_ANNOTATION = f"{_PLACED} path type"
_DECEMBER = {
    "Dataset": "name regions averages",
    "Average": "name particle_maps annotations",
    "Region": "movie_stack_collections tilt_series alignments tomograms annotations",
    "MovieStackCollection": "movie_stacks gain_file defect_file",
    "MovieStackSeries": "stacks",
    "MovieStack": "images path",
    "MovieFrame": _OLD_EXPOSED,
    "GainFile": f"{_IMAGE_2D} path",
    "DefectFile": f"{_IMAGE_2D} path",
    "TiltSeries": "path ts_id ctf_corrected images",
    "TiltImage": f"{_OLD_EXPOSED} type ts_id even_path odd_path particle_index",
    "CTFMetadata": "defocus_u defocus_v defocus_angle phase_shift defocus_handedness acquisition_order",
    "Alignment": "projection_alignments",
    "ProjectionAlignment": "name input output type sequence",
    "Tomogram": f"{_IMAGE_3D} path tomo_id ctf_corrected even_path odd_path particle_set",
    "Particle3DSet": f"{_PLACED} particles",
    "Particle3D": f"{_IMAGE_3D} path position",
    "ParticleMap": f"{_IMAGE_3D} path",
    "Axis": "name axis_unit axis_type",
    "AxisNameMapping": "axis1_name axis2_name",
    "CoordinateSystem": "name axes",
    "CoordinateTransformation": "type name input output affine mapAxis scale sequence translation",
    "PointSet2D": f"{_OLD_ANNOTATION} origin2D",
    "PointSet3D": f"{_PLACED} type",
    "PointMatrixSet2D": f"{_OLD_ANNOTATION} origin2D matrix2D",
    "PointMatrixSet3D": f"{_OLD_ANNOTATION} origin3D matrix3D",
    "TriMesh": _OLD_ANNOTATION,
    "SegmentationMask2D": f"{_OLD_ANNOTATION} width height",
    "ProbabilityMap2D": f"{_OLD_ANNOTATION} width height",
    "SegmentationMask3D": f"{_OLD_ANNOTATION} width height depth",
    "ProbabilityMap3D": f"{_OLD_ANNOTATION} width height depth",
}
_OPTIONAL = {"Axis": "name"}
_OLD_REQUIRED = {"CoordinateSystem": "name axes", "Axis": "name"}
_OLD_NAMES = {"transformation_type": "type", "annotation_type": "type", "map_axis": "mapAxis"}
_OLD_IDS = {
    ("TiltSeries", "id"): "ts_id",
    ("Tomogram", "id"): "tomo_id",
    ("Region", "movie_stack_collection"): "movie_stack_collections",
}


def _old_name(source: str, key: str) -> str:
    """What 2025-12 calls a field."""
    return _OLD_IDS.get((source, key)) or _OLD_NAMES.get(key, key)


def _respell(source: str, written: dict[str, Any]) -> dict[str, Any]:
    """Values as 2025-12 spells them."""
    old = dict(written)
    if isinstance(collection := old.get("movie_stack_collections"), dict):
        old["movie_stack_collections"] = [collection]
    if isinstance(kind := old.get("type"), str):
        old["type"] = {"projection_alignment": "sequence", "map_axis": "mapAxis", "tri_mesh": "trimesh"}.get(
            kind, kind.lower()
        )
    if source == "Axis" and old.get("axis_unit") in ("pixel", "voxel"):
        old["axis_unit"] = "pixel/voxel"
    if source == "MovieFrame" and isinstance(old.get("section"), int):
        old["section"] = str(old["section"])
    if source == "TiltImage":
        old["type"] = "subprojection" if "particle_index" in old else "tilt_image"
    return old


def _revision(name: str, *parts: Mapping[str, str], **more: Any) -> Revision:
    fields: dict[str, set[str]] = {}
    for part in parts:
        for source, keys in part.items():
            fields.setdefault(source, set()).update(keys.split())
    return Revision(name, {source: frozenset(keys) for source, keys in fields.items()}, **more)


REVISIONS = Revisions(
    (
        _revision("main", _MAIN, optional=_OPTIONAL),
        _revision("pr34", _MAIN, optional=_OPTIONAL),
        _revision("pr33", _MAIN, _PR33, optional=_OPTIONAL),
        _revision("pr35", _MAIN, _PR35, optional=_OPTIONAL),
        _revision("nonrigid", _MAIN, _PR35, _NON_RIGID, optional=_OPTIONAL),
        _revision("2026-02", _MAIN, _FEBRUARY, required=_OLD_REQUIRED),
        _revision("2025-12", _DECEMBER, name_of=_old_name, respell=_respell, required=_OLD_REQUIRED),
    )
)
"""The revisions that are read and written; of those that a document fits, the first is taken."""

MAX_STEPS = {"main": 2, "pr33": 2, "pr35": 2, "2026-02": 2}
"""Steps of a projection alignment, in revisions that bound them; 3 in all others."""

_UNITS = ("pixel", "voxel", "angstrom", "nanometer")
UNIT_WORDS = {"pr34": _UNITS, "nonrigid": _UNITS, "2025-12": ("pixel", "voxel", "angstrom")}
"""Units of an axis, in revisions that have a list of them; in the oldest, pixel and voxel are one word."""

b_table = partial(ObjectMap, revisions=REVISIONS)
"""The table of a class of the dialect."""
