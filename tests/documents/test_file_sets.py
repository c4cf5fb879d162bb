"""Depositions of several files: a document with its companion, report and payload, given by any of them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from documents import meaning

from cetsgraph import archive, queries
from cetsgraph.documents import Document, files_below, read, write
from cetsgraph.errors import DocumentError
from cetsgraph.model import PointSet, SegmentationMask, TiltSeriesMicrographStack
from cetsgraph.store import LocalStore
from cetsgraph.validation import validate, validate_files

B = "cets-data-model"
NAMES = ("10445.cets.json", "10445.cets-companion.json", "10445.cets.report.json", "")


@pytest.fixture
def folder(shared_data: Path) -> Path:
    return shared_data / "cets-converters" / "portal-profile"


def series_of(document: Document) -> TiltSeriesMicrographStack:
    return document.dataset.regions[0].tomo_image_sets[0].tilt_series_sets[0].tilt_series[0]


@pytest.mark.parametrize("name", NAMES)
def test_any_file_of_a_deposition_gives_the_whole(name: str, folder: Path) -> None:
    document = read(folder / name)
    assert Path(document.path).name == "10445.cets.json"
    assert document.findings == ()
    series = series_of(document)
    assert (series.accelerating_voltage, series.spherical_aberration, series.pixel_size) == (300.0, 2.7, 1.54)
    assert series.tilt_axis_angle == -96.0
    first = series.micrographs[0]
    assert (first.acquisition_order, first.exposure_dose) == (30, 3.87075)  # 31 in the companion, from 1
    assert [(seen.angle_kind, seen.tilt_angle) for seen in first.tilt_angle_observations] == [
        ("stage", -45.03)
    ]
    assert first.dose_convention == "before"  # by the profile
    provenance = document.dataset.provenance
    assert provenance is not None
    assert [(gate.name, gate.passed, gate.value_json) for gate in provenance.checks] == [("rows", True, "31")]


def test_annotations_take_their_facts_from_the_companion(folder: Path) -> None:
    annotations = {one.id: one for one in read(folder).dataset.regions[0].annotations}
    mask = annotations["TS_105_5_tomo_18956_ann_69545_segmentationmask"]
    assert isinstance(mask, SegmentationMask)
    assert (mask.annotated_object, mask.method, mask.ground_truth) == ("GO:0016020", "automated", False)
    assert [(label.value, label.annotated_object) for label in mask.mask_labels] == [(1, "GO:0016020")]
    points = annotations["TS_105_5_tomo_18956_ann_69546_point"]
    assert isinstance(points, PointSet)
    assert (points.annotated_object_name, points.annotated_object_state) == ("ferritin complex", "apo")


def deposited(folder: Path, data: Any, companion: Any) -> Document:
    """A document and its companion, without a report."""
    (folder / "x.cets.json").write_text(json.dumps(data), encoding="utf-8")
    (folder / "x.cets-companion.json").write_text(json.dumps(companion), encoding="utf-8")
    return read(folder / "x.cets.json")


def test_facts_of_a_companion_are_about_the_objects_that_the_document_has(
    folder: Path, tmp_path: Path
) -> None:
    companion = json.loads((folder / "10445.cets-companion.json").read_bytes())
    images = companion["tilt_series"]["TS_105_5"]["images"]
    for name in ("TS_105_5_0", "not in the document"):
        images[name] = {"use_tilt": False}
    companion["alignments"][0]["thickness_px"] = 1200
    companion["alignments"].append({**companion["alignments"][0], "name": "second"})
    document = deposited(tmp_path, json.loads((folder / "10445.cets.json").read_bytes()), companion)
    (alignment,) = document.dataset.regions[0].tomo_image_sets[0].alignments
    assert series_of(document).micrographs[0].excluded
    assert alignment.exclusions == []  # the first image is aligned
    assert (alignment.name, alignment.specimen_thickness) == ("portal18924", 1848.0)  # 1200 × 1.54 Å
    assert validate(document).counts == {}


def test_alignments_of_one_series_take_facts_in_order_and_a_companion_says_the_profile(
    folder: Path, tmp_path: Path
) -> None:
    data = json.loads((folder / "10445.cets.json").read_bytes())
    (first,) = data["regions"][0]["alignments"]
    rows = [{**row, "id": f"second_{row['id']}"} for row in first["projection_alignments"][1:]]
    data["regions"][0]["alignments"].append({**first, "projection_alignments": rows})
    companion = json.loads((folder / "10445.cets-companion.json").read_bytes())
    companion["alignments"].append(
        {**companion["alignments"][0], "name": "second", "alignment_type": "GLOBAL"}
    )
    companion["tilt_series"]["TS_105_5"]["images"]["TS_105_5_0"]["use_tilt"] = False
    document = deposited(tmp_path, data, companion)
    alignments = document.dataset.regions[0].tomo_image_sets[0].alignments
    assert [(one.name, one.alignment_type) for one in alignments] == [
        ("portal18924", "LOCAL"),
        ("second", "GLOBAL"),
    ]
    left_out = [[one.tilt_image_id for one in alignment.exclusions] for alignment in alignments]
    assert left_out == [[], ["TS_105_5_0"]]
    assert series_of(document).micrographs[0].dose_convention == "before"


def test_a_deposition_goes_through_a_store_and_back_into_its_files(folder: Path, tmp_path: Path) -> None:
    store = LocalStore.memory()
    loading = archive.load(store, folder)
    assert (len(loading.data_sets), loading.failures) == (1, ())
    rows = queries.run(store, "tomograms_by_annotated_object", {"object": "GO:0016020"})
    assert [row["name"] for row in rows] == ["TS_105_5_tomo_18956"]
    kept = archive.get(store, "10445")
    assert (kept.revision, kept.form) == ("pr34", "DataSet")
    written = write(kept, tmp_path / "again.cets.json", dialect=B)
    assert written.findings == ()
    for ending in (".cets.json", ".cets-companion.json", ".cets.report.json"):
        made = json.loads((tmp_path / f"again{ending}").read_bytes())
        assert meaning(made) == meaning(json.loads((folder / f"10445{ending}").read_bytes()))
    assert read(tmp_path / "again.cets.json").dataset == kept.dataset


def test_a_compressed_document_is_of_a_deposition_too(folder: Path, tmp_path: Path) -> None:
    document = read(folder)
    write(document, tmp_path / "x.cets.json.gz", dialect=B)
    for name in ("x.cets.json.gz", "x.cets-companion.json", ""):
        assert read(tmp_path / name).dataset == document.dataset
    assert [report.counts for report in validate_files([tmp_path])] == [{}]


def test_a_companion_without_its_document_says_what_is_missing(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "10445.cets-companion.json", tmp_path)
    with pytest.raises(DocumentError, match="not beside it") as refused:
        read(tmp_path / "10445.cets-companion.json")
    assert refused.value.expected == "10445.cets.json"


def test_a_folder_gives_cets_files_first_and_enters_no_array_store(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        shutil.copy(path, tmp_path)
    payload = tmp_path / "10445.nonrigid.zarr"
    payload.mkdir()
    (payload / "zarr.json").write_text("{}")
    (tmp_path / "0.json").write_text("{}")
    assert [path.name for path in files_below(tmp_path)] == ["10445.cets.json", "0.json"]


def test_other_files_of_a_folder_are_passed_over_and_are_no_errors(folder: Path, tmp_path: Path) -> None:
    for name in ("10445.cets.json", "10445.cets-companion.json"):
        shutil.copy(folder / name, tmp_path)
    (tmp_path / "package.json").write_text('{"name": "site", "version": "1.0.0"}')
    (tmp_path / "list.yaml").write_text("- one\n- two\n")
    (tmp_path / "shapes.ttl").write_text("<urn:a> a <http://www.w3.org/ns/shacl#NodeShape> .")
    (tmp_path / "TS_105_5.mrc").write_bytes(b"")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.cets.json").write_text("{}")
    others = {"package.json", "list.yaml", "shapes.ttl", "TS_105_5.mrc"}
    loading = archive.load(LocalStore.memory(), tmp_path)
    assert (len(loading.data_sets), loading.failures, loading.exit_code) == (1, (), 0)
    assert {path.name for path in loading.passed_over} == others
    passed_over: list[Path] = []
    (report,) = validate_files([tmp_path], processes=1, passed_over=passed_over.append)
    assert report.conforms and {path.name for path in passed_over} == others


@pytest.mark.parametrize("name", ["TS_01.cets.json", "broken.json"])
def test_a_file_that_is_to_be_a_document_is_an_error(name: str, folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "10445.cets.json", tmp_path)
    (tmp_path / name).write_text('{"region": []}' if "cets" in name else '{"name": ')
    (failure,) = archive.load(LocalStore.memory(), tmp_path).failures
    assert isinstance(failure, DocumentError) and Path(failure.path).name == name
    reports = validate_files([tmp_path], processes=1)
    assert {Path(report.file).name for report in reports if not report.conforms} == {name}


def test_a_folder_that_holds_other_files_alone_has_no_document(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")
    with pytest.raises(DocumentError, match="no document in this folder"):
        archive.load(LocalStore.memory(), tmp_path)


UNKNOWN: dict[str, Any] = {
    "name": "X",
    "regions": [
        {
            "id": "r",
            "weather": {"rain": 1},
            "tilt_series": [{"id": "t", "images": [{"id": "i", "section": "first"}, 7, {"id": "k"}]}],
        }
    ],
}


def test_what_cannot_be_represented_is_kept_where_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "X.json"
    path.write_text(json.dumps(UNKNOWN))
    store = LocalStore.memory()
    strict = archive.load(store, path)
    assert (strict.data_sets, len(strict.failures)) == ((), 1)
    lenient = archive.load(store, path, lenient=True)
    assert lenient.failures == ()
    assert sorted(finding.pointer for finding in lenient.kept_aside) == [
        "/regions/0/tilt_series/0/images/0/section",
        "/regions/0/tilt_series/0/images/1",
        "/regions/0/weather",
    ]
    kept = archive.get(store, "X")
    assert [image.id for image in series_of(kept).micrographs] == ["i", "k"]
    assert meaning(write(kept, B).data) == meaning(UNKNOWN)


def test_a_date_with_a_time_gives_its_day_and_goes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "X.json"
    source = {
        "$schema": "https://w3id.org/cetsgraph/schema/cets.json",
        "release_date": "2023-06-01 00:00:00+00:00",
    }
    path.write_text(json.dumps(source))
    document = read(path)
    assert str(document.dataset.release_date) == "2023-06-01"
    assert [(str(one.severity), one.pointer) for one in document.findings] == [("info", "/release_date")]
    assert write(document, "cetsgraph").data == source
    assert write(document.dataset, "cetsgraph").data["release_date"] == "2023-06-01"


def test_yaml_numbers_where_text_belongs_are_shown_as_written(tmp_path: Path) -> None:
    path = tmp_path / "X.yaml"
    path.write_text("$schema: https://w3id.org/cetsgraph/schema/cets.json\nregions:\n- id: 0012\n")
    (finding,) = read(path).findings
    assert (finding.found, finding.line) == ("0012", 3)
    assert finding.hint is not None and "quotes" in finding.hint
