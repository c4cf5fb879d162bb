"""RDF files: the graphs that hold data sets, and these as documents."""

import io
from codecs import BOM_UTF8
from collections.abc import Iterable
from typing import IO
from urllib.parse import unquote

import pyoxigraph as ox

from cetsgraph.documents.content import Content
from cetsgraph.documents.document import Document
from cetsgraph.documents.packed_graphs import PackedGraph, packed_graphs, parsed
from cetsgraph.documents.slips import BEGINNING, other_format
from cetsgraph.errors import DocumentError, ForeignDocument, StrPath
from cetsgraph.findings import Finding
from cetsgraph.graph import decode
from cetsgraph.graph.jsonld import compact_jsonld_pieces
from cetsgraph.namespaces import CETS, RDF_TYPE, prefixes
from cetsgraph.texts import shown_path

__all__ = [
    "document_from_graph",
    "graphs_with_data_sets",
    "in_rdf_format",
    "root_of",
    "write_rdf",
]

_PREFIXES = prefixes("cets", "dcterms", "prov", "void", "xsd")
_HAVE_GRAPHS = (ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG)


def graphs_with_data_sets(content: Content, suffix: str) -> list[PackedGraph]:
    """The graphs of an RDF file that hold a data set; `suffix` is the ending of files in its format.

    Raises:
        DocumentError: it is not well-formed, or holds no data set.
    """
    try:
        graphs = packed_graphs(content.data.removeprefix(BOM_UTF8), _format(suffix))
    except SyntaxError as error:
        raise DocumentError(
            "this is not well-formed RDF",
            path=content.name,
            line=error.lineno,
            column=error.offset,
            found=error.msg,
            hint="Write the context itself in place of its address."
            if "remote contexts" in error.msg
            else other_format(content.data[:BEGINNING].decode(errors="replace"), suffix),
        ) from error
    data_sets = [quads for quads in graphs if any(map(_is_data_set, quads))]
    if not data_sets:
        raise ForeignDocument(
            "there is no data set in this file",
            path=content.name,
            expected=f"an object of class <{CETS}DataSet>",
        )
    return data_sets


def document_from_graph(quads: Iterable[ox.Quad], path: StrPath, *, lenient: bool = False) -> Document:
    """The document that a graph holds; if `lenient`, without values that the model cannot hold.

    Raises:
        DocumentError: it is not a data set that the model can represent.
    """
    name = shown_path(path)
    notes: list[Finding] = []
    try:
        dataset = decode(quads, notes=notes, lenient=lenient)
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


def in_rdf_format(pieces: Iterable[bytes], suffix: str) -> bytes:
    """A data set's N-Quads, in pieces, in the format of files with this ending."""
    out = io.BytesIO()
    write_rdf(pieces, suffix, out)
    return out.getvalue()


def write_rdf(pieces: Iterable[bytes], suffix: str, out: IO[bytes]) -> None:
    """Write a data set's N-Quads, in pieces, in the format of files with this ending.

    Only N-Quads and TriG have the named graph, too.
    """
    rdf_format = _format(suffix)
    if rdf_format == ox.RdfFormat.N_QUADS:
        out.writelines(pieces)
        return
    quads = (quad for piece in pieces for quad in parsed(piece, ox.RdfFormat.N_QUADS))
    triples = (quad.triple for quad in quads)
    if rdf_format == ox.RdfFormat.JSON_LD:
        out.writelines(compact_jsonld_pieces(triples))
        out.write(b"\n")
    else:
        statements = quads if rdf_format in _HAVE_GRAPHS else triples
        ox.serialize(statements, out, format=rdf_format, prefixes=_PREFIXES)


def _format(suffix: str) -> ox.RdfFormat:
    found = ox.RdfFormat.from_extension(suffix.removeprefix("."))
    assert found is not None
    return found


def _is_data_set(quad: ox.Quad) -> bool:
    return (
        quad.predicate.value == RDF_TYPE
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value == f"{CETS}DataSet"
    )
