"""Loading, asking and validating without what only some systems have: fcntl, resource, forks, hard links."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from portability import environment
from serving import EXAMPLES

SOURCE = Path(__file__).resolve().parents[1] / "src" / "cetsgraph"
OF_SOME_SYSTEMS = {"fcntl", "resource", "pwd", "grp", "termios", "pty", "posix", "msvcrt", "winreg"}


def python(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, env=environment(folder), capture_output=True, text=True)


def run(folder: Path, *arguments: object, code: int = 0) -> str:
    """What a command prints."""
    done = python(folder, "-m", "cetsgraph", *arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def summary(folder: Path, store: Path) -> list[dict[str, Any]]:
    printed = run(folder, "query", "--store", store, "dataset_summary", "--format", "json")
    rows: list[dict[str, Any]] = json.loads(printed)
    return rows


def test_it_is_taken_away(tmp_path: Path) -> None:
    assert python(tmp_path, "-c", "import fcntl").returncode == 1
    assert python(tmp_path, "-c", "import os; print(hasattr(os, 'fork'), hasattr(os, 'link'))").stdout == (
        "False False\n"
    )


def test_documents_are_loaded_asked_for_and_taken_out(tmp_path: Path) -> None:
    store, again = tmp_path / "store", tmp_path / "again"
    run(tmp_path, "load", "--store", store, *EXAMPLES)
    rows = summary(tmp_path, store)
    assert len(rows) == len(EXAMPLES)
    run(tmp_path, "load", "--store", store, EXAMPLES[0])
    run(tmp_path, "compact", "--store", store)
    run(tmp_path, "backup", "--store", store, tmp_path / "all.nq.gz")
    run(tmp_path, "restore", "--store", again, tmp_path / "all.nq.gz")
    assert summary(tmp_path, again) == rows
    run(tmp_path, "remove", "--store", store, rows[0]["dataset"])
    assert len(summary(tmp_path, store)) == len(rows) - 1


def test_another_writer_is_kept_out_until_it_is_killed(tmp_path: Path) -> None:
    store = tmp_path / "store"
    code = """
import sys
from cetsgraph.store import LocalStore
with LocalStore.open(sys.argv[1], "w"):
    print("ready", flush=True)
    sys.stdin.read()
"""
    command = [sys.executable, "-c", code, str(store)]
    writer = subprocess.Popen(
        command, env=environment(tmp_path), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None and writer.stdout.readline() == "ready\n"
    run(tmp_path, "load", "--store", store, EXAMPLES[0], code=3)
    writer.kill()
    writer.communicate()
    run(tmp_path, "load", "--store", store, EXAMPLES[0])


def test_documents_are_judged_over_several_processes(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.json").write_bytes(EXAMPLES[0].read_bytes())
    assert (
        run(tmp_path, "validate", "--format", "json", folder).count('"conforms": true') == 13
    )  # each, and all of them


def imported_at_the_top(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_nothing_of_one_system_is_imported_at_the_top_of_a_module() -> None:
    found = {str(path.relative_to(SOURCE)): imported_at_the_top(path) for path in SOURCE.rglob("*.py")}
    assert [name for name, names in found.items() if names & OF_SOME_SYSTEMS] == []
