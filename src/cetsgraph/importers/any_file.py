"""The documents of any file. Importers are loaded where it may be theirs: most files are CETS."""

import os.path
from pathlib import Path

from cetsgraph.documents import Document, read_all
from cetsgraph.errors import DocumentError, StrPath
from cetsgraph.importers.claim import sample_of
from cetsgraph.importers.json_kinds import importers_of_json

__all__ = ["read_any"]


def read_any(path: StrPath) -> list[Document]:
    """The documents of a file: CETS of any dialect, RDF, or what an importer makes of it.

    Raises:
        DocumentError: it is none of these, or cannot be read.
    """
    return (_imported(path) if _may_be_foreign(Path(path)) else []) or read_all(path)


def _may_be_foreign(path: Path) -> bool:
    if not os.path.isfile(path):
        return False
    try:
        sample = sample_of(path)
    except DocumentError:
        return False  # which is said when it is read
    if sample.is_cets:
        return False
    return not sample.is_json or bool(importers_of_json(sample.text))


def _imported(path: StrPath) -> list[Document]:
    from cetsgraph.importers.reading import read
    from cetsgraph.importers.recognition import claims

    return [read(claim) for claim in claims([path]).claims]
