"""Entries that were fetched before, or recorded: found in a folder without a network."""

from collections.abc import Sequence
from pathlib import Path

from cetsgraph.errors import EntryNotFound, StrPath
from cetsgraph.importers.archives.accessions import ARCHIVES, Archive
from cetsgraph.importers.claims import Claim, sample_of
from cetsgraph.importers.recognition import claims

__all__ = ["kept_entries"]


def kept_entries(archive: str, names: Sequence[str], folder: StrPath) -> list[Path]:
    """The files, or folders of tables, of entries of an archive below a folder.

    Args:
        archive: its name.
        names: of the data sets, all of them if there is none.
        folder: where they were kept.

    Raises:
        EntryNotFound: one is not there.
    """
    found: dict[str, list[Path]] = {}
    for claim in claims([folder], importer=archive).claims:
        files = [claim.folder] if archive == "portal" else list(claim.files)
        found.setdefault(_name(ARCHIVES[archive], claim), []).extend(files)
    for name in names:
        if name not in found:
            raise EntryNotFound(name, suggestions=sorted(found)[:5], where=folder)
    return [path for name in names or sorted(found) for path in found[name]]


def _name(archive: Archive, claim: Claim) -> str:
    stated = archive.within.search(sample_of(claim.files[0]).text)
    return claim.name if stated is None else archive.named(stated[1])
