"""What is written to a terminal, and what cannot be."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands import EMPIAR, IRI, ok, run


def in_shell(script: str, cwd: Path, **paths: Path) -> "subprocess.CompletedProcess[str]":
    """Run a script in which `cetsgraph` is the command; paths may have this word in them, too."""
    filled = script.replace("cetsgraph", "{python} -m cetsgraph").format(python=sys.executable, **paths)
    command = ["bash", "-c", filled]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, timeout=60)


UNLUCKY = {
    "closed output": ("cetsgraph datasets --store {store} >&-", "Bad file descriptor"),
    "full output": ("cetsgraph datasets --store {store} >/dev/full", "No space left"),
    "deleted working directory": (
        "mkdir gone && cd gone && rmdir ../gone && cetsgraph load --store s .",
        "",
    ),
    "full disk": ("ulimit -f 20; cetsgraph load --store s {example}", ""),
    "few open files": ("ulimit -n 12; cetsgraph load --store s {example}", ""),
}


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
@pytest.mark.parametrize("case", UNLUCKY)
def test_what_cannot_be_written_is_said_in_one_line(store: Path, tmp_path: Path, case: str) -> None:
    script, reason = UNLUCKY[case]
    done = in_shell(script, tmp_path, store=store, example=EMPIAR)
    assert done.returncode == 3, done.stderr
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
    assert "added" not in done.stderr


def test_what_a_document_says_does_not_steer_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"name": "evil\x1b[2Jset", "regions": [{"id": "r", "tilt_series": []}]}))
    done = run("load", "--store", tmp_path / "s", file)
    assert "\x1b" not in done.stderr
    assert r"evil\x1b[2Jset" in done.stderr
    assert "\x1b" not in ok("datasets", "--store", tmp_path / "s")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_files_whose_names_are_no_utf_8_are_loaded(tmp_path: Path) -> None:
    file = os.path.join(os.fsencode(tmp_path), b"TS\xff_01.json")
    with open(file, "w") as opened:
        opened.write('{"regions": [{"id": "r", "tilt_series": []}]}')
    ok("load", "--store", tmp_path / "s", os.fsdecode(file))
    (row,) = json.loads(ok("datasets", "--store", tmp_path / "s", "--format", "json"))
    assert row["name"] == r"TS\udcff_01"


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_a_table_fits_the_terminal_and_loses_nothing(store: Path) -> None:
    lines = on_terminal(60, "show", "--store", store, IRI)
    assert max(map(len, lines)) <= 60
    start = lines[1].rindex("  ") + 2
    whole = "".join("".join(line[start:] for line in lines).split())
    rows = json.loads(ok("show", "--store", store, IRI, "--format", "json"))
    assert rows
    values = [str(row["value"]) for row in rows]
    assert [value for value in values if "".join(value.split()) not in whole] == []


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_rows_with_more_columns_than_fit_stand_below_one_another(store: Path) -> None:
    command = ["query", "tomograms_by_voxel_size", "--store", store, "-p", "minimum=13", "-p", "maximum=14"]
    values = json.loads(ok(*command, "--format", "json"))
    lines = on_terminal(80, *command)
    assert values
    assert max(map(len, lines)) <= 80
    shown = [line.split() for line in lines]
    assert [words[1] for words in shown if words[:1] == ["name"]] == [row["name"] for row in values]


def on_terminal(columns: int, *arguments: object) -> list[str]:
    """What a command writes to a terminal of this width."""
    outer, inner = os.openpty()
    command = [sys.executable, "-m", "cetsgraph", *map(str, arguments)]
    with subprocess.Popen(command, stdout=inner, env={**os.environ, "COLUMNS": str(columns)}):
        os.close(inner)
        shown = ""
        while chunk := read_terminal(outer):
            shown += chunk.decode()
    os.close(outer)
    return shown.replace("\r", "").splitlines()


def read_terminal(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux says so that the other end is closed
        return b""
