"""Documents as files: any dialect, or RDF in the ontology's terms, in and out."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cetsgraph.documents import dialects
from cetsgraph.documents.content import Readable, read_content
from cetsgraph.documents.document import Document, Written
from cetsgraph.documents.file_sets import (
    main_document,
    save,
    save_beside,
    with_files_beside,
    with_what_is_beside,
)
from cetsgraph.documents.folders import SUFFIXES
from cetsgraph.documents.rdf_formats import RDF_FORMATS, RDF_SUFFIXES, rdf_suffix
from cetsgraph.documents.source import source_from_content
from cetsgraph.errors import DocumentError, StrPath, UnknownName
from cetsgraph.iris import data_set_iri
from cetsgraph.model import DataSet
from cetsgraph.texts import did_you_mean, listed, nearest, shown_path

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = [
    "TARGETS",
    "document_iri",
    "is_rdf",
    "named",
    "read",
    "read_all",
    "read_graphs",
    "write",
]

TARGETS = (*dialects.DIALECTS, *RDF_FORMATS)
"""What a document can be written as: the dialects, and the formats of RDF."""

_RDF_TARGETS = {suffix: name for name, suffix in RDF_FORMATS.items()}


def read(
    source: Readable | Mapping[str, Any],
    *,
    path: StrPath | None = None,
    dialect: str | None = None,
    max_bytes: int | None = None,
) -> Document:
    """Read one document: JSON or YAML of a dialect, or RDF with one data set; compressed by gzip or not.

    >>> document = read(b'{"name": "EMPIAR-12104", "regions": [{"id": "TS_01", "tilt_series": []}]}')
    >>> document.dialect, document.dataset.name, document.findings
    ('cets-data-model', 'EMPIAR-12104', ())

    Args:
        source: a path, the bytes of a document, a binary stream, which is read to its end, or JSON that was
            parsed elsewhere.
        path: name of the document in messages, whose ending tells the format; needed for bytes and streams
            only.
        dialect: one of `TARGETS`; recognised if not given.
        max_bytes: size of the largest document that is read; 1 GiB, or what CETSGRAPH_MAX_BYTES says, if not
            given.

    Raises:
        DocumentError: it cannot be read, is too large, is not one well-formed document, is of no known
            dialect, or is RDF with several data sets.
        UnknownName: there is no such dialect.
    """
    if isinstance(source, Mapping):
        return dialects.read_data(source, path=path or "document", dialect=dialect)
    documents = read_all(source, path=path, dialect=dialect, max_bytes=max_bytes)
    if len(documents) > 1:
        raise DocumentError(
            "the file holds several data sets",
            path=documents[0].path.partition("#")[0],
            found=f"{len(documents)}: {listed(map(named, documents))}",
            expected="one",
            hint="documents.read_all gives them all.",
        )
    return documents[0]


def read_all(
    source: Readable,
    *,
    path: StrPath | None = None,
    dialect: str | None = None,
    max_bytes: int | None = None,
) -> list[Document]:
    """Read what `read` reads; of RDF every data set, each a named graph of its own.

    >>> nquads = bytes(write(DataSet(name="A"), "nquads")) + bytes(write(DataSet(name="B"), "nquads"))
    >>> [document.dataset.name for document in read_all(nquads, path="two.nq")]
    ['A', 'B']

    Raises:
        DocumentError: as `read` does, several data sets aside.
    """
    given = main_document(source) if isinstance(source, str | os.PathLike) else None
    source = source if given is None else given
    suffix = _rdf_suffix(source, path, dialect)
    content = read_content(source, path=path, max_bytes=max_bytes)
    if suffix is None:
        document = dialects.read_source(source_from_content(content), dialect)
        return [document if given is None else with_files_beside(document, given)]
    from cetsgraph.documents.rdf_source import document_from_graph, graphs_with_data_sets

    graphs, name = graphs_with_data_sets(content, suffix), content.name
    del content  # a large file and its document are not in memory together
    return [document_from_graph(graph, name) for graph in graphs]


def read_graphs(
    source: Readable, *, path: StrPath | None = None, max_bytes: int | None = None
) -> "Sequence[Iterable[ox.Quad]]":
    """The graphs of an RDF file that hold a data set, as they stand there; each can be read several times.

    >>> (graph,) = read_graphs(bytes(write(DataSet(name="A"), "nquads")), path="one.nq")
    >>> str(next(iter(graph)).subject)
    '<https://w3id.org/cetsgraph/data/local/A>'

    Raises:
        DocumentError: the file cannot be read, is not well-formed, or holds no data set.
    """
    from cetsgraph.documents.rdf_source import graphs_with_data_sets

    content = read_content(source, path=path, max_bytes=max_bytes)
    suffix = rdf_suffix(content.name)
    if suffix is None:
        raise DocumentError("this is not RDF", path=content.name, expected=", ".join(RDF_SUFFIXES))
    return graphs_with_data_sets(content, suffix)


def is_rdf(path: StrPath) -> bool:
    """Whether a file is RDF, by its name.

    >>> is_rdf("EMPIAR-12104.ttl.gz"), is_rdf("EMPIAR-12104.json")
    (True, False)
    """
    return rdf_suffix(path) is not None


def _rdf_suffix(source: Readable, path: StrPath | None, dialect: str | None) -> str | None:
    if dialect is not None:
        return RDF_FORMATS.get(dialect)
    if path is None and isinstance(source, str | os.PathLike):
        path = source
    return None if path is None else rdf_suffix(path)


def named(document: Document) -> str:
    """The name that a document's IRI is made of: its data set's, or the stem of its file.

    >>> named(Document(DataSet(), "cetsgraph", "DataSet", path="data/TS_01.json.gz"))
    'TS_01'
    >>> named(Document(DataSet(), "cetsgraph", "DataSet", path="a#b.json"))
    'a#b'
    """
    if document.dataset.name:
        return document.dataset.name
    _, mark, fragment = document.path.rpartition("#")
    if mark and not document.path.casefold().endswith(SUFFIXES):  # a data set of an RDF file
        return fragment
    return Path(document.path).name.partition(".")[0]


def write(
    document: Document | DataSet,
    target: StrPath,
    *,
    dialect: str | None = None,
    form: str | None = None,
    revision: str | None = None,
    iri: str | None = None,
    base: str | None = None,
    archive: str | None = None,
) -> Written:
    """Write a document as JSON of a dialect or as RDF: into a file, or as a value.

    >>> written = write(DataSet(name="EMPIAR-12104"), "tomobabel")
    >>> written.data, written.findings
    ({'name': 'EMPIAR-12104', 'regions': []}, ())

    A document that is written in its own dialect becomes what it was: a fragment stays one.

    Args:
        document: what to write.
        target: one of `TARGETS`, for a value; or the path of a file, whose ending tells the format (.json,
            .ttl, .jsonld, .nq or .trig, with .gz if it is to be compressed). Turtle and JSON-LD hold the
            triples, N-Quads and TriG also the named graph.
        dialect: dialect of a JSON file; the canonical one if not given.
        form: root of a document of a dialect, if it is to be another than the document's own.
        revision: revision of cets-data-model, one of `REVISIONS`; the document's own, else main.
        iri: the data set's IRI, for RDF; made of base, archive and its name if not given.
        base: start of that IRI.
        archive: name of the archive in it.

    Raises:
        UnknownName: there is no such target.
        CetsGraphError: the data set does not fit the form, or the file cannot be
            written.
        DocumentError: the data set holds what RDF cannot, or has no name to make an IRI of.
    """
    into = _target(target, dialect)
    if into.name in RDF_FORMATS:
        from cetsgraph.documents.rdf_source import in_rdf_format  # reading documents does without
        from cetsgraph.graph import encoded

        document = _as_document(document)
        iri = iri or document_iri(document, base=base, archive=archive)
        written = Written(in_rdf_format(encoded(document.dataset, iri), RDF_FORMATS[into.name]))
    else:
        written = dialects.write_dataset(document, into.name, form=form, revision=revision)
        if isinstance(document, Document) and document.dialect == into.name and document.beside:
            written = with_what_is_beside(document, written)
    if into.path is not None:
        save(into.path, bytes(written))
        save_beside(into.path, written.beside)
    return written


@dataclass(frozen=True, slots=True)
class _Target:
    """What is written, and where to."""

    name: str
    """One of `TARGETS`."""
    path: Path | None = None


def _target(target: StrPath, dialect: str | None) -> _Target:
    if target in TARGETS:
        return _Target(str(target))
    path = Path(target)
    suffix = rdf_suffix(path)
    if suffix in _RDF_TARGETS:
        return _Target(_RDF_TARGETS[suffix], path)
    if path.name.casefold().removesuffix(".gz").endswith(".json"):
        return _Target(dialect or dialects.CANONICAL_NAME, path)
    raise UnknownName(
        f"nothing can be written as {shown_path(target)!r}",
        expected=f"{', '.join(TARGETS)}, or a file such as out.json or out.ttl",
        hint=did_you_mean(nearest(shown_path(target), TARGETS)),
    )


def _as_document(document: Document | DataSet) -> Document:
    if isinstance(document, Document):
        return document
    return Document(document, dialects.CANONICAL_NAME, "DataSet", path="")


def document_iri(
    document: Document, name: str | None = None, *, base: str | None = None, archive: str | None = None
) -> str:
    """The IRI of a document's data set: base, archive, and its name.

    >>> document_iri(Document(DataSet(name="TS 01"), "cetsgraph", "DataSet"), archive="empiar")
    'https://w3id.org/cetsgraph/data/empiar/TS-01'

    Raises:
        InvalidIRI: the base is not the start of an IRI, or the archive has no name.
        DocumentError: there is no name, or it has no letter or digit to make an IRI of.
    """
    from cetsgraph.store import Settings  # reading documents does without

    settings = Settings.given(base, archive)
    path = document.path or "data set"
    name = name or named(document)
    if not name:
        raise DocumentError(
            "there is no name to make an IRI of", path=path, hint="Give it a name, or an IRI."
        )
    try:
        return data_set_iri(settings.base, settings.archive, name)
    except ValueError as error:
        raise DocumentError(str(error), path=path) from error
