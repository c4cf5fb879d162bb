"""The Dockerfile, without a builder: its steps run in a folder, and what it starts is asked."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from endpoints import free_port, running

ROOT = Path(__file__).resolve().parents[1]
STEPS = [
    (found[1], found[2])
    for found in re.finditer(r"^([A-Z]+) (.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
]


def the(name: str) -> str:
    """What the last step of a kind says."""
    return [said for step, said in STEPS if step == name][-1]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the steps were run, as if it were the root."""
    root = tmp_path_factory.mktemp("image")
    source = root / "src"
    for step, said in STEPS:
        if step == "COPY" and not said.startswith("--from"):
            *names, target = said.split()
            copy(names, source / target)
        elif step == "RUN":
            command = [str(root) + word if word.startswith("/") else word for word in shlex.split(said)]
            command[0] = sys.executable if command[0] == "python" else command[0]
            # Compiled is then only what is run.
            environment = {**os.environ, "PIP_NO_COMPILE": "1"}
            done = subprocess.run(
                command, cwd=source, env=environment, capture_output=True, text=True, timeout=600
            )
            assert done.returncode == 0, done.stderr
    return root


def copy(names: list[str], target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, target)


def test_what_the_image_starts_is_healthy_and_answers(image: Path, tmp_path: Path) -> None:
    port = str(free_port())
    programs = image / "opt/cetsgraph/bin"
    store = image / "store"
    command = [str(programs / json.loads(the("ENTRYPOINT"))[0])]
    subprocess.run([*command, "load", "--store", store, ROOT / "examples"], check=True, capture_output=True)
    started = [str(store) if word == "/store" else word for word in json.loads(the("CMD"))]
    started[started.index("--host") + 1] = "127.0.0.1"
    with running(
        [*command, *started, "--port", port, "--workers", "1"],
        f"http://127.0.0.1:{port}/health",
        tmp_path / "log",
    ):
        program, *arguments = json.loads(the("HEALTHCHECK").partition(" CMD ")[2])
        check = [str(programs / program), *(text.replace(the("EXPOSE"), port) for text in arguments)]
        assert subprocess.run(check, capture_output=True).returncode == 0
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/validate") as page:
            assert page.status == 200
    assert subprocess.run(check, capture_output=True).returncode != 0


def test_the_image_runs_as_an_ordinary_user() -> None:
    assert all(int(number) >= 1000 for number in the("USER").split(":"))


def test_what_is_copied_is_sent_to_the_builder() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    copied = [said.split()[:-1] for step, said in STEPS if step == "COPY" and "--from" not in said]
    assert {os.path.normpath(name) for names in copied for name in names} == sent
