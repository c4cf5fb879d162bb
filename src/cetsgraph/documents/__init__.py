"""Documents: files of any dialect or of RDF in, any dialect or RDF out."""

from cetsgraph.documents.document import UNREPRESENTABLE, Document, Written
from cetsgraph.documents.files import (
    RDF_FORMATS,
    SUFFIXES,
    TARGETS,
    files_below,
    is_rdf,
    named,
    read_bytes,
    read_file,
    read_graphs,
    root_of,
    serialize,
)

__all__ = [
    "RDF_FORMATS",
    "SUFFIXES",
    "TARGETS",
    "UNREPRESENTABLE",
    "Document",
    "Written",
    "files_below",
    "is_rdf",
    "named",
    "read_bytes",
    "read_file",
    "read_graphs",
    "root_of",
    "serialize",
]
