"""A working directory that is gone, too few open files, no home: the command says what is wrong, or works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from serving import EXAMPLES, load

RUN = [sys.executable, "-c"]
COMMAND = "import sys; sys.argv[1:] = {arguments!r}\nfrom cetsgraph.cli import main; sys.exit(main())"
GONE = "import os, shutil; shutil.rmtree(os.getcwd())\n"
FEW_FILES = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))\n"
NO_HOME = """
import os, pwd
os.environ.pop("HOME", None)
def nobody(number):
    raise KeyError(number)
pwd.getpwuid = nobody
"""
HOME_IS_A_FILE = "import os, sys; os.environ['HOME'] = sys.executable\n"
NOBODY_THERE = "http://127.0.0.1:1/sparql"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("unlucky") / "store"
    load(path, EXAMPLES[0])
    return path


def run(before: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    code = before + COMMAND.format(arguments=list(arguments))
    without_cache = {name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"}
    return subprocess.run([*RUN, code], cwd=folder, env=without_cache, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("before", "arguments", "said"),
    [
        (GONE, ["datasets", "--store", "relative"], "there is no store here"),
        (GONE, ["load", "--store", "relative", str(EXAMPLES[0])], "No such file or directory"),
        (GONE, ["restore", "--store", "relative", "backup.nq.gz"], "No such file or directory"),
        (FEW_FILES, ["datasets", "--store", "STORE"], "file descriptors"),
        (FEW_FILES, ["load", "--store", "STORE", str(EXAMPLES[0])], "file descriptors"),
        (NO_HOME, ["datasets", "--store", NOBODY_THERE], "cannot be reached"),
        (HOME_IS_A_FILE, ["datasets", "--store", NOBODY_THERE], "cannot be reached"),
    ],
)
def test_what_is_wrong_is_said(
    store: Path, tmp_path: Path, before: str, arguments: list[str], said: str
) -> None:
    arguments = [str(store) if argument == "STORE" else argument for argument in arguments]
    (tmp_path / "work").mkdir()
    done = run(before, *arguments, folder=tmp_path / "work")
    assert done.returncode == 3
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 2


@pytest.mark.parametrize("before", [GONE, NO_HOME, HOME_IS_A_FILE])
@pytest.mark.parametrize(
    "arguments",
    [["datasets", "--store", "STORE"], ["search", "--select", "--source", "a=STORE", "dataset_summary"]],
    ids=["datasets", "search"],
)
def test_what_needs_none_of_it_works(store: Path, tmp_path: Path, before: str, arguments: list[str]) -> None:
    arguments = [argument.replace("STORE", str(store)) for argument in arguments]
    (tmp_path / "work").mkdir()
    done = run(before, *arguments, folder=tmp_path / "work")
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "work" / "~").exists()
