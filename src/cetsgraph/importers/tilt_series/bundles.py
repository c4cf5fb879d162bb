"""Which files are about one tilt series, and which series make one data set.

Files of one stem are about one series, the series of one folder are one data set. So are the series of
folders beside each other that are named as their only series, as etomo has them, and of folders beside each
other, or one in the other, whose files complete each other: `mdoc/`, `tomostar/` and `warp_tiltseries/` of
Warp, `TS_01_Imod/` of AreTomo.
"""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cetsgraph.importers.claim import Claim, RecognisedFile, stem
from cetsgraph.importers.tilt_series.merging import ORDER

__all__ = ["gather", "series_stem"]

_ENDINGS = (
    "_CTF",
    "_TLT",
    "_ali",
    "_st",
    "_Vol",
    "_EVN",
    "_ODD",
    "_2ND",
    "_ctf",
    "_ctffind",
    "_ctffind4",
    "_ctffind5",
)
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
    for group in _groups(found):
        kinds = group.kinds()
        kept = [
            one for one in group.files if not one.recognised.weak or len(kinds[series_stem(one.path)]) > 1
        ]
        programs = {one.importer for one in kept}
        paths = {one.path for one in kept}
        kept += [one for one in group.files if one.path not in paths and _is_beside(one, programs)]
        if kept:
            root = Path(os.path.commonpath(group.folders))
            files = tuple(sorted(one.path for one in kept))
            name = series_stem(files[0]) if len(files) == 1 else root.resolve().name
            sure = {one.importer for one in kept if not one.recognised.weak} or programs
            yield Claim(next((one for one in _ANCHORS if one in sure), importer), name, files, root)


_ANCHORS = (*(name for name in ORDER if name != "mdoc"), "mdoc")
"""Importers, those first whose name a claim of several bears."""


@dataclass(slots=True, eq=False)
class _Group:
    """Folders whose files make one data set."""

    folders: list[Path] = field(default_factory=list)
    files: list[RecognisedFile] = field(default_factory=list)
    content: Content = field(default_factory=set)
    stems: set[str] = field(default_factory=set)
    """Of the files that are about one series."""

    def add(self, folder: Path, files: Sequence[RecognisedFile]) -> None:
        """Add a folder with its files."""
        content = {(series_stem(one.path), one.recognised.kind) for one in files}
        self.folders.append(folder)
        self.files += files
        self.content |= content
        self.stems |= {name for name, kind in content if kind not in _OF_FOLDERS}

    def takes(self, other: "_Group") -> bool:
        """Add the folders of another group; False, and nothing is added, if both have files of one kind about
        one series."""
        if self.content & other.content:
            return False
        self.folders += other.folders
        self.files += other.files
        self.content |= other.content
        self.stems |= other.stems
        return True

    def kinds(self) -> dict[str, set[str]]:
        """Kinds of files by stem."""
        found: dict[str, set[str]] = defaultdict(set)
        for name, kind in self.content:
            found[name].add(kind)
        return found

    def completes(self, other: "_Group") -> bool:
        """Whether the folder of this group is near another group, and has other files about its series."""
        (folder,) = self.folders
        shared = len(self.stems & other.stems) * 2 >= min(len(self.stems), len(other.stems)) > 0
        if not shared or self.content & other.content:
            return False
        return any(folder.parent in (one, one.parent) or one.parent == folder for one in other.folders)


def _groups(found: Sequence[RecognisedFile]) -> list[_Group]:
    by_folder: dict[Path, list[RecognisedFile]] = defaultdict(list)
    for one in found:
        by_folder[one.path.parent].append(one)
    groups: list[_Group] = []
    named: dict[Path, _Group] = {}  # folders that are named as their only series, by their parents
    for folder, files in sorted(by_folder.items()):
        alone = _Group()
        alone.add(folder, files)
        is_named = alone.stems == {folder.name}
        series = named.get(folder.parent) if is_named else None
        completed = [series] if series is not None else [one for one in groups if alone.completes(one)]
        group = completed[0] if completed else alone
        if completed:
            group.add(folder, files)
        else:
            groups.append(alone)
        for other in filter(group.takes, completed[1:]):
            groups.remove(other)
            named = {parent: group if one is other else one for parent, one in named.items()}
        if is_named:
            named.setdefault(folder.parent, group)
    return groups


def _is_copy(one: RecognisedFile, aligned: set[str]) -> bool:
    """Whether a file is AreTomo's copy, for IMOD, of the alignment that is there as .aln."""
    return one.path.parent.name.endswith("_Imod") and series_stem(one.path) in aligned


def _is_beside(one: RecognisedFile, programs: set[str]) -> bool:
    """Whether a file is about the series of its folder, and these are of the same program."""
    return one.recognised.kind in _OF_FOLDERS and one.importer in programs
