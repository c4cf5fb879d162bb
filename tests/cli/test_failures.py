"""How commands fail: without a traceback, and nothing is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands import EMPIAR, ok, run


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["nonsense"], 2),
        (["load"], 2),
        (["load", "--store", "{tmp}/s", "-"], 2),
        (["load", "--store", "{tmp}/s", "{tmp}/absent.json"], 3),
        (["load", "--store", "{tmp}/s", "--as", "…", "{example}"], 2),
        (["load", "--store", "{example}", "{example}"], 3),
        (["load", "--store", "{tmp}/s", "--archive", "…", "{example}"], 2),
        (["convert", "{example}", "--to", "turtle", "--base", "no iri"], 2),
        (["datasets", "--store", "{tmp}/absent"], 3),
        (["remove", "--store", "{tmp}/absent", "x"], 3),
        (["query", "--store", "{store}"], 2),
        (["query", "no_such_question", "--store", "{store}"], 2),
        (["query", "tomograms_by_voxel_size", "--store", "{store}", "-p", "minimum"], 2),
        (["query", "tomograms_by_voxel_size", "--store", "{store}", "-p", "minimum=many"], 2),
        (["query", "tomograms_by_voxel_size", "--store", "{store}", "-p", "other=1"], 2),
        (["query", "dataset_summary", "--store", "{store}", "--columns", "nothing"], 2),
        (["query", "--file", "{tmp}/absent.rq", "--store", "{store}"], 3),
        (["query", "--file", "{example}", "--store", "{store}"], 2),
        (["picks", "--store", "{store}", "--format", "dynamo"], 2),
        (["show", "--store", "{store}", "no iri"], 2),
        (["export", "--store", "{store}", "EMPIAR-12140", "--to", "turtle"], 2),
        (["export", "--store", "{store}", "EMPIAR-12104", "--to", "docx"], 2),
        (["export", "--store", "{store}", "EMPIAR-12104", "--to", "turtle", "-o", "{tmp}/no/such/dir"], 3),
        (["convert", "{tmp}/absent.json", "--to", "turtle"], 3),
        (["convert", "{tmp}", "--to", "turtle"], 3),
        (["query", "{example}", "--store", "{store}"], 2),
        (["restore", "{tmp}/absent", "--store", "{tmp}/s"], 3),
        (["compact", "--store", "{tmp}/absent"], 3),
        (["queries", "no_such_question"], 2),
        (["datasets", "--store", ""], 2),
        (["load", "--store", "{tmp}/s", ""], 3),
        (["compact", "--store", "http://localhost/"], 2),
        (["backup", "--store", "{store}", "-"], 2),
        (["picks", "--store", "{store}", "--format", "parquet", "no iri"], 2),
        (["ontologies", "remove", "--store", "{store}", "go"], 2),
        (["new", "--dialect", "cets-data-model", "--revision", "pr99"], 2),
    ],
)
def test_failures_say_why_without_a_traceback(
    store: Path, tmp_path: Path, arguments: list[str], status: int
) -> None:
    filled = [part.format(tmp=tmp_path, example=EMPIAR, store=store) for part in arguments]
    done = run(*filled)
    assert done.returncode == status, done.stderr
    assert done.stdout == ""
    assert done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["load"], ["import"]])
def test_one_name_for_several_data_sets_is_refused_before_any_is_loaded(
    arguments: list[str], tmp_path: Path
) -> None:
    for folder in ("monday", "tuesday"):
        (tmp_path / "all" / folder).mkdir(parents=True)
        file = tmp_path / "all" / folder / "TS_01.mdoc"
        file.write_text("PixelSpacing = 1\n[ZValue = 0]\nTiltAngle = 0\n")
    done = run(*arguments, "--as", "x", "--store", tmp_path / "s", tmp_path / "all")
    assert done.returncode == 2
    assert "found 2: monday-TS_01, tuesday-TS_01" in done.stderr
    assert ok("datasets", "--store", tmp_path / "s", "--format", "json").strip() == "[]"


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_is_no_failure(store: Path, unbuffered: str) -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    program = f"{sys.executable} -m cetsgraph"
    command = f"{program} export --store {store} EMPIAR-12104 --to nquads | head -1 && {program} -h | true"
    shell = ["bash", "-o", "pipefail", "-c", command]
    done = subprocess.run(shell, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["convert", "--to", "tomobabel", "{file}", "-o", "{file}"],
        ["convert", "--to", "tomobabel", "{folder}", "-o", "{folder}/"],
        ["validate", "{file}", "-o", "{folder}/link.json"],
        ["import", "{file}", "-o", "{file}"],
        ["new", "-o", "{file}"],
    ],
)
def test_nothing_is_written_over_what_is_read(arguments: list[str], tmp_path: Path) -> None:
    (folder := tmp_path / "all").mkdir()
    (file := folder / "TS_01.json").write_bytes(EMPIAR.read_bytes())
    if "{folder}/link.json" in arguments:
        (folder / "link.json").symlink_to(file)
    done = run(*(part.format(file=file, folder=folder) for part in arguments))
    assert done.returncode == 2, done.stderr
    assert file.read_bytes() == EMPIAR.read_bytes()


@pytest.mark.parametrize(
    "command", [["load", "--store", "{tmp}/s"], ["validate"], ["convert", "--to", "trig"]]
)
def test_a_folder_without_a_document_is_a_failure(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "package.json").write_text('{"name": "x"}')
    output = ["-o", f"{tmp_path}/out/"] if command[0] == "convert" else []
    done = run(*(part.format(tmp=tmp_path) for part in command), tmp_path / "all", *output)
    assert done.returncode == 1
    assert "there is no document in this folder (found 1 other file)" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
@pytest.mark.parametrize("arguments", ["validate -", "query --store {store} --file -"])
def test_a_command_whose_input_is_closed_reads_nothing(arguments: str, store: Path) -> None:
    line = f"{sys.executable} -m cetsgraph {arguments.format(store=store)} 0<&-"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2) and "Traceback" not in done.stderr


def test_a_locked_store_ends_with_3(tmp_path: Path) -> None:
    from cetsgraph.store import LocalStore

    with LocalStore.open(tmp_path / "s", "w"):
        done = run("load", "--store", tmp_path / "s", EMPIAR)
    assert done.returncode == 3
    assert str(os.getpid()) in done.stderr
