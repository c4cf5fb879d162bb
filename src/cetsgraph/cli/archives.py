"""Options of `cetsgraph import` about entries of archives, and the files that these are imported from."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from cetsgraph.cli.output import print_rows, progress_bar, say

if TYPE_CHECKING:
    from cetsgraph.importers.archives.harvest import Fetched
    from cetsgraph.importers.archives.live import Request

__all__ = ["ArchiveOptions", "archive_entry_options"]


@dataclass(frozen=True, slots=True)
class ArchiveOptions:
    """What was said about fetching entries."""

    source: str | None
    keep: str | None
    since: dt.datetime | None
    without_sections: bool
    annotation_authors: bool
    picks: bool
    refresh: bool
    url: str | None

    @property
    def is_given(self) -> bool:
        """Whether anything was said."""
        return bool(self.source or self.keep or self.refresh or self.url or self._is_of_portal)

    @property
    def _is_of_portal(self) -> bool:
        return bool(self.since or self.without_sections or self.annotation_authors or self.picks)

    def check(self, archive: str) -> None:
        """Refuse options that are not of this archive, or of no use where nothing is fetched."""
        if self._is_of_portal and archive != "portal":
            raise click.UsageError(
                "--since, --without-sections, --annotation-authors and --picks are of the portal."
            )
        if self.source is not None and (self._is_of_portal or self.keep or self.refresh or self.url):
            raise click.UsageError("--from fetches nothing; no option of fetching goes with it.")

    def request(self, archive: str, names: Sequence[str]) -> "Request":
        """What is fetched."""
        from cetsgraph.importers.archives.live import Request

        return Request(
            archive,
            tuple(names),
            None if self.since is None else self.since.date(),
            sections=not self.without_sections,
            annotation_authors=self.annotation_authors,
            picks=self.picks,
            refresh=self.refresh,
            url=self.url,
        )

    def say_foreseen(self, archive: str, names: Sequence[str]) -> int:
        """Print what fetching would ask for: tables with their rows, or addresses."""
        from cetsgraph.importers.archives.live import foresee

        with _folder() as nothing:
            foreseen = foresee(self.request(archive, names), f"{self.keep or nothing}/{archive}")
        rows = [{"asked for": what, "rows": count} for what, count in foreseen]
        print_rows(rows, ("asked for", "rows"), "table")
        return 0

    @contextmanager
    def files(self, archive: str, names: Sequence[str]) -> "Iterator[tuple[list[str], int]]":
        """The files of entries, or folders of tables, and the exit status of fetching them."""
        from cetsgraph.importers.archives import kept_entries

        if self.source is not None:
            with _folder() as scratch:
                found = kept_entries(archive, names, self.source, scratch=scratch, left_out=_say_left_out)
                yield [str(path) for path in found], 0
        elif self.keep is not None:
            yield self._fetched(archive, names, self.keep)
        else:
            with _folder() as folder:
                yield self._fetched(archive, names, folder)

    def _fetched(self, archive: str, names: Sequence[str], folder: str) -> tuple[list[str], int]:
        from cetsgraph.importers.archives.live import fetch

        with progress_bar("Fetching") as bar:

            def progress(entry: str, done: int, total: int) -> None:
                if bar is None:
                    say(f"fetched  {entry}  ({done:,} of {total:,})")
                else:
                    bar(done, total)

            found = fetch(self.request(archive, names), f"{folder}/{archive}", progress)
        _say_fetched(archive, found)
        return [str(path) for path in found.paths], found.exit_code


def _say_left_out(table: str, rows: int) -> None:
    say(f"left out  {rows:,} of the rows of {table}, which belong to no data set")


@contextmanager
def _folder() -> Iterator[str]:
    """A folder for what is not kept."""
    from tempfile import TemporaryDirectory  # takes as long to import as all else here

    with TemporaryDirectory(prefix="cetsgraph-") as folder:
        yield folder


_OPTIONS = (
    click.option(
        "--from", "source", metavar="DIR", type=click.Path(exists=True),
        help="Take entries from what --keep has kept, without a network.",
    ),
    click.option(
        "--keep", metavar="DIR",
        help="Keep what archives answer; the next time only what is missing, or was changed, is fetched.",
    ),
    click.option(
        "--since", type=click.DateTime(("%Y-%m-%d",)), metavar="DATE",
        help="Fetch data sets of the portal that were changed on this day or later.",
    ),
    click.option(
        "--without-sections", is_flag=True, help="Fetch no tables of the portal with a row for each tilt."
    ),
    click.option(
        "--annotation-authors", is_flag=True, help="Fetch the authors of each annotation of the portal, too."
    ),
    click.option("--picks", is_flag=True, help="Fetch the points of annotations of the portal, too."),
    click.option(
        "--refresh", is_flag=True,
        help="With --keep: ask again for entries of empiar and emdb that are kept; fetch what was changed.",
    ),
    click.option("--url", metavar="URL", help="Address of the archive's interface, if it is not its own."),
)  # fmt: skip


def archive_entry_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options about entries of archives, which the command gets as `entries`."""

    @wraps(command)
    def with_entries(
        *arguments: Any,
        source: str | None,
        keep: str | None,
        since: dt.datetime | None,
        without_sections: bool,
        annotation_authors: bool,
        picks: bool,
        refresh: bool,
        url: str | None,
        **others: Any,
    ) -> int:
        entries = ArchiveOptions(
            source, keep, since, without_sections, annotation_authors, picks, refresh, url
        )
        return command(*arguments, entries=entries, **others)

    for option in reversed(_OPTIONS):
        with_entries = option(with_entries)
    return with_entries


def _say_fetched(archive: str, found: "Fetched") -> None:
    """Say in a line what a harvest did, and for each entry that is not there why."""
    for failure in found.failures:
        say(f"not fetched  {failure}")
    if found.stopped:
        say(f"{archive} was not asked for more; the same command goes on, with --keep where it stopped.")
    kept = len(found.paths) - found.fetched
    size = f"{found.received / 1e6:,.1f} MB in {found.requests:,} requests"
    say(f"{archive}: {found.fetched:,} fetched, {kept:,} kept, {len(found.failures):,} failed; {size}")
