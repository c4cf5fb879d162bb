"""Looking after a store: copy it to a file and back, bring it up to date, make it smaller.

A backup is one file of N-Quads, compressed by gzip, which any RDF tool reads. Its comments say how IRIs are
made, and how many quads there have to be.
"""

import gzip
import os
import re
import shutil
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from cetsgraph.archive.catalogue import records
from cetsgraph.archive.changes import write_again
from cetsgraph.archive.counts import directory_size
from cetsgraph.errors import DocumentError, StoreError, StrPath
from cetsgraph.iris import is_iri
from cetsgraph.store import LocalStore, Store, Writing
from cetsgraph.store.directory import StoreDirectory
from cetsgraph.store.record import refuse_newer
from cetsgraph.versions import ONTOLOGY_VERSION, edition
from cetsgraph.whole_files import whole_file

__all__ = ["Backup", "Migration", "backup", "compact", "migrate", "restore"]

_HEAD = re.compile(r"# cetsgraph backup 1 base=(\S+) archive=(\S+)\n")
_TAIL = re.compile(r"# quads=(\d+)\n?")
_PIECE = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of a store in a file."""

    path: str
    quads: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Migration:
    """How a store was brought up to date."""

    format: int
    """What it was before."""
    ontology: str | None
    """What it was written in before; None where its format did not say."""
    data_sets: int
    """How many were written again. Those in the terms of now already stay as they are."""
    failures: tuple[DocumentError, ...]
    """Data sets that stay as they are: something else changed their graphs, and they cannot be read."""


def backup(store: Store, path: StrPath) -> Backup:
    """Copy the state that a store has now to a file; loading may go on beside.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     backup(LocalStore.memory(), Path(folder) / "copy.nq.gz").quads
    0

    Raises:
        StoreError: the file cannot be written, or exists.
    """
    target = Path(path)
    if target.exists():
        raise StoreError("the file exists already", location=os.fspath(path), hint="Choose another name.")
    try:
        with whole_file(target, compressed=True, level=6) as file:
            settings = store.settings
            file.write(f"# cetsgraph backup 1 base={settings.base} archive={settings.archive}\n".encode())
            count = _Count()
            ox.serialize(count.over(store.quads()), file, format=ox.RdfFormat.N_QUADS)
            file.write(f"# quads={count.number}\n".encode())
    except OSError as error:
        raise StoreError(
            "the backup cannot be written", location=os.fspath(path), found=error.strerror
        ) from error
    return Backup(os.fspath(path), count.number, target.stat().st_size)


def restore(path: StrPath, directory: StrPath) -> int:
    """Make a store of a backup; gives the number of its quads.

    There is a store only once all of it is there: a restore that fails or is killed can be tried again.

    A backup from an older version of cetsgraph is brought up to date as `migrate` does it.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     done = backup(LocalStore.memory(), Path(folder) / "copy.nq.gz")
    ...     restore(done.path, Path(folder) / "store")
    0

    Raises:
        StoreError: there is a store already, or the file is not a whole backup, or of a newer version.
    """
    name = os.fspath(path)
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            head = _HEAD.fullmatch(file.readline())
            if head is None or not is_iri(head[1]):
                raise StoreError("this is no backup of cetsgraph", location=name)
            with _undone(Path(directory)) as undo:
                with LocalStore.new(directory, base=head[1], archive=head[2]) as store:
                    count = _restored(store, file, name)
                undo.pop_all()
                return count
    except (OSError, EOFError, zlib.error, ValueError) as error:
        found = getattr(error, "strerror", None) or str(error)
        raise StoreError("the backup cannot be read", location=name, found=found) from error


def _undone(directory: Path) -> ExitStack:
    """Undoes what is made for a new store: its folder and those above that are not there yet."""
    undo = ExitStack()
    for folder in reversed(directory.parents):
        if not folder.exists():
            undo.callback(folder.rmdir)
    if not directory.exists():
        undo.callback(shutil.rmtree, directory, ignore_errors=True)
    return undo


def _restored(store: LocalStore, lines: Iterator[str], name: str) -> int:
    count, said = 0, None
    with store.writing() as writing:
        piece: list[str] = []
        size = 0
        for line in lines:
            if line.startswith("#"):
                tail = _TAIL.fullmatch(line)
                said = int(tail[1]) if tail else said
                continue
            count += 1
            piece.append(line)
            size += len(line)
            if size > _PIECE:
                writing.add("".join(piece).encode())
                piece, size = [], 0
        if said != count:
            raise StoreError("the backup is not whole", location=name, found=count, expected=said)
        if piece:
            writing.add("".join(piece).encode())
        _write_again(store, writing, name)
    if not count:
        store.compact()  # makes the store, since there was nothing to commit
    return count


def migrate(directory: StrPath) -> Migration | None:
    """Bring a store of an older format or ontology version up to date; None where it is.

    All of it happens or nothing: readers go on with the state before, and a migration that is killed leaves
    that.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     LocalStore.open(folder, "w").close()
    ...     print(migrate(folder))
    None

    Raises:
        StoreNotFound: there is no store.
        StoreLocked: another process writes to the store.
        StoreError: the store is newer than this version of cetsgraph, or cannot be written to.
    """
    if StoreDirectory(Path(directory)).record(older=True).up_to_date:
        return None
    with LocalStore.migrating(directory) as store:
        before = StoreDirectory(Path(directory)).record(older=True)
        with store.writing() as writing:
            count, failures = _write_again(store, writing, store.location)
        store.compact()  # commits, too, where no data set changed
    return Migration(before.format, before.ontology, count, failures)


def _write_again(store: LocalStore, writing: Writing, location: str) -> tuple[int, tuple[DocumentError, ...]]:
    """Write the data sets that are in the terms of an older ontology in those of now."""
    kept = records(store)
    for record in kept:
        refuse_newer(record.ontology, location)
    older = [record for record in kept if edition(record.ontology) < edition(ONTOLOGY_VERSION)]
    failures = []
    for record in older:
        try:
            write_again(store, writing, record)
        except DocumentError as error:
            failures.append(error)
    return len(older) - len(failures), tuple(failures)


def compact(directory: StrPath) -> tuple[int, int]:
    """Rewrite what changes have scattered; gives the bytes of the newest state before and after.

    The state before stays on the disk, for those who read it, until the next change.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     LocalStore.open(folder, "w").close()
    ...     before, after = compact(folder)

    Raises:
        StoreNotFound: there is no store.
        StoreLocked: another process writes to the store.
    """
    StoreDirectory(Path(directory)).record()
    before = _newest_size(Path(directory))
    with LocalStore.open(directory, "w") as store:
        store.compact()
    return before, _newest_size(Path(directory))


def _newest_size(directory: Path) -> int:
    record = StoreDirectory(directory).any_record()
    if record is None or record.snapshot is None:
        return 0
    return directory_size(directory / "snapshots" / str(record.snapshot))


class _Count:
    def __init__(self) -> None:
        self.number = 0

    def over(self, quads: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
        """The quads as they are, counted on their way."""
        for quad in quads:
            self.number += 1
            yield quad
