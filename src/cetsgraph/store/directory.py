"""A store's directory: its format record, the writer's lock, and its snapshots.

```text
DIR/format.json     format and ontology version, base IRI and archive name, number of the newest snapshot
DIR/lock            locked by the writer, whose process it names
DIR/snapshots/N     one committed state each; never changed, locked (shared) by whoever reads it
DIR/db/             the writer's working copy of it, while there is a writer
```

Oxigraph calls it undefined behaviour to read a directory that another process writes, so readers open
snapshots and nobody but the writer sees its working copy. Both are hard links to the same data files, which
never change. A commit is a new snapshot and an atomic rename of `format.json`; what was not committed is gone
with the working copy, so a writer that fails or is killed leaves the store as it was.
"""

import errno
import fcntl
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from weakref import WeakSet

import pyoxigraph

from cetsgraph.errors import StoreError, StoreLocked, StoreNotFound, StoreReadOnly
from cetsgraph.store.base import Settings
from cetsgraph.store.record import StoreRecord, damaged, read_record, write_record

__all__ = ["StoreDirectory", "translated"]

_OWN_NAMES = {"format.json", "format.json.new", "lock", "snapshots", "db"}


@contextmanager
def translated(location: str) -> Iterator[None]:
    """Say what the operating system and the engine raise as a StoreError.

    The engine's errors are OSErrors without a number, RuntimeErrors (a write to a store opened for reading)
    and, for text that is not Unicode, UnicodeErrors.
    """
    try:
        yield
    except (OSError, RuntimeError, UnicodeError) as error:
        found = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise StoreError("the store failed", location=location, found=found, hint=_advice(found)) from error


def _advice(message: str) -> str:
    if "No space left" in message or "quota exceeded" in message or "File too large" in message:
        return "Make room on the disk and try again. The store is as it was before."
    if "Too many open files" in message:
        return "Raise the limit of open files: ulimit -n 4096."
    return "What was committed before is untouched."


class StoreDirectory:
    """The files of one store. Nothing here looks into the data."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.location = str(path)
        self._lock: int | None = None

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
        """Read what the store says of itself, of whatever older version; None where there is no store."""
        return read_record(self.path)

    def create(self, engine: pyoxigraph.Store, settings: Settings) -> None:
        """Make the directory, which is locked, a store that holds what the engine does."""
        self._commit(engine, settings, 1)

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
            StoreError: there is something else here.
        """
        self._refuse_what_is_no_store()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
                raise
            what = f"the store cannot be written to ({error.strerror})"
            raise StoreReadOnly(what, location=self.location) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip()
            os.close(descriptor)
            what = f"another writer{f' ({holder})' if holder else ''} has this store"
            raise StoreLocked(what, location=self.location) from error
        self._lock = descriptor
        _locked.add(self)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)

    def unlock(self) -> None:
        """Drop the working copy and let others write; nothing where the lock is not held."""
        if self._lock is not None:
            shutil.rmtree(self._working_copies, ignore_errors=True)
            self.forget_lock()

    def forget_lock(self) -> None:
        """Close our end of the lock without giving up a parent's."""
        if self._lock is not None:
            os.close(self._lock)
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

    def open_snapshot(self) -> tuple[pyoxigraph.Store, int]:
        """Open the newest snapshot for reading.

        Returns the engine and a file descriptor, which keeps writers from removing the snapshot until it is
        closed: the engine opens files as it needs them.
        """
        missed: int | None = None
        while True:
            number = self.record().snapshot
            if number == missed:
                raise damaged(self.location, f"snapshot {number} is missing")
            snapshot = self._snapshot(number)
            lease = _lease(snapshot)
            if lease is None:  # writers went on meanwhile
                missed = number
                continue
            try:
                return pyoxigraph.Store.read_only(str(snapshot)), lease
            except BaseException:
                os.close(lease)
                raise

    def publish(self, engine: pyoxigraph.Store) -> None:
        """Make the state of the engine the newest snapshot, and the store one of the current version."""
        record = self.record(older=True)
        self._commit(engine, record.settings, (record.snapshot or 0) + 1)
        (self.path / "current").unlink(missing_ok=True)  # format 1 had it

    def _commit(self, engine: pyoxigraph.Store, settings: Settings, number: int) -> None:
        self._prune(number - 1)
        self._snapshots.mkdir(exist_ok=True)
        engine.flush()
        engine.backup(str(self._snapshot(number)))
        write_record(self.path, settings, number)
        self._prune(number)

    def _prune(self, newest: int) -> None:
        """Remove all snapshots but the newest, the one before it, and those that are being read."""
        kept = {str(newest), str(newest - 1)}
        for snapshot in self._snapshots.iterdir() if self._snapshots.exists() else ():
            if snapshot.name not in kept:
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
            for file in self._snapshot(record.snapshot).iterdir():
                _link_or_copy(file, copy / file.name)
        return pyoxigraph.Store(str(copy))

    @property
    def _working_copies(self) -> Path:
        return self.path / "db"

    @property
    def _snapshots(self) -> Path:
        return self.path / "snapshots"

    def _snapshot(self, number: int | None) -> Path:
        return self._snapshots / str(number)


def _lease(snapshot: Path) -> int | None:
    """Lock a snapshot for reading; None where it is gone or about to be."""
    try:
        descriptor = os.open(snapshot, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        return descriptor  # a file system without locks: the last two snapshots stay anyway
    if not snapshot.exists():
        os.close(descriptor)
        return None
    return descriptor


def _remove_unless_leased(snapshot: Path) -> None:
    descriptor = os.open(snapshot, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(snapshot, ignore_errors=True)
    finally:
        os.close(descriptor)


def _link_or_copy(source: Path, target: Path) -> None:
    """Link data files, which the engine never changes; copy the others, and all where there are no links."""
    if source.suffix == ".sst":
        with suppress(OSError):
            os.link(source, target)
            return
    shutil.copyfile(source, target)


def _forget_locks() -> None:
    for directory in list(_locked):
        directory.forget_lock()


_locked: WeakSet[StoreDirectory] = WeakSet()
# A child would otherwise keep the lock after its parent was killed.
os.register_at_fork(after_in_child=_forget_locks)
