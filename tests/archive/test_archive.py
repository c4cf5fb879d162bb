"""Data sets in a store: whole or not at all, replaced whole, left alone when nothing changes."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

import cetsgraph
from cetsgraph import archive
from cetsgraph.documents import Document
from cetsgraph.errors import DataSetNotFound, DocumentError, StoreReadOnly, UnreadableFile
from cetsgraph.model import DataSet, Region, Tomogram, TomogramSet, TomoImageSet
from cetsgraph.store import LocalStore

BASE = "https://w3id.org/cetsgraph/data/local/"


def data_set(name: str | None = "set", voxel_size: float = 13.7, tomograms: int = 1) -> DataSet:
    held = [Tomogram(id=f"t{index}", voxel_size=voxel_size) for index in range(tomograms)]
    imaging = TomoImageSet(tomogram_sets=[TomogramSet(tomograms=held)])
    return DataSet(name=name, regions=[Region(id="r", tomo_image_sets=[imaging])])


def document(dataset: DataSet, **more: str) -> Document:
    return Document(
        **{"dataset": dataset, "dialect": "tomobabel", "form": "DataSet", "path": "a.json"} | more
    )


@pytest.fixture(params=["directory", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> LocalStore:
    if request.param == "memory":
        return LocalStore.memory()
    return LocalStore.open(tmp_path / "store", "w")


def test_what_is_put_is_got(store: LocalStore) -> None:
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    done = archive.put(store, document(data_set(), checksum="abc"))
    assert done.change is archive.Change.ADDED
    kept = done.record
    assert (kept.dataset, kept.name, kept.source, kept.checksum) == (f"{BASE}set", "set", "a.json", "abc")
    assert (kept.dialect, kept.form, kept.software) == ("tomobabel", "DataSet", cetsgraph.__version__)
    assert before <= kept.loaded <= dt.datetime.now(dt.UTC)
    assert kept.triples == sum(1 for _ in store.quads(f"{BASE}set"))
    for name in ("set", f"{BASE}set"):
        assert archive.get(store, name) == document(data_set(), checksum="abc")
    assert list(archive.list(store)) == [kept]


def test_putting_the_same_again_changes_nothing(store: LocalStore) -> None:
    first = archive.put(store, document(data_set()))
    quads = set(map(str, store.quads()))
    again = archive.put(store, document(data_set(), path="elsewhere.json"))
    assert again.change is archive.Change.UNCHANGED
    assert again.record == first.record
    assert set(map(str, store.quads())) == quads


@pytest.mark.parametrize("changed", [{"dataset": data_set(voxel_size=6.8)}, {"form": "Region"}])
def test_a_changed_data_set_is_replaced_whole(store: LocalStore, changed: dict[str, DataSet | str]) -> None:
    archive.put(store, document(data_set(tomograms=3)))
    new = document(**({"dataset": data_set(tomograms=3)} | changed))  # type: ignore[arg-type]
    done = archive.put(store, new)
    assert done.change is archive.Change.REPLACED
    assert archive.get(store, "set") == new
    assert list(archive.list(store)) == [done.record]
    assert done.record.triples == sum(1 for _ in store.quads(done.record.dataset))


def test_a_removed_data_set_leaves_nothing(store: LocalStore) -> None:
    archive.put(store, document(data_set("one")))
    quads = set(map(str, store.quads()))
    archive.put(store, document(data_set("two")))
    assert archive.remove(store, "two").name == "two"
    assert set(map(str, store.quads())) == quads
    assert [kept.name for kept in archive.list(store)] == ["one"]


def test_the_name_is_the_given_one_or_the_data_sets_or_the_files(store: LocalStore) -> None:
    documents = [
        document(data_set("named"), path="x/file.json.gz"),
        document(data_set(None), path="x/TS_01.json.gz"),
        (document(data_set("named"), path="x/file.json.gz"), "given"),
    ]
    done = archive.put_all(store, documents)
    assert [put.record.dataset for put in done] == [BASE + name for name in ("named", "TS_01", "given")]


def test_a_name_without_letters_makes_no_iri(store: LocalStore) -> None:
    with pytest.raises(DocumentError, match="--as"):
        archive.put(store, document(data_set("…")))
    assert list(store.quads()) == []


def test_what_fails_half_way_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    with LocalStore.open(tmp_path / "store", "w") as store:
        archive.put(store, document(data_set("before")))
        with pytest.raises(DocumentError):
            archive.put_all(store, [document(data_set("fine")), document(data_set("…"))])
        assert [kept.name for kept in archive.list(store)] == ["before"]


def test_putting_acts_when_it_is_called(store: LocalStore) -> None:
    archive.put_all(store, [document(data_set("one")), document(data_set("two"))])
    assert [kept.name for kept in archive.list(store)] == ["one", "two"]


def test_what_was_reported_is_in_the_store_whatever_happens_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[str] = []

    def documents() -> Iterator[Document]:
        for name in ("one", "two", "three"):
            yield document(data_set(name))
        raise KeyboardInterrupt

    monkeypatch.setattr("cetsgraph.archive.datasets.COMMIT_AFTER", 30)  # two of them
    with LocalStore.open(tmp_path / "store", "w") as store:
        with pytest.raises(KeyboardInterrupt):
            archive.put_all(store, documents(), committed=lambda put: reported.append(put.record.name))
        assert [kept.name for kept in archive.list(store)] == sorted(reported)
    assert reported == ["one", "two"]


def test_a_load_gives_what_it_did_and_why_not_the_rest(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text('{"regions": [{"id": "r", "tilt_series": []}]}')
    bad.write_text("{")
    steps: list[tuple[int, int]] = []
    loading = archive.load(tmp_path / "store", bad, good, progress=lambda *step: steps.append(step))
    assert [(put.record.name, str(put.change), put.path) for put in loading.data_sets] == [
        ("good", "added", str(good))
    ]
    assert [failure.where for failure in loading.failures] == [f"{bad}:1:2"]
    assert (loading.exit_code, steps) == (1, [(1, 2), (2, 2)])
    with pytest.raises(DocumentError, match=r"bad\.json"):
        loading.raise_for_failures()
    with LocalStore.open(tmp_path / "store") as store:
        assert [kept.name for kept in archive.list(store)] == ["good"]


def test_a_name_that_is_no_utf_8_is_kept_escaped(store: LocalStore) -> None:
    done = archive.put(store, document(data_set(None), path="x/TS\udcff_01.json"))
    (kept,) = archive.list(store)
    assert kept == done.record
    assert (kept.name, kept.source) == (r"TS\udcff_01", r"x/TS\udcff_01.json")


def test_an_unknown_data_set_is_said_with_names_like_it(store: LocalStore) -> None:
    archive.put(store, document(data_set("EMPIAR-12104")))
    for action in (archive.get, archive.remove, archive.record):
        with pytest.raises(DataSetNotFound) as caught:
            action(store, "EMPIAR-12140")
        assert "EMPIAR-12104" in caught.value.suggestions


def test_a_store_that_is_read_cannot_be_put_into(tmp_path: Path) -> None:
    LocalStore.open(tmp_path / "store", "w").close()
    with LocalStore.open(tmp_path / "store") as store, pytest.raises(StoreReadOnly):
        archive.put(store, document(data_set()))


def test_base_and_archive_name_are_the_stores(tmp_path: Path) -> None:
    with LocalStore.open(tmp_path / "s", "w", base="https://example.org/d", archive="EMPIAR") as store:
        archive.put(store, document(data_set()))
    with LocalStore.open(tmp_path / "s", "w") as store:
        assert [kept.dataset for kept in archive.list(store)] == ["https://example.org/d/EMPIAR/set"]


def test_what_is_no_source_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    store = LocalStore.memory()
    with pytest.raises(TypeError, match="one by one, not a list"):
        archive.load(store, [tmp_path])  # type: ignore[arg-type]
    with pytest.raises(UnreadableFile, match="the name of the file is empty"):
        archive.load(store, "")
