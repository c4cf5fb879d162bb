"""Movies, tilt series, tomograms and their alignment, in dialect B."""

from typing import Any

from cetsgraph.documents.dialects.cets_data_model.coordinates import TRANSFORMATION, image_2d, image_3d
from cetsgraph.documents.dialects.cets_data_model.references import reference
from cetsgraph.documents.dialects.mapping import (
    FieldRule,
    ObjectMap,
    ReadSession,
    formerly,
    many,
    one,
    same,
    structural,
    value,
    words,
)
from cetsgraph.model import (
    Alignment,
    CTFMetadata,
    DefectFile,
    GainFile,
    Map,
    MovieFrame,
    MovieStack,
    MovieStackCollection,
    MovieStackSeries,
    ProjectionAlignment,
    Software,
    TiltAngleObservation,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    Tomogram,
)

__all__ = ["ALIGNMENT", "MOVIE_STACK_COLLECTION", "PARTICLE_MAP", "TILT_SERIES", "TOMOGRAM"]


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
EXPOSED: dict[str, FieldRule] = {
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
FILE: dict[str, FieldRule] = {"path": same, "id": formerly("id"), "name": formerly("name")}
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
RECONSTRUCTED: dict[str, FieldRule] = {
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


def _read_alignment_type(reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
    """The discriminator says nothing that the class does not."""
    if found == "sequence":
        reading.report_older(pointer, "this is an older name", found=found, expected="projection_alignment")
    elif found != "projection_alignment":
        reading.report_not_one_of(pointer, found, ["projection_alignment"])


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
