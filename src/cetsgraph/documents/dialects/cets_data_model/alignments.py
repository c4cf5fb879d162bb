"""How tilt series and movies were aligned, rigidly and not, and how that was computed, in dialect B."""

from collections.abc import Mapping
from typing import Any

from cetsgraph.documents.dialects.cets_data_model.coordinates import TRANSFORMATION
from cetsgraph.documents.dialects.cets_data_model.references import reference, references
from cetsgraph.documents.dialects.cets_data_model.revisions import MAX_STEPS, REVISIONS, b_table
from cetsgraph.documents.dialects.cets_data_model.steps import composed
from cetsgraph.documents.dialects.mapping import (
    Choice,
    ReadSession,
    WriteSession,
    ignore,
    many,
    nothing,
    one,
    read_list,
    same,
    structural,
    value,
    words,
    write_list,
)
from cetsgraph.findings import Severity
from cetsgraph.model import (
    Alignment,
    DataFile,
    DeformationChannels,
    FrameAlignment,
    GridSampling,
    HeldOutSamples,
    MovieAlignment,
    NonRigidAlignment,
    ParticleSampling,
    ProcessingParameter,
    ProjectionAlignment,
    ProjectionExclusion,
    Provenance,
    Software,
    TiltAngleObservation,
)
from cetsgraph.pointers import child_pointer

__all__ = ["ALIGNMENT", "MOVIE_ALIGNMENT", "PROVENANCE"]

Values = dict[str, Any]
_SHA256 = "sha256:"

PARAMETER = b_table(ProcessingParameter, "NativeParameter", words("name", "value_json"))


def _read_digest(reading: ReadSession, found: Any, pointer: str, values: Values) -> None:
    values["checksum"] = f"{_SHA256}{found}" if isinstance(found, str) else found


def _write_digest(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
    found = values["checksum"]
    if found is None or found.startswith(_SHA256):
        return None if found is None else found.removeprefix(_SHA256)
    message = f"{writing.dialect} has a place for SHA-256 alone; the checksum is left out"
    writing.report("not-representable", f"{pointer}/checksum", message, found=found)
    return None


ARTIFACT = b_table(
    DataFile,
    "Artifact",
    {"role": same, "uri": value("path"), "sha256": structural(_read_digest, _write_digest, "checksum")},
)


def _of_software(name: str) -> Any:
    """A field of the one program that the provenance names."""

    def read(reading: ReadSession, found: Any, pointer: str, values: Values) -> None:
        """Take the name or version of the one program."""
        if not isinstance(found, str):
            reading.report(
                "value-type", pointer, "this is not text", found=type(found).__name__, expected="text"
            )
            return
        programs = values.setdefault("software", [Software().came_from(pointer.rpartition("/")[0])])
        setattr(programs[0], name, found)

    def write(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        """Give the name or version of the first program, and report the others."""
        programs = values["software"]
        if name == "name":
            for index, program in enumerate(programs):
                place = f"{pointer}/software/{index}"
                writing.report_others(program, place, *(("name", "version") if index == 0 else ()))
        return getattr(programs[0], name) if programs else None

    return structural(read, write, "software")


PROVENANCE = b_table(
    Provenance,
    "ProcessingProvenance",
    {
        "software_name": _of_software("name"),
        "software_version": _of_software("version"),
        "parameters": many("parameters", PARAMETER),
        "artifacts": many("artifacts", ARTIFACT),
        **words("warnings", "dropped_information"),
    },
)


def _kind(word: str) -> Any:
    """The word that tells the class."""
    return structural(ignore, lambda writing, values, pointer: word)


SAMPLINGS = {
    "grid": b_table(GridSampling, "GridSampling", {"kind": _kind("grid"), "grid_shape": same}),
    "particles": b_table(
        ParticleSampling,
        "ParticleSampling",
        {"kind": _kind("particles"), "annotation_id": reference("annotation_id")},
    ),
}
SAMPLING = Choice("kind", SAMPLINGS, untagged=SAMPLINGS)
HELD_OUT = b_table(
    HeldOutSamples,
    "HeldOut",
    {
        "method": value("selection_method"),
        "seed": same,
        "count": value("sample_count"),
        "fraction": value("sample_fraction"),
        "min_count": value("minimum_sample_count"),
    },
)
CHANNELS = b_table(DeformationChannels, "Channels", words("displacement_3d", "ctf_depth"))
NON_RIGID_ALIGNMENT = b_table(
    NonRigidAlignment,
    "NonRigidAlignment",
    {
        "profile_version": same,
        "kind": value("residual_kind"),
        "tilt_image_ids": references("covered_image_id"),
        **words("payload_uri", "payload_group"),
        "sampling": one("sampling", SAMPLING),
        "heldout": one("held_out_samples", HELD_OUT),
        "channels": one("channels", CHANNELS),
        **words("context_digest", "digest_version"),
    },
)


def _read_other_name(reading: ReadSession, found: Any, pointer: str, values: Values) -> None:
    """A name that was tried for the angle before the branch settled on `value_degrees`."""
    values["tilt_angle"] = found
    reading.keep(pointer, found)
    reading.drop(f"{pointer.rpartition('/')[0]}/value_degrees")


TILT_ANGLE_OBSERVATION = b_table(
    TiltAngleObservation,
    "TiltAngleObservation",
    {
        "tilt_image_id": reference("tilt_image_id"),
        "value_degrees": value("tilt_angle"),
        **words("angle_kind", "source"),
        "tilt_angle": structural(_read_other_name, nothing),
    },
)
PROJECTION_EXCLUSION = b_table(
    ProjectionExclusion,
    "ProjectionExclusion",
    {"tilt_image_id": reference("tilt_image_id"), "reason": value("exclusion_reason")},
)
FRAME_ALIGNMENT = b_table(
    FrameAlignment,
    "FrameAlignment",
    {"frame_id": reference("frame_id"), "transform": one("frame_transformation", TRANSFORMATION)},
)
MOVIE_ALIGNMENT = b_table(
    MovieAlignment,
    "MovieAlignment",
    {
        **words("id", "name", "profile_version"),
        "movie_stack_id": reference("movie_stack_id"),
        "frame_ids": references("covered_frame_id"),
        "gauge": same,
        "reference_frame_id": reference("reference_frame_id"),
        "frame_alignments": many("frame_alignments", FRAME_ALIGNMENT),
        "non_rigid_alignment": one("non_rigid_alignment", NON_RIGID_ALIGNMENT),
        "provenance": one("provenance", PROVENANCE),
    },
)


def _read_alignment_type(reading: ReadSession, found: Any, pointer: str, values: Values) -> None:
    """The discriminator says nothing that the class does not."""
    if found == "sequence":
        reading.report_older(pointer, "this is an older name", found=found, expected="projection_alignment")
    elif found != "projection_alignment":
        reading.report_not_one_of(pointer, found, ["projection_alignment"])


def _read_steps(reading: ReadSession, found: Any, pointer: str, values: Values) -> None:
    for index, step in enumerate(found if isinstance(found, list) else ()):
        kind = step.get("transformation_type") if isinstance(step, dict) else None
        if kind in ("sequence", "scale", "map_axis"):
            reading.report(
                "value-enum",
                child_pointer(pointer, index, "transformation_type"),
                "the steps of a projection alignment are affine matrices and translations",
                found=kind,
                expected="affine, translation",
                severity=Severity.WARNING,
                hint="Write the steps of the inner sequence in its place."
                if kind == "sequence"
                else f"Write the {kind.replace('_', ' of ')} as an affine matrix.",
            )
    values["sequence"] = steps = read_list(reading, TRANSFORMATION, found, pointer)
    if len(steps) > 2:
        REVISIONS.only(reading, frozenset(REVISIONS.names) - MAX_STEPS.keys())


def _write_steps(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
    """Steps in a number and of types that the revision takes."""
    steps = values["sequence"]
    most = len(steps) if writing.own or writing.revision is None else MAX_STEPS.get(writing.revision, 3)
    if len(steps) > most or (
        not writing.own and any(step.transformation_type not in ("affine", "translation") for step in steps)
    ):
        fewer = composed(steps, most)
        if fewer is None:
            message = f"{writing.dialect} has no place for these steps; they are left out"
            writing.report(
                "not-representable", f"{pointer}/sequence", message, found=f"a list of {len(steps)}"
            )
            return None
        writing.report_normalised(f"{pointer}/sequence", f"the steps become {len(fewer)} that do the same")
        steps = fewer
    return write_list(writing, TRANSFORMATION, steps, f"{pointer}/sequence")


PROJECTION_ALIGNMENT = b_table(
    ProjectionAlignment,
    "ProjectionAlignment",
    {
        "id": same,
        "tilt_image_id": reference("tilt_image_id"),
        "transformation_type": structural(
            _read_alignment_type, lambda writing, values, pointer: "projection_alignment"
        ),
        **words("name", "input", "output"),
        "sequence": structural(_read_steps, _write_steps, "sequence", table=TRANSFORMATION, many=True),
    },
    required=("id",),
    older={"type": "transformation_type"},
)
ALIGNMENT = b_table(
    Alignment,
    "Alignment",
    {
        **words("id", "name"),
        "tilt_series_id": reference("tilt_series_id"),
        "reference_volume_id": reference("reference_volume_id"),
        "projection_alignments": many("projection_alignments", PROJECTION_ALIGNMENT),
        "non_rigid_alignment": one("non_rigid_alignment", NON_RIGID_ALIGNMENT),
        "exclusions": many("exclusions", PROJECTION_EXCLUSION),
        "tilt_angle_observations": many("tilt_angle_observations", TILT_ANGLE_OBSERVATION),
        "provenance": one("provenance", PROVENANCE),
    },
)
