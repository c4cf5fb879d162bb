"""Many files into a store: what can be loaded is, and for each file that cannot the result has the reason."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from cetsgraph.archive.changes import Put
from cetsgraph.archive.datasets import foreseen, put_named
from cetsgraph.documents import Document, Readable, files_below
from cetsgraph.documents.file_sets import main_document, main_is_there
from cetsgraph.documents.folders import given_path, no_document
from cetsgraph.errors import DocumentError, InvalidDeposition, StrPath
from cetsgraph.findings import Finding
from cetsgraph.store import Store, open_store

if TYPE_CHECKING:
    from cetsgraph.importers import Options

__all__ = ["Loading", "load"]


@dataclass(frozen=True, slots=True)
class Loading:
    """What a load did: the data sets that are in the store now, and why other documents are not."""

    data_sets: tuple[Put, ...]
    failures: tuple[DocumentError | InvalidDeposition, ...]
    kept_aside: tuple[Finding, ...] = ()
    """Parts that the model cannot hold, of documents that were loaded all the same."""
    passed_over: tuple[Path, ...] = ()
    """Files of the folders that are no CETS documents, and that no importer knows."""

    @property
    def exit_code(self) -> int:
        """The exit status of a command that loads: 0 if everything was loaded."""
        return max((failure.exit_code for failure in self.failures), default=0)

    def __repr__(self) -> str:
        changes = Counter(str(put.change) for put in self.data_sets)
        done = ", ".join(f"{count} {change}" for change, count in changes.items()) or "nothing changed"
        failed = f", {len(self.failures)} not loaded" if self.failures else ""
        return f"<Loading: {done}{failed}>"

    def raise_for_failures(self) -> None:
        """Raise the first failure, if there is one."""
        if self.failures:
            raise self.failures[0]


def load(
    store: Store | StrPath,
    *sources: Readable,
    name: str | None = None,
    lenient: bool = False,
    accept: Callable[[Document], None] | None = None,
    committed: Callable[[Put], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
    keep: bool = False,
    dry_run: bool = False,
    importer: str | None = None,
    options: "Options | None" = None,
    executor: Executor | None = None,
) -> Loading:
    """Load files, folders and streams into a store: CETS documents, RDF, and what importers know.

    Documents are read one at a time, while the store takes in the one before, so memory stays flat.

    >>> from io import BytesIO
    >>> from cetsgraph.store import LocalStore
    >>> document = BytesIO(b'{"regions": [{"id": "TS_01", "tilt_series": []}]}')
    >>> done = load(LocalStore.memory(), document, name="EMPIAR-12104")
    >>> [put.record.name for put in done.data_sets], done.failures
    (['EMPIAR-12104'], ())

    Args:
        store: a store that is open for writing, or where one is or shall be: a directory or URL.
        sources: files, folders, and bytes or binary streams, which need a `name`.
        name: what the data set is called; then there can be one only.
        lenient: load what can be represented; the rest is kept beside the record, and goes back to the same
            dialect.
        accept: raises InvalidDeposition for a document that is not to be loaded.
        committed: called for each data set once the store keeps it.
        progress: called after each file with how many were read, and how many there are.
        keep: whether a document is refused that would replace a data set, instead of replacing it.
        dry_run: only say what would be done; a store that is open for reading will do.
        importer: name of the only importer that is asked, and no reader of CETS; each file is recognised if
            not given.
        options: what importers are to know that no file states.
        executor: what reads the files, such as `cetsgraph.executors.processes()`; this process if not given.
            An `accept` goes there, too.

    Raises:
        DocumentError: a folder holds no document.
        SeveralDataSets: a name is given, and the files of programs are several data sets.
        StoreError: the store cannot be opened or written to.
    """
    from cetsgraph.archive.incoming import Acceptance, Incoming, Reading  # with importers, for loads only
    from cetsgraph.importers import Options

    files = list(dict.fromkeys(file for source in sources for file in _files(source)))
    named = frozenset(Path(source) for source in sources if isinstance(source, str | PathLike))
    with _opened(store, dry_run) as opened:
        acceptance = Acceptance(opened.settings, name, accept, lenient)
        incoming = Incoming(Reading(acceptance, importer, options or Options(), named), opened, executor)
        documents = incoming.documents(files, progress)
        refused = incoming.failures.append
        if dry_run:
            data_sets = foreseen(opened, documents, refused=refused, keep=keep)
        else:
            data_sets = put_named(opened, documents, committed=committed, refused=refused, keep=keep)
    if committed is not None:
        for put in incoming.unchanged:
            committed(put)
    data_sets += incoming.unchanged
    if sources and not (data_sets or incoming.failures):
        folder = next((source for source in sources if isinstance(source, str | PathLike)), "folder")
        raise no_document(folder, len(incoming.foreign))
    return Loading(
        tuple(data_sets), tuple(incoming.failures), tuple(incoming.kept_aside), tuple(incoming.foreign)
    )


def _opened(store: Store | StrPath, dry_run: bool) -> AbstractContextManager[Store]:
    return nullcontext(store) if isinstance(store, Store) else open_store(store, "r" if dry_run else "w")


def _files(source: Readable) -> Iterator[Readable]:
    """The files of a source, those last that by their names are no documents."""
    if not isinstance(source, str | PathLike):
        if not isinstance(source, bytes) and not hasattr(source, "read"):
            raise TypeError(f"give paths, bytes or binary streams, one by one, not a {type(source).__name__}")
        yield source
        return
    others: list[Path] = []
    below = files_below(given_path(source), others.append)
    found = [main_document(file) if main_is_there(file) else file for file in below]
    if not (found or others):
        raise no_document(source, 0)
    yield from found
    yield from others
