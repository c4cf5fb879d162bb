"""Images and the files around them: movies, micrographs, tomograms, maps and how they were exposed."""

from typing import Literal

from cetsgraph.model.base import DataObject, Entity, Reference, Software, part, parts, reference, term
from cetsgraph.model.geometry import Coordinates, CoordinateSystem, Transformation
from cetsgraph.model.units import (
    Angstrom,
    Degree,
    ElectronPerSquareAngstrom,
    Pixels,
    Second,
)

__all__ = [
    "CTFMetadata",
    "DefectFile",
    "DoseConvention",
    "Exposed",
    "GainFile",
    "Image",
    "Image2D",
    "Image3D",
    "Map",
    "MapSet",
    "MovieFrame",
    "MovieStack",
    "Placed",
    "ProjectionAlignment",
    "Raster",
    "Raster2D",
    "Raster3D",
    "Reconstructed",
    "SubTomogram",
    "SubTomogramSet",
    "TiltAngleObservation",
    "TiltSeriesMicrograph",
    "Tomogram",
]


DoseConvention = Literal["before", "including", "unknown"]
"""Whether an accumulated dose counts the image itself."""


class Placed(Entity):
    """Something with coordinate systems of its own."""

    abstract = True

    coordinate_systems: list[CoordinateSystem] = parts(
        "Named coordinate systems of the object.", "coordinate-system"
    )
    coordinate_transformations: list[Transformation] = parts(
        "Transformations between coordinate systems of the object and others.", "coordinate-transformation"
    )


class Raster(Placed):
    """A regular grid of values in a file."""

    abstract = True

    path: str | None = term("Path or address of the file.", labels=("file",))
    width: Pixels | None = term("Number of pixels or voxels along X.", above=0)
    height: Pixels | None = term("Number of pixels or voxels along Y.", above=0)


class Raster2D(Raster):
    """A grid with pixels."""

    abstract = True

    pixel_size: Angstrom | None = term(
        "Size of a pixel in the specimen, where it is the same along X and Y.", above=0
    )
    pixel_size_x: Angstrom | None = term(
        "Size of a pixel in the specimen along X, where it differs by axis.", above=0
    )
    pixel_size_y: Angstrom | None = term(
        "Size of a pixel in the specimen along Y, where it differs by axis.", above=0
    )


class Raster3D(Raster):
    """A grid with voxels."""

    abstract = True

    depth: Pixels | None = term("Number of voxels along Z.", above=0)
    voxel_size: Angstrom | None = term(
        "Size of a voxel in the specimen, where it is the same along X, Y and Z.", above=0
    )
    voxel_size_x: Angstrom | None = term(
        "Size of a voxel in the specimen along X, where it differs by axis.", above=0
    )
    voxel_size_y: Angstrom | None = term(
        "Size of a voxel in the specimen along Y, where it differs by axis.", above=0
    )
    voxel_size_z: Angstrom | None = term(
        "Size of a voxel in the specimen along Z, where it differs by axis.", above=0
    )


class Image(DataObject, Raster):
    """An image of the specimen, or of the instrument that took it."""

    abstract = True
    asserted = True


class Image2D(Image, Raster2D):
    """A two-dimensional image."""


class Image3D(Image, Raster3D):
    """A three-dimensional image."""


class CTFMetadata(DataObject):
    """Parameters of the contrast transfer function of one image."""

    labels = ("CTF parameters",)

    defocus_u: Angstrom | None = term("Larger of the two defoci; underfocus is positive.")
    defocus_v: Angstrom | None = term("Smaller of the two defoci; underfocus is positive.")
    defocus_angle: Degree | None = term(
        "Angle of the axis of defocus U to the X axis.", minimum=-180, maximum=180
    )
    phase_shift: Degree | None = term("Phase shift by a phase plate; 0 if absent.", minimum=0, maximum=360)
    defocus_handedness: int | None = term(
        "Sign by which defocus changes with height over the tilt axis: +1 or −1.", values=(-1, 1)
    )


class Exposed(DataObject):
    """An image of the specimen at one tilt."""

    abstract = True

    section: int | None = term("Place in the image stack file, counted from 0.", minimum=0)
    nominal_tilt_angle: Degree | None = term(
        "Tilt of the stage as the microscope reports it; a positive tilt moves +X against the beam.",
        minimum=-90,
        maximum=90,
    )
    accumulated_dose: ElectronPerSquareAngstrom | None = term(
        "Dose that the specimen had received before the image; see dose convention.", minimum=0
    )
    dose_convention: DoseConvention | None = term("Whether accumulated dose counts the image itself.")
    exposure_dose: ElectronPerSquareAngstrom | None = term("Dose of this exposure alone.", minimum=0)
    exposure_time: Second | None = term("Duration of the exposure.", minimum=0)
    acquisition_order: int | None = term(
        "Place in the order in which the images were taken, counted from 0.", minimum=0
    )
    excluded: bool | None = term("Whether the image was left out of processing.")
    exclusion_reason: str | None = term("Why the image was left out.")
    ctf_metadata: CTFMetadata | None = part("Contrast transfer function of the image.", "ctf-metadata")


class GainFile(Image2D):
    """Gain reference of the detector."""

    transformations: list[Transformation] = parts(
        "Transformations applied before the file is used.", "transformation"
    )


class DefectFile(Image2D):
    """Map of the defects of the detector."""

    transformations: list[Transformation] = parts(
        "Transformations applied before the file is used.", "transformation"
    )


class MovieFrame(Image2D, Exposed):
    """One frame of a movie."""

    motion_correction_transformations: list[Transformation] = parts(
        "Transformations that correct the motion of the specimen.", "motion-correction"
    )


class MovieStack(DataObject):
    """The movie of one tilt: its frames in the order in which they were taken."""

    indexed = True
    labels = ("movie",)

    path: str | None = term("Path or address of the file.", labels=("file",))
    frames: list[MovieFrame] = parts("Frames of the movie.", "frame")
    ctf_metadata: CTFMetadata | None = part("Contrast transfer function of the image.", "ctf-metadata")


class TiltAngleObservation(DataObject):
    """A value of the tilt angle of an image, with what it comes from."""

    tilt_angle: Degree | None = term("Tilt angle that was observed or computed.", minimum=-90, maximum=90)
    source: str | None = term("What the value comes from: microscope log, refinement, program.")


class ProjectionAlignment(DataObject):
    """How one tilt image was aligned to the tomogram or back; input and output say which way."""

    tilt_image_id: Reference | None = reference("Tilt image that was aligned.", "TiltSeriesMicrograph")
    input: str | None = term("Name of the coordinate system that is mapped from.")
    output: str | None = term("Name of the coordinate system that is mapped to.")
    sequence: list[Transformation] = parts(
        "Transformations applied one after the other, the first one first.", "step"
    )
    shift: Transformation | None = part("Shift of the image in its plane.", "shift")
    x_tilt: Degree | None = term("Rotation about X.")
    y_tilt: Degree | None = term("Rotation about Y.")
    z_rotation: Degree | None = term("Rotation about Z.", labels=("z_rot",))


class TiltSeriesMicrograph(Image2D, Exposed):
    """One image of a tilt series: the merged movie of one tilt."""

    indexed = True
    labels = ("tilt image",)

    movie_stack_id: Reference | None = reference("Movie from which the image was merged.", "MovieStack")
    total_accumulated_dose: ElectronPerSquareAngstrom | None = term(
        "Dose that the specimen had received when the image was finished.", minimum=0
    )
    refined_tilt_angle: Degree | None = term("Tilt angle after refinement.", minimum=-90, maximum=90)
    tilt_angle_observations: list[TiltAngleObservation] = parts(
        "Values of the tilt angle from several sources.", "tilt-angle-observation"
    )
    projection_alignment: ProjectionAlignment | None = part(
        "Alignment of the image, where it is stated with the image.", "own-alignment"
    )


class Reconstructed(Entity):
    """Data that processing derived, with halves for estimating resolution."""

    abstract = True

    ctf_corrected: bool | None = term("Whether the contrast transfer function was corrected.")
    even_path: str | None = term("Path or address of the half made from even frames or images.")
    odd_path: str | None = term("Path or address of the half made from odd frames or images.")
    processing: str | None = term("What was done to the data: raw, filtered, denoised and the like.")
    software: list[Software] = parts("Software that made the object.", "software")


class SubTomogram(Image3D):
    """A small volume cut from a tomogram around a particle."""

    alignment_transformation: Transformation | None = part(
        "Transformation that aligns the sub-tomogram.", "alignment-transformation"
    )
    ctf_metadata: CTFMetadata | None = part("Contrast transfer function of the image.", "ctf-metadata")
    location: Coordinates | None = part("Position of the object.", "location")


class SubTomogramSet(DataObject):
    """Sub-tomograms that belong together."""

    indexed = True

    sub_tomograms: list[SubTomogram] = parts("Sub-tomograms of the set.", "sub-tomogram")


class Map(Image3D, Reconstructed):
    """A three-dimensional density map, such as an average over sub-tomograms."""

    indexed = True
    labels = ("particle map",)

    source_region_id: Reference | None = reference(
        "Region in which the source annotation is found.", "Region", scope="DataSet"
    )
    source_annotation_id: Reference | None = reference(
        "Annotation whose points the map was made from.", "Annotation", scope="DataSet"
    )
    coord_index: int | None = term("Place of the point in its annotation, counted from 0.", minimum=0)


class MapSet(DataObject):
    """Maps that belong together, such as the results of one averaging."""

    labels = ("average",)

    maps: list[Map] = parts("Maps of the set.", "map")
    sub_tomogram_set_id: Reference | None = reference(
        "Sub-tomograms that the maps were made from.", "SubTomogramSet"
    )


class Tomogram(Image3D, Reconstructed):
    """A volume reconstructed from a tilt series."""

    indexed = True

    tilt_series_id: Reference | None = reference(
        "Tilt series that the object was made from or belongs to.", "TiltSeriesMicrographStack"
    )
    reconstruction_method: str | None = term("Method of reconstruction, such as weighted back-projection.")
    map_sets: list[MapSet] = parts("Sets of maps.", "map-set")
    sub_tomogram_sets: list[SubTomogramSet] = parts("Sets of sub-tomograms.", "sub-tomogram-set")
