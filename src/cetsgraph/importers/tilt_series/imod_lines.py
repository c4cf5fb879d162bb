"""Files of IMOD with a line of numbers for each view."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cetsgraph.importers.formats import columns
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.importers.tilt_series.row_tables import row_table

__all__ = ["Line", "by_view", "lines_of"]


@dataclass(frozen=True, slots=True)
class Line:
    """The numbers of a line; None where one is not finite, which is said."""

    place: SourcePlace
    numbers: tuple[float | None, ...]


def lines_of(session: ImportSession, path: Path | None, names: Sequence[str]) -> list[Line]:
    """The lines of a file, none without one; those with fewer values than others are said and left out.

    Args:
        session: the import.
        path: the file.
        names: of the values of a line, for findings; a file may have fewer.

    Raises:
        DocumentError: the file cannot be read.
    """
    if path is None:
        return []
    rows, _ = columns.parse(session.text(path).lines())
    headings = columns.headings(names, rows)
    table = row_table(session, path, headings, rows, "numbers, as on other lines")
    numbers = zip(*(table.numbers(name) for name in headings[: len(names)]), strict=True)
    return [Line(table.place(row), values) for row, values in enumerate(numbers)]


def by_view(
    session: ImportSession, lines: Sequence[Line], count: int, excluded: Collection[int]
) -> Mapping[int, Line]:
    """The line of each of `count` views; a file has lines for all of them, or for those that were kept.

    If it has neither, no view has a line, and that is a finding.
    """
    views = range(count)
    kept = [view for view in views if view not in excluded]
    for chosen in (views, kept):
        if len(chosen) == len(lines):
            return dict(zip(chosen, lines, strict=True))
    if lines:
        what = "the number of images, so that the lines are not used"
        session.tally.conflict(what, lines[0].place, kept=count, other=len(lines))
    return {}
