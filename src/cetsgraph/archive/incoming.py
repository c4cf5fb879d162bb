"""What a load reads: CETS documents, RDF, and what importers make of other files."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from cetsgraph.archive.catalogue import Record, published_source, records
from cetsgraph.archive.changes import Change, NamedDocument, Put
from cetsgraph.documents import SUFFIXES, Document, Readable, is_rdf, keep_whole, read_all
from cetsgraph.documents.folders import is_cets_by_name
from cetsgraph.errors import DocumentError, ForeignDocument, InvalidDeposition
from cetsgraph.findings import Finding
from cetsgraph.importers import Claim, Options, checksum, claims, read_each, version
from cetsgraph.store import Settings, Store
from cetsgraph.versions import ONTOLOGY_VERSION, __version__

__all__ = ["Acceptance", "Failure", "Importing", "Incoming"]

Failure = DocumentError | InvalidDeposition


class Acceptance:
    """Which documents go into a store, and by which name.

    Args:
        settings: of the store.
        name: what the only data set is called.
        accept: raises InvalidDeposition for a document that is not to be loaded.
        lenient: whether what can be represented of a document is enough.
    """

    def __init__(
        self, settings: Settings, name: str | None, accept: Callable[[Document], None] | None, lenient: bool
    ) -> None:
        self.name = name
        self.kept_aside: list[Finding] = []
        """Parts that the model cannot hold, of documents that are accepted all the same."""
        self._settings = settings
        self._accept = accept
        self.lenient = lenient
        self._paths: dict[str, str] = {}

    def accepted(self, document: Document) -> NamedDocument:
        """The document with a name that no other file of this load has.

        Raises:
            DocumentError: parts of it cannot be represented, or another file is the same data set.
            InvalidDeposition: it is not to be loaded.
        """
        if self._accept is not None:
            self._accept(document.whole())
        if not document.representable and self.lenient:
            self.kept_aside += document.skipped
            document = document if document.origin is not None else keep_whole(document)
        elif not document.representable:
            count = len(document.skipped)
            raise DocumentError(
                f"{count} {'part' if count == 1 else 'parts'} of the document cannot be represented",
                path=document.path,
                line=None if document.origin is None else document.skipped[0].line,
                findings=document.skipped,
                hint="Nothing of it was loaded. Mend it and load it again, or use --lenient.",
            )
        named = NamedDocument.of(document, self._settings, self.name)
        self.only(named.iri, document.path)
        return named

    def only(self, iri: str, path: str) -> None:
        """Note where a data set comes from.

        Raises:
            DocumentError: another file of this load is the same data set.
        """
        if iri in self._paths:
            raise DocumentError(
                f"{self._paths[iri]} is the same data set, of the same name",
                path=path,
                found=iri,
                hint="Give the two data sets different names, or load one of them with --as NAME.",
            )
        self._paths[iri] = path


@dataclass(frozen=True, slots=True)
class Importing:
    """How files are imported, and what the store has of them already."""

    importer: str | None
    """The only importer that is asked, and no reader of CETS; each file is recognised if not given."""
    options: Options
    store: Store

    def as_they_are(self) -> dict[tuple[str | None, ...], Record]:
        """The imported data sets that this program would write as they are, by what they were made of."""
        return {
            (kept.checksum, kept.importer, kept.source): kept
            for kept in records(self.store)
            if kept.importer and (kept.software, kept.ontology) == (__version__, ONTOLOGY_VERSION)
        }

    def made_of(self, claim: Claim) -> tuple[str | None, ...]:
        """What decides which data set a claim gives."""
        return checksum(claim), version(claim, self.options), published_source(claim.path)


class Incoming:
    """The documents of a load, one at a time, and why other files give none."""

    def __init__(self, acceptance: Acceptance, importing: Importing, named: Collection[Path]) -> None:
        self.failures: list[Failure] = []
        self.foreign: list[Path] = []
        """Files of folders that nobody knows."""
        self.unchanged: list[Put] = []
        """Imported data sets that were not read again, since nothing they are made of has changed."""
        self._acceptance = acceptance
        self._importing = importing
        self._named = named

    def documents(
        self, files: Sequence[Readable], progress: Callable[[int, int], None] | None
    ) -> Iterator[NamedDocument]:
        """CETS documents in the order of their files, then what importers make of theirs.

        `progress` is called after each with how many are read, of how many.
        """
        found = claims(filter(_may_be_foreign, files), importer=self._importing.importer)
        self.failures += found.refused
        claimed = {path for claim in found.claims for path in claim.files}
        claimed.update(Path(error.path) for error in found.refused)
        rest = [file for file in files if file not in claimed]
        total = len(rest) + len(found.claims)
        for number, file in enumerate(rest, start=1):
            yield from self._read(file)
            if progress is not None:
                progress(number, total)
        known = self._importing.as_they_are() if found.claims else {}
        for number, claim in enumerate(found.claims, start=len(rest) + 1):
            yield from self._imported(claim, known)
            if progress is not None:
                progress(number, total)

    def _read(self, file: Readable) -> Iterator[NamedDocument]:
        """The documents of a file that no importer claims."""
        try:
            documents = self._documents(file)
        except DocumentError as error:
            if isinstance(error, ForeignDocument) and self._is_other(file):
                self.foreign.append(file)
            else:
                self.failures.append(error)
            return
        for document in documents:
            yield from self._accepted(document)

    def _documents(self, file: Readable) -> list[Document]:
        if not isinstance(file, Path):
            return read_all(file, path="standard input")
        may_be_cets = file.name.casefold().endswith(SUFFIXES) or file.is_dir() or not self._is_other(file)
        if self._importing.importer is not None or not may_be_cets:
            raise ForeignDocument("no importer knows this file", path=file)
        return read_all(file)

    def _is_other(self, file: Readable) -> TypeGuard[Path]:
        """Whether a file was met in a folder and does not call itself CETS."""
        return isinstance(file, Path) and file not in self._named and not is_cets_by_name(file)

    def _accepted(self, document: Document) -> Iterator[NamedDocument]:
        try:
            named = self._acceptance.accepted(document)
        except (DocumentError, InvalidDeposition) as error:
            self.failures.append(error)
        else:
            yield named

    def _imported(
        self, claim: Claim, known: Mapping[tuple[str | None, ...], Record]
    ) -> Iterator[NamedDocument]:
        try:
            kept = known.get(self._importing.made_of(claim)) if known else None
            if kept is not None and self._acceptance.name in (None, kept.name):
                self._acceptance.only(kept.dataset, claim.path)
                self.unchanged.append(Put(kept, Change.UNCHANGED, claim.path, kept))
                return
        except DocumentError as error:
            self.failures.append(error)
            return
        for one in read_each(claim, self._importing.options, lenient=self._acceptance.lenient):
            if isinstance(one, DocumentError):
                self.failures.append(one)
            else:
                one.dataset.name = self._acceptance.name or one.dataset.name
                yield from self._accepted(one)


def _may_be_foreign(file: Readable) -> TypeGuard[Path]:
    """Whether importers are asked: RDF, what calls itself CETS and array stores are known by their names."""
    return isinstance(file, Path) and not (is_rdf(file) or is_cets_by_name(file) or file.is_dir())
