"""The tree of a CETS document: data set, region, and the sets of images in it."""

from pydantic import SerializeAsAny

from cetsgraph.model.base import part, parts, reference, term
from cetsgraph.model.images import DefectFile, GainFile, Image, MapSet, Raster2D, Tomogram
from cetsgraph.model.imaging import AcquisitionSession, ImagingParameters, Instrument
from cetsgraph.model.objects import CrossReference, DataObject, Person, Provenance
from cetsgraph.model.sample import Grant, OntologyTerm, SamplePreparation
from cetsgraph.model.series import Alignment, MovieStackSeries, TiltSeriesMicrographStack
from cetsgraph.model.units import Angstrom, Bytes, Pixels
from cetsgraph.model.values import Date, LanguageText, References

__all__ = [
    "DataSet",
    "ImageCollection",
    "MovieStackCollection",
    "NonTomoImageSet",
    "Region",
    "TiltSeriesSet",
    "TomoImageSet",
    "TomogramSet",
]


class MovieStackCollection(DataObject):
    """Movies that share a gain file, a defect file and the settings of the microscope."""

    movie_stack_series: list[MovieStackSeries] = parts(
        "Series of movies, one per tilt series.", "movie-stack-series"
    )
    gain_file: GainFile | None = part("Gain reference of the movies.", "gain-file")
    defect_file: DefectFile | None = part("Map of the defects of the detector.", "defect-file")
    gain_corrected: bool | None = term("Whether the movies are already corrected for gain.")
    imaging: ImagingParameters | None = part("The microscope and how it was used.", "imaging", relation=None)


class TiltSeriesSet(DataObject):
    """Tilt series that belong together."""

    tilt_series: list[TiltSeriesMicrographStack] = parts("Tilt series of the set.", "tilt-series")


class TomogramSet(DataObject):
    """Tomograms that belong together."""

    tomograms: list[Tomogram] = parts("Tomogram of the set.", "tomogram")
    tilt_series_id: References = reference(
        "Tilt series that the object was made from or belongs to.", "TiltSeriesMicrographStack"
    )


class TomoImageSet(DataObject):
    """Tomographic imaging of a region: movies, tilt series, alignments and tomograms."""

    imaging: ImagingParameters | None = part("The microscope and how it was used.", "imaging", relation=None)
    sample_preparation: SamplePreparation | None = part(
        "How the specimen was prepared.", "sample-preparation", relation=None
    )
    movie_stack_collections: list[MovieStackCollection] = parts(
        "Collection of movies.", "movie-stack-collection"
    )
    alignments: list[Alignment] = parts("Alignment of a tilt series.", "alignment")
    tilt_series_sets: list[TiltSeriesSet] = parts("Set of tilt series.", "tilt-series-set")
    tomogram_sets: list[TomogramSet] = parts("Set of tomograms.", "tomogram-set")


class NonTomoImageSet(DataObject):
    """Any other imaging of a region: light microscopy, overview micrographs."""

    images: list[SerializeAsAny[Image]] = parts("Image of the set.", "image")


class ImageCollection(DataObject, Raster2D):
    """Images, tilt series or tomograms that are described as a whole (EMPIAR image set)."""

    labels = ("image set",)

    category: str | None = term("Kind of images, such as micrographs - multiframe.")
    item_count: int | None = term("Number of images or image stacks of the collection.", minimum=0)
    images_per_item: int | None = term("Number of images, frames or tilts in each of them.", minimum=0)
    depth: Pixels | None = term("Number of voxels along Z.", above=0)
    voxel_size: Angstrom | None = term(
        "Size of a voxel in the specimen, where it is the same along X, Y and Z.", above=0
    )
    file_format: str | None = term("Format of the file, such as MRC, OME-Zarr or TIFF.")
    data_format: str | None = term("Type of the pixels, such as 16-bit signed integer.")
    file_size: Bytes | None = term("Size of the file, or of all files together.", minimum=0)


class Region(DataObject):
    """Part of a sample that was imaged."""

    indexed = True

    tomo_image_sets: list[TomoImageSet] = parts("Tomographic imaging of the region.", "tomo-image-set")
    non_tomo_image_sets: list[NonTomoImageSet] = parts("Other imaging of the region.", "non-tomo-image-set")
    image_collections: list[ImageCollection] = parts(
        "Collection of images of the region that is described as a whole.", "image-collection"
    )


class DataSet(DataObject):
    """What one cryo-electron tomography experiment produced."""

    labels = ("dataset",)

    title: LanguageText = term("Title of the data set.")
    description: LanguageText = term("Free text about the object.")  # type: ignore[assignment]
    license: str | None = term("Licence under which the data can be used: an SPDX identifier or an address.")
    organism: str | None = term("Scientific name of the organism.")
    organism_taxid: int | None = term("NCBI taxonomy identifier of the organism.", above=0)
    sample_type: str | None = term("Kind of sample: cell, tissue, organism, virus, in vitro.")
    tissue: OntologyTerm | None = part("Tissue that the sample is from.", "tissue", relation=None)
    cell_type: OntologyTerm | None = part("Type of the cells.", "cell-type", relation=None)
    cell_strain: OntologyTerm | None = part("Strain or line of the cells.", "cell-strain", relation=None)
    cell_component: OntologyTerm | None = part(
        "Part of the cell that was imaged.", "cell-component", relation=None
    )
    disease: OntologyTerm | None = part("Disease of the organism, or none.", "disease", relation=None)
    development_stage: OntologyTerm | None = part(
        "Stage of development of the organism.", "development-stage", relation=None
    )
    assay: OntologyTerm | None = part("Method by which the data were made.", "assay", relation=None)
    grid_preparation: str | None = term("How the grid was prepared, such as by plasma FIB milling.")
    deposition_date: Date | None = term("Day on which the data set was deposited.")
    release_date: Date | None = term("Day on which the data set was made public.")
    last_modified_date: Date | None = term("Day on which the data set was last changed.")
    base_address: str | None = term("Address of the folder that relative paths of the data set start in.")
    thumbnail: str | None = term("Address of a small picture of the data set.")
    authors: list[Person] = parts("Person who made the object.", "author", relation="dcterms:creator")
    funding: list[Grant] = parts("Grant that paid for the work.", "grant", relation=None)
    cross_references: list[CrossReference] = parts(
        "Entry in another archive.", "cross-reference", relation="dcterms:relation"
    )
    provenance: Provenance | None = part(
        "How the object was made.", "provenance", relation="prov:wasGeneratedBy"
    )
    instruments: list[Instrument] = parts(
        "Instrument on which data were collected.", "instrument", relation=None
    )
    acquisition_sessions: list[AcquisitionSession] = parts(
        "Session of data collection.", "acquisition-session", relation="prov:wasGeneratedBy"
    )
    regions: list[Region] = parts("Region of the data set.", "region")
    map_sets: list[MapSet] = parts("Set of maps.", "map-set")
