"""What a load does to data sets that are in the store already, and what the catalogue tells of a source."""

import json
from pathlib import Path

import pytest

from cetsgraph import DataSet, LocalStore, archive, read
from cetsgraph.errors import DocumentError


def _file(folder: Path, stem: str, name: str, **more: object) -> Path:
    path = folder / f"{stem}.json"
    document = {"$schema": "https://w3id.org/cetsgraph/schema/cets.json", "name": name, **more}
    path.write_text(json.dumps(document))
    return path


def test_two_names_of_one_slug_stay_two_data_sets(tmp_path: Path) -> None:
    store = LocalStore.memory()
    one, two = _file(tmp_path, "a", "run#1"), _file(tmp_path, "b", "run 1")
    assert not archive.load(store, one).failures
    (failure,) = archive.load(store, two).failures
    assert "run#1" in str(failure) and "run 1" in str(failure)
    with pytest.raises(DocumentError, match="run#1"):
        archive.put(store, read(two))
    assert [kept.name for kept in archive.records(store)] == ["run#1"]
    assert not archive.load(store, two, name="other").failures


def test_what_is_replaced_is_told_and_can_be_kept(tmp_path: Path) -> None:
    store = LocalStore.memory()
    archive.load(store, _file(tmp_path, "a", "A"))
    other = _file(tmp_path, "b", "A", description="another")
    assert archive.load(store, tmp_path / "a.json", keep=True).data_sets[0].change == "unchanged"
    kept = archive.load(store, other, keep=True)
    assert not kept.data_sets and "a.json" in str(kept.failures[0])
    (foreseen,) = archive.load(store, other, dry_run=True).data_sets
    (done,) = archive.load(store, other).data_sets
    assert (foreseen.change, foreseen.old, foreseen.record.content) == (
        "replaced",
        done.old,
        done.record.content,
    )
    assert done.old is not None and (done.old.source, done.old.triples) == ("a.json", 4)


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    directory = tmp_path / "store"
    with LocalStore.open(directory, "w") as store:
        archive.put(store, DataSet(name="A"))
        before = list(store.quads())
        archive.load(
            store, _file(tmp_path, "a", "A", description="new"), _file(tmp_path, "b", "B"), dry_run=True
        )
        assert list(store.quads()) == before


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("data/TS_01.json", "data/TS_01.json"),
        ("/home/ada/secret/TS_01.json", "TS_01.json"),
        ("../../ada/TS_01.json", "TS_01.json"),
        ("~/TS_01.json", "TS_01.json"),
        (r"C:\Users\Ada\TS_01.json", "TS_01.json"),
        ("standard input", "standard input"),
    ],
)
def test_folders_of_a_machine_are_not_published(path: str, source: str) -> None:
    store = LocalStore.memory()
    done = archive.put(store, read(b'{"name": "A", "regions": []}', path=path))
    assert done.record.source == source and done.path == path


def test_a_data_set_that_cannot_be_written_leaves_nothing() -> None:
    store = LocalStore.memory()
    with pytest.raises(DocumentError):
        archive.put(store, DataSet(name="A", description="\x00"))
    assert store.graphs() == []


def test_a_large_data_set_is_replaced_as_a_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("cetsgraph.archive.changes._LARGE", 2)
    with LocalStore.open(tmp_path / "store", "w") as store:
        archive.put(store, DataSet(name="A", description="old"))
        done = archive.put(store, DataSet(name="A", description="new"))
        assert done.change == "replaced"
        assert archive.get(store, "A").dataset == DataSet(name="A", description="new")
        assert len(list(store.quads(done.record.dataset))) == done.record.triples
