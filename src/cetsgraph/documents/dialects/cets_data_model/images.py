"""Movies, tilt series and tomograms, in dialect B."""

from collections.abc import Mapping
from typing import Any

from cetsgraph.documents.dialects.cets_data_model.alignments import MOVIE_ALIGNMENT, PROVENANCE
from cetsgraph.documents.dialects.cets_data_model.coordinates import image_2d, image_3d
from cetsgraph.documents.dialects.cets_data_model.particles import PARTICLE_SET
from cetsgraph.documents.dialects.cets_data_model.references import reference
from cetsgraph.documents.dialects.cets_data_model.revisions import b_table
from cetsgraph.documents.dialects.mapping import (
    FieldRule,
    ReadSession,
    WriteSession,
    explicit,
    formerly,
    many,
    nothing,
    one,
    same,
    structural,
    value,
    words,
)
from cetsgraph.findings import Severity
from cetsgraph.model import (
    CTFMetadata,
    DefectFile,
    GainFile,
    Map,
    MovieFrame,
    MovieStack,
    MovieStackCollection,
    MovieStackSeries,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    Tomogram,
)
from cetsgraph.pointers import child_pointer

__all__ = ["CTF", "MOVIE_STACK_COLLECTION", "PARTICLE_MAP", "TILT_SERIES", "TOMOGRAM"]

Values = dict[str, Any]


def _read_section(reading: ReadSession, found: Any, pointer: str, values: Values) -> None:
    """Sections were texts of digits in an older revision."""
    if isinstance(found, str) and found.isascii() and found.isdecimal():
        reading.report_older(pointer, "this is an older way to say it", found=found, expected=int(found))
        if str(int(found)) != found:
            reading.keep(pointer, found)
        found = int(found)
    values["section"] = found


def _read_order_of_ctf(reading: ReadSession, found: Any, pointer: str, values: Values) -> None:
    """The oldest revision has the order of acquisition beside the CTF too; an image takes it from there."""
    reading.keep(pointer, found)


def _path(target: str) -> FieldRule:
    """A path, for which the oldest revision wrote "None" where there is none."""

    def read(reading: ReadSession, found: Any, pointer: str, values: Values) -> None:
        """Take a path; the word `None` is an older way to say that there is none."""
        if found == "None":
            reading.report_older(pointer, "no path is null now", found=found)
            reading.keep(pointer, found)
        else:
            values[target] = found

    return structural(read, value(target).write, target)


CTF = b_table(
    CTFMetadata,
    "CTFMetadata",
    {
        **words("defocus_u", "defocus_v", "defocus_angle", "phase_shift"),
        "defocus_handedness": explicit("defocus_handedness"),
        **words("fit_score", "fit_resolution"),
        "acquisition_order": structural(_read_order_of_ctf, nothing),
    },
)
EXPOSED: dict[str, FieldRule] = {
    "path": _path("path"),
    "section": structural(_read_section, value("section").write, "section"),
    **words("nominal_tilt_angle", "accumulated_dose", "exposure_dose", "exposure_time", "acquisition_order"),
    "ctf_metadata": one("ctf_metadata", CTF),
}
HALVES: dict[str, FieldRule] = {"even_path": _path("even_path"), "odd_path": _path("odd_path")}


def _order_from_ctf(reading: ReadSession, source: Values, pointer: str) -> Values:
    ctf = source.get("ctf_metadata")
    order = ctf.get("acquisition_order") if isinstance(ctf, dict) else None
    if order is None or source.get("acquisition_order") is not None:
        return source
    if "acquisition_order" not in source:
        reading.drop(f"{pointer}/acquisition_order")
    return {**source, "acquisition_order": order}


MOVIE_FRAME = image_2d(
    MovieFrame,
    "MovieFrame",
    {"id": same, **EXPOSED, **words("source_start_index", "source_frame_count"), "name": formerly("name")},
    modernise=_order_from_ctf,
)


def _keep(reading: ReadSession, found: Any, pointer: str, values: Values) -> None:
    """What follows from the place, or from the class."""
    reading.keep(pointer, found)


def _write_index(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
    """The oldest revision has it in a class that has no halves."""
    found, halves = values["particle_index"], (values["even_path"], values["odd_path"])
    if found is None or halves == (None, None) or writing.own:
        return found
    message = f"{writing.dialect} has no place for particle_index beside halves; it is left out"
    writing.report("not-representable", f"{pointer}/particle_index", message, found=found)
    return None


def _images_of_one_series(reading: ReadSession, source: dict[str, Any], pointer: str) -> dict[str, Any]:
    """In the oldest revision each image names its series, which is the one that holds it."""
    own, images = source.get("ts_id", source.get("id")), source.get("images")
    for index, image in enumerate(images if isinstance(images, list) else ()):
        other = image.get("ts_id") if isinstance(image, dict) else None
        if isinstance(own, str) and isinstance(other, str) and other != own:
            reading.report(
                "reference-consistent",
                child_pointer(pointer, "images", index, "ts_id"),
                f"this image is of the tilt series {other}, and stands in {own}",
                found=other,
                expected=own,
                severity=Severity.WARNING,
                hint=f"Write {own}, or move the image to its series.",
            )
    return source


TILT_IMAGE = image_2d(
    TiltSeriesMicrograph,
    "TiltImage",
    {
        "id": same,
        "movie_stack_id": reference("movie_stack_id"),
        **EXPOSED,
        **HALVES,
        "particle_index": structural(value("particle_index").read, _write_index, "particle_index"),
        "name": formerly("name"),
        "type": structural(_keep, nothing),
        "ts_id": structural(_keep, nothing),
    },
    "id",
    modernise=_order_from_ctf,
)
FILE: dict[str, FieldRule] = {"path": _path("path"), "id": formerly("id"), "name": formerly("name")}
GAIN_FILE = image_2d(GainFile, "GainFile", FILE)
DEFECT_FILE = image_2d(DefectFile, "DefectFile", FILE)
MOVIE_STACK = image_2d(
    MovieStack,
    "MovieStack",
    {
        "id": same,
        "path": value("path"),
        "images": many("frames", MOVIE_FRAME),
        "raw_frame_count": same,
        "alignments": many("movie_alignments", MOVIE_ALIGNMENT),
        "name": formerly("name"),
    },
    "id",
)
MOVIE_STACK_SERIES = b_table(
    MovieStackSeries,
    "MovieStackSeries",
    {
        "id": same,
        "stacks": many("movie_stacks", MOVIE_STACK),
        "acquisition_session_id": reference("acquisition_session_id"),
        "name": formerly("name"),
    },
    required=("id",),
)
MOVIE_STACK_COLLECTION = b_table(
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
TILT_SERIES = b_table(
    TiltSeriesMicrographStack,
    "TiltSeries",
    {
        "id": same,
        "path": _path("path"),
        "ctf_corrected": same,
        **HALVES,
        "images": many("micrographs", TILT_IMAGE),
        "movie_stack_series_id": reference("movie_stack_series_id"),
        "acquisition_session_id": reference("acquisition_session_id"),
        "voltage": value("accelerating_voltage"),
        **words("spherical_aberration", "amplitude_contrast", "dose_rate"),
        **words("defocus_handedness", "defocus_slope", "collection_metadata_path"),
        "nominal_tilt_axis_angle": value("tilt_axis_angle"),
    },
    required=("id",),
    older={"ts_id": "id"},
    modernise=_images_of_one_series,
)
TOMOGRAM = image_3d(
    Tomogram,
    "Tomogram",
    {
        "id": same,
        "path": _path("path"),
        "ctf_corrected": same,
        **HALVES,
        "tilt_series_id": reference("tilt_series_id"),
        "alignment_id": reference("alignment_id"),
        "provenance": one("provenance", PROVENANCE),
        "particle_set": PARTICLE_SET,
        "name": formerly("name"),
    },
    "id",
    older={"tomo_id": "id"},
)
PARTICLE_MAP = image_3d(
    Map,
    "ParticleMap",
    {
        "path": _path("path"),
        "source_region_id": reference("source_region_id"),
        "source_annotation_id": reference("source_annotation_id"),
        "coord_index": same,
    },
    older={"source_annotation_reference_id": "source_annotation_id"},
)
