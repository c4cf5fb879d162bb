"""Many files into a store: what can be loaded is, and what cannot is said, file by file."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cetsgraph.archive import datasets
from cetsgraph.documents import Document, files_below, named, read_all
from cetsgraph.errors import DocumentError, InvalidDeposition
from cetsgraph.iris import data_set_iri
from cetsgraph.store import Store

__all__ = ["Loaded", "Loading", "StandardInput"]


@dataclass(frozen=True, slots=True)
class StandardInput:
    """A document that is read from a stream, such as standard input."""

    stream: io.BufferedIOBase

    def __str__(self) -> str:
        return "standard input"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A data set that a file held, and what putting it changed."""

    path: str
    put: datasets.Put


class Loading:
    """Load files and folders into a store; iterate to do it. Afterwards `failures` has what was not loaded.

    Documents are read one at a time, so memory stays flat, while the store takes in the one before.

    Args:
        store: open for writing.
        sources: files, folders, or a `StandardInput`.
        name: what the data set is called; then there can be one only.
        accept: raises InvalidDeposition for a document that is not to be loaded.
    """

    def __init__(
        self,
        store: Store,
        sources: Iterable[Path | StandardInput],
        *,
        name: str | None = None,
        accept: Callable[[Document], None] | None = None,
    ) -> None:
        self.store = store
        self.name = name
        self.accept = accept
        self.failures: list[DocumentError | InvalidDeposition] = []
        self.files = [file for source in sources for file in _files(source)]
        self._paths: dict[str, str] = {}

    def __iter__(self) -> Iterator[Loaded]:
        for put in datasets.put_all(self.store, self._documents()):
            yield Loaded(self._paths[put.record.dataset], put)

    def _documents(self) -> Iterator[tuple[Document, str]]:
        for file in self.files:
            try:
                documents = _read(file)
            except DocumentError as error:
                self.failures.append(error)
                continue
            for document in documents:
                try:
                    if self.accept is not None:
                        self.accept(document)
                    name = self._claim(document)
                except (DocumentError, InvalidDeposition) as error:
                    self.failures.append(error)
                else:
                    yield document, name

    def _claim(self, document: Document) -> str:
        """The name of the data set, which no other file of this run has, of a document that can be loaded."""
        if not document.representable:
            count = len(document.skipped)
            raise DocumentError(
                f"{count} {'part' if count == 1 else 'parts'} of the document cannot be represented",
                path=document.path,
                findings=document.skipped,
                hint="Nothing of it was loaded. Mend it and load it again.",
            )
        name = self.name or named(document)
        try:
            iri = data_set_iri(self.store.settings.base, self.store.settings.archive, name)
        except ValueError as error:
            raise DocumentError(str(error), path=document.path) from error
        if iri in self._paths:
            raise DocumentError(
                f"{self._paths[iri]} is the same data set, of the same name",
                path=document.path,
                found=iri,
                hint="Give the two data sets different names, or load one of them with --as NAME.",
            )
        self._paths[iri] = document.path
        return name


def _files(source: Path | StandardInput) -> Iterator[Path | StandardInput]:
    if isinstance(source, StandardInput):
        yield source
        return
    found = list(files_below(source))
    if not found:
        raise DocumentError("there is no document in this folder", path=source)
    yield from found


def _read(file: Path | StandardInput) -> list[Document]:
    if isinstance(file, StandardInput):
        return read_all(file.stream, path=str(file))
    return read_all(file)
