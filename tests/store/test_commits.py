"""What is committed to a store in a directory, and what readers see of it."""

import json
import shutil
from pathlib import Path

import pytest
from folders import files
from numbered import EX, numbered, put, sizes

from cetsgraph.errors import StoreError
from cetsgraph.store import LocalStore


def test_what_was_committed_is_there_when_opened_again(directory: Path) -> None:
    put(directory, f"{EX}a")
    put(directory, f"{EX}b", 20_000)
    with LocalStore.open(directory) as reader:
        assert sizes(reader) == {f"{EX}a": 10, f"{EX}b": 20_000}
    with LocalStore.open(directory, "w") as writer:
        assert sizes(writer) == {f"{EX}a": 10, f"{EX}b": 20_000}


def test_readers_see_commits_and_nothing_else(directory: Path) -> None:
    with LocalStore.open(directory, "w") as writer:
        with LocalStore.open(directory) as before, writer.writing() as writing:
            writing.add(numbered(f"{EX}a", 10))
            assert sizes(writer) == {f"{EX}a": 10}
            with LocalStore.open(directory) as reader:
                assert sizes(reader) == {}
            writing.commit()
            writing.add(numbered(f"{EX}b", 10))
            with LocalStore.open(directory) as reader:
                assert sizes(reader) == {f"{EX}a": 10}
        with LocalStore.open(directory) as reader:
            assert sizes(reader) == {f"{EX}a": 10, f"{EX}b": 10}
        with pytest.raises(StoreError, match="closed"):
            sizes(before)


def test_a_failed_change_keeps_what_was_committed_in_it(directory: Path) -> None:
    with LocalStore.open(directory, "w") as writer:
        with pytest.raises(KeyError), writer.writing() as writing:
            writing.add(numbered(f"{EX}a", 10))
            writing.commit()
            writing.add(numbered(f"{EX}b", 50_000))
            sizes(writer)  # has the engine write them
            writing.remove(f"{EX}a")
            raise KeyError
        assert sizes(writer) == {f"{EX}a": 10}
    with LocalStore.open(directory) as reader:
        assert sizes(reader) == {f"{EX}a": 10}


def test_an_iterator_survives_the_end_of_its_change(directory: Path) -> None:
    put(directory, f"{EX}a", 50)
    with LocalStore.open(directory, "w") as writer:
        quads = writer.quads(f"{EX}a")
        next(quads)
        with pytest.raises(KeyError), writer.writing() as writing:
            writing.remove(f"{EX}a")
            raise KeyError
        assert sum(1 for _ in quads) == 49
    with LocalStore.open(directory, "w") as writer:
        assert sizes(writer) == {f"{EX}a": 50}


def test_a_reader_keeps_its_state_through_any_number_of_commits(directory: Path) -> None:
    """The engine opens files as it needs them, 16 at first: they must stay."""
    with LocalStore.open(directory, "w") as writer:
        for n in range(12):
            with writer.writing() as writing:
                writing.add(numbered(f"{EX}old/{n}", 8_000))
        assert len(list((directory / "snapshots").glob("*/*.sst"))) > 16
        with LocalStore.open(directory) as reader:
            for n in range(12):
                with writer.writing() as writing:
                    writing.remove(f"{EX}old/{n}")
                    writing.add(numbered(f"{EX}new/{n}", 10))
            assert sizes(reader) == {f"{EX}old/{n}": 8_000 for n in range(12)}
        with LocalStore.open(directory) as reader:
            assert sizes(reader) == {f"{EX}new/{n}": 10 for n in range(12)}


def test_two_snapshots_are_kept_and_what_is_being_read(directory: Path) -> None:
    put(directory, f"{EX}a")
    kept = lambda: sorted(int(snapshot.name) for snapshot in (directory / "snapshots").iterdir())  # noqa: E731
    with LocalStore.open(directory):
        leased = json.loads((directory / "format.json").read_text())["snapshot"]
        for n in range(3):
            put(directory, f"{EX}{n}")
        assert kept() == [leased, leased + 2, leased + 3]
    put(directory, f"{EX}b")
    assert kept() == [leased + 3, leased + 4]
    assert not (directory / "db").exists()


def test_a_change_that_does_nothing_commits_nothing(directory: Path) -> None:
    put(directory, f"{EX}a")
    before = files(directory)
    with LocalStore.open(directory, "w") as writer, writer.writing() as writing:
        writing.remove(f"{EX}absent")
    assert {**files(directory), "lock": b""} == {**before, "lock": b""}


def test_a_copy_of_a_store_is_a_store(directory: Path, tmp_path: Path) -> None:
    put(directory, f"{EX}a")
    shutil.copytree(directory, tmp_path / "copy")
    put(tmp_path / "copy", f"{EX}b")
    with LocalStore.open(tmp_path / "copy") as copy, LocalStore.open(directory) as original:
        assert sizes(copy) == {f"{EX}a": 10, f"{EX}b": 10}
        assert sizes(original) == {f"{EX}a": 10}
