"""Stores of older versions are brought up to date."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from commands import run
from older_stores import NEWER, OLD, SOME, content, files, record, to_format_1
from serving import EXAMPLES, load

from cetsgraph import archive
from cetsgraph.archive.maintenance import migrate
from cetsgraph.errors import StoreError, StoreNotFound
from cetsgraph.graph import upgrading
from cetsgraph.namespaces import CETS
from cetsgraph.store import LocalStore
from cetsgraph.versions import ONTOLOGY_VERSION as NOW

VOLTAGE = f"{CETS}acceleratingVoltage", f"{CETS}voltage"
"""A term, and what it might have been called before."""


def renamed(old: str, new: str) -> Callable[[Iterator[ox.Quad]], Iterator[ox.Quad]]:
    def step(quads: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
        for quad in quads:
            predicate = ox.NamedNode(new) if quad.predicate.value == old else quad.predicate
            yield ox.Quad(quad.subject, predicate, quad.object, quad.graph_name)

    return step


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
