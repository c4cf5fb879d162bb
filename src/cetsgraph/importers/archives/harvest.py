"""Many entries of an archive fetched at a few connections, as far as it answers."""

from collections.abc import Callable
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
    failures: list[CetsGraphError] = []
    in_a_row = fetched = 0
    with ThreadPoolExecutor(harvest.session.manners.connections) as pool:
        tasks = {pool.submit(harvest.fetch, entry): entry for entry in missing}
        try:
            for number, task in enumerate(as_completed(tasks), start=1):
                failure = _failure(task)
                if failure is None:
                    in_a_row, fetched = 0, fetched + 1
                    if progress is not None:
                        progress(harvest.label(tasks[task]), number, len(missing))
                    continue
                failures.append(failure)
                in_a_row += isinstance(failure, EndpointError)
                if in_a_row == _FAILURES or isinstance(failure, EndpointUnreachable):
                    break
        finally:
            undone = any(not task.done() for task in tasks)
            if undone:
                harvest.session.close()
                pool.shutdown(wait=True, cancel_futures=True)
    return Fetched(
        tuple(harvest.place(entry) for entry in entries if harvest.is_kept(entry)),
        fetched,
        tuple(failures),
        undone,
        harvest.session.requests,
        harvest.session.received,
    )


def _failure(task: "Future[Path]") -> CetsGraphError | None:
    try:
        task.result()
    except CetsGraphError as error:
        return error
    return None
