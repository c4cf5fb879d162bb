"""Documents as files: any dialect or RDF of our own terms in, any dialect or RDF out."""

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox

from cetsgraph.documents import dialects
from cetsgraph.documents.dialects import Document
from cetsgraph.errors import CetsGraphError, DocumentError, StrPath, did_you_mean, nearest
from cetsgraph.findings import Finding
from cetsgraph.graph import decode, encode
from cetsgraph.model import DataSet
from cetsgraph.namespaces import CETS, RDF_TYPE, prefixes

__all__ = [
    "RDF_FORMATS",
    "SUFFIXES",
    "TARGETS",
    "files_below",
    "is_rdf",
    "named",
    "read_bytes",
    "read_file",
    "read_graphs",
    "root_of",
    "serialize",
]

RDF_FORMATS = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
}
TARGETS = (*dialects.DIALECTS, *RDF_FORMATS)
"""What a document can be written as: the dialects, and the formats of RDF."""

_RDF_SUFFIXES = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
SUFFIXES = (".json", ".yaml", ".yml", ".json.gz", ".yaml.gz", ".yml.gz", *_RDF_SUFFIXES)
"""Endings of the files that are looked for in a folder."""

_PREFIXES = prefixes("cets", "dcterms", "prov", "void", "xsd")
_PLACE = re.compile(r"(?:Parser error at |Error on )?line (\d+)")


def files_below(path: Path) -> Iterator[Path]:
    """The documents in a folder and its subfolders, in order of their paths; a file is itself."""
    if not path.is_dir():
        yield path
        return
    for entry in sorted(path.iterdir()):
        if entry.is_dir() or entry.name.endswith(SUFFIXES):
            yield from files_below(entry)


def read_file(path: StrPath, *, dialect: str | None = None) -> list[Document]:
    """Read a file: one document of a dialect, or the data sets of an RDF file, each a graph of its own.

    Raises:
        DocumentError: the file cannot be read or is neither.
    """
    if not is_rdf(path):
        return [dialects.read(path, dialect=dialect)]
    return [_document(graph, path) for graph in read_graphs(path)]


def is_rdf(path: StrPath) -> bool:
    """Whether the file is RDF, by its name."""
    return Path(path).suffix in _RDF_SUFFIXES


def read_graphs(path: StrPath) -> list[list[ox.Quad]]:
    """The graphs of an RDF file that hold a data set.

    Raises:
        DocumentError: the file cannot be read, is not well-formed, or holds no data set.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise DocumentError("the file cannot be read", path=path, found=error.strerror) from error
    return _graphs(data, path, _RDF_SUFFIXES[Path(path).suffix])


def read_bytes(data: bytes, *, path: StrPath, dialect: str | None = None) -> list[Document]:
    """Read a document that is in memory, such as standard input; `path` is its name in messages.

    Raises:
        DocumentError: it is no document.
    """
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data[: 1 << 30])
        except (OSError, EOFError) as error:
            raise DocumentError("this is not a whole gzip file", path=path, found=str(error)) from error
    return [dialects.read_bytes(data, path=path, dialect=dialect)]


def _graphs(data: bytes, path: StrPath, rdf_format: ox.RdfFormat) -> list[list[ox.Quad]]:
    graphs: dict[str, list[ox.Quad]] = defaultdict(list)
    try:
        for quad in ox.parse(data, format=rdf_format):
            graphs[str(quad.graph_name)].append(quad)
    except (SyntaxError, ValueError) as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place else None
        raise DocumentError("this is not well-formed RDF", path=path, line=line, found=str(error)) from error
    data_sets = [quads for quads in graphs.values() if any(map(_is_data_set, quads))]
    if not data_sets:
        raise DocumentError(
            "there is no data set in this file",
            path=path,
            expected=f"an object of class <{CETS}DataSet>",
        )
    return data_sets


def _document(quads: Sequence[ox.Quad], path: StrPath) -> Document:
    try:
        dataset = decode(quads)
    except DocumentError as error:
        findings = [finding for finding in error.findings if isinstance(finding, Finding)]
        raise DocumentError(error.what, path=path, findings=findings, found=error.found) from error
    if dataset.name is None and (root := root_of(quads)) is not None:
        # The name of its IRI, so that several data sets of one file stay apart.
        path = f"{path}#{unquote(root.rpartition('/')[2])}"
    return Document(dataset, "cetsgraph", "DataSet", path=str(path))


def root_of(quads: Iterable[ox.Quad]) -> str | None:
    """The IRI of the data set that a graph describes, the first of several."""
    roots = (quad.subject for quad in quads if _is_data_set(quad))
    return next((root.value for root in roots if isinstance(root, ox.NamedNode)), None)


def _is_data_set(quad: ox.Quad) -> bool:
    return (
        quad.predicate.value == RDF_TYPE
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value == f"{CETS}DataSet"
    )


def named(document: Document) -> str:
    """The name that a document's IRI is made of: its data set's, or the stem of its file."""
    if document.dataset.name:
        return document.dataset.name
    path, _, fragment = document.path.partition("#")
    return fragment or Path(path).name.partition(".")[0]


def serialize(document: Document | DataSet, target: str, *, iri: str) -> tuple[bytes, tuple[Finding, ...]]:
    """Write a document as a dialect's JSON or as RDF, with what the target could not hold.

    Args:
        document: what to write.
        target: one of `TARGETS`. Turtle and JSON-LD hold the triples, N-Quads and TriG also the named graph.
        iri: the data set's IRI, for RDF.

    Raises:
        CetsGraphError: there is no such target.
    """
    if target in dialects.DIALECTS:
        written = dialects.write(document, target)
        return dialects.dumps(written.data).encode(), written.findings
    if target not in RDF_FORMATS:
        raise CetsGraphError(
            f"nothing can be written as {target!r}",
            expected=", ".join(TARGETS),
            hint=did_you_mean(nearest(target, TARGETS)),
        )
    dataset = document.dataset if isinstance(document, Document) else document
    return _as_rdf(encode(dataset, iri), RDF_FORMATS[target]), ()


def _as_rdf(nquads: bytes, rdf_format: ox.RdfFormat) -> bytes:
    if rdf_format == ox.RdfFormat.N_QUADS:
        return nquads
    quads: Iterable[ox.Quad] = ox.parse(nquads, format=ox.RdfFormat.N_QUADS)
    if rdf_format == ox.RdfFormat.TRIG:
        return ox.serialize(quads, format=rdf_format, prefixes=_PREFIXES) or b""
    triples = (quad.triple for quad in quads)
    return ox.serialize(triples, format=rdf_format, prefixes=_PREFIXES) or b""
