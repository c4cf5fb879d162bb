"""A store is copied to a file and back, made smaller, and described."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from commands import run
from serving import EXAMPLES, load

from cetsgraph import archive
from cetsgraph.archive.counts import graph_counts, statistics
from cetsgraph.archive.maintenance import backup, compact, restore
from cetsgraph.errors import StoreError, StoreNotFound
from cetsgraph.store import LocalStore


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("operated") / "store"
    load(store, *EXAMPLES)
    return store


def quads(directory: Path) -> set[str]:
    with LocalStore.open(directory) as store:
        return {str(quad) for quad in store.quads()}


def test_what_is_restored_is_what_was_there(directory: Path, tmp_path: Path) -> None:
    with LocalStore.open(directory) as store:
        done = backup(store, tmp_path / "all.nq.gz")
    assert done.quads == len(quads(directory)) and done.bytes == (tmp_path / "all.nq.gz").stat().st_size
    assert restore(tmp_path / "all.nq.gz", tmp_path / "again") == done.quads
    assert quads(tmp_path / "again") == quads(directory)
    with LocalStore.open(directory) as store, LocalStore.open(tmp_path / "again") as again:
        assert archive.list(store) == archive.list(again) and store.settings == again.settings


def test_a_backup_overwrites_nothing(directory: Path, tmp_path: Path) -> None:
    (tmp_path / "all.nq.gz").write_text("mine")
    with LocalStore.open(directory) as store, pytest.raises(StoreError, match="exists"):
        backup(store, tmp_path / "all.nq.gz")
    with LocalStore.open(directory) as store:
        backup(store, tmp_path / "other.nq.gz")
    with pytest.raises(StoreError, match="store already"):
        restore(tmp_path / "other.nq.gz", directory)


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9, 0.999])
def test_half_a_backup_is_refused_and_nothing_of_it_kept(
    directory: Path, tmp_path: Path, kept: float
) -> None:
    with LocalStore.open(directory) as store:
        backup(store, tmp_path / "all.nq.gz")
    whole = (tmp_path / "all.nq.gz").read_bytes()
    (tmp_path / "part.nq.gz").write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(StoreError):
        restore(tmp_path / "part.nq.gz", tmp_path / "again" / "below")
    assert not (tmp_path / "again").exists()
    lines = gzip.decompress(whole).splitlines(keepends=True)
    (tmp_path / "short.nq.gz").write_bytes(gzip.compress(b"".join([*lines[:10], lines[-1]])))
    with pytest.raises(StoreError, match="not whole"):
        restore(tmp_path / "short.nq.gz", tmp_path / "third")
    assert not (tmp_path / "third").exists()
    damaged = [*lines[:10], b"no quad\n", *lines[11:]]
    (tmp_path / "damaged.nq.gz").write_bytes(gzip.compress(b"".join(damaged)))
    (tmp_path / "third").mkdir()
    with pytest.raises(StoreError, match="cannot be read"):
        restore(tmp_path / "damaged.nq.gz", tmp_path / "third")
    assert not (tmp_path / "third" / "format.json").exists()
    assert restore(tmp_path / "all.nq.gz", tmp_path / "third") == len(quads(directory))
    assert quads(tmp_path / "third") == quads(directory)


def test_a_backup_of_an_empty_store_is_one(tmp_path: Path) -> None:
    with LocalStore.open(tmp_path / "empty", "w", archive="mine") as store:
        backup(store, tmp_path / "empty.nq.gz")
    assert restore(tmp_path / "empty.nq.gz", tmp_path / "again") == 0
    with LocalStore.open(tmp_path / "again") as again:
        assert again.settings.archive == "mine" and not again.graphs()


def test_a_restore_that_is_killed_can_be_tried_again(directory: Path, tmp_path: Path) -> None:
    with LocalStore.open(directory) as store:
        done = backup(store, tmp_path / "all.nq.gz")
    code = """
import os, sys
from cetsgraph.archive import maintenance
from cetsgraph.archive.maintenance import restore
maintenance.records = lambda store: os._exit(9)  # all is written by now, and nothing committed
restore(*sys.argv[1:])
"""
    killed = subprocess.run([sys.executable, "-c", code, tmp_path / "all.nq.gz", tmp_path / "again"])
    assert killed.returncode == 9
    with pytest.raises(StoreNotFound):
        LocalStore.open(tmp_path / "again")
    assert restore(tmp_path / "all.nq.gz", tmp_path / "again") == done.quads


def test_compacting_keeps_everything(directory: Path, tmp_path: Path) -> None:
    load(tmp_path / "store", *EXAMPLES)
    before = quads(tmp_path / "store")
    assert all(size > 0 for size in compact(tmp_path / "store"))
    assert quads(tmp_path / "store") == before


def test_statistics(directory: Path) -> None:
    with LocalStore.open(directory) as store:
        found = statistics(store)
        assert found.data_sets == len(EXAMPLES)
        assert found.quads == sum(record.triples for record in archive.list(store))
    assert found.objects["DataSet"] == len(EXAMPLES) and found.bytes


def test_of_a_very_large_store_only_classes_are_counted(directory: Path) -> None:
    with LocalStore.open(directory) as store:
        whole, graphs = graph_counts(store, most=100)
    assert whole.triples > 100 and whole.classes and whole.subjects is None and not whole.properties
    assert len(graphs) == len(EXAMPLES) + 2  # the catalogue, and the ontology


def test_the_commands(directory: Path, tmp_path: Path) -> None:
    assert run("backup", "--store", directory, tmp_path / "b.nq.gz").returncode == 0
    assert run("restore", "--store", tmp_path / "r", tmp_path / "b.nq.gz").returncode == 0
    assert run("restore", "--store", tmp_path / "r", tmp_path / "b.nq.gz").returncode == 3
    assert run("compact", "--store", tmp_path / "r").returncode == 0
    described = json.loads(run("stats", "--store", tmp_path / "r", "--format", "json").stdout)
    assert described["data_sets"] == len(EXAMPLES)
    assert "Tomogram" in run("stats", "--store", tmp_path / "r").stdout
    assert run("stats", "--store", tmp_path / "none").returncode == 3
