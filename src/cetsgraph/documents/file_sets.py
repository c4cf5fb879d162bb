"""The files of one deposition: a document, and beside it a companion, a report and a payload of that stem."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cetsgraph.documents.companion import merge_companion, merge_report
from cetsgraph.documents.content import read_content
from cetsgraph.documents.dialects import read_data, write_dataset
from cetsgraph.documents.document import Document, Written
from cetsgraph.documents.remainder import difference
from cetsgraph.documents.source import source_from_content
from cetsgraph.errors import DocumentError, StrPath
from cetsgraph.model import DataSet
from cetsgraph.whole_files import whole_file, written_to

__all__ = [
    "BESIDE",
    "COMPANION",
    "DOCUMENT",
    "is_beside",
    "is_payload",
    "main_document",
    "main_is_there",
    "save",
    "save_beside",
    "with_files_beside",
    "with_what_is_beside",
]

DOCUMENT = ".cets.json"
COMPANION = ".cets-companion.json"
REPORT = ".cets.report.json"
PAYLOAD = ".nonrigid.zarr"
PACKED = ".gz"
BESIDE = (COMPANION, REPORT)
"""Endings of the files beside a document that are merged into its data set."""


def is_beside(path: Path) -> bool:
    """Whether a file, by its name, belongs to a document that stands beside it.

    >>> is_beside(Path("TS_01.cets-companion.json")), is_beside(Path("TS_01.cets.json"))
    (True, False)
    """
    return path.name.endswith(BESIDE)


def is_payload(path: Path) -> bool:
    """Whether a folder is an array store, which holds no documents."""
    return path.name.endswith(".zarr")


def main_document(path: StrPath) -> Path:
    """The document of a deposition of which any file, or the folder that holds only it, is given.

    Raises:
        DocumentError: the document is not there.
    """
    given = Path(path)
    ending = _ending(given)
    if ending is None:
        names = (DOCUMENT, f"{DOCUMENT}{PACKED}") if os.path.isdir(given) else ()
        inside = [path for name in names for path in given.glob(f"*{name}")]
        return inside[0] if len(inside) == 1 else given
    document = _main(given, ending)
    if not document.is_file():
        raise DocumentError(
            "the document that this belongs to is not beside it",
            path=given,
            expected=document.name,
            hint="Put the files of a conversion into one folder.",
        )
    return document


def main_is_there(path: Path) -> bool:
    """Whether the document that a file beside it belongs to is there."""
    ending = _ending(path)
    return ending is not None and _main(path, ending).is_file()


def _ending(path: Path) -> str | None:
    return next((end for end in (*BESIDE, PAYLOAD) if path.name.endswith(end)), None)


def _main(path: Path, ending: str) -> Path:
    """The document of a file beside it: the one that is compressed, if that alone is there."""
    document = path.with_name(path.name.removesuffix(ending) + DOCUMENT)
    packed = document.with_name(f"{document.name}{PACKED}")
    return packed if packed.is_file() and not document.is_file() else document


def with_files_beside(document: Document, path: StrPath) -> Document:
    """The document with what its companion and report say, where these stand beside it.

    Raises:
        DocumentError: one of them is not JSON, or no object.
    """
    given = Path(path)
    if not given.name.removesuffix(PACKED).endswith(DOCUMENT):
        return document
    found = dict(_files_beside(given))
    return document if not found else merged(document, found)


def merged(document: Document, beside: Mapping[str, Any]) -> Document:
    """The document with what files beside it say, by their endings."""
    before = write_dataset(document, document.dialect)
    _merge(document.dataset, beside)
    kept = difference(write_dataset(document, document.dialect).data, before.data)
    return replace(document, beside=dict(beside), remainder={**document.remainder, **kept})


def _merge(dataset: DataSet, beside: Mapping[str, Any]) -> None:
    if COMPANION in beside:
        merge_companion(dataset, beside[COMPANION])
    if REPORT in beside:
        merge_report(dataset, beside[REPORT])


def with_what_is_beside(document: Document, written: Written) -> Written:
    """The document as written, with the files beside it; what these hold is no loss."""
    again = read_data(written.data, dialect=document.dialect)
    _merge(again.dataset, document.beside)
    findings = written.findings
    if again.dataset == document.dataset:
        findings = tuple(finding for finding in findings if finding.rule != "not-representable")
    return replace(written, findings=findings, beside=document.beside)


def _files_beside(document: Path) -> Iterator[tuple[str, Any]]:
    stem = document.name.removesuffix(PACKED).removesuffix(DOCUMENT)
    for ending in BESIDE:
        path = document.with_name(stem + ending)
        if not path.is_file():
            continue
        data = source_from_content(read_content(path)).data
        if not isinstance(data, dict):
            raise DocumentError("an object belongs here", path=path, found=type(data).__name__)
        yield ending, data


def save_beside(path: Path, beside: Mapping[str, Any]) -> None:
    """Write the files beside a document that is written to a path.

    Raises:
        CetsGraphError: one of them cannot be written.
    """
    stem = path.name.removesuffix(PACKED).removesuffix(".json").removesuffix(".cets")
    for ending, data in beside.items():
        save(path.with_name(stem + ending), bytes(Written(data)))


def save(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all.

    Raises:
        CetsGraphError: it cannot be written.
    """
    with written_to(path), whole_file(path) as file:
        file.write(data)
