"""Folders of anything into a store: each file once, nothing twice, nothing good lost for something bad."""

import json
import tracemalloc
from pathlib import Path

import pytest
from commands import run

from cetsgraph.archive import get, load, put_all, record
from cetsgraph.documents import Document
from cetsgraph.graph import encoded
from cetsgraph.importers import Options, claims, import_from, read_each
from cetsgraph.store import LocalStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A document, two series, a file with a mistake, and two foreign files."""
    files = {
        "EMPIAR-1.json": '{"name": "EMPIAR-1", "regions": [{"id": "r", "tilt_series": []}]}',
        "frames/TS_01.mdoc": "PixelSpacing = 5.4\n[ZValue = 0]\nTiltAngle = 0\n",
        "frames/TS_02.mdoc": "PixelSpacing = 5.4\n[ZValue = 0]\nTiltAngle = 3\nSpotSize = 8\n",
        "bad/TS_03.mdoc": "[ZValue = 0]\nTiltAngle = nan\n",
        "package.json": '{"scripts": {}}',
        "notes.txt": "nothing",
    }
    for name, text in files.items():
        path = tmp_path / "all" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "all"


def test_what_is_good_of_a_folder_is_loaded_and_the_rest_is_said(folder: Path) -> None:
    loading = load(LocalStore.memory(), folder)
    assert sorted(put.record.name for put in loading.data_sets) == ["EMPIAR-1", "frames"]
    (failure,) = loading.failures
    assert "TS_03.mdoc" in str(failure) and "line 2" in str(failure)
    assert sorted(path.name for path in loading.passed_over) == ["notes.txt", "package.json"]


def test_the_record_says_what_a_data_set_was_made_of(folder: Path) -> None:
    store = LocalStore.memory()
    load(store, folder / "frames")
    kept = record(store, "frames")
    assert (kept.importer, kept.sources) == ("mdoc/1", ("TS_01.mdoc", "TS_02.mdoc"))


def test_data_sets_of_one_folder_or_of_folders_called_alike_have_names_of_their_own(tmp_path: Path) -> None:
    star = "data_\nloop_\n_rlnTomoName\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\nTS_01 1 1 1\n"
    for session in ("monday", "tuesday"):
        folder = tmp_path / session / "frames"
        folder.mkdir(parents=True)
        for name in ("TS_01.mdoc", "TS_02.mdoc"):
            (folder / name).write_text("[ZValue = 0]\nTiltAngle = 0\n")
        for name in ("a.star", "b.star"):
            (folder / name).write_text(star)
    loading = load(LocalStore.memory(), tmp_path)
    assert loading.failures == ()
    names = sorted(put.record.name for put in loading.data_sets)
    assert names == ["monday-frames", "monday-frames-relion", "tuesday-frames", "tuesday-frames-relion"]


def test_names_tell_apart_what_lies_in_different_folders(tmp_path: Path) -> None:
    for place in ("a/x/frames/TS_01", "b/x/frames/TS_01", "b/y/frames/TS_01", "c/TS_01", "b-x/frames/TS_02"):
        path = tmp_path / f"{place}.mdoc"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("[ZValue = 0]\nTiltAngle = 0\n")
    names = [claim.name for claim in claims([tmp_path]).claims]
    assert names == ["a-x-frames-TS_01", "b-x-frames-TS_01", "y-frames-TS_01", "TS_02", "c-TS_01"]


def test_a_name_that_is_given_is_the_data_sets(folder: Path) -> None:
    store = LocalStore.memory()
    for change in ("added", "unchanged"):
        (done,) = load(store, folder / "frames", name="EMPIAR-2").data_sets
        assert (str(done.change), done.record.name) == (change, "EMPIAR-2")
    assert get(store, "EMPIAR-2").dataset.name == "EMPIAR-2"


def test_a_folder_called_alike_takes_no_place_unless_the_name_is_given(folder: Path, tmp_path: Path) -> None:
    store = LocalStore.memory()
    load(store, folder / "frames")
    for name, image in (("other", "TS_09.mdoc"), ("frames", "TS_08.mdoc")):
        (tmp_path / name / "frames").mkdir(parents=True)
        (tmp_path / name / "frames" / image).write_text("[ZValue = 0]\nTiltAngle = 6\n")
        (tmp_path / name / "frames" / f"a{image}").write_text("[ZValue = 0]\nTiltAngle = 6\n")
        loading = load(store, tmp_path / name / "frames")
        assert not loading.data_sets and "--as NAME" in str(loading.failures[0])
    (put,) = load(store, tmp_path / "other" / "frames", name="frames").data_sets
    assert str(put.change) == "replaced" and "aTS_09.mdoc" in put.record.sources


def test_the_same_again_is_not_read_and_anything_else_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalStore.memory()

    def changes(options: Options | None = None) -> list[tuple[str, bool]]:
        done = load(store, folder / "frames", options=options).data_sets
        return [(str(put.change), bool(put.imported)) for put in done]

    assert changes() == [("added", True)]
    assert changes() == [("unchanged", False)]
    assert changes(Options(pixel_size=2)) == [("unchanged", True)], (
        "other options are read, and change nothing"
    )
    (folder / "frames/TS_02.mdoc").write_text("[ZValue = 0]\nTiltAngle = 6\n")
    assert changes() == [("replaced", False)]


@pytest.mark.parametrize("kind", ["mdoc", "warp", "aretomo", "imod", "relion/cylindra"])
def test_loaded_region_by_region_it_is_what_is_read_at_once(kind: str, shared_data: Path) -> None:
    folder = shared_data / "import" / kind
    loaded = load(LocalStore.memory(), folder, lenient=True).data_sets
    whole = put_all(LocalStore.memory(), import_from(folder, lenient=True).documents)
    assert loaded
    assert [(put.record.name, put.record.content, put.imported) for put in loaded] == [
        (put.record.name, put.record.content, put.imported) for put in whole
    ]


def test_memory_is_that_of_one_series_however_many_there_are(shared_data: Path, tmp_path: Path) -> None:
    text = (shared_data / "import" / "mdoc" / "tilt_series.mdoc").read_text(encoding="latin-1")

    def peak(count: int) -> int:
        folder = tmp_path / str(count)
        folder.mkdir()
        for number in range(count):
            (folder / f"TS_{number}.mdoc").write_text(text, encoding="latin-1")
        (claim,) = claims([folder]).claims
        tracemalloc.start()
        try:
            for document in read_each(claim):
                assert isinstance(document, Document)
                pieces = encoded(document.dataset, "urn:a", document.regions)
                assert sum(piece.count(b"#TiltSeriesMicrograph>") for piece in pieces) > count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2)  # what is loaded once
    assert peak(24) < 1.5 * peak(12)


def test_the_command_prints_a_document_that_can_be_loaded(folder: Path, tmp_path: Path) -> None:
    done = run("import", folder / "frames/TS_02.mdoc", "--report", tmp_path / "report.csv")
    assert done.returncode == 0 and "import-dropped" in done.stderr
    assert (tmp_path / "report.csv").read_text().splitlines()[1].startswith("TS_02,TS_02.mdoc,4,")
    (tmp_path / "TS_02.json").write_text(done.stdout)
    assert run("load", "--store", tmp_path / "store", tmp_path / "TS_02.json").returncode == 0


def test_what_an_importer_knows_is_converted_and_validated_as_it_is(folder: Path) -> None:
    converted = run("convert", "--to", "tomobabel", folder / "frames/TS_02.mdoc")
    assert converted.returncode == 0 and '"nominal_tilt_angle": 3.0' in converted.stdout
    assert run("convert", "--to", "tomobabel", folder / "package.json").returncode == 1
    report = run("validate", folder / "frames/TS_02.mdoc")
    assert report.returncode == 0 and "import-dropped" in report.stdout


def test_a_folder_is_validated_as_the_data_sets_that_would_be_loaded(folder: Path) -> None:
    report = run("validate", folder, "--format", "json")
    files = {Path(one["file"]).name: one["conforms"] for one in json.loads(report.stdout)["documents"]}
    assert files == {"EMPIAR-1.json": True, "frames": True, "TS_03.mdoc": False}
    assert "passed over 2 other files" in report.stderr


USAGE = {
    (): 2,
    ("nothing",): 2,
    ("--list",): 0,
    ("mdoc", "frames"): 0,
    ("frames", "bad"): 2,
    ("bad",): 1,
    ("bad", "--lenient", "--store", "store"): 0,
    ("notes.txt",): 1,
    ("frames", "bad", "-o", "out/"): 1,
    ("frames", "--dry-run"): 0,
}


@pytest.mark.parametrize("arguments", USAGE)
def test_exit_status(arguments: tuple[str, ...], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert run("import", *arguments).returncode == USAGE[arguments]


@pytest.mark.parametrize("size", ["nan", "inf", "1e400"])
def test_a_size_that_is_no_number_is_refused(size: str, folder: Path) -> None:
    ended = run("import", folder / "frames", "--pixel-size", size)
    assert ended.returncode == 2 and f"{size} is not a finite number" in ended.stderr


BROKEN = {
    "frames/mdoc-broken.mdoc": b"[ZValue = 0]\nTiltAngle = 3\n\x00",
    "warp/xml-broken.xml": b"<TiltSeries>\n<Angles>1\n",
    "aretomo/aln-broken.aln": b"# AreTomo Alignment\n\xff\xfe\x00",
    "relion/star-broken.star": b"data_\nloop_\n_rlnTomoYTilt #1\n3\n\x00\n",
}
GOOD = {
    "frames/TS_01.mdoc": b"[ZValue = 0]\nTiltAngle = 0\n",
    "warp/TS_02.xml": b"<TiltSeries><Angles>1\n2</Angles></TiltSeries>",
    "aretomo/TS_03.aln": b"# AreTomo Alignment\n# RawSize = 4 4 1\n1 85 1 3 2 1 1 1 0 3\n",
    "relion/TS_04.star": b"data_TS_04\nloop_\n_rlnTomoYTilt #1\n3\n",
}


@pytest.mark.parametrize("mixed", [False, True], ids=["a folder for each", "one folder"])
def test_a_broken_file_is_refused_and_the_others_of_its_folder_are_loaded(
    mixed: bool, tmp_path: Path
) -> None:
    for name, content in {**BROKEN, **GOOD}.items():
        path = tmp_path / "all" / (Path(name).name if mixed else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    loading = load(LocalStore.memory(), tmp_path / "all")
    assert {Path(str(failure.path)).name: failure.line for failure in loading.failures} == {
        "aln-broken.aln": 2,
        "mdoc-broken.mdoc": 3,
        "star-broken.star": 5,
        "xml-broken.xml": 3,
    }
    names = sorted(put.record.name for put in loading.data_sets)
    assert names == (["all", "all-relion"] if mixed else ["aretomo", "frames", "relion", "warp"])
