"""RDF files: the formats, the graphs that hold data sets, and these as documents."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

import pyoxigraph as ox

from cetsgraph.documents.content import Content
from cetsgraph.documents.document import Document
from cetsgraph.errors import DocumentError, StrPath, shown_path
from cetsgraph.findings import Finding
from cetsgraph.graph import decode
from cetsgraph.namespaces import CETS, RDF_TYPE, prefixes

__all__ = [
    "RDF_FORMATS",
    "RDF_SUFFIXES",
    "document_from_graph",
    "graphs_with_data_sets",
    "in_rdf_format",
    "rdf_format_of",
    "root_of",
]

RDF_FORMATS = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
}
"""Formats in which data sets are written, by the names of the commands."""

RDF_SUFFIXES = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
"""Endings of RDF files, without the one of gzip."""

_PREFIXES = prefixes("cets", "dcterms", "prov", "void", "xsd")
_HAVE_GRAPHS = (ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG)


def rdf_format_of(path: StrPath) -> ox.RdfFormat | None:
    """The RDF format of a file, by its name; None if that is no RDF.

    >>> rdf_format_of("EMPIAR-12104.ttl.gz")
    <RdfFormat Turtle>
    """
    name = shown_path(path).casefold().removesuffix(".gz")
    return next((known for suffix, known in RDF_SUFFIXES.items() if name.endswith(suffix)), None)


def graphs_with_data_sets(content: Content, rdf_format: ox.RdfFormat) -> list[list[ox.Quad]]:
    """The graphs of an RDF file that hold a data set.

    Raises:
        DocumentError: it is not well-formed, or holds no data set.
    """
    graphs: dict[str, list[ox.Quad]] = defaultdict(list)
    try:
        for quad in _parsed(content.data, rdf_format):
            graphs[str(quad.graph_name)].append(quad)
    except SyntaxError as error:
        raise DocumentError(
            "this is not well-formed RDF",
            path=content.name,
            line=error.lineno,
            column=error.offset,
            found=error.msg,
        ) from error
    data_sets = [quads for quads in graphs.values() if any(map(_is_data_set, quads))]
    if not data_sets:
        raise DocumentError(
            "there is no data set in this file",
            path=content.name,
            expected=f"an object of class <{CETS}DataSet>",
        )
    return data_sets


def document_from_graph(quads: Sequence[ox.Quad], path: StrPath) -> Document:
    """The document that a graph holds.

    Raises:
        DocumentError: it is not a data set that the model can represent.
    """
    name = shown_path(path)
    notes: list[Finding] = []
    try:
        dataset = decode(quads, notes=notes)
    except DocumentError as error:
        findings = [finding for finding in error.findings if isinstance(finding, Finding)]
        raise DocumentError(error.what, path=name, findings=findings, found=error.found) from error
    if dataset.name is None and (root := root_of(quads)) is not None:
        # The name of its IRI, so that several data sets of one file stay apart.
        name = f"{name}#{unquote(root.rpartition('/')[2])}"
    return Document(dataset, "cetsgraph", "DataSet", tuple(notes), path=name)


def root_of(quads: Iterable[ox.Quad]) -> str | None:
    """The IRI of the data set that a graph describes, the first of several.

    >>> root_of(ox.parse(b"<urn:a> a <https://w3id.org/cetsgraph/ontology#DataSet> .", ox.RdfFormat.TURTLE))
    'urn:a'
    """
    roots = (quad.subject for quad in quads if _is_data_set(quad))
    return next((root.value for root in roots if isinstance(root, ox.NamedNode)), None)


def in_rdf_format(nquads: bytes, rdf_format: ox.RdfFormat) -> bytes:
    """A data set's N-Quads in another format; only TriG has the named graph, too."""
    if rdf_format == ox.RdfFormat.N_QUADS:
        return nquads
    quads = _parsed(nquads, ox.RdfFormat.N_QUADS)
    if rdf_format in _HAVE_GRAPHS:
        return ox.serialize(quads, format=rdf_format, prefixes=_PREFIXES) or b""
    triples = (quad.triple for quad in quads)
    return ox.serialize(triples, format=rdf_format, prefixes=_PREFIXES) or b""


def _parsed(data: bytes, rdf_format: ox.RdfFormat) -> Iterator[ox.Quad]:
    """The quads of a file, in its order; of one with a literal beyond the parser's 16 MiB, in any order."""
    try:
        yield from list(ox.parse(data, format=rdf_format))
    except MemoryError:  # the parser's buffer; the loader of a store has no such limit
        store = ox.Store()
        store.bulk_load(data, format=rdf_format)
        yield from store


def _is_data_set(quad: ox.Quad) -> bool:
    return (
        quad.predicate.value == RDF_TYPE
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value == f"{CETS}DataSet"
    )
