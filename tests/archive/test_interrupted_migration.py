"""Others beside a migration, its worst moments, and backups of other versions."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from older_stores import FOREIGN, NEWER, OLD, SOME, add, content, record
from serving import EXAMPLES, load

from cetsgraph.archive.maintenance import backup, migrate, restore
from cetsgraph.errors import StoreError, StoreLocked, StoreOutdated
from cetsgraph.store import LocalStore
from cetsgraph.versions import ONTOLOGY_VERSION as NOW

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
