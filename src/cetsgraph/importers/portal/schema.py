"""The tables of the portal: which row of another one each row belongs to, and which columns are needed.

The names are those of the portal's GraphQL schema (cryoet-data-portal 4.9.0, data/schema.graphql); columns
are written as its client writes them, in snake case.
"""

import re
from dataclasses import dataclass
from functools import cache

__all__ = ["OTHERS", "SECTIONS", "TABLES", "Table", "camel", "snake", "table_called"]


@dataclass(frozen=True, slots=True)
class Table:
    """One table."""

    name: str
    """As the schema has it: `perSectionParameters`."""
    link: str
    """Column that says which row of the parent a row belongs to; empty for data sets."""
    parent: str
    """Name of the table that rows belong to."""
    columns: tuple[str, ...]
    """The other columns that are needed."""

    @property
    def asked(self) -> tuple[str, ...]:
        """All columns that are needed."""
        return ("id", *filter(None, [self.link]), *self.columns)

    @property
    def needed(self) -> frozenset[str]:
        """Columns without which a row cannot be placed."""
        return frozenset(filter(None, ("id", self.link)))


def _table(name: str, link: str, parent: str, columns: str) -> Table:
    return Table(name, link, parent, tuple(columns.split()))


_PERSON = "author_list_order name orcid affiliation_name"

TABLES = {
    table.name: table
    for table in (
        _table(
            "datasets", "", "",
            "deposition_id title description organism_name organism_taxid sample_type assay_label "
            "assay_ontology_id development_stage_name development_stage_ontology_id disease_name "
            "disease_ontology_id tissue_name tissue_id cell_name cell_type_id cell_strain_name "
            "cell_strain_id cell_component_name cell_component_id sample_preparation grid_preparation "
            "other_setup deposition_date release_date last_modified_date related_database_entries "
            "dataset_publications key_photo_thumbnail_url https_prefix",
        ),
        _table("datasetAuthors", "dataset_id", "datasets", _PERSON),
        _table("datasetFunding", "dataset_id", "datasets", "funding_agency_name grant_id"),
        _table("runs", "dataset_id", "datasets", "name"),
        _table(
            "tiltseries", "run_id", "runs",
            "https_mrc_file file_size_mrc https_omezarr_dir file_size_omezarr https_angle_list "
            "acceleration_voltage spherical_aberration_constant microscope_manufacturer microscope_model "
            "microscope_energy_filter microscope_phase_plate camera_manufacturer camera_model tilt_min "
            "tilt_max tilt_step tilting_scheme tilt_axis total_flux data_acquisition_software "
            "related_empiar_entry binning_from_frames tilt_series_quality is_aligned pixel_spacing "
            "size_x size_y size_z",
        ),
        _table(
            "frames", "run_id", "runs",
            "https_frame_path accumulated_dose exposure_dose acquisition_order is_gain_corrected",
        ),
        _table(
            "perSectionParameters", "tiltseries_id", "tiltseries",
            "frame_id z_index raw_angle major_defocus minor_defocus astigmatic_angle phase_shift "
            "max_resolution",
        ),
        _table(
            "alignments", "run_id", "runs",
            "tiltseries_id alignment_type alignment_method volume_x_dimension volume_y_dimension "
            "volume_z_dimension volume_x_offset volume_y_offset volume_z_offset x_rotation_offset "
            "tilt_offset affine_transformation_matrix https_alignment_metadata",
        ),
        _table(
            "perSectionAlignmentParameters", "alignment_id", "alignments",
            "z_index tilt_angle volume_x_rotation in_plane_rotation x_offset y_offset",
        ),
        _table(
            "tomograms", "run_id", "runs",
            "alignment_id tomogram_voxel_spacing_id deposition_id name size_x size_y size_z voxel_spacing "
            "processing processing_software reconstruction_method reconstruction_software ctf_corrected "
            "offset_x offset_y offset_z is_portal_standard is_visualization_default https_mrc_file "
            "file_size_mrc https_omezarr_dir file_size_omezarr publications related_database_entries",
        ),
        _table(
            "annotations", "run_id", "runs",
            "deposition_id object_id object_name object_state object_description object_count "
            "annotation_method method_type annotation_software annotation_publication ground_truth_status "
            "is_curator_recommended confidence_precision confidence_recall",
        ),
        _table("annotationShapes", "annotation_id", "annotations", "shape_type"),
        _table(
            "annotationFiles", "annotation_shape_id", "annotationShapes",
            "alignment_id tomogram_voxel_spacing_id format https_path file_size is_visualization_default",
        ),
        _table("annotationMethodLinks", "annotation_id", "annotations", "link_type name link"),
        _table("annotationAuthors", "annotation_id", "annotations", _PERSON),
        _table("gainFiles", "run_id", "runs", "https_file_path"),
        _table("frameAcquisitionFiles", "run_id", "runs", "https_mdoc_path"),
    )
}  # fmt: skip
"""What data sets are made of, each table after the one that its rows belong to."""

SECTIONS = ("frames", "perSectionParameters", "perSectionAlignmentParameters")
"""Tables with a row for each tilt."""

OTHERS = ("depositions", "depositionAuthors", "depositionTypes", "identifiedObjects", "tomogramAuthors",
          "tomogramVoxelSpacings")  # fmt: skip
"""Tables that nothing is taken of."""


@cache
def snake(name: str) -> str:
    """A name in snake case.

    >>> snake("volumeXDimension"), snake("s3OmezarrDir"), snake("run_id")
    ('volume_x_dimension', 's3_omezarr_dir', 'run_id')
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def camel(name: str) -> str:
    """A name of a column as the schema has it.

    >>> camel("volume_x_dimension"), camel("s3_omezarr_dir"), camel("id")
    ('volumeXDimension', 's3OmezarrDir', 'id')
    """
    first, *words = name.split("_")
    return first + "".join(word.capitalize() for word in words)


_CALLED = {name.casefold(): name for name in (*TABLES, *OTHERS)}


def table_called(name: str) -> str | None:
    """The table of a name, however it is written; None if there is none.

    >>> table_called("per_section_parameters"), table_called("Tilt_Series"), table_called("runs-0002")
    ('perSectionParameters', 'tiltseries', 'runs')
    """
    return _CALLED.get(re.sub(r"[\W_\d]", "", name).casefold())
