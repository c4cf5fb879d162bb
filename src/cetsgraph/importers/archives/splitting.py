"""Tables of many data sets of the portal as those of each: a row goes with the row that it belongs to."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cetsgraph.documents.content import read_content
from cetsgraph.documents.source import source_from_content
from cetsgraph.importers.archives.kept_tables import Row, write_rows
from cetsgraph.importers.claim import Claim, stem
from cetsgraph.importers.portal.answers import rows_in
from cetsgraph.importers.portal.recognition import LOST, PICKS
from cetsgraph.importers.portal.schema import TABLES, snake

__all__ = ["LeftOut", "has_several", "split"]

Tables = dict[str, dict[int, Row]]

LeftOut = Callable[[str, int], object]


def has_several(claim: Claim) -> bool:
    """Whether the tables of a claim are those of several data sets.

    Raises:
        DocumentError: a file cannot be read.
    """
    files = _files(claim)
    heads = [path for path in files if stem(path).casefold().startswith("datasets")]
    return len(_tables(heads or files)["datasets"]) > 1


def split(claim: Claim, folder: Path, left_out: LeftOut) -> Iterator[Path]:
    """Write the tables of each data set to a folder of its own, which is called by its number.

    Args:
        claim: the tables.
        folder: where the folders go.
        left_out: called with a table and the number of its rows that belong to no data set.

    Raises:
        DocumentError: a file cannot be read.
        OSError: one cannot be written.
    """
    tables = _tables(_files(claim))
    owners = _owners(tables)
    for table, several in tables.items():
        if others := len(several) - len(owners.get(table, ())):
            left_out(table, others)
    rows: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for table, numbers in owners.items():
        for key, owner in numbers.items():
            rows[owner, table].append(tables[table][key])
    for number in sorted(tables["datasets"]):
        place = folder / str(number)
        place.mkdir(parents=True, exist_ok=True)
        for table in owners:
            write_rows(place / f"{table}.json", rows[number, table])
        _copy_picks(claim.folder, place, rows[number, "annotationFiles"])
        yield place


def _copy_picks(source: Path, place: Path, files: Iterable[Row]) -> None:
    """Copy the points of annotations that lie beside the tables."""
    found = [path for row in files if (path := source / PICKS / f"{row['id']}.ndjson").is_file()]
    for path in found:
        (place / PICKS).mkdir(exist_ok=True)
        shutil.copy(path, place / PICKS)


def _files(claim: Claim) -> list[Path]:
    """The tables among the files of a claim."""
    return [path for path in claim.files if path.name != LOST and path.parent.name != PICKS]


def _tables(files: Iterable[Path]) -> Tables:
    """The rows of files, by tables and numbers."""
    found: Tables = defaultdict(dict)
    for path in files:
        value = source_from_content(read_content(path)).data
        for some in rows_in(value, stem(path)):
            for row in some.rows:
                if isinstance(row, dict) and isinstance(row.get("id"), int):
                    found[some.table][row["id"]] = {snake(column): cell for column, cell in row.items()}
    return found


def _owners(tables: Tables) -> dict[str, dict[int, int]]:
    """The data set of each row, by tables and numbers of rows; parents come before what belongs to them."""
    found: dict[str, dict[int, int]] = {"datasets": {number: number for number in tables["datasets"]}}
    for table in TABLES.values():
        if table.parent:
            of_parent = found[table.parent]
            links = ((number, row.get(table.link)) for number, row in tables[table.name].items())
            found[table.name] = {
                number: of_parent[link]
                for number, link in links
                if isinstance(link, int) and link in of_parent
            }
    return found
