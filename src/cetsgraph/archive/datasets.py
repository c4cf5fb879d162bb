"""Data sets in a store: put, get and remove them, each whole or not at all.

A data set is one named graph, whose name is its IRI. It goes into the store together with its record in the
catalogue; a graph without a record is not listed. With the first data set goes the CETS ontology, in a graph.
"""

from collections.abc import Callable, Iterable

from cetsgraph.archive.catalogue import Record, record, records
from cetsgraph.archive.changes import Change, NamedDocument, PlannedPut, Put, planned, quads_of
from cetsgraph.documents import Document
from cetsgraph.documents.keeping import as_it_came
from cetsgraph.errors import DocumentError
from cetsgraph.graph import decode
from cetsgraph.model import DataSet
from cetsgraph.namespaces import ONTOLOGY
from cetsgraph.ontologies.own import has_own, own_quads
from cetsgraph.store import Store, Writing

__all__ = [
    "COMMIT_AFTER",
    "foreseen",
    "get",
    "put",
    "put_all",
    "put_named",
    "remove",
]

COMMIT_AFTER = 1_000_000
"""Triples after which a load of many data sets is committed: what is lost at most when it is killed."""


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
        committed: called for each data set once the store keeps it for good.

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
    store: Store,
    documents: Iterable[NamedDocument],
    *,
    committed: Callable[[Put], None] | None = None,
    refused: Callable[[DocumentError], None] | None = None,
    keep: bool = False,
) -> list[Put]:
    """Put data sets that have their names; see `put_all`.

    Args:
        store: open for writing.
        documents: what to put.
        committed: called for each data set once the store keeps it.
        refused: called with the reason for each document that cannot take the place it asks for; such an
            error is raised if not given.
        keep: whether to refuse what would replace a data set, instead of replacing it.
    """
    putting = _Putting(store, committed)
    with store.writing() as writing:
        for document in documents:
            try:
                change = putting.planned(document, keep=keep)
            except DocumentError as error:
                if refused is None:
                    raise
                refused(error)
            else:
                putting.write(change, writing)
    putting.confirm()
    return putting.done


class _Putting:
    """Data sets on their way into a store: what it has, what is kept of them, and what waits for that."""

    def __init__(self, store: Store, committed: Callable[[Put], None] | None) -> None:
        self.done: list[Put] = []
        self._settings = store.settings
        self._committed = committed
        self._known = {kept.dataset: kept for kept in records(store)}
        self._interrupted = set(store.graphs()) - self._known.keys()
        self._has_ontology = has_own(store)
        self._waiting: list[Put] = []
        self._triples = 0  # of those that wait

    def planned(self, document: NamedDocument, *, keep: bool) -> PlannedPut:
        return planned(document, self._settings, self._known.get(document.iri), keep=keep)

    def write(self, change: PlannedPut, writing: Writing) -> None:
        """Write a data set, and commit where much waits for it."""
        iri = change.document.iri
        if iri in self._interrupted:  # the rest of a load that was killed
            self._interrupted.remove(iri)
            writing.remove(iri)
        put = change.write(writing)
        if not self._has_ontology and put.change is not Change.UNCHANGED:
            writing.replace(ONTOLOGY, own_quads())
            self._has_ontology = True
        self._known[iri] = put.record
        self._waiting.append(put)
        self._triples += put.record.triples
        if self._triples >= COMMIT_AFTER:
            writing.commit()
            self.confirm()

    def confirm(self) -> None:
        """Say what the store keeps now."""
        self.done += self._waiting
        if self._committed is not None:
            for put in self._waiting:
                self._committed(put)
        self._waiting.clear()
        self._triples = 0


def foreseen(
    store: Store,
    documents: Iterable[NamedDocument],
    *,
    refused: Callable[[DocumentError], None],
    keep: bool = False,
) -> list[Put]:
    """What `put_named` would do, which nothing is done of."""
    known = {kept.dataset: kept for kept in records(store)}
    done: list[Put] = []
    for document in documents:
        try:
            put = planned(document, store.settings, known.get(document.iri), keep=keep).foreseen()
        except DocumentError as error:
            refused(error)
        else:
            known[document.iri] = put.record
            done.append(put)
    return done


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
        writing.discard(quads_of(kept))
        writing.remove(kept.dataset)
    return kept


def _as_document(document: object) -> Document:
    if isinstance(document, Document):
        return document
    if not isinstance(document, DataSet):
        kind = type(document).__name__
        raise TypeError(f"give a Document or a DataSet, not {kind}: `cetsgraph.read` reads files and JSON")
    return Document(dataset=document, dialect="cetsgraph", form="DataSet")
