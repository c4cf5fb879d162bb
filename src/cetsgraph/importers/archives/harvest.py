"""Many entries of an archive fetched at a few connections, as far as it answers."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from cetsgraph.errors import CetsGraphError, EndpointError, EndpointUnreachable
from cetsgraph.importers.archives.session import Session

__all__ = ["Fetched", "Harvest", "fetch_entries"]

_FAILURES = 3  # of entries, one after the other, after which an archive is not asked for more

Entry = TypeVar("Entry")

Progress = Callable[[str, int, int], object]
"""Called with the name of an entry once it is there, which one it is, and of how many."""


class Harvest(Protocol[Entry]):
    """Entries of one archive, and where they are kept."""

    session: Session
    absent: list[CetsGraphError]
    """Why some are not there, as far as the list of entries tells."""

    def entries(self) -> list[Entry]:
        """The entries that are wanted."""

    def label(self, entry: Entry) -> str:
        """What an entry is called."""

    def place(self, entry: Entry) -> Path:
        """Its file or folder."""

    def is_kept(self, entry: Entry) -> bool:
        """Whether it is there, and has not changed."""

    def fetch(self, entry: Entry) -> Path:
        """Fetch it."""

    def foresee(self, entries: list[Entry]) -> list[tuple[str, int | None]]:
        """What fetching would ask for, and how many rows of it there are."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a harvest has."""

    paths: tuple[Path, ...]
    """Files or folders of the entries that are there, in their order."""
    fetched: int
    """How many of them were fetched now; the others were kept."""
    failures: tuple[CetsGraphError, ...]
    """Why others are not there."""
    stopped: bool
    """Whether the archive was not asked for all, since it failed again and again."""
    requests: int
    received: int
    """Bytes of all answers, decompressed."""

    @property
    def exit_code(self) -> int:
        """The exit status of a command that fetches: 0 if all is there."""
        return max((failure.exit_code for failure in self.failures), default=0)


def fetch_entries(harvest: Harvest[Entry], progress: Progress | None = None) -> Fetched:
    """Fetch the entries that are not kept; what was fetched stays where others fail, or this is stopped.

    Raises:
        CetsGraphError: the archive does not say which entries it has.
        OSError: a file cannot be written.
    """
    entries = harvest.entries()
    missing = [entry for entry in entries if not harvest.is_kept(entry)]
    tried = list(_tried(harvest, missing, progress))
    failures = [failure for failure in tried if failure is not None]
    return Fetched(
        tuple(harvest.place(entry) for entry in entries if harvest.is_kept(entry)),
        len(tried) - len(failures),
        (*harvest.absent, *failures),
        len(tried) < len(missing),
        harvest.session.requests,
        harvest.session.received,
    )


def _tried(
    harvest: Harvest[Entry], entries: list[Entry], progress: Progress | None
) -> Iterator[CetsGraphError | None]:
    """What went wrong with each entry, or nothing; none is tried after the archive failed again and again."""
    in_a_row = 0
    with ThreadPoolExecutor(harvest.session.manners.connections) as pool:
        tasks = {pool.submit(harvest.fetch, entry): entry for entry in entries}
        try:
            for number, task in enumerate(as_completed(tasks), start=1):
                failure = _failure(task)
                if failure is None and progress is not None:
                    progress(harvest.label(tasks[task]), number, len(entries))
                yield failure
                in_a_row = in_a_row + 1 if isinstance(failure, EndpointError) else 0
                if in_a_row == _FAILURES or isinstance(failure, EndpointUnreachable):
                    break
        finally:
            if not all(task.done() for task in tasks):
                harvest.session.close()
                pool.shutdown(wait=False, cancel_futures=True)


def _failure(task: "Future[Path]") -> CetsGraphError | None:
    try:
        task.result()
    except CetsGraphError as error:
        return error
    return None
