"""Files are read by processes or a Dask cluster as one process reads them, whatever happens to a worker."""

import os
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from commands import ok, run
from endpoints import free_port

from cetsgraph import archive
from cetsgraph.errors import CetsGraphError
from cetsgraph.executors import cluster, in_order, processes
from cetsgraph.importers import import_from
from cetsgraph.store import open_store

if TYPE_CHECKING:
    from distributed import LocalCluster

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
MDOC = ["[T = of a test]", "[ZValue = 0]", "TiltAngle = 3.0", "[ZValue = 1]", "TiltAngle = 6.0"]


@pytest.fixture(scope="module")
def workers() -> Iterator["LocalCluster"]:
    from distributed import LocalCluster  # seconds, which other tests need not wait

    # Without a page, and with statistics on a port that nobody else has.
    page = {"dashboard": False, "dashboard_address": ":0"}
    with LocalCluster(n_workers=2, threads_per_worker=1, scheduler_kwargs=page, silence_logs=50) as started:
        yield started


@pytest.fixture(scope="module", params=["processes", "cluster"])
def executor(request: pytest.FixtureRequest, workers: "LocalCluster") -> Iterator[Executor]:
    address = workers.scheduler_address
    with processes(2) if request.param == "processes" else cluster(address) as executor:
        yield executor


@pytest.fixture(scope="module")
def deposits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents, what an importer knows, what nobody knows, and what is broken."""
    folder = tmp_path_factory.mktemp("deposits")
    shutil.copytree(EXAMPLES, folder / "examples")
    (folder / "TS_01.mdoc").write_text("\n".join(MDOC))
    (folder / "broken.cets.json").write_text('{"regions": [')
    (folder / "twice.cetsgraph.json").write_bytes((EXAMPLES / "emd-3782.cetsgraph.json").read_bytes())
    half = '{"name": "half", "regions": [{"id": "r", "tilt_series": [{"unknown": 1}]}]}'
    (folder / "half.cets-data-model.json").write_text(half)
    return folder


def loaded(place: Path, deposits: Path, executor: Executor | None) -> tuple[object, ...]:
    """What a load says, and what the store has after it."""
    done = archive.load(place, deposits, executor=executor, lenient=True)
    with open_store(place) as store:
        kept = [(one.name, one.content, one.triples, one.checksum, one.form) for one in archive.list(store)]
        quads = sorted(map(str, store.quads(archive.list(store)[0].dataset)))
    puts = [(put.record.dataset, put.change, put.path, put.imported, put.left_out) for put in done.data_sets]
    return kept, quads, puts, [str(one) for one in done.failures], done.kept_aside, done.passed_over


def test_the_store_is_the_same(executor: Executor, deposits: Path, tmp_path: Path) -> None:
    expected = loaded(tmp_path / "alone", deposits, None)
    assert loaded(tmp_path / "together", deposits, executor) == expected


def test_what_is_imported_is_the_same(executor: Executor, deposits: Path) -> None:
    assert import_from(deposits, executor=executor) == import_from(deposits)


def test_a_worker_that_is_killed_loses_nothing(workers: "LocalCluster", tmp_path: Path) -> None:
    document = (EXAMPLES / "emd-3782.cetsgraph.json").read_text()
    for number in range(60):
        (tmp_path / f"{number}.json").write_text(document.replace("EMD-3782", f"EMD-{number}"))
    victims = [worker.pid for worker in workers.workers.values()][:1]

    def kill_once(done: int, of: int) -> None:
        if victims:
            os.kill(victims.pop(), signal.SIGKILL)

    with cluster(workers.scheduler_address) as executor:
        done = archive.load(tmp_path / "store", tmp_path, executor=executor, progress=kill_once)
    assert not victims and not done.failures
    assert {put.record.name for put in done.data_sets} == {f"EMD-{number}" for number in range(60)}


def test_a_process_that_is_ended_is_said(tmp_path: Path) -> None:
    with pytest.raises(CetsGraphError, match="ended by the system"), processes(1) as executor:
        list(in_order(executor, os._exit, [3]))


def test_a_scheduler_that_is_not_there_is_said() -> None:
    ended = run("validate", EXAMPLES, "--cluster", f"tcp://127.0.0.1:{free_port()}")
    assert ended.returncode == 3 and "no Dask scheduler answers" in ended.stderr


@pytest.mark.parametrize("address", ["nonsense", "tcp://head", "tcp://head:x", "http://head:80"])
def test_what_is_no_address_of_a_scheduler_is_said_at_once(address: str) -> None:
    ended = run("validate", EXAMPLES, "--cluster", address)
    assert ended.returncode == 3 and "no Dask scheduler answers" in ended.stderr


def test_commands_take_a_cluster(workers: "LocalCluster", deposits: Path, tmp_path: Path) -> None:
    there = ("--cluster", workers.scheduler_address)
    assert "conforms" in ok("validate", EXAMPLES, *there)
    bad = ROOT / "tests/data/invalid/tilt-angle-range/beyond-90.json"
    refused = run("load", "--store", tmp_path / "store", bad, "--validate", "core", *there)
    assert refused.returncode == 1 and "tilt-angle-range" in refused.stderr
    ended = run("convert", "--to", "nquads", "-o", f"{tmp_path}/", deposits, *there)
    assert ended.returncode == 1 and "broken.cets.json" in ended.stderr
    written = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.nq"))
    assert len(written) == 6 and "examples/emd-3782.cetsgraph.nq" in written
    of_one = ok("convert", "--to", "nquads", EXAMPLES / "emd-3782.cetsgraph.json")
    assert (tmp_path / "examples/emd-3782.cetsgraph.nq").read_text() == of_one
