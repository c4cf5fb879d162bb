"""Images and the files around them: movies, micrographs, tomograms, maps and how they were exposed."""

from typing import Annotated, Literal

from cetsgraph.model.base import Entity, Meanings, Reference, part, parts, reference, term
from cetsgraph.model.geometry import Coordinates, CoordinateSystem, Transformation
from cetsgraph.model.objects import CrossReference, DataFile, DataObject, Provenance, Software
from cetsgraph.model.units import (
    Angstrom,
    Degree,
    ElectronPerSquareAngstrom,
    Pixels,
    Second,
)
from cetsgraph.model.values import DateTime, References

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
    "Placed",
    "Raster",
    "Raster2D",
    "Raster3D",
    "Reconstructed",
    "SubTomogram",
    "SubTomogramSet",
    "TiltAngleObservation",
    "Tomogram",
]


DoseConvention = Annotated[
    Literal["before", "including", "unknown"],
    Meanings(
        before="Accumulated dose is what the specimen had received before the image was taken.",
        including="Accumulated dose is what the specimen had received when the image was finished.",
        unknown="Whether accumulated dose counts the image is not known.",
    ),
]
"""Whether an accumulated dose counts the image itself."""

DEFOCUS_HANDEDNESS = (
    "Sign h of the tilt geometry: defocus of a particle = defocus of its image + h × depth of the particle "
    "along the z axis of the image; +1 is right-handed."
)
HANDEDNESS = {
    1: "Right-handed: a particle further along the z axis of the image, the way of the electrons, has the "
    "larger defocus.",
    -1: "Left-handed: a particle further along the z axis of the image, the way of the electrons, has the "
    "smaller defocus.",
}


class Placed(Entity):
    """Something with coordinate systems of its own."""

    abstract = True
    label = "placed object"

    coordinate_systems: list[CoordinateSystem] = parts(
        "Named coordinate system of the object.", "coordinate-system"
    )
    coordinate_transformations: list[Transformation] = parts(
        "Transformation between a coordinate system of the object and another.", "coordinate-transformation"
    )


class Raster(Placed):
    """A regular grid of values in a file."""

    abstract = True

    path: str | None = term("Path or address of the file.", labels=("file",))
    files: list[DataFile] = parts(
        "File that holds the data, where there are several or more is known of it than its path.", "file"
    )
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
    phase_shift: Degree | None = term(
        "Phase shift by a phase plate; 0 if absent. A fit may come out a little below 0.",
        minimum=-10,
        maximum=360,
    )
    defocus_handedness: int | None = term(
        DEFOCUS_HANDEDNESS,
        values=HANDEDNESS,
    )
    fit_score: float | None = term(
        "How well the fitted function agrees with the spectrum, as its program says."
    )
    fit_resolution: Angstrom | None = term(
        "Resolution up to which the fitted function agrees with the spectrum.", above=0
    )


class TiltAngleObservation(DataObject):
    """A value of the tilt angle of an image, with what it comes from."""

    tilt_image_id: Reference | None = reference(
        "Tilt image that the statement is about.", "TiltSeriesMicrograph"
    )
    tilt_angle: Degree | None = term("Tilt angle that was observed or computed.", minimum=-90, maximum=90)
    angle_kind: str | None = term("Kind of angle: nominal, stage, refined and the like.")
    source: str | None = term("Where the value comes from: microscope log, refinement, program.")


class Exposed(DataObject):
    """An image of the specimen at one tilt."""

    abstract = True
    label = "exposed image"

    section: int | None = term("Place in the image stack file, counted from 0.", minimum=0)
    nominal_tilt_angle: Degree | None = term(
        "Tilt of the stage as the microscope reports it; a positive tilt moves +X against the beam.",
        minimum=-90,
        maximum=90,
    )
    accumulated_dose: ElectronPerSquareAngstrom | None = term(
        "Dose that the specimen had received up to the image; the dose convention says whether the image "
        "itself counts.",
        minimum=0,
    )
    dose_convention: DoseConvention | None = term("Whether accumulated dose counts the image itself.")
    exposure_dose: ElectronPerSquareAngstrom | None = term("Dose of this exposure alone.", minimum=0)
    exposure_time: Second | None = term("Duration of the exposure.", minimum=0)
    acquisition_order: int | None = term(
        "Place in the order in which the images were taken, counted from 0 (mdoc files and the whitepaper "
        "count from 1).",
        minimum=0,
    )
    acquisition_time: DateTime | None = term("When the image was taken.")
    excluded: bool | None = term("Whether the image was left out of processing.")
    exclusion_reason: str | None = term("Why the image was left out.")
    ctf_metadata: CTFMetadata | None = part("Contrast transfer function of the image.", "ctf-metadata")


class GainFile(Image2D):
    """Gain reference of the detector."""

    transformations: list[Transformation] = parts(
        "Transformation applied before the file is used.", "transformation"
    )


class DefectFile(Image2D):
    """Map of the defects of the detector."""

    transformations: list[Transformation] = parts(
        "Transformation applied before the file is used.", "transformation"
    )


class MovieFrame(Image2D, Exposed):
    """One frame of a movie, which may be the sum of several raw frames."""

    source_start_index: int | None = term(
        "First raw frame that went into the frame, counted from 0 in the file of the movie.", minimum=0
    )
    source_frame_count: int | None = term("Number of raw frames that went into the frame.", above=0)
    motion_correction_transformations: list[Transformation] = parts(
        "Transformation that corrects the motion of the specimen.", "motion-correction"
    )


class Reconstructed(Entity):
    """Data that processing derived, with halves for estimating resolution."""

    abstract = True
    label = "reconstructed data"

    ctf_corrected: bool | None = term("Whether the contrast transfer function was corrected.")
    even_path: str | None = term("Path or address of the half made from even frames or images.")
    odd_path: str | None = term("Path or address of the half made from odd frames or images.")
    processing: str | None = term("What was done to the data: raw, filtered, denoised and the like.")
    software: list[Software] = parts("Software that made the object.", "software", relation=None)
    provenance: Provenance | None = part(
        "How the object was made.", "provenance", relation="prov:wasGeneratedBy"
    )
    cross_references: list[CrossReference] = parts(
        "Entry in another archive.", "cross-reference", relation="dcterms:relation"
    )


class SubTomogram(Image3D):
    """A small volume cut from a tomogram around a particle."""

    alignment_transformation: Transformation | None = part(
        "Transformation that aligns the sub-tomogram.", "alignment-transformation"
    )
    ctf_metadata: CTFMetadata | None = part("Contrast transfer function of the image.", "ctf-metadata")
    location: Coordinates | None = part("Position of the object.", "location")


class SubTomogramSet(DataObject, Placed):
    """Sub-tomograms that belong together."""

    indexed = True

    sub_tomograms: list[SubTomogram] = parts("Sub-tomogram of the set.", "sub-tomogram")


class Map(Image3D, Reconstructed):
    """A three-dimensional density map, such as an average over sub-tomograms."""

    indexed = True
    labels = ("particle map",)

    source_region_id: Reference | None = reference(
        "Region in which the source annotation is found.", "Region", scope="DataSet"
    )
    source_annotation_id: References = reference(
        "Annotation from whose points the map was made.", "Annotation", scope="DataSet"
    )
    coord_index: int | None = term("Place of the point in its annotation, counted from 0.", minimum=0)
    resolution: Angstrom | None = term("Resolution of the map.", above=0)
    resolution_method: str | None = term("How the resolution was measured, such as FSC 0.143.")
    symmetry: str | None = term("Point group or helical symmetry that was imposed, such as C6.")
    particle_count: int | None = term("Number of particles that went into the map.", minimum=0)
    contour_level: float | None = term("Density at which the surface of the map is recommended to be drawn.")


class MapSet(DataObject):
    """Maps that belong together, such as the results of one averaging."""

    labels = ("average",)

    maps: list[Map] = parts("Map of the set.", "map")
    sub_tomogram_set_id: Reference | None = reference(
        "Sub-tomograms that the maps were made from.", "SubTomogramSet"
    )


class Tomogram(Image3D, Reconstructed):
    """A volume reconstructed from one or several tilt series."""

    indexed = True

    tilt_series_id: References = reference(
        "Tilt series that the object was made from or belongs to.", "TiltSeriesMicrographStack"
    )
    alignment_id: References = reference("Alignment with which the tomogram was reconstructed.", "Alignment")
    derived_from: References = reference(
        "Tomogram that the tomogram was computed from, as by denoising or filtering.",
        "Tomogram",
        relation="prov:wasDerivedFrom",
    )
    reconstruction_method: str | None = term("Method of reconstruction, such as weighted back-projection.")
    map_sets: list[MapSet] = parts("Set of maps.", "map-set")
    sub_tomogram_sets: list[SubTomogramSet] = parts("Set of sub-tomograms.", "sub-tomogram-set")
