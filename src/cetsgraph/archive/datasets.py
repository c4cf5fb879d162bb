"""Data sets in a store: put, get, list and remove them, each whole or not at all.

A data set is one named graph, whose name is its IRI. The catalogue graph says of each where it came from and
how it was written; a graph without such a record is not listed. Both go into the store together.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

import pyoxigraph as ox

from cetsgraph.documents import Document, named
from cetsgraph.errors import DataSetNotFound, DocumentError, nearest
from cetsgraph.graph import decode, encode, upgraded
from cetsgraph.iris import data_set_iri
from cetsgraph.model import DataSet
from cetsgraph.namespaces import CATALOGUE, CETS, DCTERMS, PROV, RDF_TYPE, VOID, XSD
from cetsgraph.rdf import python_value
from cetsgraph.store import Store, Writing
from cetsgraph.versions import ONTOLOGY_VERSION, __version__

__all__ = [
    "CATALOGUE",
    "Change",
    "Put",
    "Record",
    "get",
    "iri_of",
    "put",
    "put_all",
    "record",
    "records",
    "remove",
    "write_again",
]

_TYPES = (f"{VOID}Dataset", f"{PROV}Entity")
_COMMIT_AFTER = 1_000_000  # triples: what a killed load of many data sets can lose


@dataclass(frozen=True, slots=True)
class Record:
    """What the catalogue says of a data set.

    `checksum` is the SHA-256 of the source file, where there was one; `content` that of what was written.
    """

    dataset: str
    name: str
    dialect: str
    form: str
    source: str
    checksum: str | None
    content: str
    triples: int
    loaded: dt.datetime
    archive: str
    software: str
    ontology: str


_PREDICATES: dict[str, str] = {
    "name": f"{DCTERMS}title",
    "dialect": f"{CETS}dialect",
    "form": f"{CETS}rootForm",
    "source": f"{DCTERMS}source",
    "checksum": f"{CETS}sourceChecksum",
    "content": f"{CETS}contentChecksum",
    "triples": f"{VOID}triples",
    "loaded": f"{PROV}generatedAtTime",
    "archive": f"{CETS}archiveName",
    "software": f"{CETS}softwareVersion",
    "ontology": f"{CETS}ontologyVersion",
}


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


def put(store: Store, document: Document | DataSet, *, name: str | None = None) -> Put:
    """Put one data set into a store; see `put_all`."""
    (done,) = put_all(store, [document if name is None else (document, name)])
    return done


def put_all(
    store: Store, documents: Iterable[Document | DataSet | tuple[Document | DataSet, str]]
) -> Iterator[Put]:
    """Put data sets into a store, one after the other, saying of each what it changed.

    A data set that is there already is replaced whole, and left alone if nothing would change. Memory stays
    flat however many documents come. After an error or a kill each data set is as it was, or as it should be.

    Args:
        store: open for writing.
        documents: each a document or data set, or a pair of one with the name that its IRI is made of;
            otherwise that is the data set's name, or the stem of its file.

    Raises:
        DocumentError: a data set has no name to make an IRI of, or holds what RDF cannot.
        StoreError: the store cannot be written to.
    """
    known = {kept.dataset: kept for kept in records(store)}
    interrupted = set(store.graphs()) - known.keys()
    with store.writing() as writing:
        uncommitted = 0
        for item in documents:
            document, name = item if isinstance(item, tuple) else (item, None)
            done = _put(store, writing, _as_document(document), name, known, interrupted)
            known[done.record.dataset] = done.record
            uncommitted += done.record.triples
            if uncommitted >= _COMMIT_AFTER:
                writing.commit()
                uncommitted = 0
            yield done


def _put(
    store: Store,
    writing: Writing,
    document: Document,
    name: str | None,
    known: dict[str, Record],
    interrupted: set[str],
) -> Put:
    name = name or named(document)
    try:
        iri = data_set_iri(store.settings.base, store.settings.archive, name)
    except ValueError as error:
        raise DocumentError(str(error), path=document.path) from error
    quads = encode(document.dataset, iri)
    new = Record(
        dataset=iri,
        name=name,
        dialect=document.dialect,
        form=document.form,
        source=document.path,
        checksum=document.checksum,
        content=_content_checksum(quads),
        triples=quads.count(b"\n"),
        loaded=dt.datetime.now(dt.UTC).replace(microsecond=0),
        archive=store.settings.archive,
        software=__version__,
        ontology=ONTOLOGY_VERSION,
    )
    old = known.get(iri)
    if old is None:
        if iri in interrupted:
            writing.remove(iri)
        writing.add(quads + _record_quads(new))
        return Put(new, Change.ADDED)
    if (old.content, old.dialect, old.form) == (new.content, new.dialect, new.form):
        return Put(old, Change.UNCHANGED)
    _replace(writing, old, new, quads)
    return Put(new, Change.REPLACED)


def get(store: Store, dataset: str) -> Document:
    """The document of a data set, as it was put in. `dataset` is its name or IRI.

    Raises:
        DataSetNotFound: the store has no such data set.
    """
    kept = record(store, dataset)
    return Document(
        dataset=decode(store.quads(kept.dataset), kept.dataset),
        dialect=kept.dialect,
        form=kept.form,
        path=kept.source,
        checksum=kept.checksum,
    )


def records(store: Store) -> Sequence[Record]:
    """The records of all data sets, by IRI."""
    return sorted(_records(store), key=lambda kept: kept.dataset)


def record(store: Store, dataset: str) -> Record:
    """The record of one data set. `dataset` is its name or IRI.

    Raises:
        DataSetNotFound: the store has no such data set, or several of that name.
    """
    known = records(store)
    found = [kept for kept in known if dataset in (kept.dataset, kept.name)]
    exact = [kept for kept in found if kept.dataset == dataset] or found
    if len(exact) == 1:
        return exact[0]
    names = [name for kept in known for name in (kept.name, kept.dataset)]
    suggestions = [kept.dataset for kept in exact] or nearest(dataset, names)
    raise DataSetNotFound(dataset, suggestions=suggestions, where=store.location)


def iri_of(store: Store, dataset: str) -> str:
    """The IRI of a data set. `dataset` is its name or IRI."""
    return record(store, dataset).dataset


def remove(store: Store, dataset: str) -> Record:
    """Take a data set and its record out of the store. `dataset` is its name or IRI.

    Raises:
        DataSetNotFound: the store has no such data set.
    """
    kept = record(store, dataset)
    with store.writing() as writing:
        writing.discard(_quads_of(_record_quads(kept)))
        writing.remove(kept.dataset)
    return kept


def write_again(store: Store, writing: Writing, kept: Record) -> Record:
    """Write a data set in the terms of now, from what the store holds of it in those of an older version.

    Its IRI stays, and what its record says of where it came from.

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
    writing.discard(_quads_of(_record_quads(old)))  # first: some stores can stop half-way
    writing.replace(new.dataset, quads)
    writing.add(_record_quads(new))


def _as_document(document: Document | DataSet) -> Document:
    if isinstance(document, Document):
        return document
    return Document(dataset=document, dialect="cetsgraph", form="DataSet")


def _content_checksum(quads: bytes) -> str:
    lines = sorted(quads.splitlines(keepends=True))
    return hashlib.sha256(b"".join((*lines, ONTOLOGY_VERSION.encode()))).hexdigest()


def _record_quads(kept: Record) -> bytes:
    subject, graph = ox.NamedNode(kept.dataset), ox.NamedNode(CATALOGUE)
    quads = [ox.Quad(subject, ox.NamedNode(RDF_TYPE), ox.NamedNode(type_), graph) for type_ in _TYPES]
    quads += [
        ox.Quad(subject, ox.NamedNode(predicate), _literal(value), graph)
        for field, predicate in _PREDICATES.items()
        if (value := getattr(kept, field)) is not None
    ]
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def _quads_of(nquads: bytes) -> Iterator[ox.Quad]:
    return iter(ox.parse(nquads, format=ox.RdfFormat.N_QUADS))


def _literal(value: str | int | dt.datetime) -> ox.Literal:
    if isinstance(value, dt.datetime):
        text = value.isoformat().replace("+00:00", "Z")
        return ox.Literal(text, datatype=ox.NamedNode(f"{XSD}dateTime"))
    return ox.Literal(value)


def _records(store: Store) -> Iterator[Record]:
    patterns = " ".join(
        f"OPTIONAL {{ {pattern} }}" if field == "checksum" else f"{pattern} ."
        for field, predicate in _PREDICATES.items()
        for pattern in [f"?dataset <{predicate}> ?{field}"]
    )
    query = f"SELECT * {{ GRAPH <{CATALOGUE}> {{ ?dataset a <{VOID}Dataset> . {patterns} }} }}"
    for row in store.select(query):
        values: dict[str, Any] = {field.name: python_value(row[field.name]) for field in fields(Record)}
        values["loaded"] = dt.datetime.fromisoformat(values["loaded"])
        yield Record(**values)
