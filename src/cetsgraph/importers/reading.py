"""From a claim to a document."""

from cetsgraph.documents import Document
from cetsgraph.importers.claims import Claim
from cetsgraph.importers.registry import importer_called
from cetsgraph.importers.session import ImportSession, Options

__all__ = ["read"]


def read(claim: Claim, options: Options | None = None) -> Document:
    """Read the files of a claim as one data set.

    Everything in them is in the data set or in the document's findings.

    Raises:
        DocumentError: a file cannot be read, or is not what it was recognised as.
    """
    session = ImportSession(claim, options)
    return session.document(importer_called(claim.importer).dataset(session))
