"""Entries that were fetched before, or recorded: found in a folder without a network."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from cetsgraph.errors import EntryNotFound, StrPath
from cetsgraph.importers.archives.accessions import ARCHIVES, Archive
from cetsgraph.importers.archives.splitting import LeftOut, has_several, split
from cetsgraph.importers.claim import Claim, sample_of
from cetsgraph.importers.recognition import claims

__all__ = ["kept_entries"]


def kept_entries(
    archive: str,
    names: Sequence[str],
    folder: StrPath,
    *,
    scratch: StrPath | None = None,
    left_out: LeftOut = lambda table, rows: None,
) -> list[Path]:
    """The files, or folders of tables, of entries of an archive below a folder.

    Args:
        archive: its name.
        names: of the data sets, all of them if there is none.
        folder: where they were kept.
        scratch: a folder in which tables of several data sets of the portal are taken apart; without it,
            they stay as they are.
        left_out: called with a table of these, and the number of its rows that belong to no data set.

    Raises:
        EntryNotFound: one is not there.
        DocumentError: a file cannot be read.
    """
    found: dict[str, list[Path]] = {}
    for claim in claims([folder], importer=archive).claims:
        for name, paths in _entries(ARCHIVES[archive], claim, scratch, left_out):
            found.setdefault(name, []).extend(paths)
    for name in names:
        if name not in found:
            raise EntryNotFound(name, suggestions=sorted(found)[:5], where=folder)
    return [path for name in names or sorted(found) for path in found[name]]


def _entries(
    archive: Archive, claim: Claim, scratch: StrPath | None, left_out: LeftOut
) -> Iterator[tuple[str, list[Path]]]:
    """The entries of a claim by their names, each with its files or folder."""
    if archive.name != "portal":
        yield _name(archive, claim), list(claim.files)
    elif scratch is None or not has_several(claim):
        yield claim.name, [claim.folder]
    else:
        for folder in split(claim, Path(scratch), left_out):
            yield archive.named(folder.name), [folder]


def _name(archive: Archive, claim: Claim) -> str:
    stated = archive.within.search(sample_of(claim.files[0]).text)
    return claim.name if stated is None else archive.named(stated[1])
