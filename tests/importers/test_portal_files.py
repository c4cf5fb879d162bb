"""Metadata files of the portal: the facts of the samples, and the same as the tables of one run."""

import json
from pathlib import Path
from typing import Any

import pytest
from portal_tables import recorded

from cetsgraph.archive import load
from cetsgraph.importers import Claim, claims, import_from, read
from cetsgraph.model import PointSet, SegmentationMask, TomoImageSet
from cetsgraph.store import LocalStore
from cetsgraph.validation import Validator


def written(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value))


def test_the_samples(shared_data: Path) -> None:
    found = import_from(shared_data / "import/portal-files")
    assert found.failures == ()
    documents = {one.dataset.name: one for one in found.documents}
    assert sorted(documents) == [
        "CryoET-Data-Portal-30001",
        "CryoET-Data-Portal-CZCDP-300",
        "CryoET-Data-Portal-CZCDP-301",
    ]
    whole = documents["CryoET-Data-Portal-30001"]
    assert whole.skipped == (), "its values are made up, so that it does not conform"
    dataset = whole.dataset
    assert (dataset.organism_taxid, str(dataset.release_date), len(dataset.authors)) == (
        1111,
        "2023-06-02",
        3,
    )
    assert [region.id for region in dataset.regions] == ["RUN1", "RUN2", "RUN3"]
    (images,) = dataset.regions[0].tomo_image_sets
    ((series,),) = [group.tilt_series for group in images.tilt_series_sets]
    assert (series.pixel_size, series.tilt_axis_angle, series.accelerating_voltage) == (4.37, 84.7, 300)
    assert series.path == "RUN1/TiltSeries/100/ts_foo.mrc"
    ((tomogram,),) = [group.tomograms for group in images.tomogram_sets]
    assert (tomogram.id, tomogram.width, tomogram.voxel_size) == ("tomo-12.300-100", 4, 12.3)
    points, mask = tomogram.annotations
    assert isinstance(points, PointSet) and isinstance(mask, SegmentationMask)
    assert (points.id, points.point_count, points.method) == ("12.300-100-Point", 16, "hybrid")
    assert points.path == "RUN1/Reconstructions/VoxelSpacing12.300/Annotations/100/foo-1.0.ndjson"
    assert sorted(one.file_format for one in mask.files) == ["MRC", "OME-Zarr"]
    assert "example.org" not in str(dataset), "addresses of people stay out"


def test_images_that_the_metadata_describe_are_no_data_sets_of_their_own(shared_data: Path) -> None:
    loading = load(LocalStore.memory(), shared_data / "import/portal-files/RUN1")
    assert [put.record.importer for put in loading.data_sets] == ["portal-files/1"]
    assert [path.name for path in loading.passed_over] == [".zattrs"]


@pytest.fixture
def mirrored(shared_data: Path, tmp_path: Path) -> Path:
    """The recorded run of data set 10445 as the files that the portal would have of it."""
    tables = recorded(shared_data)
    run = tmp_path / "10445" / "TS_105_5"
    (series,), (aligned,) = tables["tiltseries"], tables["alignments"]
    orders = {row["id"]: row["acquisition_order"] for row in tables["frames"]}
    written(tmp_path / "10445/dataset_metadata.json", {"dataset_identifier": 10445, "dataset_title": "Two"})
    written(run / "run_metadata.json", {"run_name": "TS_105_5"})
    frames = [
        {**row, "path": row["https_frame_path"].partition("cziscience.com/")[2]} for row in tables["frames"]
    ]
    written(run / "Frames/frames_metadata.json", {"frames_acquisition_file": None, "frames": frames})
    sections = [
        {**row, "frame_acquisition_order": orders[row["frame_id"]]} for row in tables["perSectionParameters"]
    ]
    stack = {"size": {axis: series[f"size_{axis}"] for axis in "xyz"}, "per_section_parameter": sections}
    written(
        run / "TiltSeries/100/tiltseries_metadata.json",
        {**series, **stack, "tilt_range": {"min": -45.0, "max": 45.0}, "mrc_file": "10445/TS_105_5/a.mrc"},
    )
    projections = tables["perSectionAlignmentParameters"]
    written(
        run / "Alignments/100/alignment_metadata.json",
        {
            **{"alignment_type": "LOCAL", "method_type": "projection_matching"},
            "per_section_alignment_parameters": projections,
            "tiltseries_path": "10445/TS_105_5/TiltSeries/100/tiltseries_metadata.json",
            "affine_transformation_matrix": [[float(i == j) for j in range(4)] for i in range(4)],
        },
    )
    assert aligned["alignment_type"] == "LOCAL"
    return tmp_path / "10445"


def images_of(claim: Claim) -> TomoImageSet:
    document = read(claim)
    assert Validator().document(document).conforms
    (images,) = document.dataset.regions[0].tomo_image_sets
    return images


def test_files_and_tables_of_one_run_say_the_same(mirrored: Path, shared_data: Path) -> None:
    pairs = [claims([path]).claims for path in (mirrored, shared_data / "import/portal-api/10445")]
    files, tables = (images_of(claim) for (claim,) in pairs)
    (series,), (other,) = (one.tilt_series_sets[0].tilt_series for one in (files, tables))
    for name in ("nominal_tilt_angle", "accumulated_dose", "exposure_dose", "acquisition_order", "section"):
        assert [getattr(one, name) for one in series.micrographs] == [
            getattr(one, name) for one in other.micrographs
        ]
    assert [one.ctf_metadata for one in series.micrographs] == [one.ctf_metadata for one in other.micrographs]
    shown = [
        [one.model_dump(exclude={"tilt_image_id"}) for one in found.alignments[0].projection_alignments]
        for found in (files, tables)
    ]
    assert shown[0] == shown[1] and len(shown[0]) == 31
    assert files.alignments[0].tilt_series_id == series.id == "ts-100"
    movies = files.movie_stack_collections[0].movie_stack_series[0].movie_stacks
    assert (movies[0].path or "").startswith("TS_105_5/Frames/24mar08a_Position_105_5_")


def test_points_that_are_there_have_their_positions(mirrored: Path, shared_data: Path) -> None:
    spacing = mirrored / "TS_105_5/Reconstructions/VoxelSpacing10.000"
    sizes = {"size": {"x": 100, "y": 80, "z": 40}, "voxel_spacing": 10, "tomogram_version": 1}
    written(spacing / "Tomograms/100/tomogram_metadata.json", {**sizes, "ctf_corrected": ""})
    name = "10445/TS_105_5/Reconstructions/VoxelSpacing10.000/Annotations/101/a-1.0_point.ndjson"
    about = {
        **{"annotation_object": {"name": "a"}, "annotation_method": "by hand", "object_count": 2},
        "files": [{"format": "ndjson", "shape": "Point", "path": name}],
    }
    written(spacing / "Annotations/101/a-1.0.json", about)
    lines = [{"type": "point", "location": dict.fromkeys("xyz", at)} for at in (0, 50)]
    written(spacing / "Annotations/101/a-1.0_point.ndjson", "\n".join(map(json.dumps, lines)))
    (claim,) = claims([mirrored]).claims
    (tomogram,) = images_of(claim).tomogram_sets[0].tomograms
    (points,) = tomogram.annotations
    assert isinstance(points, PointSet) and points.id == "10.000-101-Point"
    assert points.coordinates == [[-500, -400, -200], [0, 100, 300]]
    assert (points.unit, points.origin, points.point_count) == ("angstrom", "centre", None)
