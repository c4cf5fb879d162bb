"""Dialect B (`cets-data-model`): a region holds everything side by side, joined by ids.

The model has the parts of a region in a TomoImageSet, its tilt series and tomograms in sets; the dialect has
none of these three, and keeps annotations on the region only. Sampling is a Scale between two systems.
Facts: the LinkML schema published in TomoBabel/cets-data-models, `schema/linkml`, and its older revisions.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cetsgraph.documents.dialects.mapping import (
    Choice,
    Dialect,
    ObjectMap,
    Reading,
    Rule,
    Table,
    Writing,
    coded,
    many,
    not_one_of,
    one,
    read_list,
    same,
    structural,
    value,
    write_list,
)
from cetsgraph.documents.dialects.sampling import angstrom_per_pixel, frame_of, with_frame, with_sampling
from cetsgraph.findings import Severity
from cetsgraph.model import (
    AcquisitionSession,
    Alignment,
    Axis,
    AxisMapping,
    CoordinateSystem,
    CTFMetadata,
    CuboidSet,
    CylinderSet,
    DataSet,
    DefectFile,
    Entity,
    FitMap,
    GainFile,
    Instrument,
    Map,
    MapSet,
    MovieFrame,
    MovieStack,
    MovieStackCollection,
    MovieStackSeries,
    PointAttribute,
    PointSet,
    ProbabilityMap,
    ProjectionAlignment,
    Region,
    SegmentationMask,
    Software,
    SphereSet,
    Spline,
    Surface,
    TiltAngleObservation,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
    Transformation,
)

__all__ = ["CETS_DATA_MODEL"]

Values = dict[str, Any]


def words(*names: str) -> dict[str, Rule]:
    """Fields that have the same name in the model."""
    return dict.fromkeys(names, same)


def formerly(target: str) -> Rule:
    """A field that only other revisions of the dialect have on this class: read, said, and written back."""

    def read(reading: Reading, found: Any, pointer: str, values: Values) -> None:
        reading.older(pointer, "only some revisions of the dialect have this field here", found=found)
        values[target] = found

    return structural(read, lambda writing, values, pointer: values[target], target)


def reference(target: str) -> Rule:
    """The id of another object; where the model refers to a place, the id minted for what is there."""

    def read(reading: Reading, found: Any, pointer: str, values: Values) -> None:
        values[target] = found

    def write(writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
        found = values[target]
        there = entity_at(writing.dataset, found[1:]) if found and found.startswith("#/") else None
        return found if there is None else there[0].id or mint(writing, *there)

    return structural(read, write, target)


def entity_at(dataset: DataSet, pointer: str) -> tuple[Entity, str] | None:
    """The object at a place of the canonical document, and the place."""
    found: Any = dataset
    for token in pointer.split("/")[1:]:
        if isinstance(found, list):
            found = found[int(token)] if token.isdecimal() and int(token) < len(found) else None
        else:
            found = found.__dict__.get(token) if isinstance(found, Entity) else None
    return (found, pointer) if isinstance(found, Entity) else None


_KINDS_IN_IDS = {
    "TiltSeriesMicrographStack": "tilt_series",
    "TiltSeriesMicrograph": "tilt_image",
    "ProjectionAlignment": "projection_alignment",
    "MovieStackSeries": "movie_stack_series",
    "MovieStack": "movie_stack",
    "Tomogram": "tomogram",
    "Region": "region",
}


def mint(writing: Writing, entity: Entity, pointer: str) -> str:
    """An id made of the object's kind and place: the same whenever it is asked for."""
    steps = "_".join(token for token in pointer.split("/") if token.isdecimal())
    made = f"{_KINDS_IN_IDS.get(type(entity).__name__, 'annotation')}_{steps}"
    if not any(said.rule == "minted-id" and said.pointer == pointer for said in writing.findings):
        message = f"{writing.dialect} requires an id; it is made of the object's place"
        kind = type(entity).__name__
        writing.say("minted-id", pointer, message, severity=Severity.INFO, found=made, kind=kind)
    return made


# --- coordinates -----------------------------------------------------------------------------------------

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

    def read(self, reading: Reading, source: Any, pointer: str) -> Entity | None:
        return self.table().read(reading, source, pointer)

    def write(self, writing: Writing, entity: Entity, pointer: str) -> dict[str, Any] | None:
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

PLACED: dict[str, Rule] = {
    "coordinate_systems": many("coordinate_systems", COORDINATE_SYSTEM),
    "coordinate_transformations": many("coordinate_transformations", TRANSFORMATION),
}
IMAGE_2D: dict[str, Rule] = {**words("width", "height"), **PLACED}
IMAGE_3D: dict[str, Rule] = {**words("width", "height", "depth"), **PLACED}


def _pixel_size(values: Mapping[str, Any]) -> Values:
    return angstrom_per_pixel(values, "pixel_size", 2)


def _voxel_size(values: Mapping[str, Any]) -> Values:
    return angstrom_per_pixel(values, "voxel_size", 3)


def _with_pixel_size(writing: Writing, entity: Entity, values: Values, pointer: str) -> None:
    with_sampling(writing, entity, values, pointer, "pixel_size", 2)


def _with_voxel_size(writing: Writing, entity: Entity, values: Values, pointer: str) -> None:
    with_sampling(writing, entity, values, pointer, "voxel_size", 3)


def image_2d(
    cls: type[Entity], source: str, fields: dict[str, Rule], *required: str, **older: str
) -> ObjectMap:
    """The table of a two-dimensional image."""
    return ObjectMap(
        cls, source, {**IMAGE_2D, **fields}, required=required, older=older,
        implied=_pixel_size, prepare=_with_pixel_size,
    )  # fmt: skip


def image_3d(
    cls: type[Entity], source: str, fields: dict[str, Rule], *required: str, **older: str
) -> ObjectMap:
    """The table of a three-dimensional image."""
    return ObjectMap(
        cls, source, {**IMAGE_3D, **fields}, required=required, older=older,
        implied=_voxel_size, prepare=_with_voxel_size,
    )  # fmt: skip


# --- images ----------------------------------------------------------------------------------------------


def _number_of_section(found: Any) -> Any:
    """Sections were texts of digits in an older revision."""
    return int(found) if isinstance(found, str) and found.isascii() and found.isdecimal() else found


CTF = ObjectMap(
    CTFMetadata,
    "CTFMetadata",
    words("defocus_u", "defocus_v", "defocus_angle", "phase_shift", "defocus_handedness"),
)
TILT_ANGLE_OBSERVATION = ObjectMap(
    TiltAngleObservation, "TiltAngleObservation", words("id", "name", "tilt_angle", "source")
)
EXPOSED: dict[str, Rule] = {
    "path": same,
    "section": value("section", older=_number_of_section),
    **words("nominal_tilt_angle", "accumulated_dose"),
    "ctf_metadata": one("ctf_metadata", CTF),
    # proposed
    **words("dose_convention", "exposure_dose", "exposure_time", "acquisition_order"),
    **words("excluded", "exclusion_reason"),
}
MOVIE_FRAME = image_2d(MovieFrame, "MovieFrame", {**EXPOSED, "id": formerly("id"), "name": formerly("name")})
TILT_IMAGE = image_2d(
    TiltSeriesMicrograph,
    "TiltImage",
    {
        "id": same,
        "movie_stack_id": reference("movie_stack_id"),
        **EXPOSED,
        "tilt_angle_observations": many("tilt_angle_observations", TILT_ANGLE_OBSERVATION),
        "name": formerly("name"),
    },
    "id",
)
FILE: dict[str, Rule] = {"path": same, "id": formerly("id"), "name": formerly("name")}
GAIN_FILE = image_2d(GainFile, "GainFile", FILE)
DEFECT_FILE = image_2d(DefectFile, "DefectFile", FILE)
MOVIE_STACK = ObjectMap(
    MovieStack,
    "MovieStack",
    {**words("id", "path"), "images": many("frames", MOVIE_FRAME), "name": formerly("name")},
    required=("id",),
)
MOVIE_STACK_SERIES = ObjectMap(
    MovieStackSeries,
    "MovieStackSeries",
    {"id": same, "stacks": many("movie_stacks", MOVIE_STACK), "name": formerly("name")},
    required=("id",),
)
MOVIE_STACK_COLLECTION = ObjectMap(
    MovieStackCollection,
    "MovieStackCollection",
    {
        "movie_stacks": many("movie_stack_series", MOVIE_STACK_SERIES),
        "gain_file": one("gain_file", GAIN_FILE),
        "defect_file": one("defect_file", DEFECT_FILE),
        "id": formerly("id"),
        "name": formerly("name"),
    },
)
SOFTWARE = ObjectMap(Software, "Software", words("id", "name", "version", "url", "description"))
RECONSTRUCTED: dict[str, Rule] = {
    **words("ctf_corrected", "even_path", "odd_path"),
    # proposed
    "processing": same,
    "software": many("software", SOFTWARE),
}
TILT_SERIES = ObjectMap(
    TiltSeriesMicrographStack,
    "TiltSeries",
    {
        **words("id", "path"),
        **RECONSTRUCTED,
        "images": many("micrographs", TILT_IMAGE),
        "movie_stack_series_id": reference("movie_stack_series_id"),
        "name": formerly("name"),
        # proposed
        "acquisition_session_id": reference("acquisition_session_id"),
        "voltage": value("accelerating_voltage"),
        **words("spherical_aberration", "amplitude_contrast", "dose_rate", "tilt_axis_angle"),
    },
    required=("id",),
    older={"ts_id": "id"},
)
TOMOGRAM = image_3d(
    Tomogram,
    "Tomogram",
    {
        **words("id", "path"),
        **RECONSTRUCTED,
        "tilt_series_id": reference("tilt_series_id"),
        "name": formerly("name"),
    },
    "id",
    tomo_id="id",
)
PARTICLE_MAP = image_3d(
    Map,
    "ParticleMap",
    {
        "path": same,
        "source_region_id": reference("source_region_id"),
        "source_annotation_id": reference("source_annotation_id"),
        "coord_index": same,
        "id": formerly("id"),
        "name": formerly("name"),
    },
)


# --- alignment -------------------------------------------------------------------------------------------


def _read_alignment_type(reading: Reading, found: Any, pointer: str, values: Values) -> None:
    """The discriminator says nothing that the class does not."""
    if found == "sequence":
        reading.older(pointer, "this is an older name", found=found, expected="projection_alignment")
    elif found != "projection_alignment":
        not_one_of(reading, pointer, found, ["projection_alignment"])


PROJECTION_ALIGNMENT = ObjectMap(
    ProjectionAlignment,
    "ProjectionAlignment",
    {
        "id": same,
        "tilt_image_id": reference("tilt_image_id"),
        "transformation_type": structural(
            _read_alignment_type, lambda writing, values, pointer: "projection_alignment"
        ),
        **words("name", "input", "output"),
        "sequence": many("sequence", TRANSFORMATION),
    },
    required=("id",),
    older={"type": "transformation_type"},
)
ALIGNMENT = ObjectMap(
    Alignment,
    "Alignment",
    {
        "tilt_series_id": reference("tilt_series_id"),
        "projection_alignments": many("projection_alignments", PROJECTION_ALIGNMENT),
        "id": formerly("id"),
        "name": formerly("name"),
        # proposed
        "software": many("software", SOFTWARE),
    },
)


# --- annotations -----------------------------------------------------------------------------------------

POINT_ATTRIBUTE = ObjectMap(
    PointAttribute,
    "PointAttribute",
    {**words("id", "name", "description", "values"), "unit": value("unit_name")},
)
ANNOTATION_BASE: dict[str, Rule] = {
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
    cls: type[Entity], source: str, dimension: int | None, *arrays: str, fields: dict[str, Rule] | None = None
) -> ObjectMap:
    named = {f"{array}{dimension}D": value(ARRAYS[array]) for array in arrays}

    def implied(values: Mapping[str, Any]) -> Values:
        empty: Values = {ARRAYS[array]: [] for array in arrays if ARRAYS[array] in ("vectors", "rotations")}
        told: Values = empty if cls is PointSet else {}  # so that a kind is told even without its arrays
        if dimension is not None and "dimension" in cls.model_fields:
            told = {**told, "dimension": dimension}
        if "voxel_size" in cls.model_fields:
            name = "voxel_size" if dimension != 2 else "pixel_size"
            return {**told, **angstrom_per_pixel(values, name, dimension or 3)}
        return {**told, **frame_of(values)}

    def prepare(writing: Writing, entity: Entity, values: Values, pointer: str) -> None:
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


_POINTS: dict[str, Rule] = {
    "point_ids": same,
    "point_attributes": many("point_attributes", POINT_ATTRIBUTE),
}
_RADII: dict[str, Rule] = {"radii": same}


def _file(*names: str) -> dict[str, Rule]:
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


def _tag_of(entity: Entity) -> str | None:
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
    said: int | None = getattr(entity, "dimension", None)
    if said is not None:
        return said
    for name in ("coordinates", "vectors", "dimensions"):
        rows = getattr(entity, name, None)
        if rows:
            return len(rows[0])
    return 3


ANNOTATION = Choice(
    "annotation_type",
    ANNOTATIONS,
    tag_of=_tag_of,
    older={tag.lower(): tag for tag in ANNOTATIONS if tag != tag.lower()},
    older_keys=("type",),
)


# --- the tree --------------------------------------------------------------------------------------------


def _read_map_annotations(reading: Reading, found: Any, pointer: str, values: Values) -> None:
    reading.older(pointer, "annotations stand on regions now")
    values["annotations"] = read_list(reading, ANNOTATION, found, pointer)


AVERAGE = ObjectMap(
    MapSet,
    "Average",
    {
        "name": same,
        "particle_maps": many("maps", PARTICLE_MAP),
        "annotations": structural(
            _read_map_annotations,
            lambda writing, values, pointer: write_list(
                writing, ANNOTATION, values["annotations"], f"{pointer}/annotations"
            ),
            "annotations",
        ),
        "id": formerly("id"),
    },
)


def _image_set(values: Values, pointer: str) -> TomoImageSet:
    """The one TomoImageSet of a region, made when there is something to put into it."""
    image_sets: list[TomoImageSet] = values.setdefault("tomo_image_sets", [])
    if not image_sets:
        image_sets.append(TomoImageSet().came_from(pointer.rpartition("/")[0]))
    return image_sets[0]


def _read_collection(reading: Reading, found: Any, pointer: str, values: Values) -> None:
    collection = MOVIE_STACK_COLLECTION.read(reading, found, pointer)
    if isinstance(collection, MovieStackCollection):
        _image_set(values, pointer).movie_stack_collections.append(collection)


def _read_collections(reading: Reading, found: Any, pointer: str, values: Values) -> None:
    reading.older(pointer, "a region has one movie_stack_collection now")
    collections = read_list(reading, MOVIE_STACK_COLLECTION, found, pointer)
    if collections:
        _image_set(values, pointer).movie_stack_collections.extend(collections)


def _read_alignments(reading: Reading, found: Any, pointer: str, values: Values) -> None:
    if alignments := read_list(reading, ALIGNMENT, found, pointer):
        _image_set(values, pointer).alignments.extend(alignments)


def _read_tilt_series(reading: Reading, found: Any, pointer: str, values: Values) -> None:
    if tilt_series := read_list(reading, TILT_SERIES, found, pointer):
        held = TiltSeriesSet(tilt_series=tilt_series).came_from(pointer)
        _image_set(values, pointer).tilt_series_sets.append(held)


def _read_tomograms(reading: Reading, found: Any, pointer: str, values: Values) -> None:
    if tomograms := read_list(reading, TOMOGRAM, found, pointer):
        held = TomogramSet(tomograms=tomograms).came_from(pointer)
        _image_set(values, pointer).tomogram_sets.append(held)


def _places(values: Mapping[str, Any], pointer: str) -> Iterator[tuple[TomoImageSet, str]]:
    for index, image_set in enumerate(values["tomo_image_sets"]):
        yield image_set, f"{pointer}/tomo_image_sets/{index}"


def _collections(writing: Writing, values: Mapping[str, Any], pointer: str) -> list[dict[str, Any]]:
    return [
        item
        for image_set, place in _places(values, pointer)
        for item in write_list(
            writing,
            MOVIE_STACK_COLLECTION,
            image_set.movie_stack_collections,
            f"{place}/movie_stack_collections",
        )
    ]


def _write_collection(writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
    if sum(len(image_set.movie_stack_collections) for image_set, _ in _places(values, pointer)) == 1:
        return _collections(writing, values, pointer)[0]
    return None


def _write_collections(writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
    if sum(len(image_set.movie_stack_collections) for image_set, _ in _places(values, pointer)) > 1:
        return _collections(writing, values, pointer)
    return None


def _write_alignments(writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
    return [
        item
        for image_set, place in _places(values, pointer)
        for item in write_list(writing, ALIGNMENT, image_set.alignments, f"{place}/alignments")
    ]


def _write_tilt_series(writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
    written = []
    for image_set, place in _places(values, pointer):
        for index, held in enumerate(image_set.tilt_series_sets):
            within = f"{place}/tilt_series_sets/{index}"
            _leave_out(writing, held, within, "tilt_series")
            written += write_list(writing, TILT_SERIES, held.tilt_series, f"{within}/tilt_series")
    return written


def _write_tomograms(writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
    written = []
    for image_set, place in _places(values, pointer):
        for index, held in enumerate(image_set.tomogram_sets):
            within = f"{place}/tomogram_sets/{index}"
            _leave_out(writing, held, within, "tomograms", "tilt_series_id")
            written += write_list(
                writing,
                TOMOGRAM,
                [_of_its_sets_series(tomogram, held) for tomogram in held.tomograms],
                f"{within}/tomograms",
            )
    return written


def _of_its_sets_series(tomogram: Tomogram, held: TomogramSet) -> Tomogram:
    if tomogram.tilt_series_id is not None or held.tilt_series_id is None:
        return tomogram
    return tomogram.model_copy(update={"tilt_series_id": held.tilt_series_id})


def _leave_out(writing: Writing, entity: Entity, pointer: str, *kept: str) -> None:
    """Say what of an object that the dialect does not have is left out."""
    others = [name for name, found in entity.__dict__.items() if name not in kept and found not in (None, [])]
    if others:
        writing.left_out(entity, pointer, *others)


def _prepare_region(writing: Writing, entity: Entity, values: Values, pointer: str) -> None:
    """What tomograms hold in annotations goes to the region; what image sets hold besides has no place."""
    moved: list[Entity] = []
    for image_set, place in _places(values, pointer):
        _leave_out(
            writing, image_set, place,
            "movie_stack_collections", "alignments", "tilt_series_sets", "tomogram_sets",
        )  # fmt: skip
        for set_index, held in enumerate(image_set.tomogram_sets):
            for index, tomogram in enumerate(held.tomograms):
                at = f"{place}/tomogram_sets/{set_index}/tomograms/{index}"
                moved += _moved_to_region(writing, tomogram, at)
    if moved:
        values["annotations"] = [*values["annotations"], *moved]


def _moved_to_region(writing: Writing, tomogram: Tomogram, pointer: str) -> Iterator[Entity]:
    for index, annotation in enumerate(tomogram.annotations):
        place = f"{pointer}/annotations/{index}"
        if _tag_of(annotation) is None:
            continue  # said where the tomogram is written
        message = "the dialect keeps annotations on the region; it names its tomogram there"
        writing.say("normalised", place, message, severity=Severity.INFO, kind=type(annotation).__name__)
        updates: Values = {}
        if annotation.source_tomogram_id is None:
            updates["source_tomogram_id"] = tomogram.id or mint(writing, tomogram, pointer)
        if annotation.id is None:
            updates["id"] = mint(writing, annotation, place)
        yield annotation.model_copy(update=updates)


REGION = ObjectMap(
    Region,
    "Region",
    {
        "id": same,
        "movie_stack_collection": structural(_read_collection, _write_collection, "tomo_image_sets"),
        "movie_stack_collections": structural(_read_collections, _write_collections),
        "tilt_series": structural(_read_tilt_series, _write_tilt_series),
        "alignments": structural(_read_alignments, _write_alignments),
        "tomograms": structural(_read_tomograms, _write_tomograms),
        "annotations": many("annotations", ANNOTATION),
        "name": formerly("name"),
    },
    required=("id",),
    prepare=_prepare_region,
)
INSTRUMENT = ObjectMap(
    Instrument,
    "Instrument",
    {
        **words("id", "name", "microscope_model"),
        "voltage": value("accelerating_voltage"),
        **words("electron_source", "detector_model"),
    },
)
ACQUISITION_SESSION = ObjectMap(
    AcquisitionSession,
    "AcquisitionSession",
    {
        **words("id", "name"),
        "instrument_id": reference("instrument_id"),
        **words("dose_rate", "detector_dose_rate", "amplitude_contrast", "spherical_aberration"),
        **words("tilt_axis_angle", "handedness"),
    },
)
DATA_SET = ObjectMap(
    DataSet,
    "Dataset",
    {
        "name": same,
        "regions": many("regions", REGION),
        "averages": many("map_sets", AVERAGE),
        "id": formerly("id"),
        # proposed
        "instruments": many("instruments", INSTRUMENT),
        "acquisition_sessions": many("acquisition_sessions", ACQUISITION_SESSION),
    },
)

_OF_A_REGION = frozenset(REGION.fields) - {"id", "name", "annotations"}


def recognise(data: Any) -> str | None:
    """The form of the root if the document shows the dialect: by what it holds, or what its regions hold."""
    if not isinstance(data, dict):
        return None
    if "regions" in data or "averages" in data:
        regions = data.get("regions")
        held = [item for item in regions if isinstance(item, dict)] if isinstance(regions, list) else []
        fits = not held or any(
            item.keys() <= set(REGION.fields) or item.keys() & _OF_A_REGION for item in held
        )
        return "DataSet" if fits else None
    return "Region" if "id" in data and data.keys() & _OF_A_REGION else None


def read_root(reading: Reading, data: Any, form: str) -> DataSet:
    """The data set of a whole document, or one that holds nothing but the region."""
    if form == "DataSet":
        whole = DATA_SET.read(reading, data, "")
        assert isinstance(whole, DataSet)
        return whole
    return DataSet(regions=[REGION.read(reading, data, "")]).came_from("")  # type: ignore[list-item]


def write_root(writing: Writing, dataset: DataSet, form: str) -> Any:
    """A whole document, or the only region of the data set."""
    writing.mint = mint
    if form == "Region" and len(dataset.regions) == 1:
        return REGION.write(writing, dataset.regions[0], "/regions/0")
    return DATA_SET.write(writing, dataset, "")


CETS_DATA_MODEL = Dialect("cets-data-model", recognise, read_root, write_root, root=lambda: DATA_SET)
