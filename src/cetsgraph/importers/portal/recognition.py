"""Which files are tables of the portal, and which of these are one data set."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cetsgraph.importers.claim import Claim, RecognisedFile, sample_of, stem
from cetsgraph.importers.portal.answers import table_of
from cetsgraph.importers.portal.schema import table_called

__all__ = ["LOST", "PICKS", "gather"]

PICKS = ".picks"
"""Folder beside the tables with the files of points, each named by its number."""

LOST = "lost-columns.json"
"""Name of the file that says which columns the portal no longer had when its tables were fetched."""

_LIST = re.compile(r"\s*\[\s*")
_ANSWER = re.compile(r'\s*\{\s*"(?:data"\s*:\s*\{\s*")?(\w+)"\s*:\s*\[\s*')
_DECODER = json.JSONDecoder()
_NUMBER = {
    "datasets": re.compile(r'"id"\s*:\s*(\d+)'),
    "runs": re.compile(r'"dataset_?[iI]d"\s*:\s*(\d+)'),
}


def _table(path: Path) -> str | None:
    """The table that a file has, or has first; empty for what is none and belongs to them."""
    text, name = sample_of(path).text, stem(path)
    if path.name.startswith(LOST):
        return ""
    begins = _ANSWER.match(text) or _LIST.match(text)
    if begins is None:
        return None
    name = begins[1] if begins.re is _ANSWER else name
    rest = text[begins.end() :]
    if rest.startswith("]"):
        return table_called(name)
    row = _first_row(rest)
    is_cut = row is None and begins.re is _ANSWER  # a row that has other tables within may be long
    return table_called(name) if is_cut else table_of(row, name)


def _first_row(text: str) -> object:
    """The JSON value that a text begins with; None if there is none, or not all of it."""
    try:
        return _DECODER.raw_decode(text)[0]
    except ValueError:
        return None


def gather(importer: str, found: Sequence[RecognisedFile]) -> Iterator[Claim]:
    """The tables of a folder are one data set, which is called by its number."""
    folders: dict[Path, dict[Path, str]] = defaultdict(dict)
    for one in found:
        if (table := _table(one.path)) is not None:
            folders[one.path.parent][one.path] = table
    for folder, files in folders.items():
        if any(files.values()):
            picks = sorted((folder / PICKS).glob("*.ndjson"))
            name = _name(files) or folder.resolve().name
            yield Claim(importer, name, (*sorted(files), *picks), folder)


def _name(files: Mapping[Path, str]) -> str | None:
    for kind, pattern in _NUMBER.items():
        for path, table in files.items():
            if table == kind and (found := pattern.search(sample_of(path).text)):
                return f"CryoET-Data-Portal-{found[1]}"
    return None
