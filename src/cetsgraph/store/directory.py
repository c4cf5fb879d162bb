"""A store's directory: its format record, the writer's lock, and its snapshots.

```text
DIR/format.json     format version, base IRI and archive name
DIR/lock            locked by the writer, whose process it names
DIR/snapshots/N     one committed state each; never changed, locked (shared) by whoever reads it
DIR/current         the number of the newest
DIR/db/             the writer's working copy of it, while there is a writer
```

Oxigraph calls it undefined behaviour to read a directory that another process writes, so readers open
snapshots and nobody but the writer sees its working copy. Both are hard links to the same data files, which
never change. A commit is a new snapshot and an atomic rename of `current`; what was not committed is gone
with the working copy, so a writer that fails or is killed leaves the store as it was.
"""

import errno
import fcntl
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from weakref import WeakSet

import pyoxigraph

from cetsgraph.errors import StoreError, StoreLocked, StoreNotFound, StoreReadOnly
from cetsgraph.store.base import Settings

__all__ = ["StoreDirectory", "translated"]

FORMAT = 1
_OWN_NAMES = {"format.json", "format.json.new", "lock", "snapshots", "current", "current.new", "db"}


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

    def settings(self) -> Settings:
        """Read what the store keeps of itself.

        Raises:
            StoreNotFound: there is no store here.
            StoreError: it has another format than this version of cetsgraph reads, or is damaged.
        """
        record = self._record()
        if record is None:
            raise StoreNotFound(location=self.location, **self._instead())
        return self._settings_of(record)

    def create(self, settings: Settings) -> None:
        """Make the directory, which is locked, a store; there is no snapshot yet."""
        record = {"format": FORMAT, "engine": "oxigraph"} | asdict(settings)
        _write(self.path / "format.json", json.dumps(record, indent=2, ensure_ascii=False) + "\n")

    def _record(self) -> object:
        try:
            text = (self.path / "format.json").read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except PermissionError as error:
            raise StoreError(
                "the store may not be read", location=self.location, hint="Check its permissions."
            ) from error
        try:
            return json.loads(text)
        except ValueError as error:
            raise self._damaged("format.json is not JSON") from error

    def _settings_of(self, record: object) -> Settings:
        version = record.get("format") if isinstance(record, dict) else None
        if not isinstance(record, dict) or not isinstance(version, int):
            raise self._damaged("format.json has no format version")
        if version != FORMAT:
            newer = "Use a newer version of cetsgraph for it."
            older = "Export its data sets with the version that made it, and load them into a new store."
            raise StoreError(
                "the store has another format",
                location=self.location,
                found=version,
                expected=FORMAT,
                hint=newer if version > FORMAT else older,
            )
        base, archive = record.get("base"), record.get("archive")
        if not isinstance(base, str) or not isinstance(archive, str):
            raise self._damaged("format.json lacks base or archive")
        return Settings(base, archive)

    def _damaged(self, what: str) -> StoreError:
        hint = "Restore it from a copy, or load the documents into a new store."
        return StoreError(f"the store is damaged: {what}", location=self.location, hint=hint)

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
        elif not self.path.exists() or (self.path / "format.json").exists():
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

    def current(self) -> int | None:
        """Number of the newest snapshot; None where no state was ever committed."""
        try:
            return int((self.path / "current").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise self._damaged("current names no snapshot") from error

    def open_snapshot(self) -> tuple[pyoxigraph.Store, int]:
        """Open the newest snapshot for reading.

        Returns the engine and a file descriptor, which keeps writers from removing the snapshot until it is
        closed: the engine opens files as it needs them.
        """
        missed: int | None = None
        while True:
            number = self.current()
            if number is None:
                raise StoreNotFound(location=self.location, found="a store whose making was interrupted")
            if number == missed:
                raise self._damaged(f"snapshot {number} is missing")
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
        """Make the state of the engine the newest snapshot."""
        newest = self.current()
        number = 1 if newest is None else newest + 1
        self.prune()
        self._snapshots.mkdir(exist_ok=True)
        engine.flush()
        engine.backup(str(self._snapshot(number)))
        _write(self.path / "current", f"{number}\n")
        self.prune()

    def prune(self) -> None:
        """Remove all snapshots but the newest, the one before it, and those that are being read."""
        newest = self.current()
        if newest is None or not self._snapshots.exists():
            shutil.rmtree(self._snapshots, ignore_errors=True)
            return
        kept = {str(newest), str(newest - 1)}
        for snapshot in self._snapshots.iterdir():
            if snapshot.name not in kept:
                _remove_unless_leased(snapshot)

    # The writer's working copy

    def open_working_copy(self) -> pyoxigraph.Store:
        """Open a writable copy of the newest snapshot, in place of any that an earlier writer left behind."""
        shutil.rmtree(self._working_copies, ignore_errors=True)
        self._working_copies.mkdir(exist_ok=True)
        # Each has a new name: the engine locks a directory by its path while any iterator over it is alive.
        copy = Path(tempfile.mkdtemp(dir=self._working_copies))
        number = self.current()
        if number is not None:
            for file in self._snapshot(number).iterdir():
                _link_or_copy(file, copy / file.name)
        return pyoxigraph.Store(str(copy))

    @property
    def _working_copies(self) -> Path:
        return self.path / "db"

    @property
    def _snapshots(self) -> Path:
        return self.path / "snapshots"

    def _snapshot(self, number: int) -> Path:
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


def _write(path: Path, text: str) -> None:
    """Replace a small file so that it is never seen half written, even after a power cut."""
    new = path.with_name(path.name + ".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _forget_locks() -> None:
    for directory in list(_locked):
        directory.forget_lock()


_locked: WeakSet[StoreDirectory] = WeakSet()
# A child would otherwise keep the lock after its parent was killed.
os.register_at_fork(after_in_child=_forget_locks)
