"""Every code block of the documentation runs, from the top of a checkout."""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_NEEDS_NETWORK_OR_OWN_FILES = ("make ", "my-store", "pip install")


def blocks(page: Path) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=lambda page: page.name)
def test_code_blocks_run_in_order(page: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / "build").mkdir()
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    ran = 0
    for language, code in blocks(page):
        if any(word in code for word in _NEEDS_NETWORK_OR_OWN_FILES):
            continue
        command = [sys.executable, "-c", code] if language == "python" else ["bash", "-euc", code]
        status, said = run(command, tmp_path, environment)
        assert status == 0, f"{code}\n{said}"
        ran += 1
    assert ran


def run(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """The status and output of a command, and the end of all that it left running."""
    with (folder / "build/said").open("w+") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            status = process.wait(timeout=300)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        output.seek(0)
        return status, output.read()
