"""Changes of one data set in a store: what putting a document would do, and doing it.

A large data set is encoded piece by piece, twice where one is there already: once to see whether anything
would change, and once to write it.
"""

import datetime as dt
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

import pyoxigraph as ox

from cetsgraph.archive.catalogue import Record, published_source, record_quads
from cetsgraph.documents import Document, document_iri, named
from cetsgraph.documents.keeping import form_with_revision, remainder_text
from cetsgraph.errors import DocumentError
from cetsgraph.findings import Finding, Severity
from cetsgraph.graph import decode, encoded, upgraded
from cetsgraph.model import DataSet
from cetsgraph.store import Settings, Store, Writing
from cetsgraph.texts import shown_path
from cetsgraph.versions import ONTOLOGY_VERSION, __version__

__all__ = [
    "Change",
    "EncodedDocument",
    "NamedDocument",
    "PlannedPut",
    "Put",
    "planned",
    "quads_of",
    "write_again",
]

_SOURCES = 200
"""Files of an imported data set that its record names."""

_LARGE = 200_000
"""Triples from which a data set is replaced as a whole: looking for the difference takes 1 kB a triple."""


class Change(StrEnum):
    """What putting a data set did."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Put:
    """A data set that was put into a store, and what that changed."""

    record: Record
    change: Change
    path: str
    """The file that it came from, as it was named."""
    old: Record | None = None
    """The record of the data set that was there before."""
    left_out: tuple[Finding, ...] = ()
    """Warnings of reading about what the data set does not keep of its source."""
    imported: tuple[Finding, ...] = ()
    """What importing said: what was dropped, derived or assumed."""


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """A document with the name of its data set, and the IRI that a store makes of it."""

    document: Document
    name: str
    iri: str
    kept_aside: tuple[Finding, ...] = ()
    """Parts of the document that the model cannot hold."""

    @classmethod
    def of(cls, document: Document, settings: Settings, name: str | None = None) -> "NamedDocument":
        """Name a document: as given, else as its data set is named, else by the stem of its file.

        Raises:
            DocumentError: the name has no letter or digit to make an IRI of.
        """
        name = shown_path(name or named(document))
        iri = document_iri(document, name, base=settings.base, archive=settings.archive)
        return cls(document, name, iri)

    def pieces(self) -> Iterator[bytes]:
        """The data set as N-Quads, in pieces of about a megabyte.

        Raises:
            DocumentError: it holds what RDF cannot.
        """
        return encoded(self.document.dataset, self.iri, self.document.regions)


@dataclass(frozen=True, slots=True)
class EncodedDocument(NamedDocument):
    """One whose triples are made, and go to another process in its place."""

    packed: tuple[bytes, ...] = ()
    """The pieces, each compressed: a tenth of their size."""

    @classmethod
    def of_named(cls, made: NamedDocument) -> Self:
        """The triples of a document, and what its record says.

        Raises:
            DocumentError: it holds what RDF cannot.
        """
        packed = tuple(zlib.compress(piece, 1) for piece in made.pieces())
        document = replace(made.document, dataset=DataSet(name=made.name), regions=(), source=None)
        return cls(document, made.name, made.iri, made.kept_aside, packed)

    def pieces(self) -> Iterator[bytes]:
        return map(zlib.decompress, self.packed)


@dataclass(frozen=True, slots=True)
class PlannedPut:
    """What putting a document into a store would change, before anything is written."""

    document: NamedDocument
    settings: Settings
    old: Record | None
    """The record of the data set that is there already."""
    new: Record | None
    """The record that replaces it; None where nothing is there yet, so that encoding once is enough."""

    @property
    def change(self) -> Change:
        """What it does to the store."""
        if self.old is None:
            return Change.ADDED
        return Change.UNCHANGED if self.new is self.old else Change.REPLACED

    def write(self, writing: Writing) -> Put:
        """Do it."""
        if self.new is None:
            new = self._added(writing)
        else:
            new = self.new
            if self.old is not None and new is not self.old:
                _replace(writing, self.old, new, self.document.pieces())
        return self._put(new)

    def foreseen(self) -> Put:
        """What doing it would give."""
        new = self.new or _record(self.document, self.settings, _Summary.whole(self.document.pieces()))
        return self._put(new)

    def _put(self, record: Record) -> Put:
        document = self.document.document
        left_out = tuple(
            finding
            for finding in document.findings
            if finding.rule == "unknown-field" and finding.severity is Severity.WARNING
        )
        imported = document.findings if document.origin is not None else ()
        return Put(record, self.change, document.path, self.old, left_out, imported)

    def _added(self, writing: Writing) -> Record:
        summary = _Summary()
        waiting = b""
        try:
            for piece in summary.of(self.document.pieces()):
                if waiting:
                    writing.add(waiting)
                waiting = piece
        except DocumentError:
            writing.remove(self.document.iri)  # in memory nothing else takes back what was added
            raise
        record = _record(self.document, self.settings, summary)
        writing.add(waiting + record_quads(record))  # a remote store keeps both together, or neither
        return record


def planned(
    document: NamedDocument, settings: Settings, old: Record | None, *, keep: bool = False
) -> PlannedPut:
    """What putting a document would change where `old` is the record of what is there.

    Raises:
        DocumentError: what is there has another name or, with `keep`, another content; it was made of other
            files and has the name of a folder alone; or the data set holds what RDF cannot.
    """
    if old is None:
        return PlannedPut(document, settings, None, None)
    if old.name != document.name:
        raise DocumentError(
            f"the name {document.name!r} makes the IRI of another data set, {old.name!r}",
            path=document.document.path,
            found=old.dataset,
            hint="Give it another name, in the document or with --as NAME; or remove the other one.",
        )
    new = _record(document, settings, _Summary.whole(document.pieces()))
    if _kept(old) == _kept(new):
        return PlannedPut(document, settings, old, old)
    if keep:
        raise DocumentError(
            f"the store has a data set {old.name!r} already",
            path=document.document.path,
            found=f"{old.triples:,} triples from {old.source}",
            hint="Load it without --keep to replace that one, or with --as NAME beside it.",
        )
    if _is_namesake(document.document, new, old):
        raise DocumentError(
            f"the store has a data set {old.name!r} that was made of other files",
            path=document.document.path,
            found=f"{old.triples:,} triples from {old.source}",
            hint=f"--as NAME loads it beside that one, --as {old.name} in its place.",
        )
    return PlannedPut(document, settings, old, new)


def _kept(record: Record) -> tuple[str | None, ...]:
    """What makes a data set another than one that is there."""
    return record.content, record.dialect, record.form, record.remainder


def _is_namesake(document: Document, new: Record, old: Record) -> bool:
    """Whether only the name of a folder or file makes imported data take the place of what came from
    elsewhere, by its path and by the names of most files."""
    if document.origin is None or document.origin.states_name or new.checksum == old.checksum:
        return False
    shared = len({*new.sources} & {*old.sources})
    return new.source != old.source or 2 * shared < min(len(new.sources), len(old.sources))


class _Summary:
    """What the record says of a data set's quads, taken as they pass."""

    def __init__(self) -> None:
        self.triples = 0
        self._hash = hashlib.sha256()

    @classmethod
    def whole(cls, pieces: Iterable[bytes]) -> Self:
        """The summary of all pieces."""
        summary = cls()
        for _ in summary.of(pieces):
            pass
        return summary

    def of(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces as they are, counted and hashed on their way."""
        for piece in pieces:
            self.triples += piece.count(b"\n")
            self._hash.update(piece)
            yield piece

    @property
    def content(self) -> str:
        """SHA-256 of the quads, in the order of `encoded`, and of the version of the ontology."""
        whole = self._hash.copy()
        whole.update(ONTOLOGY_VERSION.encode())
        return whole.hexdigest()


def _record(named_document: NamedDocument, settings: Settings, summary: _Summary) -> Record:
    document = named_document.document
    origin = document.origin
    return Record(
        dataset=named_document.iri,
        name=named_document.name,
        dialect=document.dialect,
        form=form_with_revision(document),
        remainder=remainder_text(document),
        source=published_source(document.path),
        checksum=document.checksum,
        content=summary.content,
        triples=summary.triples,
        loaded=dt.datetime.now(dt.UTC).replace(microsecond=0),
        archive=settings.archive,
        software=__version__,
        ontology=ONTOLOGY_VERSION,
        importer=None if origin is None else origin.importer,
        retrieved=None if origin is None or origin.retrieved is None else origin.retrieved.isoformat(),
        source_modified=None if origin is None or origin.modified is None else origin.modified.isoformat(),
        sources=() if origin is None else tuple(map(published_source, origin.sources[:_SOURCES])),
    )


def write_again(store: Store, writing: Writing, kept: Record) -> Record:
    """Write a data set in the terms of now, from what the store holds of it in those of an older version.

    Its IRI stays, and what its record says of where it came from.

    >>> from cetsgraph.archive import put
    >>> from cetsgraph.model import DataSet
    >>> from cetsgraph.store import LocalStore
    >>> store = LocalStore.memory()
    >>> kept = put(store, DataSet(name="EMPIAR-12104")).record
    >>> with store.writing() as writing:
    ...     write_again(store, writing, kept).content == kept.content
    True

    Raises:
        DocumentError: its graph is not what the archive wrote, and cannot be read; nothing is changed then.
    """
    dataset = decode(upgraded(store.quads(kept.dataset), kept.ontology), kept.dataset)
    summary = _Summary.whole(encoded(dataset, kept.dataset))
    new = replace(
        kept,
        source=published_source(kept.source),
        content=summary.content,
        triples=summary.triples,
        software=__version__,
        ontology=ONTOLOGY_VERSION,
    )
    _replace(writing, kept, new, encoded(dataset, kept.dataset))
    return new


def _replace(writing: Writing, old: Record, new: Record, pieces: Iterable[bytes]) -> None:
    writing.discard(quads_of(old))  # first: some stores can stop half-way
    if max(old.triples, new.triples) > _LARGE:
        writing.remove(new.dataset)
        for piece in pieces:
            writing.add(piece)
    else:
        writing.replace(new.dataset, b"".join(pieces))
    writing.add(record_quads(new))


def quads_of(kept: Record) -> Iterator[ox.Quad]:
    """The quads of a record in the catalogue."""
    return iter(ox.parse(record_quads(kept), format=ox.RdfFormat.N_QUADS))
