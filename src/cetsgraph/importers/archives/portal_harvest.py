"""Data sets of the portal fetched into a folder: what was stopped goes on, what changed is fetched anew."""

import datetime as dt
import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cetsgraph.errors import CetsGraphError, EntryNotFound
from cetsgraph.importers.archives.kept_tables import (
    Row,
    add_page,
    json_in,
    kept_pages,
    rows_in_file,
    write_rows,
    write_text,
)
from cetsgraph.importers.archives.portal_api import SMALLEST_PAGE, PortalApi
from cetsgraph.importers.archives.session import status_error
from cetsgraph.importers.portal.recognition import LOST, PICKS
from cetsgraph.importers.portal.schema import SECTIONS, TABLES, Table
from cetsgraph.importers.portal_entries import FILES_URL
from cetsgraph.whole_files import whole_file

__all__ = ["PortalHarvest", "Wanted"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which data sets of the portal are fetched, and how much of each."""

    datasets: tuple[int, ...] | None = None
    """Their numbers; all if None."""
    since: dt.date | None = None
    """Only those that the portal has changed on this day or later."""
    sections: bool = True
    """Whether the tables with a row for each tilt are fetched."""

    annotation_authors: bool = False
    """Whether the authors of each annotation are fetched; most are those of the data set."""
    picks: bool = False
    """Whether the files with the points of annotations are fetched."""

    @property
    def tables(self) -> list[Table]:
        """The tables that are fetched, in their order."""
        left_out = () if self.sections else SECTIONS
        authors = () if self.annotation_authors else ("annotationAuthors",)
        return [table for name, table in TABLES.items() if name not in (*left_out, *authors)]


class PortalHarvest:
    """Data sets of the portal, each in a folder of its number, once it is there whole.

    Args:
        api: the portal.
        folder: where they go.
        wanted: which ones.
        files: address of the server that has the portal's files.
    """

    def __init__(self, api: PortalApi, folder: Path, wanted: Wanted, files: str = FILES_URL) -> None:
        self.session = api.session
        self.absent: list[CetsGraphError] = []
        self._api = api
        self._folder = folder
        self._files = files
        self._wanted = wanted

    def entries(self) -> list[Row]:
        """The rows of the data sets that are wanted; those that the portal does not have are `absent`.

        Raises:
            EndpointError: it does not answer.
        """
        table = TABLES["datasets"]
        numbers: Iterable[int | None] = (None,) if self._wanted.datasets is None else self._wanted.datasets
        rows: list[Row] = []
        for number in numbers:
            found = [row for page in self._api.rows(table, number) for row in page]
            if number is not None and not found:
                self.absent.append(EntryNotFound(str(number), where=self._api.url))
            rows += found
        return [row for row in rows if _is_since(row, self._wanted.since)]

    def label(self, row: Row) -> str:
        """The number of a data set."""
        return str(row["id"])

    def place(self, row: Row) -> Path:
        """The folder of a data set."""
        return self._folder / str(row["id"])

    def is_kept(self, row: Row) -> bool:
        """Whether a data set is there whole, and the portal has not changed it since."""
        place = self.place(row)
        names = [f"{table.name}.json" for table in self._wanted.tables] + [PICKS] * self._wanted.picks
        return rows_in_file(place / "datasets.json") == [row] and all(
            (place / name).exists() for name in names
        )

    def fetch(self, row: Row) -> Path:
        """Fetch a data set, or the rest of it.

        Raises:
            EndpointError: the portal does not answer; what was fetched stays, and the next time goes on.
            OSError: a file cannot be written.
        """
        place = self.place(row)
        part = place.with_name(f".{place.name}.part")
        if part.exists() and rows_in_file(part / "datasets.json") != [row]:
            shutil.rmtree(part)
        part.mkdir(parents=True, exist_ok=True)
        self._write(part, TABLES["datasets"], [row])
        counts = self._api.counts([row["id"]], self._wanted.tables)
        for table in self._wanted.tables:
            if not (part / f"{table.name}.json").exists():
                is_empty = bool(table.parent) and not rows_in_file(part / f"{table.parent}.json")
                expected = 0 if is_empty else counts.get(table.name)
                self._write(part, table, self._rows(part, table, row["id"], expected))
        if self._wanted.picks:
            self._fetch_picks(part)
        for left in [*part.rglob(".*")]:  # of a process that was killed while it wrote
            if left.is_file():
                left.unlink()
        if place.exists():
            shutil.rmtree(place)
        part.rename(place)
        return place

    def _fetch_picks(self, part: Path) -> None:
        """Fetch the files of points that are on the portal's own server."""
        (part / PICKS).mkdir(exist_ok=True)
        for row in rows_in_file(part / "annotationFiles.json"):
            address, target = str(row.get("https_path")), part / PICKS / f"{row['id']}.ndjson"
            if row.get("format") != "ndjson" or not address.startswith(FILES_URL) or target.exists():
                continue
            response = self.session.get(self._files + address.removeprefix(FILES_URL))
            if response.status not in (200, 403, 404):  # the server says 403 of what is not there
                raise status_error(response)
            if response.status == 200:
                with whole_file(target) as file:
                    file.write(response.body)

    def foresee(self, rows: list[Row]) -> list[tuple[str, int | None]]:
        """How many rows each table has of some data sets; None where the portal does not count."""
        counts = self._api.counts([row["id"] for row in rows], self._wanted.tables) if rows else {}
        return [(table.name, counts.get(table.name)) for table in self._wanted.tables] if rows else []

    def _rows(self, part: Path, table: Table, dataset: int, expected: int | None) -> list[Row]:
        """All rows of a table of a data set; each page is kept at once.

        The expected number ends a table only where its last page is not full: the portal may count too few.
        """
        pages = part / f".{table.name}.pages"
        page = rows = list(kept_pages(pages))
        while len(rows) != expected or len(page) >= SMALLEST_PAGE:
            page = self._api.page(table, dataset, rows[-1]["id"] if rows else 0)
            if not page:
                break
            add_page(pages, page)
            rows += page
        return rows

    def _write(self, part: Path, table: Table, rows: Sequence[Row]) -> None:
        """Write a table, and which of its columns the portal no longer has."""
        if lost := self._api.lost.get(table.name):
            known = json_in(part / LOST) or {"lost_columns": {}}
            known["lost_columns"][table.name] = sorted(lost)
            write_text(part / LOST, json.dumps(known, indent=1, sort_keys=True))
        write_rows(part / f"{table.name}.json", rows)
        (part / f".{table.name}.pages").unlink(missing_ok=True)


def _is_since(row: Row, day: dt.date | None) -> bool:
    """Whether the portal changed a data set on a day or later; one that does not say when is taken."""
    changed = row.get("last_modified_date")
    return day is None or not isinstance(changed, str) or changed[:10] >= day.isoformat()
