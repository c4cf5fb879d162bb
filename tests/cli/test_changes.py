"""What is loaded into a store and taken out of it."""

import gzip
import json
from pathlib import Path

import pytest
from commands import EMPIAR, ok, run


def test_remove_takes_a_data_set_out(tmp_path: Path) -> None:
    ok("load", "--store", tmp_path / "s", EMPIAR)
    ok("remove", "--store", tmp_path / "s", "EMPIAR-12104")
    assert json.loads(ok("datasets", "--store", tmp_path / "s", "--format", "json")) == []
    done = run("remove", "--store", tmp_path / "s", "EMPIAR-12104")
    assert (done.returncode, done.stdout) == (2, "")


def test_loading_says_what_it_changed(tmp_path: Path) -> None:
    for word in ("added", "unchanged"):
        done = run("load", "--store", tmp_path / "s", EMPIAR)
        assert done.returncode == 0
        assert done.stdout == ""
        assert done.stderr.startswith(word)
    changed = tmp_path / "changed.json"
    changed.write_text(EMPIAR.read_text().replace("13.7", "13.8"))
    assert run("load", "--store", tmp_path / "s", changed).stderr.startswith("replaced")


def test_files_may_be_gzipped_yaml_folders_or_standard_input(tmp_path: Path) -> None:
    folder = tmp_path / "folder" / "below"
    folder.mkdir(parents=True)
    (folder / "a.json.gz").write_bytes(gzip.compress(EMPIAR.read_bytes()))
    (folder / "README.md").write_text("not a document")
    (folder / "b.yaml").write_text("regions:\n- id: r\n  tomograms: []\n  tilt_series: []\n")
    ok("load", "--store", tmp_path / "s", tmp_path / "folder")
    ok("load", "--store", tmp_path / "s", "--as", "piped", "-", stdin=EMPIAR.read_bytes())
    names = [row["name"] for row in json.loads(ok("datasets", "--store", tmp_path / "s", "--format", "json"))]
    assert sorted(names) == ["EMPIAR-12104", "b", "piped"]


def test_base_and_archive_are_kept_with_the_store(tmp_path: Path) -> None:
    ok("load", "--store", tmp_path / "s", "--base", "https://example.org/d/", "--archive", "EMPIAR", EMPIAR)
    ok("load", "--store", tmp_path / "s", "--as", "x", EMPIAR)
    rows = json.loads(ok("datasets", "--store", tmp_path / "s", "--format", "json"))
    assert [row["dataset"] for row in rows] == [
        f"https://example.org/d/EMPIAR/{name}" for name in ("EMPIAR-12104", "x")
    ]


@pytest.mark.parametrize(
    "base", ["", "no iri", "http://a b/", "http://[::1", "http://x/%zz/", "http://x/?q="]
)
def test_a_base_that_is_no_iri_is_refused_before_a_store_is_made(tmp_path: Path, base: str) -> None:
    done = run("load", "--store", tmp_path / "s", "--base", base, EMPIAR)
    assert done.returncode == 2
    assert "--base" in done.stderr
    assert not (tmp_path / "s").exists()


BAD = {
    "empty.json": b"",
    "truncated.json": b'{"name": "x", "regions": [',
    "nan.json": b'{"name": "x", "regions": [{"id": "r", "tomograms": [{"id": "t", "width": NaN}]}]}',
    "unknown.json": b'{"name": "x", "regions": [{"id": "r", "tomograms": [], "tilt_serie": []}]}',
    "binary.json": bytes(range(256)),
    "bad.ttl": b"@prefix",
}


OTHERS = {"root.json": b'{"a": 1}', "other.nq": b"<http://a/s> <http://a/p> <http://a/o> .\n"}


def test_the_good_files_of_a_folder_are_loaded_and_the_bad_ones_listed(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "good.json").write_bytes(EMPIAR.read_bytes())
    for name, data in (BAD | OTHERS).items():
        (folder / name).write_bytes(data)
    done = run("load", "--store", tmp_path / "s", folder)
    said = done.stderr
    assert done.returncode == 1
    assert "Traceback" not in said
    assert [name for name in BAD if f"{folder / name}" not in said] == []
    assert "passed over 2 other files: other.nq, root.json" in said
    assert f"1 data set loaded, {len(BAD)} documents not" in said
    assert "tilt_series" in said  # the nearest known name
    assert len(json.loads(ok("datasets", "--store", tmp_path / "s", "--format", "json"))) == 1


def test_of_many_documents_only_those_to_be_mended_are_said(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    ok("new", "-o", good)
    bad.write_bytes(BAD["unknown.json"])
    loaded = run("load", "--quiet", "--store", tmp_path / "s", tmp_path)
    assert loaded.returncode == 1
    assert str(good) not in loaded.stderr and str(bad) in loaded.stderr
    assert "1 data set loaded, 1 document not" in loaded.stderr
    judged = run("validate", "--quiet", tmp_path)
    assert judged.returncode == 1
    assert str(good) not in judged.stdout and str(bad) in judged.stdout
    assert "1 of 2 files conforms" in judged.stdout


def test_two_files_that_claim_one_iri_are_an_error_that_names_both(tmp_path: Path) -> None:
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    for file in files:
        file.write_bytes(EMPIAR.read_bytes())
    done = run("load", "--store", tmp_path / "s", *files)
    assert done.returncode == 1
    assert all(str(file) in done.stderr for file in files)
