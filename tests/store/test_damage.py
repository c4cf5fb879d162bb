"""Directories that are damaged, full or not to be written."""

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from numbered import EX, put, script, sizes

from cetsgraph.errors import StoreError, StoreNotFound
from cetsgraph.store import LocalStore


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda store: (store / "format.json").write_text("{"), "format.json is not JSON"),
        (lambda store: shutil.rmtree(store / "snapshots"), "snapshot 2 is missing"),
        (lambda store: (store / "snapshots" / "2" / "CURRENT").unlink(), "CURRENT is missing"),
        (
            lambda store: change(largest(store), lambda data: data[:-1]),
            r"sst has [\d,]+ bytes, and was written",
        ),
        (lambda store: change(largest(store), lambda data: data + b"\0"), r"sst has [\d,]+ bytes, and was"),
        (lambda store: change(largest(store), lambda data: data[:-30] + b"?" + data[-29:]), "have changed"),
        (lambda store: change(store / "snapshots/2/CURRENT", lambda data: data[::-1]), "have changed"),
    ],
    ids=["record", "snapshots", "missing", "shorter", "longer", "end changed", "small file changed"],
)
def test_a_damaged_store_is_an_error_and_no_endless_loop(
    directory: Path, damage: object, message: str
) -> None:
    put(directory, f"{EX}a")
    assert callable(damage)
    damage(directory)
    for mode in ("r", "w"):
        with pytest.raises(StoreError, match=message):
            LocalStore.open(directory, mode)


def largest(store: Path) -> Path:
    return max((store / "snapshots" / "2").glob("*.sst"), key=lambda file: file.stat().st_size)


def change(file: Path, changed: Callable[[bytes], bytes]) -> None:
    """Write other bytes, into a new file: the old one has a second name in the snapshot before."""
    data = changed(file.read_bytes())
    file.unlink()
    file.write_bytes(data)


def test_a_changed_block_of_data_is_an_error_when_it_is_read(directory: Path) -> None:
    put(directory, f"{EX}a", 20_000)

    def changed(data: bytes) -> bytes:
        middle = bytes(byte ^ 1 if n % 500 == 0 else byte for n, byte in enumerate(data[:-64]))
        return middle + data[-64:]

    for file in (directory / "snapshots" / "2").glob("*.sst"):
        change(file, changed)
    with pytest.raises(StoreError, match="the store failed") as caught, LocalStore.open(directory) as store:
        list(store.quads())
    assert "estore a backup" in str(caught.value)


def test_a_store_that_does_not_say_its_files_opens(directory: Path) -> None:
    """As version 0.1.0 wrote it."""
    put(directory, f"{EX}a")
    record = json.loads((directory / "format.json").read_text())
    del record["files"]
    (directory / "format.json").write_text(json.dumps(record))
    with LocalStore.open(directory) as reader:
        assert sizes(reader) == {f"{EX}a": 10}
    put(directory, f"{EX}b")
    assert "files" in json.loads((directory / "format.json").read_text())


def test_making_a_store_can_be_interrupted(directory: Path) -> None:
    """Killed after the first snapshot was written, before the record that names it."""
    LocalStore.open(directory, "w").close()
    (directory / "format.json").rename(directory / "format.json.new")
    with pytest.raises(StoreNotFound, match="without format"):
        LocalStore.open(directory)
    put(directory, f"{EX}a")
    with LocalStore.open(directory) as reader:
        assert sizes(reader) == {f"{EX}a": 10}


AS_NOBODY = """
import os, sys
from cetsgraph.store import LocalStore
from cetsgraph.errors import StoreReadOnly
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
print("ready", flush=True)
with LocalStore.open(sys.argv[1]) as reader:
    print(len(reader.graphs()))
for directory in sys.argv[1:]:
    try:
        LocalStore.open(directory, "w")
    except StoreReadOnly as error:
        print(error)
"""


def test_a_directory_without_write_permission_can_be_read() -> None:
    with tempfile.TemporaryDirectory() as parent:
        directory, new = Path(parent) / "store", Path(parent) / "new"
        put(directory, f"{EX}a")
        Path(parent).chmod(0o555)
        read_only = [directory, *(path for path in directory.rglob("*") if path.is_dir())]
        for path in read_only:
            path.chmod(0o555)
        (directory / "lock").chmod(0o444)
        try:
            output, _ = script(AS_NOBODY, directory, new).communicate()
        finally:
            for path in [Path(parent), *read_only]:
                path.chmod(0o755)
    count, *messages = output.splitlines()
    assert count == "1"
    refusal = "the store cannot be written to (Permission denied)"
    assert [f"{directory}: {refusal}", f"{new}: {refusal}"] == [line for line in messages if refusal in line]


def test_a_full_disk_ends_the_change_and_leaves_the_store(directory: Path) -> None:
    """A limit on the size of files stands in for the disk; the operating system refuses all the same."""
    put(directory, f"{EX}a")
    process = script(
        """
        import resource, sys
        from cetsgraph.errors import StoreError
        from cetsgraph.store import LocalStore
        print("ready", flush=True)
        line = '<http://example.org/{0}/{1}> <http://example.org/p> "{1}" <http://example.org/{0}> .\\n'
        with LocalStore.open(sys.argv[1], "w") as store:
            limit = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limit[1]))
            try:
                with store.writing() as writing:
                    for name in "bcd":
                        writing.add("".join(line.format(name, n) for n in range(60_000)).encode())
            except StoreError as error:
                print(error.exit_code, error)
            print(store.graphs())
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
            with store.writing() as writing:
                writing.add(line.format("z", 1).encode())
        """,
        directory,
    )
    output, _ = process.communicate()
    assert process.returncode == 0
    first, advice, graphs = output.splitlines()
    assert first.startswith(f"3 {directory}: the store failed")
    assert "File too large" in first
    assert advice == "Make room on the disk and try again. The store is as it was before."
    assert graphs == f"['{EX}a']"
    with LocalStore.open(directory) as reader:
        assert sizes(reader) == {f"{EX}a": 10, f"{EX}z": 1}


@pytest.mark.parametrize("mode", ["x", "rw", "a", ""])
def test_a_mode_that_is_none_makes_no_store(mode: Any, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no such mode .*expected 'r' or 'w'"):
        LocalStore.open(tmp_path / "s", mode)
    assert not (tmp_path / "s").exists()
