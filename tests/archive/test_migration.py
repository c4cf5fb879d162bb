"""Stores of other versions: recognised, refused with what to do, and brought up to date without a loss."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from commands import run
from serving import EXAMPLES, load, serving

from cetsgraph import archive
from cetsgraph.archive.maintenance import backup, migrate, restore
from cetsgraph.errors import StoreError, StoreLocked, StoreNotFound, StoreOutdated
from cetsgraph.graph import upgrading
from cetsgraph.namespaces import CETS
from cetsgraph.store import LocalStore
from cetsgraph.versions import ONTOLOGY_VERSION as NOW
from cetsgraph.versions import edition

OLD = "0.0.9"
MAJOR, MINOR = edition(NOW)
NEWER = f"{MAJOR}.{MINOR + 1}.0"
SOME = sorted(EXAMPLES, key=lambda path: path.stat().st_size)[:3]
FOREIGN = b"""<ex:s> <ex:p> "kept" <ex:another-graph> .
<ex:s> <ex:p> "kept too" .
<ex:s> <ex:p> "kept in the catalogue" <https://w3id.org/cetsgraph/catalogue> .
"""
VOLTAGE = f"{CETS}acceleratingVoltage", f"{CETS}voltage"
"""A term, and what it might have been called before."""


@pytest.fixture
def as_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has this process be of another version of the ontology."""

    def be(version: str) -> None:
        for module in ("archive.changes", "archive.maintenance", "store.record"):
            monkeypatch.setattr(f"cetsgraph.{module}.ONTOLOGY_VERSION", version)

    return be


def record(directory: Path, **changes: object) -> dict[str, object]:
    path = directory / "format.json"
    kept = json.loads(path.read_text()) | changes
    if changes:
        path.write_text(json.dumps({key: value for key, value in kept.items() if value is not None}))
    return dict(kept)


def to_format_1(directory: Path) -> None:
    """Lay a store out as version 1 of the format did."""
    snapshot = record(directory)["snapshot"]
    (directory / "current").write_text(f"{snapshot}\n")
    record(directory, format=1, ontology=None, snapshot=None)


def add(directory: Path, nquads: bytes) -> None:
    with LocalStore.open(directory, "w") as store, store.writing() as writing:
        writing.add(nquads)


def content(directory: Path) -> tuple[set[str], list[archive.Record]]:
    """What a store of any version holds; the records without the time of the load."""
    with LocalStore.migrating(directory) as store:
        quads = {str(quad) for quad in store.quads() if "generatedAtTime" not in str(quad.predicate)}
        return quads, list(archive.list(store))


def files(directory: Path) -> dict[str, bytes]:
    found = (path for path in directory.rglob("*") if path.is_file() and path.name != "lock")
    return {str(path.relative_to(directory)): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store as it is to be; it is only read."""
    directory = tmp_path_factory.mktemp("wanted") / "store"
    load(directory, *SOME)
    add(directory, FOREIGN)
    return directory


@pytest.fixture(scope="module")
def made_older(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same store, made by older versions."""
    stores = {name: tmp_path_factory.mktemp("older") / "store" for name in ("format 1", "ontology", "both")}
    for name, directory in stores.items():
        with pytest.MonkeyPatch.context() as patch:
            if name != "format 1":
                for module in ("archive.changes", "store.record"):
                    patch.setattr(f"cetsgraph.{module}.ONTOLOGY_VERSION", OLD)
            load(directory, *SOME)
            add(directory, FOREIGN)
        if name != "ontology":
            to_format_1(directory)
    return stores


@pytest.fixture(params=["format 1", "ontology", "both"])
def older(request: pytest.FixtureRequest, tmp_path: Path, made_older: dict[str, Path]) -> Path:
    """A copy of one of them."""
    return Path(shutil.copytree(made_older[request.param], tmp_path / "store"))


def renamed(old: str, new: str) -> Callable[[Iterator[ox.Quad]], Iterator[ox.Quad]]:
    def step(quads: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
        for quad in quads:
            predicate = ox.NamedNode(new) if quad.predicate.value == old else quad.predicate
            yield ox.Quad(quad.subject, predicate, quad.object, quad.graph_name)

    return step


# Recognised and refused


def test_an_older_store_is_refused_untouched_with_the_command_that_migrates_it(older: Path) -> None:
    before = files(older)
    for mode in ("r", "w"):
        with pytest.raises(StoreOutdated, match=f"older.*\n`cetsgraph migrate --store {older}`"):
            LocalStore.open(older, mode)
    assert files(older) == before


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 3}, r"newer format \(found 3, expected 2\)"),
        ({"ontology": NEWER}, rf"newer version of the ontology \(found {NEWER}, expected {NOW}\)"),
        ({"ontology": "1.0.0"}, r"newer version of the ontology \(found 1\.0\.0"),
    ],
)
def test_a_newer_store_is_refused_by_everything_and_left_alone(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    load(tmp_path / "store", *SOME)
    record(tmp_path / "store", **changes)
    (tmp_path / "store" / "db").mkdir()
    before = files(tmp_path / "store")
    for use in (LocalStore.open, lambda store: LocalStore.open(store, "w"), LocalStore.migrating, migrate):
        with pytest.raises(StoreError, match=f"{message}.*\nUpdate cetsgraph") as caught:
            use(tmp_path / "store")
        assert not isinstance(caught.value, StoreOutdated)
    assert files(tmp_path / "store") == before and (tmp_path / "store" / "db").exists()


def test_versions_that_differ_in_words_only_read_and_write_each_others_stores(tmp_path: Path) -> None:
    load(tmp_path / "store", *SOME)
    for version in (f"{MAJOR}.{MINOR}.9", NOW):
        record(tmp_path / "store", ontology=version)
        assert migrate(tmp_path / "store") is None
        load(tmp_path / "store", *SOME)


def test_every_command_refuses_an_older_store(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(store, *SOME)
    record(store, ontology=OLD)
    for command in (
        ["load", "--store", store, SOME[0]],
        ["datasets", "--store", store],
        ["query", "--store", store, "tomograms_with_fitmap"],
        ["validate", "--store", store],
        ["export", "--store", store, "--to", "cetsgraph", "any"],
        ["remove", "--store", store, "any"],
        ["serve", "--store", store, "--port", "0"],
        ["backup", "--store", store, tmp_path / "backup"],
        ["compact", "--store", store],
        ["stats", "--store", store],
    ):
        done = run(*command)
        assert (done.returncode, done.stdout) == (3, ""), (command, done.stderr)
        assert f"`cetsgraph migrate --store {store}`" in done.stderr, command
    searched = run("search", "--source", f"a={store}", "tomograms_with_fitmap")
    assert "a: refused, 0 rows" in searched.stderr
    assert f"`cetsgraph migrate --store {store}`" in searched.stderr


def test_a_server_whose_store_becomes_a_newer_one_says_that_it_cannot_read_it(tmp_path: Path) -> None:
    load(tmp_path / "store", *SOME)
    with serving(tmp_path / "store", "--workers", "1") as address:
        with urllib.request.urlopen(f"{address}/health") as answer:
            assert answer.status == 200
        new = json.dumps(record(tmp_path / "store") | {"format": 3})
        (tmp_path / "new").write_text(new)
        (tmp_path / "new").rename(tmp_path / "store" / "format.json")
        for path in ("/health", "/sparql?query=ASK%7B%7D", "/"):
            with pytest.raises(urllib.error.HTTPError, match="503") as caught:
                urllib.request.urlopen(f"{address}{path}")
            assert b"the store has a newer format" in caught.value.read()


# Brought up to date


def test_a_migrated_store_is_what_this_version_would_have_made(older: Path, wanted: Path) -> None:
    loaded = [kept.loaded for kept in content(older)[1]]
    done = migrate(older)
    assert done is not None and not done.failures
    assert content(older)[0] == content(wanted)[0]
    assert [kept.loaded for kept in content(older)[1]] == loaded
    load(older, *SOME)  # finds nothing to change
    assert [kept.loaded for kept in content(older)[1]] == loaded
    assert "current" not in {path.name for path in older.iterdir()}


def test_a_migration_says_what_it_did_and_then_does_nothing(older: Path) -> None:
    said = record(older)
    done = migrate(older)
    assert done is not None
    assert (done.format, done.ontology) == (said["format"], said.get("ontology"))
    assert done.data_sets in (0, len(SOME))
    before = files(older)
    assert migrate(older) is None
    assert files(older) == before


@pytest.fixture
def other_terms(tmp_path: Path, as_of: Callable[[str], None]) -> Path:
    """A store whose ontology had another name for a term, with a data set that does not use it."""
    as_of(OLD)
    load(tmp_path / "store", *EXAMPLES)
    new, old = VOLTAGE
    with LocalStore.open(tmp_path / "store", "w") as store, store.writing() as writing:
        change = f"DELETE {{ GRAPH ?g {{ ?s <{new}> ?o }} }} INSERT {{ GRAPH ?g {{ ?s <{old}> ?o }} }}"
        writing.update(f"{change} WHERE {{ GRAPH ?g {{ ?s <{new}> ?o }} }}")
    with LocalStore.open(tmp_path / "store") as store:
        assert store.ask(f"ASK {{ ?s <{old}> ?o }}")
    as_of(NOW)
    return tmp_path / "store"


def test_a_term_that_was_renamed_is_renamed(
    other_terms: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, old = VOLTAGE
    monkeypatch.setitem(upgrading.STEPS, (0, 0), renamed(old, new))
    done = migrate(other_terms)
    assert done is not None and (done.data_sets, done.failures) == (len(EXAMPLES), ())
    load(tmp_path / "wanted", *EXAMPLES)
    assert content(other_terms)[0] == content(tmp_path / "wanted")[0]


@pytest.mark.parametrize(
    ("version", "steps"),
    [("0.1.3", "abcd"), ("0.2.0", "bcd"), ("0.10.0", "d"), ("1.0.0", "d"), ("1.1.0", "")],
)
def test_steps_are_taken_from_the_version_of_a_graph_on(
    version: str, steps: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = {(1, 0): "d", (0, 9): "c", (0, 1): "a", (0, 2): "b"}
    taken = {edition: (lambda quads, name=name: [*quads, name]) for edition, name in table.items()}
    monkeypatch.setattr(upgrading, "STEPS", taken)
    assert "".join(upgrading.upgraded([], version)) == steps  # type: ignore[arg-type]


RELEASED = Path(__file__).with_name("store-0.2.0.zip")
"""Two documents, and the store that version 0.1.0 (ontology 0.2.0) made of them."""


def test_a_store_of_the_released_version_becomes_what_this_version_makes_of_its_documents(
    tmp_path: Path,
) -> None:
    with zipfile.ZipFile(RELEASED) as file:
        file.extractall(tmp_path)
    load(tmp_path / "wanted", tmp_path / "frozen.json", tmp_path / "masks.json")
    with LocalStore.migrating(tmp_path / "store") as store:
        before = {str(quad) for quad in store.quads()}
    done = migrate(tmp_path / "store")
    assert done is not None and (done.ontology, done.data_sets, done.failures) == ("0.2.0", 2, ())
    with LocalStore.open(tmp_path / "store") as store, LocalStore.open(tmp_path / "wanted") as wanted:
        for kept in archive.list(wanted):
            assert {*map(str, store.quads(kept.dataset))} == {*map(str, wanted.quads(kept.dataset))}
        after = {str(quad) for quad in store.quads()}
    assert any("#specimenTemperature>" in quad for quad in before)
    assert not any("#specimenTemperature>" in quad for quad in after)
    for dimensions in ("2D", "3D"):
        assert sum(f"<{CETS}Raster{dimensions}>" in quad for quad in after) == 1


def test_what_cannot_be_read_stays_as_it_is_and_is_named(other_terms: Path) -> None:
    before, records = content(other_terms)
    done = run("migrate", "--store", other_terms)
    assert done.returncode == 1
    after, migrated = content(other_terms)
    left = [kept for kept in migrated if kept.ontology == OLD]
    assert 0 < len(left) < len(records) == len(migrated)
    assert all(f"left as it was  {kept.dataset}" in done.stderr for kept in left)
    graphs = {f"<{kept.dataset}>" for kept in left}
    assert {q for q in before if q.split()[-1] in graphs} == {q for q in after if q.split()[-1] in graphs}
    with LocalStore.open(other_terms, "w") as store:
        archive.remove(store, left[0].dataset)


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(store, *SOME)
    to_format_1(store)
    done = run("migrate", "--store", store)
    assert (done.returncode, done.stdout) == (0, "")
    assert f"format 1  →  format 2, ontology {NOW}" in done.stderr
    again = run("migrate", "--store", store)
    assert again.returncode == 0 and again.stderr.startswith(f"nothing to do: format 2, ontology {NOW}")
    assert run("migrate").returncode == 2
    absent = run("migrate", "--store", tmp_path / "absent")
    assert absent.returncode == 3 and not (tmp_path / "absent").exists()
    record(store, format=3)
    assert run("migrate", "--store", store).returncode == 3


def test_a_store_of_format_1_whose_making_was_interrupted_becomes_an_empty_one(tmp_path: Path) -> None:
    LocalStore.open(tmp_path / "store", "w").close()
    to_format_1(tmp_path / "store")
    (tmp_path / "store" / "current").unlink()
    assert migrate(tmp_path / "store") is not None
    assert content(tmp_path / "store") == (set(), [])


@pytest.mark.parametrize("ontology", [NEWER, "unknown"])
def test_data_sets_newer_than_their_store_are_refused(tmp_path: Path, ontology: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cetsgraph.archive.changes.ONTOLOGY_VERSION", ontology)
        load(tmp_path / "store", *SOME)
    to_format_1(tmp_path / "store")
    before = content(tmp_path / "store")
    with pytest.raises(StoreError, match=ontology):
        migrate(tmp_path / "store")
    assert content(tmp_path / "store") == before
    assert record(tmp_path / "store")["format"] == 1


def test_a_damaged_store_is_not_made_worse(older: Path) -> None:
    if record(older)["format"] == 1:
        (older / "current").write_text("seven")
    else:
        record(older, snapshot=7)
    before = files(older)
    with pytest.raises(StoreError):
        migrate(older)
    assert files(older) == before


def test_nothing_is_made_where_there_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreNotFound):
        migrate(tmp_path / "absent")
    assert not (tmp_path / "absent").exists()


# Others beside, and the worst moments

KILLED = """
    import os, pathlib, signal, sys
    from cetsgraph.archive import maintenance
    from cetsgraph.store import LocalStore, directory

    def dying(where, name, count, when):
        run, calls = getattr(where, name), []
        def patched(*arguments, **named):
            calls.append(name)
            if len(calls) == count and when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            answer = run(*arguments, **named)
            if len(calls) == count and when == "after":
                os.kill(os.getpid(), signal.SIGKILL)
            return answer
        setattr(where, name, patched)

    where, name = sys.argv[2].split(".")
    dying({"maintenance": maintenance, "directory": directory, "LocalStore": LocalStore, "Path": pathlib.Path,
           "StoreDirectory": directory.StoreDirectory}[where], name, int(sys.argv[3]), sys.argv[4])
    maintenance.migrate(sys.argv[1])
"""


@pytest.mark.parametrize(
    ("older", "function", "call", "when", "state"),
    [
        ("both", "StoreDirectory.lock", 1, "after", "old"),
        ("both", "maintenance.write_again", 3, "after", "old"),
        ("both", "directory.write_record", 1, "before", "old"),
        ("both", "Path.replace", 1, "before", "old"),
        ("both", "Path.replace", 1, "after", "new"),
        ("both", "LocalStore.compact", 1, "after", "new"),
        ("ontology", "maintenance.write_again", 1, "after", "old"),
        ("format 1", "directory.write_record", 1, "after", "new"),
    ],
    indirect=["older"],
)
def test_a_killed_migration_leaves_the_store_old_or_new_and_can_be_done_again(
    older: Path, wanted: Path, function: str, call: int, when: str, state: str
) -> None:
    before, said = content(older), record(older)
    script = textwrap.dedent(KILLED)
    done = subprocess.run([sys.executable, "-c", script, older, function, str(call), when], timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert state == ("old" if record(older) == said else "new")
    if state == "old":
        assert content(older) == before
        with pytest.raises(StoreOutdated):
            LocalStore.open(older)
    else:
        LocalStore.open(older).close()
    assert (migrate(older) is None) == (state == "new")
    assert content(older)[0] == content(wanted)[0]
    load(older, max(EXAMPLES, key=lambda path: path.stat().st_size))


def test_a_reader_goes_on_through_a_migration(tmp_path: Path, as_of: Callable[[str], None]) -> None:
    as_of(OLD)
    load(tmp_path / "store", *SOME)
    with LocalStore.open(tmp_path / "store") as reader:
        before = sorted(map(str, reader.quads()))
        command = [sys.executable, "-m", "cetsgraph", "migrate", "--store", tmp_path / "store"]
        assert subprocess.run(command, capture_output=True, timeout=300).returncode == 0
        assert sorted(map(str, reader.quads())) == before
        with pytest.raises(StoreError, match="newer version of the ontology"):
            LocalStore.open(tmp_path / "store")


def test_a_store_that_is_being_written_is_not_migrated(older: Path) -> None:
    with LocalStore.migrating(older), pytest.raises(StoreLocked, match=f"process {os.getpid()}"):
        migrate(older)


# Backups


def test_a_backup_of_an_older_version_is_restored_up_to_date(
    tmp_path: Path, wanted: Path, as_of: Callable[[str], None]
) -> None:
    as_of(OLD)
    load(tmp_path / "store", *SOME)
    add(tmp_path / "store", FOREIGN)
    with LocalStore.open(tmp_path / "store") as store:
        backup(store, tmp_path / "backup")
    as_of(NOW)
    restore(tmp_path / "backup", tmp_path / "again")
    assert content(tmp_path / "again")[0] == content(wanted)[0]


def test_a_backup_of_a_newer_version_is_refused(tmp_path: Path, as_of: Callable[[str], None]) -> None:
    as_of(NEWER)
    load(tmp_path / "store", *SOME)
    with LocalStore.open(tmp_path / "store") as store:
        backup(store, tmp_path / "backup")
    as_of(NOW)
    with pytest.raises(StoreError, match=f"{tmp_path / 'backup'}: .*newer version of the ontology"):
        restore(tmp_path / "backup", tmp_path / "again")
    assert not (tmp_path / "again").exists()
