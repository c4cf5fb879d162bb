"""Entries fetched from their archives.

Raises ExtraNotInstalled on import where the packages of the extra `remote` are missing.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cetsgraph.errors import StrPath
from cetsgraph.importers.archives.accessions import ARCHIVES
from cetsgraph.importers.archives.entries import EntryHarvest
from cetsgraph.importers.archives.harvest import Fetched, Harvest, Progress, fetch_entries
from cetsgraph.importers.archives.portal_api import PortalApi
from cetsgraph.importers.archives.portal_harvest import PortalHarvest, Wanted
from cetsgraph.importers.archives.session import Manners, Session
from cetsgraph.importers.portal_entries import FILES_URL
from cetsgraph.store.remote.protocol import checked_url

__all__ = ["Request", "fetch", "foresee"]


@dataclass(frozen=True, slots=True)
class Request:
    """Which entries of an archive are fetched, and how."""

    archive: str
    """Its name."""
    names: tuple[str, ...] = ()
    """Of the data sets; all of them if there is none."""
    since: dt.date | None = None
    """Only data sets of the portal that were changed on this day or later."""
    sections: bool = True
    """Whether the portal's tables with a row for each tilt are fetched."""
    annotation_authors: bool = False
    """Whether the authors of each annotation of the portal are fetched."""
    picks: bool = False
    """Whether the points of annotations of the portal are fetched."""
    refresh: bool = False
    """Whether entries of EMPIAR and EMDB that are kept are asked for again; those of the portal say when they
    were changed."""
    url: str | None = None
    """Address of the archive's interface, if it is not its own."""
    files_url: str = FILES_URL
    """Address of the server that has the portal's files."""
    manners: Manners = field(default_factory=Manners)
    """How it is asked."""

    @property
    def wanted(self) -> Wanted:
        """The same for the portal."""
        prefix = ARCHIVES["portal"].prefix
        numbers = tuple(int(name.removeprefix(prefix)) for name in self.names) or None
        return Wanted(numbers, self.since, self.sections, self.annotation_authors, self.picks)


@contextmanager
def _harvest(request: Request, folder: Path) -> Iterator[Harvest[Any]]:
    archive = ARCHIVES[request.archive]
    url = archive.url if request.url is None else checked_url(request.url)
    with Session(url, request.manners) as session:
        if archive.name == "portal":
            yield PortalHarvest(PortalApi(session, url), folder, request.wanted, request.files_url)
        else:
            names = list(request.names)
            yield EntryHarvest(session, archive, url, folder, names, refresh=request.refresh)


def fetch(request: Request, folder: StrPath, progress: Progress | None = None) -> Fetched:
    """Fetch entries into a folder, each once; what is there and has not changed is not fetched again.

    Args:
        request: which ones.
        folder: where they are kept.
        progress: called for each that is fetched.

    Raises:
        EntryNotFound: the portal has no data set of a name.
        EndpointError: the archive does not answer.
        StoreError: the address is none, or there is a user or password in it.
        OSError: a file cannot be written.
    """
    with _harvest(request, Path(folder)) as harvest:
        return fetch_entries(harvest, progress)


def foresee(request: Request, folder: StrPath) -> Sequence[tuple[str, int | None]]:
    """What would be fetched: of the portal how many rows of each table, of others the addresses.

    Raises:
        EntryNotFound: the portal has no data set of a name.
        EndpointError: the archive does not answer.
        StoreError: the address is none, or there is a user or password in it.
    """
    with _harvest(request, Path(folder)) as harvest:
        missing = [entry for entry in harvest.entries() if not harvest.is_kept(entry)]
        return harvest.foresee(missing)
