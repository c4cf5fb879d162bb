"""A store's directory: its format record, the writer's lock, and its snapshots.

```text
DIR/format.json     format and ontology version, base IRI and archive name, number of the newest snapshot
DIR/lock            locked by the writer, whose process it names
DIR/snapshots/N     one committed state each; never changed, locked (shared) by its readers
DIR/db/             the writer's working copy of it, while there is a writer
```

Oxigraph calls it undefined behaviour to read a directory that another process writes, so readers open
snapshots, and only the writer sees its working copy. Both are hard links to the same data files, which
never change. A commit is a new snapshot and an atomic rename of `format.json`; what was not committed is gone
with the working copy, so a writer that fails or is killed leaves the store as it was.
"""

import errno
import os
import shutil
import socket
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from weakref import WeakSet

import pyoxigraph

from cetsgraph import system
from cetsgraph.errors import StoreError, StoreLocked, StoreNotFound, StoreReadOnly
from cetsgraph.store.base import Settings
from cetsgraph.store.record import StoreRecord, damaged, read_record, write_record
from cetsgraph.store.snapshot_files import SnapshotFiles

__all__ = ["StoreDirectory"]

_LOCK = "lock"
_OWN_NAMES = {
    "format.json",
    "format.json.new",
    _LOCK,
    f"{_LOCK}{system.LEASE}",
    f"{_LOCK}{system.CLAIMS}",
    "snapshots",
    "db",
}


class StoreDirectory:
    """The files of one store. Nothing here looks into the data."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.location = str(path)
        self._lock: system.Lock | None = None

    # What the store is

    def record(self, *, older: bool = False) -> StoreRecord:
        """Read what the store says of itself.

        Raises:
            StoreNotFound: there is no store here.
            StoreOutdated: it has to be migrated, unless `older` ones are asked for.
            StoreError: it is newer than this version of cetsgraph, or damaged.
        """
        record = self.any_record()
        if record is None:
            raise StoreNotFound(location=self.location, **self._instead())
        if not older:
            record.refuse_older(self.location)
        return record

    def any_record(self) -> StoreRecord | None:
        """Read what a store of this or any older version says of itself; None where there is no store."""
        return read_record(self.path)

    def _instead(self) -> dict[str, str]:
        """What is here instead of a store."""
        if not self.path.exists():
            return {}
        if not self.path.is_dir():
            return {"found": "a file", "expected": "a folder"}
        return {"found": "a folder without format.json"}

    # The one writer

    def lock(self) -> None:
        """Become the only writer, making the directory where there is none.

        Raises:
            StoreLocked: another process, or another part of this one, writes.
            StoreReadOnly: the directory cannot be written to.
            StoreError: there is something else here, or this process cannot write; see `refuse_forked`.
        """
        self.refuse_forked()
        self._refuse_what_is_no_store()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock_file.open("ab").close()
            self._lock = system.lock(self._lock_file)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
                raise
            what = f"the store cannot be written to ({error.strerror})"
            raise StoreReadOnly(what, location=self.location) from error
        if self._lock is None:
            holder = self._lock_file.read_bytes()[:200].decode(errors="replace").strip()
            what = f"another writer{f' ({holder})' if holder else ''} has this store"
            raise StoreLocked(what, location=self.location)
        _locked.add(self)
        self._lock_file.write_text(f"process {os.getpid()} on {socket.gethostname()}\n", encoding="utf-8")

    def refuse_forked(self) -> None:
        """Raise StoreError in a child of a process that had opened a store.

        The engine writes by threads that it starts once, and a fork does not copy threads: the first write
        would wait for them for ever. Reading works.
        """
        if _is_forked():
            raise StoreError(
                "this process was forked from one that had opened a store, and cannot write to one",
                location=self.location,
                hint="Write from a process that is started anew (multiprocessing: the method `spawn`), or "
                "fork before the first store is opened.",
            )

    def keep_in_child(self, engine: pyoxigraph.Store) -> None:
        """In a forked child: leave an engine open until the process ends.

        To be closed, it would wait for a thread that had work when the process was forked.
        """
        if _is_forked():
            _kept_open.append(engine)

    def unlock(self) -> None:
        """Drop the working copy and let others write; nothing where the lock is not held."""
        if self._lock is not None:
            shutil.rmtree(self._working_copies, ignore_errors=True)
            self._lock.release()
            self._lock = None

    def forget_lock(self) -> None:
        """In a forked child: leave the lock to the parent."""
        if self._lock is not None:
            self._lock.forget()
            self._lock = None

    def _refuse_what_is_no_store(self) -> None:
        instead = self._instead()
        if "expected" in instead:
            foreign = instead["found"]
        elif not self.path.exists() or self.any_record() is not None:
            return
        else:
            names = sorted(entry.name for entry in self.path.iterdir() if entry.name not in _OWN_NAMES)
            if not names:
                return
            foreign = names[0] + (f" and {len(names) - 1} more" if len(names) > 1 else "")
        raise StoreError(
            "there is something else here, and no store",
            location=self.location,
            found=foreign,
            hint="Name a new or an empty folder for the store.",
        )

    # Snapshots

    def open_snapshot(self) -> tuple[pyoxigraph.Store, system.Lock]:
        """Open the newest snapshot for reading.

        Returns the engine and a lock, which keeps writers from removing the snapshot until it is released:
        the engine opens files as it needs them.

        Raises:
            StoreError: files are missing, or are not as they were written.
        """
        snapshot, lease = self.lease_snapshot()
        with ExitStack() as undo:
            undo.callback(lease.release)
            engine = pyoxigraph.Store.read_only(str(snapshot))
            _note_process()
            undo.pop_all()
            return engine, lease

    def lease_snapshot(self) -> tuple[Path, system.Lock]:
        """The folder of the newest snapshot, and the lock that keeps writers from removing it.

        Raises:
            StoreError: files are missing, or are not as they were written.
        """
        missed: int | None = None
        while True:
            record = self.record()
            if record.snapshot == missed:
                raise damaged(self.location, f"snapshot {record.snapshot} is missing")
            snapshot = self._snapshot(record.snapshot)
            lease = _lease(snapshot)
            if lease is None:  # writers went on meanwhile
                missed = record.snapshot
                continue
            with ExitStack() as undo:
                undo.callback(lease.release)
                self._check(snapshot, record)
                undo.pop_all()
                return snapshot, lease

    def _check(self, snapshot: Path, record: StoreRecord) -> None:
        """Refuse files that are not as they were committed: the engine would answer wrongly or never."""
        damage = None if record.files is None else record.files.damage(snapshot)
        if not snapshot.is_dir():
            damage = f"snapshot {snapshot.name} is missing"
        if damage is not None:
            raise damaged(self.location, damage)

    def publish(self, engine: pyoxigraph.Store, settings: Settings) -> None:
        """Make the state of the engine the newest snapshot, and the store one of the current version.

        Where there was no store, there is one now.
        """
        record = self.any_record()
        newest = 0 if record is None else record.snapshot or 0
        self._commit(engine, settings, newest + 1)
        (self.path / "current").unlink(missing_ok=True)  # format 1 had it

    def _commit(self, engine: pyoxigraph.Store, settings: Settings, number: int) -> None:
        self._prune(number - 1)
        self._snapshots.mkdir(exist_ok=True)
        engine.flush()
        engine.backup(str(self._snapshot(number)))
        write_record(self.path, settings, number, SnapshotFiles.of(self._snapshot(number)))
        self._prune(number)

    def _prune(self, newest: int) -> None:
        """Remove all snapshots but the newest, the one before it, and those that are being read."""
        kept = {str(newest), str(newest - 1)}
        for snapshot in self._snapshots.iterdir() if self._snapshots.exists() else ():
            if snapshot.name.isdecimal() and snapshot.name not in kept:
                _remove_unless_leased(snapshot)

    # The writer's working copy

    def open_working_copy(self) -> pyoxigraph.Store:
        """Open a writable copy of the newest snapshot, in place of any that an earlier writer left behind."""
        shutil.rmtree(self._working_copies, ignore_errors=True)
        self._working_copies.mkdir(exist_ok=True)
        # Each has a new name: the engine locks a directory by its path while any iterator over it is alive.
        copy = Path(tempfile.mkdtemp(dir=self._working_copies))
        record = self.any_record()
        if record is not None and record.snapshot is not None:
            snapshot = self._snapshot(record.snapshot)
            self._check(snapshot, record)
            for file in snapshot.iterdir():
                _link_or_copy(file, copy / file.name)
        engine = pyoxigraph.Store(str(copy))
        _note_process()
        return engine

    @property
    def _lock_file(self) -> Path:
        return self.path / _LOCK

    @property
    def _working_copies(self) -> Path:
        return self.path / "db"

    @property
    def _snapshots(self) -> Path:
        return self.path / "snapshots"

    def _snapshot(self, number: int | None) -> Path:
        return self._snapshots / str(number)


def _lease(snapshot: Path) -> system.Lock | None:
    """Lock a snapshot for reading; None where it is gone or about to be."""
    try:
        lease = system.lock(snapshot, shared=True)
    except FileNotFoundError:
        return None
    except OSError:
        return _NoLease()  # no locks here, or no right to make one: the last two snapshots stay anyway
    if lease is not None and not snapshot.exists():
        lease.release()
        return None
    return lease


class _NoLease:
    def release(self) -> None:
        pass

    forget = release


def _remove_unless_leased(snapshot: Path) -> None:
    """Remove a snapshot without readers, and what stood beside it for its lock."""
    with suppress(OSError):  # another writer was faster, or the disk has no locks
        lock = system.lock(snapshot)
        if lock is not None:
            shutil.rmtree(snapshot, ignore_errors=True)
            lock.release()
            snapshot.with_name(f"{snapshot.name}{system.LEASE}").unlink(missing_ok=True)
            shutil.rmtree(snapshot.with_name(f"{snapshot.name}{system.CLAIMS}"), ignore_errors=True)


def _link_or_copy(source: Path, target: Path) -> None:
    """Link data files, which the engine never changes; copy the others."""
    (system.link_or_copy if source.suffix == ".sst" else shutil.copyfile)(source, target)


def _note_process() -> None:
    if not _opened_by:
        _opened_by.add(os.getpid())


def _is_forked() -> bool:
    return bool(_opened_by) and os.getpid() not in _opened_by


def _forget_locks() -> None:
    for directory in list(_locked):
        directory.forget_lock()


_opened_by: set[int] = set()
"""The process that opened the first store: this one, or one that it was forked from."""
_kept_open: list[pyoxigraph.Store] = []
_locked: WeakSet[StoreDirectory] = WeakSet()
# A child would otherwise keep the lock after its parent was killed.
system.after_fork_in_child(_forget_locks)
