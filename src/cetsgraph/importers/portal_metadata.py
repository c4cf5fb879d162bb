"""What configurations and metadata files of the CryoET Data Portal say alike, by the same names.

https://github.com/chanzuckerberg/cryoet-data-portal-backend, schema/core
"""

from collections.abc import Sequence

from cetsgraph.graph.matrices import IDENTITY
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.portal_entries import (
    cross_references,
    data_set_entry,
    grants,
    joined,
    kilovolts,
    made_with,
    ontology_term,
    people,
    software,
    stated,
    words,
)
from cetsgraph.model import (
    CrossReference,
    DataSet,
    Detector,
    ImagingParameters,
    TiltSeriesMicrographStack,
    Tomogram,
)

__all__ = ["data_set", "deposition", "microscope", "take_identity", "tilt_series", "tomogram"]


def data_set(head: Fields, number: int) -> DataSet:
    """The head of a data set.

    Args:
        head: its metadata.
        number: that of the data set.
    """
    organism, dates = head.part("organism"), head.part("dates")
    return DataSet(
        name=f"CryoET-Data-Portal-{number}",
        title=head.text("dataset_title"),
        description=head.text("dataset_description"),
        organism=stated(organism.text("name")),
        organism_taxid=organism.integer("taxonomy_id"),
        sample_type=words(head.text("sample_type")),
        tissue=ontology_term(head, "tissue"),
        cell_type=ontology_term(head, "cell_type"),
        cell_strain=ontology_term(head, "cell_strain"),
        cell_component=ontology_term(head, "cell_component"),
        disease=ontology_term(head, "disease"),
        development_stage=ontology_term(head, "development_stage"),
        assay=ontology_term(head, "assay"),
        grid_preparation=head.text("grid_preparation"),
        deposition_date=dates.date("deposition_date"),
        release_date=dates.date("release_date"),
        last_modified_date=dates.date("last_modified_date"),
        license="CC0-1.0",
        authors=people(head),
        funding=grants(head),
        cross_references=[data_set_entry(number), *_entries(head)],
    )


def deposition(head: Fields, number: int, others: Sequence[CrossReference] = ()) -> DataSet:
    """A deposition as a data set of its own.

    Args:
        head: its metadata.
        number: that of the deposition.
        others: entries that it is about.
    """
    dates = head.part("dates")
    entry = CrossReference(database="CryoET Data Portal", accession=f"CZCDP-{number}")
    return DataSet(
        name=f"CryoET-Data-Portal-CZCDP-{number}",
        title=head.text("deposition_title"),
        description=head.text("deposition_description"),
        deposition_date=dates.date("deposition_date"),
        release_date=dates.date("release_date"),
        last_modified_date=dates.date("last_modified_date"),
        license="CC0-1.0",
        authors=people(head),
        cross_references=[entry, *others, *_entries(head)],
    )


def _entries(head: Fields) -> list[CrossReference]:
    listed = head.part("cross_references")
    found = cross_references(listed, "publications")
    return [*found, *cross_references(listed, "related_database_entries", without=found)]


def tilt_series(block: Fields, name: str, known: Sequence[CrossReference]) -> TiltSeriesMicrographStack:
    """A tilt series as a whole, without its images.

    Args:
        block: its metadata.
        name: the id that it gets.
        known: entries of the data set, which are not stated again.
    """
    angles = block.part("tilt_range")
    return TiltSeriesMicrographStack(
        id=name,
        accelerating_voltage=kilovolts(block.number("acceleration_voltage")),
        spherical_aberration=block.number("spherical_aberration_constant"),
        pixel_size=block.number("pixel_spacing"),
        tilt_axis_angle=block.number("tilt_axis"),
        tilt_range_min=angles.number("min"),
        tilt_range_max=angles.number("max"),
        tilt_step=block.number("tilt_step"),
        tilt_scheme=block.text("tilting_scheme"),
        total_dose=block.number("total_flux"),
        quality=block.integer("tilt_series_quality"),
        is_aligned=block.truth("is_aligned"),
        binning_from_frames=block.number("binning_from_frames"),
        software=software(block.text("data_acquisition_software")),
        cross_references=cross_references(block, "related_empiar_entry", without=known),
    )


def microscope(block: Fields) -> ImagingParameters:
    """The microscope of a tilt series, and its camera."""
    body, camera, optics = (block.part(key) for key in ("microscope", "camera", "microscope_optical_setup"))
    return ImagingParameters(
        microscope_model=joined(body, "manufacturer", "model"),
        energy_filter=stated(optics.text("energy_filter")),
        phase_plate=stated(optics.text("phase_plate")),
        detector=Detector(
            detector_model=joined(camera, "manufacturer", "model"), detector_mode=camera.text("acquire_mode")
        ),
    )


def tomogram(block: Fields, name: str) -> Tomogram:
    """A tomogram by its metadata; `name` is the id that it gets."""
    take_identity(block)
    return Tomogram(
        id=name,
        voxel_size=block.number("voxel_spacing"),
        ctf_corrected=block.truth("ctf_corrected"),
        processing=block.text("processing"),
        reconstruction_method=stated(block.text("reconstruction_method")),
        software=made_with(block),
    )


def take_identity(block: Fields) -> None:
    """Take transformations that change nothing: they say no more than their absence."""
    if block.peek("affine_transformation_matrix") == IDENTITY:
        block.take("affine_transformation_matrix")
    offset = block.peek("offset")
    if isinstance(offset, dict) and not any(offset.values()):
        block.take("offset")
