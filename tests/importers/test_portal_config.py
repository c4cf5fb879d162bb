"""Ingestion configurations of the portal: what one says, and that all of them are data sets that conform."""

import json
from datetime import date
from pathlib import Path

import pytest
import yaml

from cetsgraph.archive import load
from cetsgraph.importers import import_from
from cetsgraph.model import DataSet, PointSet, SegmentationMask, Tomogram
from cetsgraph.store import LocalStore
from cetsgraph.validation import Validator

CONFIGURATION = """
annotations:
- metadata:
    annotation_ingest_id: ribosome-1
    annotation_method: template matching
    annotation_object: {id: PDB-5SOA, name: ribosome, state: bound}
    annotation_publications: EMPIAR-10988, doi:10.1101/2022.04.12.488077, EMD-14412
    annotation_software: pyTOM + Keras 2.1
    authors: &authors
    - {name: A B, ORCID: 0000-0002-1825-0097, email: a@example.org, primary_author_status: true}
    confidence: {precision: 95, recall: 90}
    ground_truth_status: true
    method_links: [{custom_name: pyTOM on GitHub, link: 'https://example.org/pytom', link_type: source_code}]
    method_type: hybrid
  sources:
  - OrientedPoint: {glob_string: 'a/{run_name}.star', file_format: relion4_star}
  - InstanceSegmentationMask: {glob_string: 'a/{run_name}.mrc', file_format: mrc}
    parent_filters: {include: {voxel_spacing: ['4.990']}}
datasets:
- metadata:
    authors: *authors
    cell_type: {id: 'CL:0000334', name: yeast}
    cross_references:
      publications: doi:10.1101/2022.04.12.488077
      related_database_entries: EMPIAR-10988, X-1
    dataset_description: About it
    dataset_identifier: 10000
    dataset_title: S. pombe
    dates: {release_date: '2023-06-01', last_modified_date: 2023-06-02}
    disease: {id: unknown, name: unknown}
    funding: [{funding_agency_name: ERC, grant_id: '760067'}, {funding_agency_name: null}]
    organism: {name: Schizosaccharomyces pombe, taxonomy_id: 4896}
    sample_preparation: 'buffer_ph: 7.0, vitrification_cryogen_name: ETHANE, vitrification_instrument: LEICA'
    sample_type: in_vitro
    grid_preparation: 'model: Quantifoil R2/1, material: COPPER, mesh: 200'
standardization_config: {deposition_id: 10000}
tiltseries:
- metadata:
    acceleration_voltage: 300000
    camera: {manufacturer: Gatan, model: K2, acquire_mode: counting}
    microscope: {manufacturer: FEI, model: Krios}
    microscope_optical_setup: {energy_filter: unknown, phase_plate: null}
    pixel_spacing: 3.37
    tilt_range: {min: 'float {tilt_min}', max: 60}
    tilt_axis: 84
    total_flux: 'float {total_flux}'
tomograms:
- metadata:
    affine_transformation_matrix: [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    is_visualization_default: true
    offset: {x: 0, y: 0, z: 0}
    processing: raw
    reconstruction_software: AreTomo3 v2.0.10
    voxel_spacing: 13.48
- metadata: {voxel_spacing: 4.99, offset: {x: 0, y: 0, z: 5}}
"""


@pytest.fixture
def dataset(tmp_path: Path) -> DataSet:
    return document(tmp_path).dataset


def document(folder: Path, text: str = CONFIGURATION):  # type: ignore[no-untyped-def]
    (folder / "10000.yaml").write_text(text)
    (found,) = import_from(folder / "10000.yaml").documents
    return found


def test_a_configuration_as_json_is_the_same(dataset: DataSet, tmp_path: Path) -> None:
    written = json.dumps(yaml.safe_load(CONFIGURATION), default=str)
    (tmp_path / "10000.json").write_text(written)
    (found,) = import_from(tmp_path / "10000.json").documents
    assert found.dataset == dataset


def test_the_head_of_a_data_set(dataset: DataSet) -> None:
    assert (dataset.name, dataset.title) == ("CryoET-Data-Portal-10000", "S. pombe")
    assert (dataset.organism, dataset.organism_taxid) == ("Schizosaccharomyces pombe", 4896)
    assert (dataset.sample_type, dataset.license) == ("in vitro", "CC0-1.0")
    assert (dataset.release_date, dataset.last_modified_date) == (date(2023, 6, 1), date(2023, 6, 2))
    assert [(one.database, one.accession) for one in dataset.cross_references] == [
        ("CryoET Data Portal", "DS-10000"),
        ("DOI", "10.1101/2022.04.12.488077"),
        ("EMPIAR", "EMPIAR-10988"),
    ]
    assert [(one.name, one.orcid) for one in dataset.authors] == [("A B", "0000-0002-1825-0097")]
    assert [(one.agency, one.grant) for one in dataset.funding] == [("ERC", "760067")]
    assert dataset.cell_type is not None and dataset.cell_type.id == "CL:0000334"
    assert dataset.disease is None


def test_one_region_stands_for_all_runs(dataset: DataSet) -> None:
    (region,) = dataset.regions
    (images,) = region.tomo_image_sets
    (series,) = images.tilt_series_sets[0].tilt_series
    assert (series.accelerating_voltage, series.pixel_size, series.tilt_axis_angle) == (300.0, 3.37, 84.0)
    assert (series.tilt_range_min, series.tilt_range_max, series.total_dose) == (None, 60.0, None)
    assert images.imaging is not None and images.imaging.detector is not None
    assert (images.imaging.microscope_model, images.imaging.detector.detector_model) == (
        "FEI Krios",
        "Gatan K2",
    )
    preparation = images.sample_preparation
    assert preparation is not None and preparation.vitrification is not None
    assert preparation.vitrification.cryogen_name == "ETHANE"
    assert preparation.sample_support is not None and preparation.sample_support.grid_mesh_size == 200


def test_each_shape_is_an_annotation_on_the_tomogram_of_its_voxel_size(dataset: DataSet) -> None:
    shown, other = tomograms(dataset)
    (points,), (mask,) = shown.annotations, other.annotations
    assert isinstance(points, PointSet) and isinstance(mask, SegmentationMask)
    assert (points.id, mask.id) == ("ribosome-1-OrientedPoint", "ribosome-1-InstanceSegmentationMask")
    assert (points.annotated_object, points.precision, points.method) == ("PDB:5SOA", 0.95, "hybrid")
    assert [(one.name, one.version, one.url) for one in points.software] == [
        ("pyTOM", None, "https://example.org/pytom"),
        ("Keras", "2.1", None),
    ]
    assert [one.accession for one in points.cross_references] == ["EMD-14412"], (
        "the data set's are not repeated"
    )
    assert (mask.label_kind, mask.mask_labels[0].value) == ("instance", 1)


def tomograms(dataset: DataSet) -> list[Tomogram]:
    return dataset.regions[0].tomo_image_sets[0].tomogram_sets[0].tomograms


def test_placeholders_and_what_has_no_field_are_said_and_private_data_is_not_shown(tmp_path: Path) -> None:
    findings = {finding.message.partition(":")[0]: finding for finding in document(tmp_path).findings}
    flux = findings["tiltseries/*/metadata/total_flux"]
    line = 1 + CONFIGURATION.splitlines().index("    total_flux: 'float {total_flux}'")
    assert (flux.rule, flux.file, flux.line) == ("import-template", "10000.yaml", line)
    assert findings["tomograms/*/metadata/offset/z"].rule == "import-dropped"
    assert findings["datasets/*/metadata/cross_references/related_database_entries"].found == "X-1"
    email = findings["annotations/*/metadata/authors/*/email"]
    assert (email.rule, email.found) == ("import-dropped", None)
    assert not any(place.startswith("tomograms/*/metadata/affine") for place in findings)


def test_a_draft_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "draft.yaml").write_text(
        CONFIGURATION.replace("10000\n    dataset_title", "REQUIRED\n    dataset_title")
    )
    (failure,) = import_from(tmp_path).failures
    assert "dataset_identifier" in str(failure) and failure.exit_code == 1


PICTURES = "dataset_keyphotos: [{sources: [{literal: {value: [a]}}]}]"
ODD = {
    "nothing in lists": ("funding: [{", "funding: [null, {"),
    "kilovolts": ("acceleration_voltage: 300000", "acceleration_voltage: 300"),
    "an odd day": ("last_modified_date: 2023-06-02", "last_modified_date: June 2023"),
    "one voxel size": ("{voxel_spacing: ['4.990']}", "{voxel_spacing: 4.99}"),
    "pictures": (
        "standardization_config:",
        "dataset_keyphotos: [{sources: [{literal: {value: [a]}}]}]\nstandardization_config:",
    ),
}


@pytest.mark.parametrize("case", ODD)
def test_what_curators_write_otherwise_is_no_reason_to_refuse(case: str, tmp_path: Path) -> None:
    usual, other = ODD[case]
    assert usual in CONFIGURATION
    found = document(tmp_path, CONFIGURATION.replace(usual, other))
    assert not found.skipped and Validator().document(found).conforms
    (series,) = found.dataset.regions[0].tomo_image_sets[0].tilt_series_sets[0].tilt_series
    assert series.accelerating_voltage == 300
    assert len(tomograms(found.dataset)[1].annotations) == 1


def test_all_configurations_conform_and_loading_them_again_changes_nothing(shared_data: Path) -> None:
    validator, store = Validator(), LocalStore.memory()
    for change in ("added", "unchanged"):
        done = load(
            store,
            shared_data / "import" / "portal-configs",
            accept=lambda document: validator.document(document).raise_for_violations(),
        )
        assert (done.failures, done.passed_over) == ((), ())
        assert [str(put.change) for put in done.data_sets] == [change] * 278
