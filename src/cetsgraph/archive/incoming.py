"""What a load reads: CETS documents, RDF, and what importers make of other files."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import chain
from os import PathLike
from pathlib import Path
from typing import TypeGuard

from cetsgraph.archive.catalogue import Record, published_source, records
from cetsgraph.archive.changes import Change, EncodedDocument, NamedDocument, Put
from cetsgraph.documents import SUFFIXES, Document, Readable, is_rdf, keep_whole, limits, read_all
from cetsgraph.documents.folders import is_cets_by_name
from cetsgraph.errors import DocumentError, ForeignDocument, InvalidDeposition
from cetsgraph.executors import in_order
from cetsgraph.findings import Finding
from cetsgraph.importers import Claim, Options, checksum, claims, read_each, version
from cetsgraph.store import Settings, Store
from cetsgraph.texts import counted
from cetsgraph.versions import ONTOLOGY_VERSION, __version__

__all__ = ["Acceptance", "Failure", "Incoming", "Reading"]

Failure = DocumentError | InvalidDeposition


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Which documents go into a store, and by which name."""

    settings: Settings
    name: str | None
    """What the only data set is called."""
    accept: Callable[[Document], None] | None
    """Raises InvalidDeposition for a document that is not to be loaded."""
    lenient: bool
    """Whether what can be represented of a document is enough."""

    def accepted(self, document: Document) -> NamedDocument:
        """The document with its name.

        Raises:
            DocumentError: parts of it cannot be represented.
            InvalidDeposition: it is not to be loaded.
        """
        if self.accept is not None:
            self.accept(document.whole())
        kept_aside = document.skipped
        if kept_aside and not self.lenient:
            raise DocumentError(
                f"{counted(len(kept_aside), 'part')} of the document cannot be represented",
                path=document.path,
                line=None if document.origin is None else kept_aside[0].line,
                findings=kept_aside,
                hint="Nothing of it was loaded. Mend it and load it again, or use --lenient.",
            )
        if kept_aside and document.origin is None:
            document = keep_whole(document)
        return replace(NamedDocument.of(document, self.settings, self.name), kept_aside=kept_aside)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the documents of a load are read. It and what it reads can go to another process."""

    acceptance: Acceptance
    importer: str | None
    """The only importer that is asked, and no reader of CETS; each file is recognised if not given."""
    options: Options
    named: frozenset[Path]
    """Files that were named, and not met in a folder."""

    def of(self, source: Readable | Claim) -> Iterator[NamedDocument | Failure | Path]:
        """Data sets of a file or a claim, and why others are missing; else the file, if nothing reads it."""
        try:
            for one in self._documents(source):
                yield one if isinstance(one, DocumentError) else self._accepted(one)
        except DocumentError as error:
            yield source if isinstance(error, ForeignDocument) and self._is_other(source) else error

    def encoded(self, source: Readable | Claim) -> list[NamedDocument | Failure | Path]:
        """The same, as triples that can go to another process."""
        return [_encoded(one) if isinstance(one, NamedDocument) else one for one in self.of(source)]

    def made_of(self, claim: Claim) -> tuple[str | None, ...]:
        """What decides which data set a claim gives."""
        return checksum(claim), version(claim, self.options), published_source(claim.path)

    def _documents(self, source: Readable | Claim) -> Iterable[Document | DocumentError]:
        if isinstance(source, Claim):
            return map(self._named, read_each(source, self.options, lenient=self.acceptance.lenient))
        if not isinstance(source, Path):
            return read_all(source, path="standard input")
        is_document = source.name.casefold().endswith(SUFFIXES) or source.is_dir()
        if self.importer is not None or (self._is_other(source) and not is_document):
            raise ForeignDocument("no importer knows this file", path=source)
        return read_all(source)

    def _named(self, one: Document | DocumentError) -> Document | DocumentError:
        name = self.acceptance.name
        if not isinstance(one, Document) or one.origin is None or name is None:
            return one
        one.dataset.name = name
        return replace(one, origin=replace(one.origin, states_name=True))

    def _accepted(self, document: Document) -> NamedDocument | Failure:
        try:
            return self.acceptance.accepted(document)
        except (DocumentError, InvalidDeposition) as error:
            return error

    def _is_other(self, source: Readable | Claim) -> TypeGuard[Path]:
        """Whether a file was met in a folder and does not call itself CETS."""
        return isinstance(source, Path) and source not in self.named and not is_cets_by_name(source)


class Incoming:
    """The documents of a load, one at a time, and why other files give none.

    Args:
        reading: how they are read.
        store: where they go: what was imported to it already, and has not changed, is not read again.
        executor: what reads them; this process if not given.
    """

    def __init__(self, reading: Reading, store: Store, executor: Executor | None) -> None:
        self.failures: list[Failure] = []
        self.foreign: list[Path] = []
        """Files of folders that nothing reads."""
        self.unchanged: list[Put] = []
        """Imported data sets that were not read again, since nothing they are made of has changed."""
        self.kept_aside: list[Finding] = []
        """Parts that the model cannot hold, of documents that were accepted all the same."""
        self._reading, self._store, self._executor = reading, store, executor
        self._paths: dict[str, str] = {}

    def documents(
        self, files: Sequence[Readable], progress: Callable[[int, int], None] | None
    ) -> Iterator[NamedDocument]:
        """CETS documents in the order of their files, then what importers make of theirs.

        `progress` is called after each with how many are read, of how many.
        """
        reading = self._reading
        foreign = filter(_may_be_foreign, files)
        found = claims(foreign, importer=reading.importer, named=reading.named, options=reading.options)
        found.check_name(reading.acceptance.name)
        self.failures += found.refused
        claimed = found.files
        rest = [file for file in files if file not in claimed]
        total = len(rest) + len(found.claims)
        changed = chain(rest, self._changed(found.claims))
        for number, results in enumerate(self._results(changed), start=1):
            for one in results:
                yield from self._taken(one)
            if progress is not None:
                progress(number + len(self.unchanged), total)

    def _results(
        self, sources: Iterable[Readable | Claim]
    ) -> Iterator[Iterable[NamedDocument | Failure | Path]]:
        if self._executor is None:
            return map(self._reading.of, sources)
        return in_order(self._executor, self._reading.encoded, map(_as_bytes, sources))

    def _changed(self, found: Iterable[Claim]) -> Iterator[Claim]:
        """Claims that do not give what the store has already."""
        known = _as_they_are(self._store) if found else {}
        for claim in found:
            try:
                kept = known.get(self._reading.made_of(claim)) if known else None
                if kept is None or self._reading.acceptance.name not in (None, kept.name):
                    yield claim
                    continue
                self._only(kept.dataset, claim.path)
            except DocumentError as error:
                self.failures.append(error)
            else:
                self.unchanged.append(Put(kept, Change.UNCHANGED, claim.path, kept))

    def _taken(self, one: NamedDocument | Failure | Path) -> Iterator[NamedDocument]:
        if isinstance(one, Path):
            self.foreign.append(one)
        elif not isinstance(one, NamedDocument):
            self.failures.append(one)
        else:
            try:
                self._only(one.iri, one.document.path)
            except DocumentError as error:
                self.failures.append(error)
            else:
                self.kept_aside += one.kept_aside
                yield one

    def _only(self, iri: str, path: str) -> None:
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


def _as_they_are(store: Store) -> dict[tuple[str | None, ...], Record]:
    """The imported data sets that this program would write as they are, by what they were made of."""
    return {
        (kept.checksum, kept.importer, kept.source): kept
        for kept in records(store)
        if kept.importer and (kept.software, kept.ontology) == (__version__, ONTOLOGY_VERSION)
    }


def _encoded(document: NamedDocument) -> NamedDocument | DocumentError:
    try:
        return EncodedDocument.of_named(document)
    except DocumentError as error:
        return error


def _as_bytes(source: Readable | Claim) -> Readable | Claim:
    """A stream as what it holds, which can go to another process."""
    if isinstance(source, Claim | Path | str | bytes | PathLike):
        return source
    return source.read(limits.max_bytes() + 1)


def _may_be_foreign(file: Readable) -> TypeGuard[Path]:
    """Whether importers are asked: RDF, what calls itself CETS and array stores are known by their names."""
    return isinstance(file, Path) and not (is_rdf(file) or is_cets_by_name(file) or os.path.isdir(file))
