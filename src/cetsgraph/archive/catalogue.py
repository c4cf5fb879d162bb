"""The catalogue of a store: a named graph that records where each data set is from and how it was written."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

import pyoxigraph as ox

from cetsgraph.errors import DataSetNotFound, StrPath
from cetsgraph.namespaces import CATALOGUE, CETS, DCTERMS, PROV, RDF_TYPE, VOID, XSD
from cetsgraph.notebook import html_table
from cetsgraph.queries.scope import iri_of
from cetsgraph.rdf import python_value
from cetsgraph.store import Store
from cetsgraph.texts import counted, shortened, shown_path

__all__ = [
    "CATALOGUE",
    "PREDICATES",
    "Record",
    "Records",
    "published_source",
    "record",
    "record_quads",
    "records",
]

_TYPES = (f"{VOID}Dataset", f"{PROV}Entity")


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
    remainder: str | None = None
    """What the document had that the model has no place for, and the files beside it, as JSON."""
    importer: str | None = None
    """Importer that made the data set of other files, its number and its options: `relion/1`."""
    retrieved: str | None = None
    """When it was fetched from an archive, in ISO 8601."""
    source_modified: str | None = None
    """Day on which that archive last changed it."""
    sources: tuple[str, ...] = ()
    """Files or addresses that an imported data set was made of, 200 at most."""


class Records(list[Record]):
    """The records of a store, by IRI."""

    def __repr__(self) -> str:
        names = ", ".join(kept.name for kept in self[:20])
        return shortened(f"<{counted(len(self), 'data set')}: {names}", 299) + ">"

    def _repr_html_(self) -> str:
        rows = [[kept.name, kept.dataset, kept.dialect, kept.triples, kept.loaded] for kept in self]
        columns = ["name", "IRI", "dialect", "triples", "loaded"]
        return html_table(columns, rows, caption=counted(len(self), "data set"))


PREDICATES: dict[str, str] = {
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
    "remainder": f"{CETS}documentRemainder",
    "importer": f"{CETS}importer",
    "retrieved": f"{CETS}retrieved",
    "source_modified": f"{CETS}sourceModified",
}
_OPTIONAL = ("checksum", "remainder", "importer", "retrieved", "source_modified")
_SOURCES = f"{CETS}importedFrom"


def records(store: Store) -> Records:
    """The records of all data sets, by IRI.

    >>> from cetsgraph.store import LocalStore
    >>> records(LocalStore.memory())
    <0 data sets: >
    """
    return Records(sorted(_records(store), key=lambda kept: kept.dataset))


def record(store: Store, dataset: str) -> Record:
    """The record of one data set. `dataset` is its name or IRI.

    >>> from cetsgraph import DataSet, LocalStore, archive
    >>> store = LocalStore.memory()
    >>> done = archive.put(store, DataSet(name="EMPIAR-12104"))
    >>> record(store, "EMPIAR-12104") == done.record
    True

    Raises:
        DataSetNotFound: the store has no such data set, or several of that name.
    """
    iri = iri_of(store, dataset)
    for kept in _records(store, iri):
        return kept
    raise DataSetNotFound(dataset, where=store.location)


def record_quads(kept: Record) -> bytes:
    """The record as N-Quads in the catalogue."""
    subject, graph = ox.NamedNode(kept.dataset), ox.NamedNode(CATALOGUE)
    quads = [ox.Quad(subject, ox.NamedNode(RDF_TYPE), ox.NamedNode(type_), graph) for type_ in _TYPES]
    quads += [
        ox.Quad(subject, ox.NamedNode(predicate), _literal(value), graph)
        for field, predicate in PREDICATES.items()
        if (value := getattr(kept, field)) is not None
    ]
    quads += [ox.Quad(subject, ox.NamedNode(_SOURCES), _literal(source), graph) for source in kept.sources]
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def published_source(path: StrPath) -> str:
    """The name of a file as the catalogue has it, which anybody may read: without folders of a machine.

    >>> published_source("data/TS_01.json"), published_source("/home/ada/data/TS_01.json")
    ('data/TS_01.json', 'TS_01.json')
    """
    name = shown_path(path)
    windows = "\\" in name or name[1:2] == ":"
    found = PureWindowsPath(name) if windows else PurePosixPath(name)
    return found.name if found.anchor or ".." in found.parts or name.startswith("~") else name


def _literal(value: str | int | dt.datetime) -> ox.Literal:
    if isinstance(value, dt.datetime):
        text = value.isoformat().replace("+00:00", "Z")
        return ox.Literal(text, datatype=ox.NamedNode(f"{XSD}dateTime"))
    return ox.Literal(value)


def _records(store: Store, dataset: str | None = None) -> Iterator[Record]:
    patterns = " ".join(
        f"OPTIONAL {{ {pattern} }}" if field in _OPTIONAL else f"{pattern} ."
        for field, predicate in PREDICATES.items()
        for pattern in [f"?dataset <{predicate}> ?{field}"]
    )
    one = "" if dataset is None else f"VALUES ?dataset {{ <{dataset}> }} "
    query = f"SELECT * {{ GRAPH <{CATALOGUE}> {{ {one}?dataset a <{VOID}Dataset> . {patterns} }} }}"
    sources = _sources(store, one)
    for row in store.select(query):
        values: dict[str, Any] = {field: python_value(row[field]) for field in ("dataset", *PREDICATES)}
        values["loaded"] = dt.datetime.fromisoformat(values["loaded"])
        yield Record(**values, sources=tuple(sorted(sources.get(values["dataset"], ()))))


def _sources(store: Store, one: str) -> dict[str, list[str]]:
    """What imported data sets were made of, by their IRIs."""
    found: dict[str, list[str]] = defaultdict(list)
    query = f"SELECT * {{ GRAPH <{CATALOGUE}> {{ {one}?dataset <{_SOURCES}> ?source }} }}"
    for row in store.select(query):
        found[str(python_value(row["dataset"]))].append(str(python_value(row["source"])))
    return found
