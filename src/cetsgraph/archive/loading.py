"""Many files into a store: what can be loaded is, and for each file that cannot the result has the reason."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TypeGuard

from cetsgraph.archive.changes import NamedDocument, Put
from cetsgraph.archive.datasets import foreseen, put_named
from cetsgraph.documents import Document, Readable, files_below, keep_whole, read_all
from cetsgraph.documents.file_sets import main_document, main_is_there
from cetsgraph.documents.folders import PassedOver, is_cets_by_name
from cetsgraph.errors import DocumentError, ForeignDocument, InvalidDeposition, StrPath
from cetsgraph.findings import Finding
from cetsgraph.store import Settings, Store, open_store

__all__ = ["Loading", "load"]

Failure = DocumentError | InvalidDeposition


@dataclass(frozen=True, slots=True)
class Loading:
    """What a load did: the data sets that are in the store now, and why other documents are not."""

    data_sets: tuple[Put, ...]
    failures: tuple[Failure, ...]
    kept_aside: tuple[Finding, ...] = ()
    """Parts that the model cannot hold, of documents that were loaded all the same."""
    passed_over: tuple[Path, ...] = ()
    """Files of the folders that are no CETS documents."""

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
) -> Loading:
    """Load files, folders and streams into a store.

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

    Raises:
        DocumentError: a folder holds no document.
        StoreError: the store cannot be opened or written to.
    """
    passed_over: list[Path] = []
    files = list(dict.fromkeys(file for source in sources for file in _files(source, passed_over.append)))
    named = {Path(source) for source in sources if isinstance(source, str | PathLike)}
    with _opened(store, dry_run) as opened:
        loader = _Loader(opened.settings, name, accept, lenient, named)
        documents = loader.documents(files, progress)
        refused = loader.failures.append
        if dry_run:
            data_sets = foreseen(opened, documents, refused=refused, keep=keep)
        else:
            data_sets = put_named(opened, documents, committed=committed, refused=refused, keep=keep)
    others = (*loader.foreign, *passed_over)
    if files and not (data_sets or loader.failures):
        raise _no_document(sources, others)
    return Loading(tuple(data_sets), tuple(loader.failures), tuple(loader.kept_aside), others)


class _Loader:
    def __init__(
        self,
        settings: Settings,
        name: str | None,
        accept: Callable[[Document], None] | None,
        lenient: bool,
        named: Collection[Path],
    ) -> None:
        self.settings = settings
        self.name = name
        self.accept = accept
        self.lenient = lenient
        self.named = named
        self.foreign: list[Path] = []
        self.failures: list[Failure] = []
        self.kept_aside: list[Finding] = []
        self._paths: dict[str, str] = {}

    def documents(
        self, files: list[Readable], progress: Callable[[int, int], None] | None
    ) -> Iterator[NamedDocument]:
        """The documents of files in order; `progress` is called after each file with how many are read."""
        for number, file in enumerate(files, start=1):
            yield from self._documents_of(file)
            if progress is not None:
                progress(number, len(files))

    def _documents_of(self, file: Readable) -> Iterator[NamedDocument]:
        try:
            documents = _read(file)
        except DocumentError as error:
            if isinstance(error, ForeignDocument) and self._is_other(file):
                self.foreign.append(file)
            else:
                self.failures.append(error)
            return
        for document in documents:
            try:
                named = self._accepted(document)
            except (DocumentError, InvalidDeposition) as error:
                self.failures.append(error)
            else:
                yield named

    def _is_other(self, file: Readable) -> TypeGuard[Path]:
        """Whether a file was met in a folder and does not call itself CETS."""
        return isinstance(file, Path) and file not in self.named and not is_cets_by_name(file)

    def _accepted(self, document: Document) -> NamedDocument:
        """The document with a name that no other file of this load has."""
        if self.accept is not None:
            self.accept(document)
        if not document.representable and self.lenient:
            self.kept_aside += document.skipped
            document = keep_whole(document)
        elif not document.representable:
            count = len(document.skipped)
            raise DocumentError(
                f"{count} {'part' if count == 1 else 'parts'} of the document cannot be represented",
                path=document.path,
                findings=document.skipped,
                hint="Nothing of it was loaded. Mend it and load it again, or use --lenient.",
            )
        named = NamedDocument.of(document, self.settings, self.name)
        if named.iri in self._paths:
            raise DocumentError(
                f"{self._paths[named.iri]} is the same data set, of the same name",
                path=document.path,
                found=named.iri,
                hint="Give the two data sets different names, or load one of them with --as NAME.",
            )
        self._paths[named.iri] = document.path
        return named


def _opened(store: Store | StrPath, dry_run: bool) -> AbstractContextManager[Store]:
    return nullcontext(store) if isinstance(store, Store) else open_store(store, "r" if dry_run else "w")


def _files(source: Readable, passed_over: PassedOver) -> Iterator[Readable]:
    if not isinstance(source, str | PathLike):
        yield source
        return
    others: list[Path] = []
    below = files_below(Path(source), others.append)
    found = [main_document(file) if main_is_there(file) else file for file in below]
    if not found:
        raise _no_document([source], others)
    for other in others:
        passed_over(other)
    yield from found


def _no_document(sources: Sequence[Readable], others: Sequence[Path]) -> DocumentError:
    folder = next((source for source in sources if isinstance(source, str | PathLike)), "folder")
    found = f"{len(others)} other files" if len(others) > 1 else None
    return DocumentError("there is no document in this folder", path=folder, found=found)


def _read(file: Readable) -> list[Document]:
    return read_all(file) if isinstance(file, Path) else read_all(file, path="standard input")
