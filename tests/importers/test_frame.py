"""The frame of importers: recognition, accounts of what was taken, text and its limits."""

import os
import sys
from pathlib import Path

import pytest

from cetsgraph.archive import get, load
from cetsgraph.errors import DocumentError
from cetsgraph.importers import Claim, Options, claims, import_from, read
from cetsgraph.importers.limits import MAX_SERIES, check_series
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.model import DataSet
from cetsgraph.store import LocalStore


def written(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


SECTION = b"[ZValue = 0]\nTiltAngle = 3\nStageZ = 163.8\n"


def test_every_value_is_in_the_data_set_or_in_a_finding(tmp_path: Path) -> None:
    (claim,) = claims([written(tmp_path / "TS_01.mdoc", SECTION)]).claims
    document = read(claim)
    (series,) = document.dataset.regions[0].tomo_image_sets[0].tilt_series_sets[0].tilt_series
    assert [image.nominal_tilt_angle for image in series.micrographs] == [3]
    assert [(one.rule, one.file, one.line, one.found) for one in document.findings] == [
        ("import-dropped", "TS_01.mdoc", 3, "163.8")
    ]


REFUSED = {
    "UTF-16 that is cut": (SECTION.decode().encode("utf-16")[:-1], 3),
    "binary": (SECTION + b"\x00\x01", 4),
    "a line without end": (SECTION + b"A = " + b"x" * 2**20, 4),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_text_is_refused_with_its_line_and_nothing_else_is_lost(case: str, tmp_path: Path) -> None:
    data, line = REFUSED[case]
    written(tmp_path / "bad" / "TS_02.mdoc", data)
    written(tmp_path / "good" / "TS_01.mdoc", SECTION)
    written(tmp_path / "good" / "notes.txt", b"nothing")
    imported = import_from(tmp_path)
    (failure,), (document,) = imported.failures, imported.documents
    assert (Path(failure.path).name, failure.line) == ("TS_02.mdoc", line)
    assert (document.dataset.name, [path.name for path in imported.passed_over]) == ("TS_01", ["notes.txt"])


BROKEN = {
    "entities.xml": (b'<!DOCTYPE T [<!ENTITY a "aa">]>\n<TiltSeries><Angles>&a;</Angles></TiltSeries>', 1),
    "cut.xml": (b"<TiltSeries>\n<Angles>1", 2),
    "wide.mdoc": (SECTION.decode().encode("utf-16")[:-1], 3),
    "nan.mdoc": (b"[ZValue = 0]\nTiltAngle = nan\n", 2),
    "binary.mdoc": (SECTION + b"\x00", 4),
    "infinite.star": (b"data_\nloop_\n_rlnTomoName\n_rlnCoordinateX\n_rlnCoordinateZ\nTS_01 inf 1\n", 6),
    "bomb.yaml": (
        b"version: 1\nruns: &runs [" + b"x," * 40 + b"]\ndatasets: &datasets [" + b"*runs," * 400
        + b"]\ntiltseries: [" + b"*datasets," * 400 + b"]\ntomograms:\n- metadata: {}\n", 4,
    ),
}  # fmt: skip


@pytest.mark.parametrize("names", [*([name] for name in BROKEN), list(BROKEN)], ids=lambda names: names[0])
def test_files_that_are_broken_cost_no_other_in_their_folder(names: list[str], tmp_path: Path) -> None:
    written(tmp_path / "TS_01.mdoc", SECTION)
    for name in names:
        written(tmp_path / name, BROKEN[name][0])
    store = LocalStore.memory()
    loading = load(store, tmp_path)
    said = {Path(one.path).name: one.line for one in loading.failures if isinstance(one, DocumentError)}
    assert said == {name: BROKEN[name][1] for name in names}
    (done,) = loading.data_sets
    assert [region.id for region in get(store, done.record.name).dataset.regions] == ["TS_01"]


def test_a_file_of_gigabytes_is_refused_with_the_line_that_has_no_end(tmp_path: Path) -> None:
    path = written(tmp_path / "TS_01.mdoc", SECTION)
    with path.open("r+b") as file:
        file.truncate(2**31)  # takes no space on disk
    (failure,) = import_from(path).failures
    assert failure.line == 4 and "2,147,483,648" in str(failure)


def test_what_is_not_there_and_what_no_file_can_be_called_are_failures(tmp_path: Path) -> None:
    for name in ("nothing.mdoc", "a\x00b.mdoc"):
        (failure,) = import_from(tmp_path / name).failures
        assert "cannot be read" in str(failure)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_in_a_folder_keeps_nobody_waiting(tmp_path: Path) -> None:
    written(tmp_path / "TS_01.mdoc", SECTION)
    os.mkfifo(tmp_path / "pipe.mdoc")
    imported = import_from(tmp_path)
    assert len(imported.documents) == 1 and [path.name for path in imported.passed_over] == ["pipe.mdoc"]


def test_a_data_set_has_no_more_series_than_its_limit() -> None:
    check_series(MAX_SERIES, "frames")
    with pytest.raises(DocumentError, match="20,001"):
        check_series(MAX_SERIES + 1, "frames")


def test_names_in_files_are_followed_below_the_folder_only(tmp_path: Path) -> None:
    inside = written(tmp_path / "project" / "tilt_series" / "TS_01.star", b"")
    claim = Claim("relion", "project", (inside,), tmp_path / "project")
    session = ImportSession(claim, Options(), "relion/1")
    place = SourcePlace("tomograms.star", 3)
    assert session.named("tilt_series/TS_01.star", place) == inside
    for name in (
        "../secret.star",
        str(tmp_path / "secret.star"),
        "C:\\secret.star",
        "tilt_series/TS_02.star",
    ):
        assert session.named(name, place) is None
    assert [one.rule for one in session.tally.findings()] == ["import-part-missing"] * 4


@pytest.mark.parametrize("text", ["nan", "inf", "1_000", "1e999", "fast"])
def test_what_is_no_finite_number_is_a_violation_with_its_place(text: str, tmp_path: Path) -> None:
    mdoc = written(tmp_path / "TS_01.mdoc", f"[ZValue = 0]\nTiltAngle = {text}\n".encode())
    document = read(claims([mdoc]).claims[0])
    assert [(one.rule, one.line, one.found) for one in document.skipped] == [("value-type", 2, text)]


def test_a_file_that_two_importers_know_is_refused_with_both_names(tmp_path: Path) -> None:
    both = written(tmp_path / "both.mdoc", b"[ZValue = 0]\ndata_\nloop_\n_rlnCoordinateZ #1\n1\n")
    (failure,) = import_from(both).failures
    assert failure.found == "mdoc and relion" and "cetsgraph import mdoc both.mdoc" in str(failure)
    assert import_from(both, importer="mdoc").failures == ()


CETS = sorted((Path(__file__).resolve().parents[2] / "examples").iterdir())


@pytest.mark.parametrize("path", CETS, ids=lambda path: path.name)
def test_no_importer_takes_a_cets_document_for_its_own(path: Path) -> None:
    assert claims([path]).claims == ()


def test_a_list_of_objects_has_an_account_of_each(tmp_path: Path) -> None:
    path = written(tmp_path / "runs.json", b'[{"id": 1,\n "size": 2},\n {"id": 3,\n "size": 4}]')
    session = ImportSession(Claim("portal", "runs", (path,), tmp_path), Options(), "portal/1")
    rows = [
        session.fields(row, SourcePlace(session.shown(path), pointer=f"/{number}"))
        for number, row in enumerate(session.json_value(path))
    ]
    assert [row.integer("id") for row in rows] == [1, 3]
    (dropped,) = session.document(DataSet()).findings
    assert (dropped.message, dropped.line) == ("size: 2 values have no field", 2)
    with pytest.raises(DocumentError):
        session.json(path)
