"""Every code block of the documentation runs, from the top of a checkout."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from endpoints import free_port

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_NOTHING_FOUND = re.compile(r"^0 (rows|picks)$", re.MULTILINE)
_LOADING = re.compile(r"^cetsgraph load --store (\S+) examples$", re.MULTILINE)
_NEEDS_NETWORK_OR_OWN_FILES = ("make ", "my-store", "pip install")


def blocks(page: Path) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))]


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the examples: what the command makes that most pages begin with."""
    folder = tmp_path_factory.mktemp("loaded")
    run_in_shell(f'cd "{ROOT}"; cetsgraph load --store "{folder}/store" examples', folder / "output")
    return folder / "store"


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=lambda page: page.name)
def test_code_blocks_run_in_order(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / "build").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    ran = 0
    for language, code in on_free_ports(blocks(page)):
        if any(word in code for word in _NEEDS_NETWORK_OR_OWN_FILES):
            continue
        if language == "python":
            exec(compile(code, str(page), "exec"), {"__name__": "__main__"})
        else:
            if _LOADING.search(code):
                code = _LOADING.sub(rf'cp -R "{request.getfixturevalue("loaded")}" \1', code)
            run_in_shell(code, tmp_path / "build/output")
        ran += 1
    assert ran


def on_free_ports(blocks: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The blocks with other ports, the same wherever the page has the same."""
    ports: defaultdict[str, str] = defaultdict(lambda: str(free_port()))
    for language, code in blocks:
        yield language, re.sub(r"(?<=localhost:)\d+|(?<=--port )\d+", lambda found: ports[found[0]], code)


def run_in_shell(code: str, output: Path) -> None:
    """Run a block, and end what it started in the background, too."""
    with output.open("wb") as file:
        command = ["bash", "-euc", code]
        shell = subprocess.Popen(command, stdout=file, stderr=file, start_new_session=True)
        try:
            status = shell.wait(300)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGTERM)
    said = output.read_text(errors="replace")
    assert status == 0, f"{code}\n{said}"
    assert not _NOTHING_FOUND.search(said), f"an example that finds nothing:\n{code}\n{said}"
