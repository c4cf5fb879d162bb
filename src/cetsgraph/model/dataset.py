"""The tree of a CETS document: data set, region, image sets, and the imaging that produced them."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, SerializeAsAny

from cetsgraph.model.base import (
    CrossReference,
    DataObject,
    Person,
    Reference,
    Software,
    part,
    parts,
    reference,
    term,
)
from cetsgraph.model.images import (
    DefectFile,
    GainFile,
    Image,
    MapSet,
    MovieStack,
    ProjectionAlignment,
    Reconstructed,
    TiltSeriesMicrograph,
    Tomogram,
)
from cetsgraph.model.units import (
    Degree,
    ElectronPerPixelPerSecond,
    ElectronPerSquareAngstromPerSecond,
    Fraction,
    Kelvin,
    KiloVolt,
    MicroMetre,
    MilliMetre,
    NanoMetre,
    Percent,
)

__all__ = [
    "AcquisitionSession",
    "Alignment",
    "DataSet",
    "Detector",
    "Handedness",
    "ImagingParameters",
    "Instrument",
    "MovieStackCollection",
    "MovieStackSeries",
    "NonTomoImageSet",
    "Region",
    "SamplePreparation",
    "SampleSupport",
    "TiltSeriesMicrographStack",
    "TiltSeriesSet",
    "TomoImageSet",
    "TomogramSet",
    "Vitrification",
]


Handedness = Literal["right_handed", "left_handed"]
"""Sense of the tilt geometry."""


class Instrument(DataObject):
    """A microscope with its detector."""

    microscope_model: str | None = term("Maker and model of the microscope.")
    microscope_serial_number: str | None = term("Serial number of the microscope.")
    accelerating_voltage: KiloVolt | None = term(
        "Accelerating voltage of the microscope.", labels=("voltage",)
    )
    electron_source: str | None = term("Kind of electron source.")
    detector_model: str | None = term("Maker and model of the detector.")


class AcquisitionSession(DataObject):
    """What stayed the same while data were collected on one instrument."""

    indexed = True

    instrument_id: Reference | None = reference(
        "Instrument on which the data were collected.", "Instrument", scope="DataSet"
    )
    dose_rate: ElectronPerSquareAngstromPerSecond | None = term("Dose rate on the specimen.", minimum=0)
    detector_dose_rate: ElectronPerPixelPerSecond | None = term("Dose rate at the detector.", minimum=0)
    amplitude_contrast: Fraction | None = term(
        "Part of the contrast that comes from amplitude.", minimum=0, maximum=1
    )
    spherical_aberration: MilliMetre | None = term(
        "Spherical aberration (Cs) of the objective lens.", minimum=0, labels=("nominal_cs",)
    )
    tilt_axis_angle: Degree | None = term("Angle of the tilt axis to the X axis of the detector.")
    handedness: Handedness | None = term("Sense of the tilt geometry of the session.")


class Detector(DataObject):
    """The detector as it was used."""

    detector_model: str | None = term("Maker and model of the detector.")
    detective_quantum_efficiency: Fraction | None = term(
        "Detective quantum efficiency.", minimum=0, maximum=1
    )
    detector_mode: str | None = term("Mode of the detector, such as counting or super-resolution.")


class ImagingParameters(DataObject):
    """The microscope and how it was used (EMDB/PDB category em_imaging)."""

    indexed = True

    microscope_model: str | None = term("Maker and model of the microscope.")
    microscope_serial_number: str | None = term("Serial number of the microscope.")
    specimen_holder_type: str | None = term("Type of the specimen holder.")
    specimen_holder_model: str | None = term("Model of the specimen holder.")
    accelerating_voltage: KiloVolt | None = term(
        "Accelerating voltage of the microscope.", labels=("voltage",)
    )
    illumination_mode: str | None = term("Mode of illumination, such as flood beam.")
    imaging_mode: str | None = term("Mode of imaging, such as bright field.", labels=("mode",))
    spherical_aberration: MilliMetre | None = term(
        "Spherical aberration (Cs) of the objective lens.", minimum=0, labels=("nominal_cs",)
    )
    amplitude_contrast: Fraction | None = term(
        "Part of the contrast that comes from amplitude.", minimum=0, maximum=1
    )
    nominal_defocus_min: NanoMetre | None = term("Smallest defocus that was aimed at.")
    nominal_defocus_max: NanoMetre | None = term("Largest defocus that was aimed at.")
    nominal_magnification: int | None = term("Magnification that the microscope shows.", above=0)
    electron_source: str | None = term("Kind of electron source.")
    temperature: Kelvin | None = term("Temperature of the specimen in the microscope.", above=0)
    detector_distance: MilliMetre | None = term("Camera length or distance of the detector.")
    alignment_procedure: str | None = term("How the microscope was aligned.")
    c2_aperture_diameter: MicroMetre | None = term("Diameter of the C2 condenser aperture.", above=0)
    cryogen: str | None = term("Coolant of the specimen holder.")
    objective_aperture: MicroMetre | None = term("Diameter of the objective aperture.", above=0)
    energy_filter: str | None = term("Energy filter that was used.")
    phase_plate: str | None = term("Phase plate that was used.")
    tilt_axis_angle: Degree | None = term("Angle of the tilt axis to the X axis of the detector.")
    detector: Detector | None = part("Detector that recorded the images.", "detector")


class SampleSupport(DataObject):
    """The grid that carries the specimen (EMDB/PDB category em_sample_support)."""

    film_material: str | None = term("Material of the support film.")
    grid_material: str | None = term("Material of the grid.")
    grid_mesh_size: int | None = term("Meshes of the grid per inch.", above=0)
    pretreatment: str | None = term("How the grid was treated before the specimen was applied.")


class Vitrification(DataObject):
    """How the specimen was frozen (EMDB/PDB category em_vitrification)."""

    cryogen_name: str | None = term("Coolant in which the specimen was frozen.")
    humidity: Percent | None = term(
        "Relative humidity around the specimen before freezing.", minimum=0, maximum=100
    )
    specimen_temperature: Kelvin | None = term(
        "Temperature of the specimen before freezing.", above=0, labels=("temp",)
    )
    chamber_temperature: Kelvin | None = term("Temperature of the chamber before freezing.", above=0)
    vitrification_instrument: str | None = term("Device that froze the specimen.", labels=("instrument",))
    vitrification_method: str | None = term("How the specimen was frozen, step by step.", labels=("method",))


class SamplePreparation(DataObject):
    """How the specimen was made ready for the microscope."""

    sample_support: SampleSupport | None = part("Grid that carries the specimen.", "sample-support")
    vitrification: Vitrification | None = part("How the specimen was frozen.", "vitrification")


class MovieStackSeries(DataObject):
    """The movies of one tilt series."""

    indexed = True

    movie_stacks: list[MovieStack] = parts("Movies of the series, one per tilt.", "movie-stack")


class MovieStackCollection(DataObject):
    """Movies that share a gain file, a defect file and the settings of the microscope."""

    movie_stack_series: list[MovieStackSeries] = parts(
        "Series of movies, one per tilt series.", "movie-stack-series"
    )
    gain_file: GainFile | None = part("Gain reference of the movies.", "gain-file")
    defect_file: DefectFile | None = part("Defects of the detector.", "defect-file")
    gain_corrected: bool | None = term("Whether the movies are already corrected for gain.")
    imaging: ImagingParameters | None = part("The microscope and how it was used.", "imaging")


class Alignment(DataObject):
    """How a tilt series was aligned."""

    indexed = True

    tilt_series_id: Reference | None = reference(
        "Tilt series that the object was made from or belongs to.", "TiltSeriesMicrographStack"
    )
    alignment_type: str | None = term("Kind of alignment: global, local, non-rigid.")
    alignment_method: str | None = term("Method of alignment, such as fiducial-based or patch tracking.")
    projection_alignments: list[ProjectionAlignment] = parts(
        "Alignments of single images.", "projection-alignment"
    )
    path: str | None = term("Path or address of the file.", labels=("file",))
    software: list[Software] = parts("Software that made the object.", "software")


class TiltSeriesMicrographStack(DataObject, Reconstructed):
    """The images of one tilt series."""

    indexed = True
    labels = ("tilt series",)

    path: str | None = term("Path or address of the file.", labels=("file",))
    micrographs: list[TiltSeriesMicrograph] = parts("Images of the tilt series, in order.", "micrograph")
    movie_stack_series_id: Reference | None = reference(
        "Movies that the tilt series was made from.", "MovieStackSeries"
    )
    acquisition_session_id: Reference | None = reference(
        "Session in which the data were collected.", "AcquisitionSession", scope="DataSet"
    )
    accelerating_voltage: KiloVolt | None = term(
        "Accelerating voltage of the microscope.", labels=("voltage",)
    )
    spherical_aberration: MilliMetre | None = term(
        "Spherical aberration (Cs) of the objective lens.", minimum=0, labels=("nominal_cs",)
    )
    amplitude_contrast: Fraction | None = term(
        "Part of the contrast that comes from amplitude.", minimum=0, maximum=1
    )
    dose_rate: ElectronPerSquareAngstromPerSecond | None = term("Dose rate on the specimen.", minimum=0)
    tilt_axis_angle: Degree | None = term("Angle of the tilt axis to the X axis of the detector.")


class TiltSeriesSet(DataObject):
    """Tilt series that belong together."""

    tilt_series: list[TiltSeriesMicrographStack] = parts("Tilt series of the set.", "tilt-series")


class TomogramSet(DataObject):
    """Tomograms that belong together."""

    tomograms: list[Tomogram] = parts("Tomograms of the set.", "tomogram")
    tilt_series_id: Reference | None = reference(
        "Tilt series that the object was made from or belongs to.", "TiltSeriesMicrographStack"
    )


class TomoImageSet(DataObject):
    """Tomographic imaging of a region: movies, tilt series, alignments and tomograms."""

    imaging: ImagingParameters | None = part("The microscope and how it was used.", "imaging")
    sample_preparation: SamplePreparation | None = part(
        "How the specimen was prepared.", "sample-preparation"
    )
    movie_stack_collections: list[MovieStackCollection] = parts(
        "Collections of movies.", "movie-stack-collection"
    )
    alignments: list[Alignment] = parts("Alignments of tilt series.", "alignment")
    tilt_series_sets: list[TiltSeriesSet] = parts("Sets of tilt series.", "tilt-series-set")
    tomogram_sets: list[TomogramSet] = parts("Sets of tomograms.", "tomogram-set")


class NonTomoImageSet(DataObject):
    """Any other imaging of a region: light microscopy, overview micrographs."""

    images: list[SerializeAsAny[Image]] = parts("Images of the set.", "image")


class Region(DataObject):
    """Part of a sample that was imaged."""

    indexed = True

    tomo_image_sets: list[TomoImageSet] = parts("Tomographic imaging of the region.", "tomo-image-set")
    non_tomo_image_sets: list[NonTomoImageSet] = parts("Other imaging of the region.", "non-tomo-image-set")


class DataSet(DataObject):
    """What one cryo-electron tomography experiment produced."""

    labels = ("dataset",)

    title: str | None = term("Title of the data set.")
    license: str | None = term("Licence under which the data can be used: an SPDX identifier or an address.")
    organism: str | None = term("Scientific name of the organism.")
    organism_taxid: int | None = term("NCBI taxonomy identifier of the organism.", above=0)
    sample_type: str | None = term("Kind of sample: cell, tissue, organism, virus, in vitro.")
    release_date: Annotated[dt.date, Field(strict=False)] | None = term(
        "Day on which the data set was made public."
    )
    authors: list[Person] = parts("People who made the object.", "author")
    cross_references: list[CrossReference] = parts("Entries in other archives.", "cross-reference")
    instruments: list[Instrument] = parts("Instruments on which data were collected.", "instrument")
    acquisition_sessions: list[AcquisitionSession] = parts(
        "Sessions of data collection.", "acquisition-session"
    )
    regions: list[Region] = parts("Regions of the data set.", "region")
    map_sets: list[MapSet] = parts("Sets of maps.", "map-set")
