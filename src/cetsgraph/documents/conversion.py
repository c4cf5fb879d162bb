"""From one form of a document to another: a dialect, or RDF."""

from dataclasses import replace

from cetsgraph.documents.content import Readable
from cetsgraph.documents.document import Document, Written
from cetsgraph.documents.files import read, write
from cetsgraph.errors import DocumentError, StrPath

__all__ = ["convert"]


def convert(
    source: Readable | Document,
    target: StrPath,
    *,
    path: StrPath | None = None,
    dialect: str | None = None,
    form: str | None = None,
    revision: str | None = None,
    base: str | None = None,
    archive: str | None = None,
    lenient: bool = False,
) -> Written:
    """Read a document and write it in another dialect, or as RDF.

    >>> written = convert(b'{"name": "A", "regions": [{"id": "TS_01", "tilt_series": []}]}', "cetsgraph")
    >>> written.data["regions"]
    [{'id': 'TS_01'}]

    Args:
        source: a path, bytes or a binary stream, as for `read`; or a document.
        target: the name of a dialect or of an RDF format, or the path of a file, as for `write`.
        path: name of the document in messages, for bytes and streams.
        dialect: dialect of the source; recognised if not given.
        form: root of the target document, if it is to be another than the dialect's usual one.
        revision: revision of cets-data-model that is written; `main` if not given.
        base: start of the data set's IRI, for RDF; its end is the data set's name.
        archive: name of the archive in that IRI.
        lenient: write what can be represented, where parts of the source cannot; the findings say which.

    Returns:
        What was written, with the findings of reading and of writing.

    Raises:
        DocumentError: the source cannot be read, or has parts that the model cannot represent.
        CetsGraphError: there is no such target, or the file cannot be written.
    """
    document = source if isinstance(source, Document) else read(source, path=path, dialect=dialect)
    if not document.representable and not lenient:
        raise DocumentError(
            "parts of the document cannot be represented", path=document.path, findings=document.skipped
        )
    written = write(document, target, form=form, revision=revision, base=base, archive=archive)
    return replace(written, findings=(*document.findings, *written.findings))
