"""Motivelists of STOPGAP, of PEET with the models that have their points, and of TOM and AV3."""

from collections.abc import Iterator, Sequence

from cetsgraph.errors import DocumentError
from cetsgraph.geometry import matrices_of
from cetsgraph.importers.formats import delimited, em, star
from cetsgraph.importers.picks.companions import model_of
from cetsgraph.importers.picks.imod_models import model_of_file, point_columns, volume_of
from cetsgraph.importers.picks.layouts import MOTL_COLUMNS, PEET, STOPGAP, TOM
from cetsgraph.importers.picks.picked import Picked, PickFile
from cetsgraph.importers.tables import SourceTable
from cetsgraph.model import PointSet

__all__ = ["peet", "stopgap", "tom"]


def stopgap(file: PickFile) -> Iterator[Picked]:
    """The points of a motivelist of STOPGAP by their tomograms.

    Raises:
        DocumentError: the file cannot be read.
    """
    found = star.parse(file.session.text(file.path).lines())
    file.session.odd(file.path, found.odds)
    for _, rows in found.tables():
        given = dict(zip(rows.columns, _columns(rows.rows, len(rows.columns)), strict=True))
        table = file.session.table(given, file.path, lines=rows.lines)
        if "orig_x" in table:
            yield from file.picked(table, STOPGAP, file.numbered(table, "tomo_num"))


def tom(file: PickFile) -> Iterator[Picked]:
    """The points of a motivelist of TOM by their tomograms.

    Raises:
        DocumentError: the file cannot be read, or is cut.
    """
    data = file.session.data(file.path)
    if not em.is_motivelist(data):
        raise DocumentError("the motivelist ends within its header", path=file.path)
    rows, stated_count = em.motivelist(data)
    if len(rows) < stated_count:
        raise DocumentError(
            "the motivelist is cut",
            path=file.path,
            found=f"{len(rows)} particles",
            expected=f"{stated_count}",
        )
    texts = [[repr(value) for value in row] for row in rows]
    given = dict(zip(MOTL_COLUMNS, _columns(texts, len(MOTL_COLUMNS)), strict=True))
    table = file.session.table(given, file.path, lines=[None] * len(rows), label="column ")
    yield from file.picked(table, TOM, file.numbered(table, "5"))


def peet(file: PickFile) -> Iterator[Picked]:
    """The points of a motivelist of PEET, which are in a model beside it; without one only their number."""
    found = delimited.parse(file.session.text(file.path).lines())
    file.session.odd(file.path, found.odds)
    given = dict(zip(MOTL_COLUMNS, _columns(found.rows, len(found.columns or ())), strict=False))
    path = model_of(file.path)
    if path is None:
        file.session.tally.part_missing("the model with the points of the motivelist", file.place(1))
        yield _unplaced(file, file.session.table(given, file.path, lines=found.lines, label="column "))
        return
    model = model_of_file(file.session, path)
    points = point_columns(model)
    if len(points["x"]) != len(found.rows):
        raise DocumentError(
            "the motivelist is not of the model beside it",
            path=file.path,
            found=f"{len(found.rows)} rows",
            expected=f"{len(points['x'])}, as there are points in {path.name}",
        )
    given |= {axis: points[axis] for axis in "xyz"}
    table = file.session.table(given, file.path, lines=found.lines, label="column ")
    of = file.tomogram().filled(volume_of(model, file, path))
    yield from file.picked(table, PEET, lambda _: of)


def _unplaced(file: PickFile, table: SourceTable) -> Picked:
    """How many points there are, and how they are turned."""
    turns = list(zip(*(table.numbers(name) for name in PEET.angles or ()), strict=True))
    points = PointSet(path=file.shown, dimension=3, point_count=len(table))
    whole = [[angle for angle in turn if angle is not None] for turn in turns]
    if whole and all(len(turn) == 3 for turn in whole):
        points.rotations = (matrices_of(whole, PEET.program).round(9) + 0.0).tolist()
    table.take_constant(dict.fromkeys(table, 0.0))
    return Picked(file.tomogram(), points)


def _columns(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    return [[row[place] for row in rows] for place in range(width)]
