"""Tables of the portal: the facts of a recorded run, what other columns say, and tables in other forms."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from portal_tables import Tables, in_every_column
from portal_tables import recorded as recorded_run

from cetsgraph.documents import Document
from cetsgraph.errors import DocumentError
from cetsgraph.importers import claims, import_from, read
from cetsgraph.importers.portal.schema import TABLES
from cetsgraph.model import DataSet, PointSet, SegmentationMask
from cetsgraph.validation import Validator


@pytest.fixture(scope="module")
def recorded(shared_data: Path) -> Tables:
    """One run of data set 10445, by tables."""
    return recorded_run(shared_data)


def document(folder: Path, tables: Tables) -> Document:
    for name, rows in tables.items():
        (folder / f"{name}.json").write_text(json.dumps(rows))
    (claim,) = claims([folder]).claims
    return read(claim)


def parts(dataset: DataSet):  # type: ignore[no-untyped-def]
    (images,) = dataset.regions[0].tomo_image_sets
    (series,) = images.tilt_series_sets[0].tilt_series
    tomograms = images.tomogram_sets[0].tomograms if images.tomogram_sets else []
    return images, series, tomograms


def test_the_recorded_run(recorded: Tables, tmp_path: Path) -> None:
    found = document(tmp_path, recorded)
    assert Validator().document(found).conforms
    images, series, tomograms = parts(found.dataset)
    assert (found.dataset.name, found.dataset.sample_type) == ("CryoET-Data-Portal-10445", "in vitro")
    assert (found.dataset.regions[0].id, found.dataset.regions[0].name) == ("17687", "TS_105_5")
    assert (series.id, series.accelerating_voltage, series.pixel_size) == ("17489", 300.0, 1.54)
    assert (len(series.micrographs), series.tilt_axis_angle) == (31, -96.0)
    first, last = series.micrographs[0], series.micrographs[-1]
    assert (first.id, first.section, first.nominal_tilt_angle) == ("17489-0", 0, -45.03)
    assert (last.nominal_tilt_angle, first.accumulated_dose, first.dose_convention) == (
        44.96,
        116.1225,
        "before",
    )
    assert min(one.accumulated_dose for one in series.micrographs) == 0
    assert {one.acquisition_order for one in series.micrographs} == set(range(31))
    assert first.ctf_metadata.defocus_u == 22481.63
    movies = images.movie_stack_collections[0].movie_stack_series[0]
    assert series.movie_stack_series_id == movies.id == "frames-17687" and len(movies.movie_stacks) == 31
    assert [one.id for one in tomograms] == ["18954", "18955", "18956", "18957"]
    assert [one.voxel_size for one in tomograms] == [10.012, 10.012, 4.99, 4.99]
    assert [(one.name, one.version) for one in tomograms[0].software] == [("AreTomo3", "2.0.10")]


def test_shifts_count_pixels_and_the_angles_are_those_of_the_alignment_file(
    recorded: Tables, tmp_path: Path, shared_data: Path
) -> None:
    images, _, _ = parts(document(tmp_path, recorded).dataset)
    (alignment,) = images.alignments
    assert (alignment.id, alignment.tilt_series_id, alignment.alignment_type) == ("18924", "17489", "local")
    first = alignment.projection_alignments[0]
    assert (first.shift.translation, first.z_rotation) == ([-25.8874, -122.14664], -96.3299)
    aln = shared_data / "cryoet-data-portal" / "10445_TS_105_5.global_only.aln"
    rows = [
        line.split() for line in aln.read_text().splitlines() if line.strip() and not line.startswith("#")
    ]
    assert len(rows) == len(alignment.projection_alignments)
    for row, projection in zip(rows, alignment.projection_alignments, strict=True):
        assert projection.shift.translation == pytest.approx(
            [float(row[3]) * 1.54, float(row[4]) * 1.54], abs=1e-5
        )
        assert (projection.z_rotation, projection.y_tilt) == pytest.approx(
            (float(row[1]), float(row[9])), abs=1e-4
        )


def test_annotations_are_on_the_tomogram_of_their_voxel_spacing(recorded: Tables, tmp_path: Path) -> None:
    _, _, tomograms = parts(document(tmp_path, recorded).dataset)
    assert [len(one.annotations) for one in tomograms] == [0, 0, 4, 0]
    mask, ferritin, _, oriented = tomograms[2].annotations
    assert isinstance(mask, SegmentationMask) and isinstance(ferritin, PointSet)
    assert (mask.id, mask.width, mask.depth, mask.voxel_size) == ("69545-SegmentationMask", 1260, 368, 4.99)
    assert [(one.file_format, one.file_size) for one in mask.files] == [
        ("OME-Zarr", 8118083),
        ("MRC", 584237824),
    ]
    assert (mask.mask_labels[0].value, mask.annotated_object) == (1, "GO:0016020")
    assert (ferritin.id, ferritin.point_count, ferritin.annotated_object_state) == ("69546-Point", 43, "apo")
    assert (ferritin.method, ferritin.ground_truth) == ("hybrid", True)
    assert [one.accession for one in ferritin.cross_references] == [
        "10.1101/2024.11.04.621608",
        "EMD-41923",
    ], "what the data set states is not repeated"
    assert [one.accession for one in oriented.cross_references] == ["EMD-41923", "CZCDP-10358"]
    assert oriented.path.endswith("orientedpoint.ndjson")


def test_what_other_tables_say(shared_data: Path, tmp_path: Path) -> None:
    dataset = document(tmp_path, in_every_column(shared_data)).dataset
    images, series, tomograms = parts(dataset)
    assert [(one.name, one.orcid, one.affiliation) for one in dataset.authors] == [
        ("B", None, None),
        ("A", "0000-0002-1825-0097", "CZI"),
    ]
    assert [(one.agency, one.grant) for one in dataset.funding] == [("ERC", "76")]
    assert (dataset.cell_type.id, str(dataset.release_date)) == ("CL:1", "2023-06-01")
    assert [one.accession for one in dataset.cross_references] == [
        *("DS-10445", "10.1101/2024.11.04.621686", "EMPIAR-1", "EMPIAR-10164"),
    ]
    assert images.sample_preparation.vitrification.cryogen_name == "ETHANE"
    assert images.movie_stack_collections[0].gain_file.path == "https://a/gain.mrc"
    assert series.collection_metadata_path == "https://a/b.mdoc"
    assert (images.imaging.microscope_model, images.imaging.detector.detector_model) == (
        "TFS Krios",
        "Falcon 4",
    )
    mask = tomograms[2].annotations[0]
    assert (mask.precision, mask.authors[0].name, mask.software[0].url) == (0.9, "C", "https://a/b")
    assert series.micrographs[0].ctf_metadata.phase_shift == pytest.approx(85.943669), "1.5 radians"


def in_camel_case(value: Any) -> Any:
    if isinstance(value, list):
        return [in_camel_case(one) for one in value]
    if not isinstance(value, dict):
        return value
    words = {key: key.split("_") for key in value}
    return {
        first + "".join(map(str.capitalize, rest)): value["_".join([first, *rest])]
        for first, *rest in words.values()
    }


def answers(tables: Tables) -> dict[str, Any]:
    return {name: {"data": {name: in_camel_case(rows)}} for name, rows in tables.items()}


def one_file(tables: Tables) -> dict[str, Any]:
    return {"all": {"data": tables}}


def pages(tables: Tables) -> dict[str, Any]:
    """Two pages of each table, which overlap."""
    halves = {name: len(rows) // 2 for name, rows in tables.items()}
    first = {f"{name}-1": rows[: halves[name] + 1] for name, rows in tables.items()}
    return first | {f"{name}-2": rows[halves[name] :] for name, rows in tables.items()}


def under_other_names(tables: Tables) -> dict[str, Any]:
    numbers = {name: f"file{number}" for number, name in enumerate(tables) if name != "runs"}
    return {numbers.get(name, name): rows[::-1] for name, rows in tables.items()}


def within_each_other(tables: Tables) -> dict[str, Any]:
    """One answer, in which rows have those that belong to them."""

    def row_of(table: str, row: dict[str, Any]) -> dict[str, Any]:
        children = {
            name: [row_of(name, one) for one in tables.get(name, ()) if one[other.link] == row["id"]]
            for name, other in TABLES.items()
            if other.parent == table and name in tables
        }
        lists = {name: {"edges": [{"node": one} for one in rows]} for name, rows in children.items()}
        own = in_camel_case({key: cell for key, cell in row.items() if key != TABLES[table].link})
        return {**own, **lists}

    return {"answer": {"data": {"datasets": [row_of("datasets", one) for one in tables["datasets"]]}}}


@pytest.mark.parametrize("form", [answers, one_file, pages, under_other_names, within_each_other])
def test_tables_in_other_forms_are_the_same_data_set(
    form: Callable[[Tables], Tables], recorded: Tables, tmp_path: Path
) -> None:
    for name in ("usual", "other"):
        (tmp_path / name).mkdir()
    usual = document(tmp_path / "usual", recorded)
    assert document(tmp_path / "other", form(recorded)).dataset == usual.dataset


OPTIONAL = (
    *("datasets", "tiltseries", "frames", "alignments", "tomograms"),
    *("annotationFiles", "perSectionParameters", "annotationShapes"),
)


@pytest.mark.parametrize("without", OPTIONAL)
def test_a_table_that_is_missing_is_empty(without: str, recorded: Tables, tmp_path: Path) -> None:
    found = document(tmp_path, {name: rows for name, rows in recorded.items() if name != without})
    assert found.dataset.name == "CryoET-Data-Portal-10445" and len(found.dataset.regions) == 1
    assert Validator().document(found).conforms


def test_rows_that_belong_to_nothing_are_said(recorded: Tables, tmp_path: Path) -> None:
    stray = {**recorded["tomograms"][0], "id": 1, "run_id": 99}
    found = document(tmp_path, {**recorded, "tomograms": [*recorded["tomograms"], stray]})
    (finding,) = [one for one in found.findings if one.rule == "import-part-missing"]
    assert "row 99 of runs" in finding.message and finding.file == "tomograms.json" and finding.line


def test_a_wrong_value_refuses_the_data_set_and_lenient_takes_the_rest(
    recorded: Tables, tmp_path: Path
) -> None:
    tables: Tables = json.loads(json.dumps(recorded))
    tables["tomograms"][0]["size_x"] = "wide"
    (tmp_path / "tomograms.json").write_text(json.dumps(tables["tomograms"], indent=1))
    for name in tables.keys() - {"tomograms"}:
        (tmp_path / f"{name}.json").write_text(json.dumps(tables[name]))
    refused = import_from(tmp_path)
    assert refused.documents == () and refused.exit_code == 1
    (failure,) = refused.failures
    lines = (tmp_path / "tomograms.json").read_text().splitlines()
    assert "tomograms.json" in str(failure) and '"wide"' in lines[(failure.line or 0) - 1]
    (taken,) = import_from(tmp_path, lenient=True).documents
    assert [one.width for one in parts(taken.dataset)[2]] == [None, 630, 1260, 1260]


REFUSED = {
    "tables of two data sets": {
        "runs": [{"id": 1, "dataset_id": 1, "name": "A"}, {"id": 2, "dataset_id": 2, "name": "B"}]
    },
    "no data set": {"frames": [{"id": 1, "run_id": 2, "https_frame_path": "a"}]},
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_one_data_set_is_refused(case: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="data set"):
        document(tmp_path, REFUSED[case])


def test_an_aligned_stack_gets_no_shifts_and_a_flipped_volume_is_said(
    recorded: Tables, tmp_path: Path
) -> None:
    tables: Tables = json.loads(json.dumps(recorded))
    tables["tiltseries"][0]["is_aligned"] = True
    tables["alignments"][0]["affine_transformation_matrix"] = "{{1,0,0,0},{0,1,0,0},{0,0,-1,0},{0,0,0,1}}"
    found = document(tmp_path, tables)
    (alignment,) = parts(found.dataset)[0].alignments
    assert all(one.shift is None for one in alignment.projection_alignments)
    assert len([one for one in found.findings if one.rule == "import-assumed"]) == 2


def test_load_knows_tables_among_other_files(recorded: Tables, tmp_path: Path) -> None:
    document(tmp_path, recorded)
    (tmp_path / "frames-3.json").write_text("[]")
    (tmp_path / "builds.json").write_text('[{"id": 1, "run_id": 2, "name": "a build that ran"}]')
    (tmp_path / "package.json").write_text('{"name": "a", "dependencies": {}}')
    found = import_from(tmp_path)
    assert [one.dataset.name for one in found.documents] == ["CryoET-Data-Portal-10445"]
    assert [path.name for path in found.passed_over] == ["builds.json", "package.json"]
