"""The documents of a folder: which files they may be, in which order, and how many others there are."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from cetsgraph.documents.file_sets import is_beside, is_payload, main_is_there
from cetsgraph.documents.rdf_formats import RDF_SUFFIXES
from cetsgraph.errors import DocumentError, StrPath, UnreadableFile
from cetsgraph.texts import counted

__all__ = ["SUFFIXES", "PassedOver", "files_below", "given_path", "is_cets_by_name", "no_document"]

_PLAIN = (".json", ".yaml", ".yml", *RDF_SUFFIXES)
SUFFIXES = (*_PLAIN, *(f"{suffix}.gz" for suffix in _PLAIN))
"""Endings of the files that are looked for in a folder."""


_DESCRIPTIONS = ("zarr.json", ".zattrs")
"""Files that describe an array store, of zarr 3 and 2."""

PassedOver = Callable[[Path], object]
"""Called for each file of a folder that is no document."""


def files_below(path: Path, passed_over: PassedOver | None = None) -> Iterator[Path]:
    """The documents in a folder and its subfolders, in order of their paths; a file is itself.

    Files that call themselves CETS (`TS_01.cets.json`) come first in each folder. Array stores (`*.zarr`) and
    hidden folders are not entered; the backups that IMOD, SerialEM and editors keep (`TS_01.xf~`) are not
    there. What stands beside a document, such as its companion, comes with that.
    An array store that belongs to no document is passed over as the file that describes it.
    A folder that links lead to again is visited once; one that cannot be listed is given as if it were a
    file, so that reading it says why.

    >>> [path.name for path in files_below(Path("TS_01.json"))]
    ['TS_01.json']

    Args:
        path: a folder or a file.
        passed_over: called for each file that by its name is no document.
    """
    if is_payload(path) and passed_over is not None and not main_is_there(path):
        _pass_over_array(path, passed_over)
        return
    visited: set[str] = set()
    stack = [path]
    while stack:
        found = stack.pop()
        if not os.path.isdir(found):  # also of a link that may not be followed
            yield found
            continue
        real = os.path.realpath(found)
        if real in visited:
            continue
        visited.add(real)
        try:
            entries = sorted(found.iterdir(), key=_first_cets, reverse=True)
        except OSError:
            yield found
            continue
        stack += [entry for entry in entries if _may_hold_documents(entry, passed_over)]


def given_path(path: StrPath) -> Path:
    """A path that was given; one without a name, as of a variable that is not set, is not this folder.

    >>> given_path("TS_01.json").name
    'TS_01.json'

    Raises:
        UnreadableFile: the name is empty.
    """
    if not os.fspath(path):
        raise UnreadableFile("the name of the file is empty", path="''", hint="This folder is called `.`.")
    return Path(path)


def no_document(folder: StrPath, others: int) -> DocumentError:
    """The error that a folder has no document among its files.

    >>> print(no_document("session", 2))
    session: there is no document in this folder (found 2 other files)
    """
    found = counted(others, "other file") if others else None
    return DocumentError("there is no document in this folder", path=folder, found=found)


def is_cets_by_name(path: Path) -> bool:
    """Whether a file calls itself CETS: then it is no other file, even with faults in it.

    >>> is_cets_by_name(Path("TS_01.cets.json")), is_cets_by_name(Path("package.json"))
    (True, False)
    """
    return ".cets." in path.name.casefold()


def _first_cets(entry: Path) -> tuple[bool, Path]:
    return not is_cets_by_name(entry), entry


def _pass_over_array(store: Path, passed_over: PassedOver | None) -> None:
    described = next((file for name in _DESCRIPTIONS if (file := store / name).is_file()), None)
    if passed_over is not None and described is not None and not main_is_there(store):
        passed_over(described)


def _may_hold_documents(entry: Path, passed_over: PassedOver | None) -> bool:
    if os.path.isdir(entry):
        if is_payload(entry):
            _pass_over_array(entry, passed_over)
        return not (is_payload(entry) or _is_hidden(entry))
    if is_beside(entry) and main_is_there(entry):
        return False
    if entry.name.casefold().endswith(SUFFIXES):
        return True
    if passed_over is not None and not _is_hidden(entry):
        passed_over(entry)
    return False


def _is_hidden(entry: Path) -> bool:
    return entry.name.startswith(".") or entry.name.endswith("~")
