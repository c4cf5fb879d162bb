"""Documents: files of any dialect or of RDF in, any dialect or RDF out.

document = read("EMPIAR-12104.json")
for finding in document.findings:
    print(finding)
write(document, "EMPIAR-12104.ttl")
"""

from cetsgraph.documents.content import Readable
from cetsgraph.documents.conversion import convert
from cetsgraph.documents.dialects import (
    CANONICAL_NAME,
    DIALECTS,
    REVISIONS,
    class_name,
    field_name,
    keep_whole,
    read_data,
)
from cetsgraph.documents.document import UNREPRESENTABLE, Document, Origin, Written
from cetsgraph.documents.files import (
    TARGETS,
    document_iri,
    is_rdf,
    named,
    read,
    read_all,
    read_graphs,
    write,
)
from cetsgraph.documents.folders import SUFFIXES, files_below
from cetsgraph.documents.rdf_formats import RDF_FORMATS, target_suffix
from cetsgraph.documents.template import template

__all__ = [
    "CANONICAL_NAME",
    "DIALECTS",
    "RDF_FORMATS",
    "REVISIONS",
    "SUFFIXES",
    "TARGETS",
    "UNREPRESENTABLE",
    "Document",
    "Origin",
    "Readable",
    "Written",
    "class_name",
    "convert",
    "document_iri",
    "field_name",
    "files_below",
    "is_rdf",
    "keep_whole",
    "named",
    "read",
    "read_all",
    "read_data",
    "read_graphs",
    "target_suffix",
    "template",
    "write",
]
