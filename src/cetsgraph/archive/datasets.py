"""Data sets in a store: put, get and remove them, each whole or not at all.

A data set is one named graph, whose name is its IRI. It goes into the store together with its record in the
catalogue; a graph without a record is not listed.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import pyoxigraph as ox

from cetsgraph.archive.catalogue import Record, record, record_quads, records
from cetsgraph.documents import Document, document_iri, named
from cetsgraph.documents.keeping import as_it_came, form_with_revision, remainder_text
from cetsgraph.errors import shown_path
from cetsgraph.graph import decode, encode, upgraded
from cetsgraph.model import DataSet
from cetsgraph.store import Settings, Store, Writing
from cetsgraph.versions import ONTOLOGY_VERSION, __version__

__all__ = [
    "COMMIT_AFTER",
    "Change",
    "NamedDocument",
    "Put",
    "get",
    "put",
    "put_all",
    "put_named",
    "remove",
    "write_again",
]

COMMIT_AFTER = 1_000_000
"""Triples after which a load of many data sets is committed: what is lost at most when it is killed."""


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


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """A document with the name of its data set, and the IRI that a store makes of it."""

    document: Document
    name: str
    iri: str

    @classmethod
    def of(cls, document: Document, settings: Settings, name: str | None = None) -> "NamedDocument":
        """Name a document: as given, else as its data set is named, else by the stem of its file.

        Raises:
            DocumentError: the name has no letter or digit to make an IRI of.
        """
        name = shown_path(name or named(document))
        iri = document_iri(document, name, base=settings.base, archive=settings.archive)
        return cls(document, name, iri)


def put(store: Store, document: Document | DataSet, *, name: str | None = None) -> Put:
    """Put one data set into a store.

    >>> from cetsgraph.store import LocalStore
    >>> done = put(LocalStore.memory(), DataSet(name="EMPIAR-12104"))
    >>> str(done.change), done.record.dataset
    ('added', 'https://w3id.org/cetsgraph/data/local/EMPIAR-12104')

    Args:
        store: open for writing.
        document: what to put.
        name: what its IRI is made of; the data set's name, or the stem of its file, if not given.

    Raises:
        DocumentError: as `put_all` says.
        StoreError: as `put_all` says.
    """
    (done,) = put_all(store, [document if name is None else (document, name)])
    return done


def put_all(
    store: Store,
    documents: Iterable[Document | DataSet | tuple[Document | DataSet, str]],
    *,
    committed: Callable[[Put], None] | None = None,
) -> list[Put]:
    """Put data sets into a store, one after the other, and return what each changed.

    A data set that is there already is replaced whole; it stays as it is if nothing would change. Documents
    are taken one at a time, so that memory stays flat however many there are. After an error or a kill each
    data set is as it was, or as it should be.

    >>> from cetsgraph.store import LocalStore
    >>> store = LocalStore.memory()
    >>> done = put_all(store, (DataSet(name=name) for name in ("TS_01", "TS_02")))
    >>> [(put.record.name, str(put.change)) for put in done]
    [('TS_01', 'added'), ('TS_02', 'added')]

    Args:
        store: open for writing.
        documents: each a document or data set, or a pair of one with the name that its IRI is made of;
            otherwise that is the data set's name, or the stem of its file.
        committed: called for each data set once the store keeps it, whatever happens afterwards.

    Raises:
        DocumentError: a data set has no name to make an IRI of, or holds what RDF cannot.
        StoreError: the store cannot be written to.
    """
    pairs = (item if isinstance(item, tuple) else (item, None) for item in documents)
    named_documents = (
        NamedDocument.of(_as_document(document), store.settings, name) for document, name in pairs
    )
    return put_named(store, named_documents, committed=committed)


def put_named(
    store: Store, documents: Iterable[NamedDocument], *, committed: Callable[[Put], None] | None = None
) -> list[Put]:
    """Put data sets that have their names; see `put_all`."""
    known = {kept.dataset: kept for kept in records(store)}
    interrupted = set(store.graphs()) - known.keys()
    done: list[Put] = []
    waiting: list[Put] = []

    def keep() -> None:
        done.extend(waiting)
        if committed is not None:
            for put in waiting:
                committed(put)
        waiting.clear()

    with store.writing() as writing:
        triples = 0
        for document in documents:
            if document.iri in interrupted:
                interrupted.remove(document.iri)
                writing.remove(document.iri)
            put = _put(writing, document, store.settings, known.get(document.iri))
            known[document.iri] = put.record
            waiting.append(put)
            triples += put.record.triples
            if triples >= COMMIT_AFTER:
                writing.commit()
                keep()
                triples = 0
    keep()
    return done


def _put(writing: Writing, named_document: NamedDocument, settings: Settings, old: Record | None) -> Put:
    new, quads = _encoded(named_document, settings)
    path = named_document.document.path
    if old is None:
        writing.add(quads + record_quads(new))
        return Put(new, Change.ADDED, path)
    if (old.content, old.dialect, old.form, old.remainder) == (
        new.content,
        new.dialect,
        new.form,
        new.remainder,
    ):
        return Put(old, Change.UNCHANGED, path)
    _replace(writing, old, new, quads)
    return Put(new, Change.REPLACED, path)


def _encoded(named_document: NamedDocument, settings: Settings) -> tuple[Record, bytes]:
    document = named_document.document
    quads = encode(document.dataset, named_document.iri)
    record = Record(
        dataset=named_document.iri,
        name=named_document.name,
        dialect=document.dialect,
        form=form_with_revision(document),
        remainder=remainder_text(document),
        source=shown_path(document.path),
        checksum=document.checksum,
        content=_content_checksum(quads),
        triples=quads.count(b"\n"),
        loaded=dt.datetime.now(dt.UTC).replace(microsecond=0),
        archive=settings.archive,
        software=__version__,
        ontology=ONTOLOGY_VERSION,
    )
    return record, quads


def get(store: Store, dataset: str) -> Document:
    """The document of a data set, as it was put in. `dataset` is its name or IRI.

    >>> from cetsgraph.store import LocalStore
    >>> store = LocalStore.memory()
    >>> done = put(store, DataSet(name="EMPIAR-12104"))
    >>> get(store, "EMPIAR-12104").dataset
    DataSet(name='EMPIAR-12104')

    Raises:
        DataSetNotFound: the store has no such data set.
    """
    kept = record(store, dataset)
    return Document(
        dataset=decode(store.quads(kept.dataset), kept.dataset),
        dialect=kept.dialect,
        path=kept.source,
        checksum=kept.checksum,
        **as_it_came(kept.dialect, kept.form, kept.remainder),
    )


def remove(store: Store, dataset: str) -> Record:
    """Take a data set and its record out of the store. `dataset` is its name or IRI.

    >>> from cetsgraph.store import LocalStore
    >>> store = LocalStore.memory()
    >>> done = put(store, DataSet(name="EMPIAR-12104"))
    >>> remove(store, "EMPIAR-12104") == done.record, records(store)
    (True, <0 data sets: >)

    Raises:
        DataSetNotFound: the store has no such data set.
    """
    kept = record(store, dataset)
    with store.writing() as writing:
        writing.discard(_quads_of(record_quads(kept)))
        writing.remove(kept.dataset)
    return kept


def write_again(store: Store, writing: Writing, kept: Record) -> Record:
    """Write a data set in the terms of now, from what the store holds of it in those of an older version.

    Its IRI stays, and what its record says of where it came from.

    >>> from cetsgraph.store import LocalStore
    >>> store = LocalStore.memory()
    >>> kept = put(store, DataSet(name="EMPIAR-12104")).record
    >>> with store.writing() as writing:
    ...     write_again(store, writing, kept).content == kept.content
    True

    Raises:
        DocumentError: its graph is not what the archive wrote, and cannot be read; nothing is changed then.
    """
    quads = encode(decode(upgraded(store.quads(kept.dataset), kept.ontology), kept.dataset), kept.dataset)
    new = replace(
        kept,
        content=_content_checksum(quads),
        triples=quads.count(b"\n"),
        software=__version__,
        ontology=ONTOLOGY_VERSION,
    )
    _replace(writing, kept, new, quads)
    return new


def _replace(writing: Writing, old: Record, new: Record, quads: bytes) -> None:
    writing.discard(_quads_of(record_quads(old)))  # first: some stores can stop half-way
    writing.replace(new.dataset, quads)
    writing.add(record_quads(new))


def _as_document(document: Document | DataSet) -> Document:
    if isinstance(document, Document):
        return document
    return Document(dataset=document, dialect="cetsgraph", form="DataSet")


def _content_checksum(quads: bytes) -> str:
    lines = sorted(quads.splitlines(keepends=True))
    return hashlib.sha256(b"".join((*lines, ONTOLOGY_VERSION.encode()))).hexdigest()


def _quads_of(nquads: bytes) -> Iterator[ox.Quad]:
    return iter(ox.parse(nquads, format=ox.RdfFormat.N_QUADS))
