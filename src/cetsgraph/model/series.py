"""Movies, tilt series, and how both were aligned."""

from typing import Annotated

from pydantic import SerializeAsAny

from cetsgraph.model.base import Array, Entity, Reference, array, part, parts, reference, term
from cetsgraph.model.geometry import Coordinates, Transformation
from cetsgraph.model.images import (
    DEFOCUS_HANDEDNESS,
    HANDEDNESS,
    CTFMetadata,
    Exposed,
    Image2D,
    MovieFrame,
    Raster2D,
    Reconstructed,
    TiltAngleObservation,
)
from cetsgraph.model.imaging import TILT_AXIS_ANGLE
from cetsgraph.model.objects import DataObject, Provenance, Software
from cetsgraph.model.units import (
    Angstrom,
    Degree,
    ElectronPerSquareAngstrom,
    ElectronPerSquareAngstromPerSecond,
    Fraction,
    KiloVolt,
    MicroMetres,
    MilliMetre,
)
from cetsgraph.model.values import References

__all__ = [
    "Alignment",
    "DeformationChannels",
    "DeformationSampling",
    "FrameAlignment",
    "GridSampling",
    "HeldOutSamples",
    "MovieAlignment",
    "MovieStack",
    "MovieStackSeries",
    "NonRigidAlignment",
    "ParticleSampling",
    "ProjectionAlignment",
    "ProjectionExclusion",
    "TiltSeriesMicrograph",
    "TiltSeriesMicrographStack",
]


class DeformationSampling(Entity):
    """Where a deformation was sampled."""

    abstract = True


class GridSampling(DeformationSampling):
    """Samples on a regular grid."""

    grid_shape: Annotated[list[int], Array("N")] | None = array("Number of samples along each axis.")


class ParticleSampling(DeformationSampling):
    """Samples at the points of an annotation."""

    annotation_id: Reference | None = reference("Annotation at whose points it was sampled.", "Annotation")


class HeldOutSamples(Entity):
    """Samples that a deformation was tested with, and not fitted to."""

    selection_method: str | None = term("How the samples were chosen.")
    seed: int | None = term("Seed of the random numbers by which the samples were chosen.")
    sample_count: int | None = term("Number of samples.", minimum=0)
    sample_fraction: float | None = term("Part of all samples, from 0 to 1.", minimum=0, maximum=1)
    minimum_sample_count: int | None = term("Smallest number of samples that is taken.", minimum=0)


class DeformationChannels(Entity):
    """What a deformation changes, and what its payload says of it."""

    displacement_3d: str | None = term(
        "What the payload says of displacement in three dimensions, such as none or zero_at_samples."
    )
    ctf_depth: str | None = term("What the payload says of the depth that defocus is computed from.")


class NonRigidAlignment(DataObject):
    """What is left to align after a rigid alignment: a deformation, kept as samples in a file."""

    profile_version: str | None = term("Profile whose conventions the object follows, with its version.")
    residual_kind: str | None = term(
        "What the deformation is added to: tilt-series-projection-residual, movie-frame-residual."
    )
    covered_image_id: References = reference(
        "Tilt image that the deformation covers.", "TiltSeriesMicrograph"
    )
    payload_uri: str | None = term("Address of the file that holds the samples.")
    payload_group: str | None = term("Group of the file that holds the samples.")
    sampling: SerializeAsAny[DeformationSampling] | None = part("Where it was sampled.", "sampling")
    held_out_samples: HeldOutSamples | None = part("Samples that were kept for testing.", "held-out-samples")
    channels: DeformationChannels | None = part("What the deformation changes.", "channels")
    context_digest: str | None = term("Digest of the geometry that the samples were computed with.")
    digest_version: int | None = term("Version of how the digest is computed.")


class FrameAlignment(DataObject):
    """How one frame of a movie was aligned."""

    frame_id: Reference | None = reference("Frame that was aligned.", "MovieFrame")
    frame_transformation: Transformation | None = part(
        "Transformation that aligns the frame.", "frame-transformation"
    )


class MovieAlignment(DataObject):
    """How the frames of a movie were aligned to each other."""

    profile_version: str | None = term("Profile whose conventions the object follows, with its version.")
    movie_stack_id: Reference | None = reference(
        "Movie from which the image was merged, or that was aligned.", "MovieStack"
    )
    covered_frame_id: References = reference("Frame that the alignment covers.", "MovieFrame")
    gauge: str | None = term("What stays in place, such as reference-frame.")
    reference_frame_id: Reference | None = reference("Frame that the others are aligned to.", "MovieFrame")
    frame_alignments: list[FrameAlignment] = parts("Alignment of one frame.", "frame-alignment")
    non_rigid_alignment: NonRigidAlignment | None = part(
        "What is left to align after the rigid alignment.", "non-rigid-alignment"
    )
    provenance: Provenance | None = part(
        "How the object was made.", "provenance", relation="prov:wasGeneratedBy"
    )


class MovieStack(DataObject, Raster2D):
    """The movie of one tilt: its frames in the order in which they were taken."""

    indexed = True
    labels = ("movie",)

    frames: list[MovieFrame] = parts("Frame of the movie.", "frame")
    raw_frame_count: int | None = term("Number of raw frames in the file of the movie.", minimum=0)
    movie_alignments: list[MovieAlignment] = parts("Alignment of the frames.", "movie-alignment")
    ctf_metadata: CTFMetadata | None = part("Contrast transfer function of the image.", "ctf-metadata")


class MovieStackSeries(DataObject):
    """The movies of one tilt series."""

    indexed = True

    movie_stacks: list[MovieStack] = parts("Movie of the series, one per tilt.", "movie-stack")
    acquisition_session_id: Reference | None = reference(
        "Session in which the data were collected.", "AcquisitionSession", scope="DataSet"
    )


class ProjectionAlignment(DataObject):
    """How one tilt image was aligned to the tomogram or back; input and output say which way."""

    tilt_image_id: Reference | None = reference(
        "Tilt image that the statement is about.", "TiltSeriesMicrograph"
    )
    input: str | None = term("Name of the coordinate system that is mapped from.")
    output: str | None = term("Name of the coordinate system that is mapped to.")
    sequence: list[Transformation] = parts(
        "Transformation that is applied after those before it in the list.", "step"
    )
    shift: Transformation | None = part("Shift of the image in its plane.", "shift")
    x_tilt: Degree | None = term("Rotation about X.")
    y_tilt: Degree | None = term("Rotation about Y.")
    z_rotation: Degree | None = term("Rotation about Z.", labels=("z_rot",))


class ProjectionExclusion(DataObject):
    """An image that one alignment leaves out; others may use it."""

    tilt_image_id: Reference | None = reference(
        "Tilt image that the statement is about.", "TiltSeriesMicrograph"
    )
    exclusion_reason: str | None = term("Why the image was left out.")


class Alignment(DataObject):
    """How a tilt series was aligned."""

    indexed = True

    tilt_series_id: Reference | None = reference(
        "Tilt series that the object was made from or belongs to.", "TiltSeriesMicrographStack"
    )
    reference_volume_id: Reference | None = reference(
        "Tomogram whose coordinates the alignment is in.", "Tomogram"
    )
    alignment_type: str | None = term("Kind of alignment: global, local, non-rigid.")
    alignment_method: str | None = term("Method of alignment, such as fiducial-based or patch tracking.")
    projection_alignments: list[ProjectionAlignment] = parts(
        "Alignment of one image.", "projection-alignment"
    )
    non_rigid_alignment: NonRigidAlignment | None = part(
        "What is left to align after the rigid alignment.", "non-rigid-alignment"
    )
    exclusions: list[ProjectionExclusion] = parts("Image that the alignment leaves out.", "exclusion")
    tilt_angle_observations: list[TiltAngleObservation] = parts(
        "Value of the tilt angle, of several sources.", "tilt-angle-observation"
    )
    tilt_offset: Degree | None = term(
        "Angle that was added to all tilt angles, so that the specimen is level.", labels=("alpha offset",)
    )
    x_rotation_offset: Degree | None = term(
        "Angle about the X axis by which the specimen was turned, so that it is level.",
        labels=("beta offset", "X axis tilt"),
    )
    tilt_axis_offset: Degree | None = term(
        "Angle that was added to the angle of the tilt axis, counter-clockwise positive."
    )
    volume_offset: Coordinates | None = part(
        "Shift in angstrom of the reconstructed volume from the volume that the tilt series is centred on.",
        "volume-offset",
    )
    volume_dimensions: Coordinates | None = part(
        "Size in angstrom of the volume that the alignment is for, along each axis.", "volume-dimensions"
    )
    specimen_thickness: Angstrom | None = term("Thickness of the specimen that the alignment found.", above=0)
    path: str | None = term("Path or address of the file.", labels=("file",))
    file_format: str | None = term("Format of the file, such as MRC, OME-Zarr or TIFF.")
    software: list[Software] = parts("Software that made the object.", "software", relation=None)
    provenance: Provenance | None = part(
        "How the object was made.", "provenance", relation="prov:wasGeneratedBy"
    )


class TiltSeriesMicrograph(Image2D, Exposed):
    """One image of a tilt series: the merged movie of one tilt."""

    indexed = True
    labels = ("tilt image",)

    movie_stack_id: Reference | None = reference(
        "Movie from which the image was merged, or that was aligned.", "MovieStack"
    )
    frame_name: str | None = term("Name of the file of the movie, as the microscope wrote it.")
    particle_index: int | None = term(
        "Place of the particle around which the image was cut, counted from 0.", minimum=0
    )
    even_path: str | None = term("Path or address of the half made from even frames or images.")
    odd_path: str | None = term("Path or address of the half made from odd frames or images.")
    stage_position: MicroMetres | None = array("Position of the stage along X, Y and, where known, Z.")
    image_shift: MicroMetres | None = array("Shift of the image by deflection of the beam, along X and Y.")
    total_accumulated_dose: ElectronPerSquareAngstrom | None = term(
        "Dose that the specimen had received when the image was finished.", minimum=0
    )
    refined_tilt_angle: Degree | None = term("Tilt angle after refinement.", minimum=-90, maximum=90)
    tilt_angle_observations: list[TiltAngleObservation] = parts(
        "Value of the tilt angle, of several sources.", "tilt-angle-observation"
    )
    projection_alignment: ProjectionAlignment | None = part(
        "Alignment of the image, where it is stated with the image.", "own-alignment"
    )


class TiltSeriesMicrographStack(DataObject, Raster2D, Reconstructed):
    """The images of one tilt series; facts about the whole are for series whose images are not listed."""

    indexed = True
    labels = ("tilt series",)

    micrographs: list[TiltSeriesMicrograph] = parts("Image of the tilt series.", "micrograph")
    movie_stack_series_id: Reference | None = reference(
        "Movies that the tilt series was made from.", "MovieStackSeries"
    )
    acquisition_session_id: Reference | None = reference(
        "Session in which the data were collected.", "AcquisitionSession", scope="DataSet"
    )
    collection_metadata_path: str | None = term(
        "Path or address of the file that the microscope's program wrote, such as an mdoc file."
    )
    accelerating_voltage: KiloVolt | None = term(
        "Accelerating voltage of the microscope.", labels=("voltage",)
    )
    spherical_aberration: MilliMetre | None = term(
        "Spherical aberration (Cs) of the objective lens.", labels=("nominal_cs",)
    )
    amplitude_contrast: Fraction | None = term(
        "Part of the contrast that comes from amplitude.", minimum=0, maximum=1
    )
    dose_rate: ElectronPerSquareAngstromPerSecond | None = term("Dose rate on the specimen.", minimum=0)
    tilt_axis_angle: Degree | None = term(TILT_AXIS_ANGLE)
    defocus_handedness: int | None = term(DEFOCUS_HANDEDNESS, values=HANDEDNESS)
    defocus_slope: float | None = term(
        "Factor of the depth by which the defocus of a particle differs from that of its image; 1 if absent."
    )
    handedness_convention: str | None = term("Convention of the handedness, in the words of its program.")
    angles_inverted: bool | None = term(
        "Whether the program that aligned the series counts tilts the other way."
    )
    ctf_pixel_size: Angstrom | None = term(
        "Size of a pixel in the specimen at which the contrast transfer function was fitted.", above=0
    )
    tilt_count: int | None = term("Number of tilt images of the series.", minimum=0)
    tilt_range_min: Degree | None = term("Smallest tilt angle of the series.", minimum=-90, maximum=90)
    tilt_range_max: Degree | None = term("Largest tilt angle of the series.", minimum=-90, maximum=90)
    tilt_step: Degree | None = term("Angle between neighbouring tilts of the series.", minimum=0, maximum=90)
    tilt_scheme: str | None = term(
        "Order in which the tilts were taken: dose-symmetric, bidirectional, unidirectional, or in words."
    )
    total_dose: ElectronPerSquareAngstrom | None = term(
        "Dose that the specimen received over the whole series.", minimum=0
    )
    quality: int | None = term(
        "Quality of the series as the archive rates it, from 1 (unusable) to 5 (excellent).",
        minimum=1,
        maximum=5,
    )
    is_aligned: bool | None = term("Whether the images of the file are aligned to each other.")
    binning_from_frames: float | None = term(
        "Pixels of a movie frame per pixel of the tilt images, along one axis.", above=0
    )
