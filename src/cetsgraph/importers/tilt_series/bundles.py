"""Which files are about one tilt series, and which series make one data set.

Files of one stem are about one series, the series of one folder are one data set. So are the series of
folders beside each other that are named as their only series, as etomo has them, and of folders beside each
other, or one in the other, whose files complete each other: `mdoc/`, `tomostar/` and `warp_tiltseries/` of
Warp, `TS_01_Imod/` of AreTomo.
"""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from cetsgraph.importers.claims import Claim, RecognisedFile, stem
from cetsgraph.importers.tilt_series.merging import ORDER

__all__ = ["gather", "series_stem"]

_ENDINGS = ("_CTF", "_TLT", "_ali", "_st", "_Vol", "_EVN", "_ODD", "_2ND")
"""What programs put behind the name of a series."""

_OF_FOLDERS = ("tilt.com", "newst.com", "metrics", "session")
"""Kinds of files that are about all series of their folder, or about one that they name."""

Content = set[tuple[str, str]]
"""Stems and kinds of the files of a folder."""


def series_stem(path: Path) -> str:
    """The name of the series that a file is about.

    >>> series_stem(Path("TS_01_TLT.txt")), series_stem(Path("TS_01.mrc.mdoc"))
    ('TS_01', 'TS_01')
    """
    name = stem(path)
    while ending := next((ending for ending in _ENDINGS if name.endswith(ending) and name != ending), ""):
        name = name.removesuffix(ending)
    return name


def gather(importer: str, found: Sequence[RecognisedFile]) -> Iterator[Claim]:
    """A claim for each group of folders, of the files that are sure, and those that have a partner.

    A file that stands alone has a claim of its own.
    """
    for one in found:
        if one.recognised.alone:
            yield Claim(one.importer, series_stem(one.path), (one.path,), one.path.parent)
    aligned = {series_stem(one.path) for one in found if one.importer == "aretomo"}
    found = [one for one in found if not one.recognised.alone and not _is_copy(one, aligned)]
    for folders in _groups(found):
        files = [one for one in found if one.path.parent in folders]
        kept = [one for one in files if _has_evidence(one, files)]
        programs = {one.importer for one in kept}
        kept += [one for one in files if one not in kept and _is_beside(one, programs)]
        if kept:
            root = Path(os.path.commonpath(folders))
            paths = tuple(sorted(one.path for one in kept))
            name = series_stem(paths[0]) if len(paths) == 1 else root.resolve().name
            sure = {one.importer for one in kept if not one.recognised.weak} or programs
            yield Claim(next((one for one in _ANCHORS if one in sure), importer), name, paths, root)


_ANCHORS = (*(name for name in ORDER if name != "mdoc"), "mdoc")
"""Importers, those first whose name a claim of several bears."""


def _groups(found: Sequence[RecognisedFile]) -> list[list[Path]]:
    """Folders whose files make one data set."""
    contents: dict[Path, Content] = defaultdict(set)
    for one in found:
        contents[one.path.parent].add((series_stem(one.path), one.recognised.kind))
    groups: list[list[Path]] = []
    for folder, content in sorted(contents.items()):
        group = next((group for group in groups if _completes(folder, content, group, contents)), None)
        if group is None:
            groups.append([folder])
        else:
            group.append(folder)
    return groups


def _completes(folder: Path, content: Content, group: list[Path], contents: dict[Path, Content]) -> bool:
    """Whether a folder is near a group and belongs to it: its files are others about the same series."""
    if all(one.parent == folder.parent and _is_of_one(one, contents[one]) for one in (folder, *group)):
        return True
    others = set().union(*(contents[one] for one in group))
    near = any(folder.parent in (one, one.parent) or one.parent == folder for one in group)
    stems, known = _stems(content), _stems(others)
    shared = len(stems & known) * 2 >= min(len(stems), len(known)) > 0
    return near and shared and not content & others


def _is_of_one(folder: Path, content: Content) -> bool:
    """Whether a folder is named as its only series."""
    return _stems(content) == {folder.name}


def _stems(content: Content) -> set[str]:
    return {name for name, kind in content if kind not in _OF_FOLDERS}


def _has_evidence(one: RecognisedFile, files: Sequence[RecognisedFile]) -> bool:
    """Whether a file is sure to be what it seems, or another kind of file of the same stem is there."""
    if not one.recognised.weak:
        return True
    name, kind = series_stem(one.path), one.recognised.kind
    return any(series_stem(other.path) == name and other.recognised.kind != kind for other in files)


def _is_copy(one: RecognisedFile, aligned: set[str]) -> bool:
    """Whether a file is AreTomo's copy, for IMOD, of the alignment that is there as .aln."""
    return one.path.parent.name.endswith("_Imod") and series_stem(one.path) in aligned


def _is_beside(one: RecognisedFile, programs: set[str]) -> bool:
    """Whether a file is about the series of its folder, and these are of the same program."""
    return one.recognised.kind in _OF_FOLDERS and one.importer in programs
