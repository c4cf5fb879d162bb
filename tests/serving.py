"""The real server, as a process of its own, for the tests."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cetsgraph import archive
from cetsgraph.documents import read_all
from cetsgraph.store import LocalStore

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.json"))


@contextmanager
def serving(store: Path, *options: str, **environment: str) -> Iterator[str]:
    """Run `cetsgraph serve` on a free port, with more in its environment; gives its address."""
    command = [
        sys.executable,
        "-m",
        "cetsgraph",
        "serve",
        "--store",
        str(store),
        "--port",
        "0",
        "--quiet",
        *options,
    ]
    given = {**os.environ, **environment}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, bufsize=1, env=given)
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        address = re.search(r"http://\S+(?=/sparql)", said)
        assert address, said + process.stderr.read()
        yield address[0]
        assert process.poll() is None, "the server ended by itself"
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            assert process.wait(15) == 0
        finally:
            process.kill()
            process.stderr.close()


def load(store: Path, *paths: Path) -> None:
    with LocalStore.open(store, "w") as opened:
        for path in paths:
            for document in read_all(path):
                archive.put(opened, document)
