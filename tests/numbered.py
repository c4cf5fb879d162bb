"""Graphs of numbered triples, and other processes that open their store."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from cetsgraph.store import LocalStore

EX = "http://example.org/"
P = f"<{EX}p>"


def numbered(graph: str, count: int) -> bytes:
    return "".join(f'<{graph}/{n}> {P} "{n}" <{graph}> .\n' for n in range(count)).encode()


def put(directory: Path, graph: str, count: int = 10) -> None:
    with LocalStore.open(directory, "w") as store, store.writing() as writing:
        writing.add(numbered(graph, count))


def sizes(store: LocalStore) -> dict[str, int]:
    rows = store.select("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    return {row["g"].value: int(row["n"].value) for row in rows}


def script(text: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process, which has said `ready`."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(text), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    if process.stdout.readline() != "ready\n":
        process.kill()
        process.communicate()
        pytest.fail("the process has not said that it is ready")
    return process
