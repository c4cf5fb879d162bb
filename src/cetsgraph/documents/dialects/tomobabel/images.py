"""Movies, tilt series, tomograms and sub-tomograms of dialect A, without what nests them."""

from cetsgraph.documents.dialects.mapping import (
    FieldRule,
    Joined,
    ObjectMap,
    elsewhere,
    explicit,
    many,
    one,
    value,
    words,
)
from cetsgraph.documents.dialects.tomobabel.annotations import ANNOTATED, COORDINATES, TRANSFORMATION, text
from cetsgraph.model import (
    CTFMetadata,
    DefectFile,
    GainFile,
    Map,
    MapSet,
    MovieFrame,
    MovieStack,
    MovieStackCollection,
    MovieStackSeries,
    ProjectionAlignment,
    SubTomogram,
    SubTomogramSet,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
)

__all__ = [
    "COLLECTION",
    "IMAGE_2D",
    "IMAGE_3D",
    "MOVIE_STACK",
    "SERIES",
    "TILT_SERIES",
    "TILT_SERIES_SET",
    "TOMOGRAM",
    "TOMOGRAM_SET",
]


IMAGE_2D: dict[str, FieldRule] = {**words("width", "height", "pixel_size"), **ANNOTATED}
IMAGE_3D: dict[str, FieldRule] = {**words("width", "height", "depth", "voxel_size"), **ANNOTATED}

CTF = ObjectMap(
    CTFMetadata,
    "CTFMetadata",
    {
        **words("defocus_u", "defocus_v", "defocus_angle"),
        "defocus_handedness": explicit("defocus_handedness"),
        **ANNOTATED,
    },
)
CORRECTION: dict[str, FieldRule] = {
    **IMAGE_2D,
    "path": text("path"),
    "transformations": many("transformations", TRANSFORMATION),
}
GAIN_FILE = ObjectMap(GainFile, "GainFile", CORRECTION)
DEFECT_FILE = ObjectMap(DefectFile, "DefectFile", CORRECTION)

MOVIE_FRAME = ObjectMap(
    MovieFrame,
    "MovieFrame",
    {
        **IMAGE_2D,
        "path": text("path"),
        **words("section", "nominal_tilt_angle", "accumulated_dose"),
        "ctf_metadata": one("ctf_metadata", CTF),
        "motion_correction_transformations": many("motion_correction_transformations", TRANSFORMATION),
    },
)
MOVIE_STACK = ObjectMap(
    MovieStack,
    "MovieStack",
    {"frame_images": many("frames", MOVIE_FRAME), "path": text("path"), **ANNOTATED},
    required=("frame_images",),
)

MICROGRAPH_ALIGNMENT = ObjectMap(
    ProjectionAlignment,
    "TiltSeriesMicrographAlignment",
    {
        "translation": one("shift", TRANSFORMATION),
        **words("x_tilt", "y_tilt"),
        "z_rot": value("z_rotation"),
        **ANNOTATED,
    },
)
MICROGRAPH = ObjectMap(
    TiltSeriesMicrograph,
    "TiltSeriesMicrograph",
    {
        **IMAGE_2D,
        "path": text("path"),
        "ctf_metadata": one("ctf_metadata", CTF),
        **words("total_accumulated_dose", "nominal_tilt_angle", "refined_tilt_angle"),
        "alignment_transformations": one("projection_alignment", MICROGRAPH_ALIGNMENT),
    },
)

SUB_TOMOGRAM = ObjectMap(
    SubTomogram,
    "SubTomogram",
    {
        **IMAGE_3D,
        "alignment_transformation": one("alignment_transformation", TRANSFORMATION),
        "ctf_metadata": one("ctf_metadata", CTF),
        "coordinates": one("location", COORDINATES),
    },
)
MAP = ObjectMap(
    Map, "Map", {"file": text("path"), "pixel_size": value("voxel_size"), **ANNOTATED}, required=("file",)
)
MAP_SET = ObjectMap(MapSet, "SubTomogramSet", {"maps": many("maps", MAP)}, beside=("sub_tomogram_set_id",))
SUB_TOMOGRAM_SET = ObjectMap(
    SubTomogramSet,
    "SubTomogramSet",
    {"Subtomograms": many("sub_tomograms", SUB_TOMOGRAM), "maps": elsewhere(MAP), **ANNOTATED},
)


TOMOGRAM = ObjectMap(
    Tomogram,
    "Tomogram",
    {
        **IMAGE_3D,
        "file": text("path"),
        "subtomograms": Joined(
            SUB_TOMOGRAM_SET,
            "sub_tomogram_sets",
            MAP_SET,
            "map_sets",
            key="maps",
            by="sub_tomogram_set_id",
            merged="map sets of one set of sub-tomograms become one",
        ),
    },
    beside=("tilt_series_id",),
)
TOMOGRAM_SET = ObjectMap(
    TomogramSet,
    "TomogramSet",
    {"tomograms": many("tomograms", TOMOGRAM), **ANNOTATED},
    beside=("tilt_series_id",),
)
TILT_SERIES = ObjectMap(
    TiltSeriesMicrographStack,
    "TiltSeriesMicrographStack",
    {
        "micrographs": many("micrographs", MICROGRAPH),
        "Tomograms": elsewhere(TOMOGRAM_SET),
        "path": text("path"),
        **ANNOTATED,
    },
    beside=("movie_stack_series_id", "name"),
)
TILT_SERIES_SET = ObjectMap(
    TiltSeriesSet,
    "TiltSeriesSet",
    {"tilt_series": elsewhere(TILT_SERIES), **ANNOTATED},
    beside=("tilt_series",),
)
SERIES = ObjectMap(
    MovieStackSeries,
    "MovieStackSet",
    {"movie_stacks": many("movie_stacks", MOVIE_STACK)},
    beside=("name",),
)
COLLECTION = ObjectMap(
    MovieStackCollection,
    "MovieStackSet",
    {
        "movie_stacks": elsewhere(MOVIE_STACK),
        "gain_file": one("gain_file", GAIN_FILE),
        "defect_file": one("defect_file", DEFECT_FILE),
        "tilt_series": elsewhere(TILT_SERIES),
        **ANNOTATED,
    },
    beside=("movie_stack_series",),
)
