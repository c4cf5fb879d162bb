"""The `cetsgraph` command run within the test's own process, which saves starting a Python each time.

What is about the process itself (signals, closed pipes, limits, missing packages, time to start) starts one.
"""

import io
import os
import sys
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from cetsgraph.cli import main

__all__ = ["EMPIAR", "EXAMPLES", "IRI", "ROOT", "Ended", "ok", "run"]

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
EMPIAR = EXAMPLES / "empiar-12104.cets-data-model.json"
IRI = "https://w3id.org/cetsgraph/data/local/EMPIAR-12104"
"""Of the data set in it."""


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: object, stdin: str | bytes = "", store: Path | None = None) -> Ended:
    """Run a command.

    Args:
        arguments: what follows `cetsgraph`.
        stdin: what it reads from standard input.
        store: the value of CETSGRAPH_STORE; other settings of that kind are taken away.
    """
    given = stdin.encode() if isinstance(stdin, str) else stdin
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        _settings(patch, {} if store is None else {"CETSGRAPH_STORE": str(store)})
        patch.setattr(sys, "argv", ["cetsgraph", *map(str, arguments)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
        outputs = {name: Path(folder, name) for name in ("stdout", "stderr")}
        for name, path in outputs.items():
            patch.setattr(sys, name, path.open("w", encoding="utf-8", newline=""))
        try:
            status = _status()
        finally:
            sys.stdout.close()
            sys.stderr.close()
        written = {name: path.read_bytes().decode() for name, path in outputs.items()}
    return Ended(status, **written)


def ok(*arguments: object, stdin: str | bytes = "", store: Path | None = None) -> str:
    """What a command writes to standard output, which must succeed."""
    done = run(*arguments, stdin=stdin, store=store)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _settings(patch: pytest.MonkeyPatch, settings: Mapping[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith("CETSGRAPH_")]:
        patch.delenv(name)
    for name, value in settings.items():
        patch.setenv(name, value)


def _status() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        with pytest.raises(SystemExit) as ended:
            main()
    return int(ended.value.code or 0)
