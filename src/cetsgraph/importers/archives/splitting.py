"""Tables of many data sets of the portal as those of each: a row goes with the row that it belongs to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from cetsgraph.documents.content import read_content
from cetsgraph.documents.source import source_from_content
from cetsgraph.importers.archives.kept_tables import Row, write_rows
from cetsgraph.importers.claims import Claim, stem
from cetsgraph.importers.portal.answers import rows_in
from cetsgraph.importers.portal.recognition import LOST, PICKS
from cetsgraph.importers.portal.schema import TABLES, snake

__all__ = ["has_several", "split"]

Tables = dict[str, dict[int, Row]]


def has_several(claim: Claim) -> bool:
    """Whether the tables of a claim are those of several data sets.

    Raises:
        DocumentError: a file cannot be read.
    """
    heads = [path for path in claim.files if stem(path).casefold().startswith("datasets")]
    return len(_tables(heads)["datasets"]) > 1


def split(claim: Claim, folder: Path) -> Iterator[Path]:
    """Write the tables of each data set to a folder of its own, which is called by its number.

    Rows that belong to no data set are left out.

    Raises:
        DocumentError: a file cannot be read.
        OSError: one cannot be written.
    """
    files = [path for path in claim.files if path.name != LOST and path.parent.name != PICKS]
    tables = _tables(files)
    owners = _owners(tables)
    rows: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for table, numbers in owners.items():
        for key, owner in numbers.items():
            rows[owner, table].append(tables[table][key])
    for number in sorted(tables["datasets"]):
        place = folder / str(number)
        place.mkdir(parents=True, exist_ok=True)
        for table in owners:
            write_rows(place / f"{table}.json", rows[number, table])
        yield place


def _tables(files: Iterable[Path]) -> Tables:
    """The rows of files, by tables and numbers."""
    found: Tables = defaultdict(dict)
    for path in files:
        value = source_from_content(read_content(path)).data
        for table, _, rows in rows_in(value, stem(path)):
            for row in rows:
                if isinstance(row, dict) and isinstance(row.get("id"), int):
                    found[table][row["id"]] = {snake(column): cell for column, cell in row.items()}
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
