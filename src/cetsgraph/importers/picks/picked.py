"""What a reader of points works with, and what it gives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cetsgraph.importers.claim import stem
from cetsgraph.importers.formats.mrc import LENGTH
from cetsgraph.importers.picks.companions import volume_beside
from cetsgraph.importers.picks.copick_project import CopickProject
from cetsgraph.importers.picks.layouts import Layout
from cetsgraph.importers.picks.point_tables import PointTable
from cetsgraph.importers.picks.tomograms import PickedTomogram, numbered, of_header, stated
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tables import SourceTable
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.model import PointSet, SegmentationMask

__all__ = ["PickFile", "Picked"]


@dataclass(frozen=True, slots=True)
class Picked:
    """Points of a tomogram, or a mask of it."""

    tomogram: PickedTomogram
    annotation: PointSet | SegmentationMask


@dataclass(frozen=True, slots=True)
class PickFile:
    """A file of points in its import."""

    session: ImportSession
    path: Path
    project: CopickProject | None = None
    """The project that it is of."""

    known: dict[Path, PickedTomogram | None] = field(default_factory=dict)
    """What other files of the import say of tomograms, as they are read."""

    @property
    def shown(self) -> str:
        """Its path, as findings and data have it."""
        return self.session.shown(self.path)

    def place(self, line: int | None = None) -> SourcePlace:
        """A place in it."""
        return SourcePlace(self.shown, line)

    def tomogram(self) -> PickedTomogram:
        """The tomogram of a file that names none: as the user says, or of the file's own stem."""
        user, header = stated(self.session.options), self.header(volume_beside(self.path))
        name = user.name or (stem(self.path) if header is None else header.name)
        return PickedTomogram(name).filled(user).filled(header)

    def numbered(self, table: SourceTable, column: str) -> Callable[[str | None], PickedTomogram]:
        """The tomogram of each number of a column, called by it, for files that have numbers alone.

        If all numbers are the same, the tomogram is that of the file where the user or a volume names it.
        """
        user = stated(self.session.options)
        is_named = user.name or self.header(volume_beside(self.path)) is not None
        if is_named and len(set(table.texts(column))) <= 1:
            only = self.tomogram()
            return lambda _: only
        sizes = replace(user, path=None)
        return lambda number: PickedTomogram(numbered(number or "0")).filled(sizes)

    def header(self, path: Path | None) -> PickedTomogram | None:
        """What the header of a volume says, if it is one of the claim's files."""
        return None if path is None else self.once(path, _header)

    def once(
        self, path: Path, read: Callable[[ImportSession, Path], PickedTomogram | None]
    ) -> PickedTomogram | None:
        """What another file says of a tomogram, which is read once; None if it is none of the claim's."""
        if not self.session.has(path):
            return None
        if path not in self.known:
            self.known[path] = read(self.session, path)
        return self.known[path]

    def picked(
        self,
        table: SourceTable,
        layout: Layout,
        tomogram: Callable[[str | None], PickedTomogram],
        **fields: Any,
    ) -> Iterator[Picked]:
        """The points of a table.

        Args:
            table: its account.
            layout: what its columns are.
            tomogram: the tomogram that a row names; None where rows name none.
            fields: of the annotations.
        """
        if not len(table) and layout.tomogram is None:
            yield Picked(tomogram(None), PointSet(path=self.shown, point_count=0, **fields))
            return
        points = PointTable(self.session, table, layout)
        for name, chosen in points.by_tomogram().items():
            of = tomogram(name)
            found = points.points(chosen, of, self.shown)
            for key, value in fields.items():
                setattr(found, key, value)
            yield Picked(of, found)


def _header(session: ImportSession, path: Path) -> PickedTomogram | None:
    return of_header(session.head(path, LENGTH), stem(path), session.shown(path))
