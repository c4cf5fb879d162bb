"""Rows of values in text files as accounts of tables."""

from collections.abc import Sequence
from pathlib import Path

from cetsgraph.importers.formats.columns import TextRow
from cetsgraph.importers.limits import check_images
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tables import SourceTable
from cetsgraph.importers.tally import SourcePlace

__all__ = ["row_table"]


def row_table(
    session: ImportSession, path: Path, names: Sequence[str], rows: Sequence[TextRow], what: str = "values"
) -> SourceTable:
    """An account of rows of a file; those with another number of values are said and left out.

    Args:
        session: the import.
        path: the file.
        names: of the columns.
        rows: one for each image.
        what: is expected in a row, for findings.

    Raises:
        DocumentError: there are more rows than a series has images.
    """
    file = session.shown(path)
    check_images(len(rows), SourcePlace(file, 1))
    whole = [row for row in rows if len(row.values) == len(names)]
    for row in rows:
        if len(row.values) != len(names):
            place, found = SourcePlace(file, row.line), f"{len(row.values)} values"
            session.tally.wrong("this line", place, found=found, expected=f"{len(names)} {what}")
    given = {name: [row.values[place] for row in whole] for place, name in enumerate(names)}
    return session.table(given, path, lines=[row.line for row in whole])
