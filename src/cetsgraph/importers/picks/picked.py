"""What a reader of points works with, and what it gives."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cetsgraph.importers.claims import stem
from cetsgraph.importers.formats.mrc import LENGTH
from cetsgraph.importers.formats.star import Odd
from cetsgraph.importers.picks.companions import volume_beside
from cetsgraph.importers.picks.layouts import Layout
from cetsgraph.importers.picks.point_tables import PointTable
from cetsgraph.importers.picks.tomograms import PickedTomogram, of_header, stated
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tables import SourceTable
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.model import PointSet

__all__ = ["PickFile", "PickedPoints", "nothing_known"]


@dataclass(frozen=True, slots=True)
class PickedPoints:
    """Points of one tomogram."""

    tomogram: PickedTomogram
    points: PointSet


def nothing_known(name: str) -> Mapping[str, Any]:
    """What is known of an object of a name where no project describes it."""
    return {}


@dataclass(frozen=True, slots=True)
class PickFile:
    """A file of points in its import."""

    session: ImportSession
    path: Path
    about: Callable[[str], Mapping[str, Any]] = nothing_known
    """Fields of annotations of an object, by its name, that other files of the project state."""

    @property
    def shown(self) -> str:
        """Its path, as findings and data have it."""
        return self.session.shown(self.path)

    def place(self, line: int | None = None) -> SourcePlace:
        """A place in it."""
        return SourcePlace(self.shown, line)

    def odd(self, odds: Sequence[Odd]) -> None:
        """Say which lines are none of its format."""
        for one in odds:
            self.session.tally.wrong(
                "this line", self.place(one.line), found=one.found, expected=one.expected
            )

    def tomogram(self) -> PickedTomogram:
        """The tomogram of a file that names none: as the user says, or of the file's own stem."""
        user = stated(self.session.options)
        name = user.name or stem(self.path)
        return PickedTomogram(name).filled(user).filled(self.header(volume_beside(self.path)))

    def header(self, path: Path | None) -> PickedTomogram | None:
        """What the header of a volume says, if it is one of the claim's files."""
        if path is None or path not in self.session.claim.files:
            return None
        return of_header(self.session.head(path, LENGTH), stem(path), self.session.shown(path))

    def picked(
        self,
        table: SourceTable,
        layout: Layout,
        tomogram: Callable[[str | None], PickedTomogram],
        **fields: Any,
    ) -> Iterator[PickedPoints]:
        """The points of a table.

        Args:
            table: its account.
            layout: what its columns are.
            tomogram: the tomogram that a row names; None where rows name none.
            fields: of the annotations.
        """
        points = PointTable(self.session, table, layout)
        for name, chosen in points.by_tomogram().items():
            of = tomogram(name)
            found = points.points(chosen, of, self.shown)
            for field_name, value in fields.items():
                setattr(found, field_name, value)
            yield PickedPoints(of, found)
