"""The files of a project of RELION as regions of a data set."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from cetsgraph.extras import importing_extras
from cetsgraph.importers.assembly import SeriesParts, region
from cetsgraph.importers.claim import Claim, stem
from cetsgraph.importers.formats.mrc import ENDINGS
from cetsgraph.importers.limits import check_series
from cetsgraph.importers.relion.completing import complete
from cetsgraph.importers.relion.projects import frame_files
from cetsgraph.importers.relion.series import bare_row, described, series_parts, volume
from cetsgraph.importers.relion.tables import StarRow, named_tables, series_name, table_with
from cetsgraph.importers.relion.tilt_images import tilt_rows
from cetsgraph.importers.relion.volume import VolumeGrid
from cetsgraph.importers.session import ImportSession, Options
from cetsgraph.importers.tables import SourceTable
from cetsgraph.importers.tilt_series.regions import readers_by_series
from cetsgraph.importers.tilt_series.sources import Reader
from cetsgraph.model import PointSet, Region, TiltSeriesMicrographStack, Tomogram

__all__ = ["regions"]

Tables = list[tuple[str, SourceTable]]
_PointSets = Callable[[ImportSession, Tables, str, Callable[[str], VolumeGrid | None]], dict[str, PointSet]]

_DESCRIBING = ("rlnTomoTiltSeriesStarFile", "rlnTomoTiltSeriesName", "rlnTomoSizeX")
_IMAGES = ("rlnTomoNominalStageTiltAngle", "rlnTomoYTilt", "rlnTomoProjX")


def regions(session: ImportSession) -> Iterator[Region]:
    """A region for each tilt series of a claim.

    Raises:
        DocumentError: there are too many.
    """
    project = _Project(session)
    frames = set(frame_files(session.claim, session.options))
    others = [path for path in session.claim.files if _is_of_others(session.claim, path)]
    for path in session.claim.files:
        if path not in others and path not in frames:
            with session.attempt():
                project.read(path)
    readers: Mapping[str, Sequence[Reader]] = {}
    with session.attempt():
        readers = readers_by_series(session, others)
    yield from project.regions(readers)


def _is_of_others(claim: Claim, path: Path) -> bool:
    """Whether a file of a claim is another program's: an mdoc file, or any beside the project."""
    return path.suffix.casefold() == ".mdoc" or claim.base not in path.parents


_Images = Callable[[], list[StarRow] | None]
"""Reads the rows of the images of one series; None if its file has none."""


@dataclass(slots=True)
class _Stage:
    """What one table says: its rows by name, and what reads the rows of their images."""

    rows: dict[str, StarRow]
    images: dict[str, _Images] = field(default_factory=dict)


class _Project:
    """The tables of a project, the newest stage first, as they are read."""

    def __init__(self, session: ImportSession) -> None:
        self._session = session
        self._stages: list[_Stage] = []
        self._alone: dict[str, list[StarRow]] = {}  # images of series that no table describes
        self._particles: list[tuple[Path, Tables]] = []
        self._read: set[Path] = set()

    def read(self, path: Path) -> None:
        """Read a file and the series that it names, but no image; what another file named is read already."""
        if path in self._read or path.name.casefold().endswith(ENDINGS):
            return
        self._read.add(path)
        tables = named_tables(self._session, path)
        if (table := table_with(tables, *_DESCRIBING)) is not None:
            self._stages.append(self._stage(tables, table))
        elif (named := table_with(tables, "rlnTomoParticlesFile")) is not None:
            self._follow(named)
        elif table_with(tables, *_IMAGES) is not None:
            self._alone.update(
                {series_name(name) or stem(path): tilt_rows(self._session, found) for name, found in tables}
            )
        else:
            self._particles.append((path, tables))

    def regions(self, others: Mapping[str, Sequence[Reader]]) -> Iterator[Region]:
        """Everything that was read, a region for each tilt series; files of images are read one by one.

        Args:
            others: what reads files of other programs, by the names of the series that they complete.
        """
        rows = {name: row for stage in reversed(self._stages) for name, row in stage.rows.items()}
        stated = _stated(self._session.options)
        volumes = {name: volume(row) for name, row in rows.items()}
        points = self._points(lambda name: volumes.get(name) or stated)
        alone = [name for name, images in self._alone.items() if images]
        names = dict.fromkeys((*rows, *alone, *points))
        check_series(len(names), self._session.claim.path)
        for name in names:
            found: list[Region] = []
            with self._session.part():
                parts = self._parts(name, rows.get(name))
                self._complete(parts, others.get(name, ()), rows.get(name))
                if name in points:
                    _tomogram(parts, name, stated).annotations += points[name]
                found.append(region(name, parts))
            yield from found

    def _complete(self, parts: SeriesParts, others: Sequence[Reader], row: StarRow | None) -> None:
        readings = [reader() for reader in others]
        sizes = (one.pixel_size for one in readings if one.pixel_size is not None)
        size = next(sizes, self._session.options.pixel_size)
        for reading in readings:
            facts = reading.facts(size)
            place = facts.place if row is None else row.place
            complete(parts, facts, place, self._session.tally)

    def _points(self, volume_of: Callable[[str], VolumeGrid | None]) -> dict[str, list[PointSet]]:
        """The points in each tomogram."""
        found: dict[str, list[PointSet]] = defaultdict(list)
        for path, tables in self._particles:
            shown = self._session.shown(path)
            for name, points in _reader_of_points()(self._session, tables, shown, volume_of).items():
                points.id = f"{name}-{self._label(shown)}"
                found[name].append(points)
        return found

    def _label(self, shown: str) -> str:
        """What tells the points of one file from those of another in the same tomogram."""
        return "particles" if len(self._particles) == 1 else shown.removesuffix(".star").replace("/", "-")

    def _parts(self, name: str, row: StarRow | None) -> SeriesParts:
        """A series of a table, of a file of images alone, or of which there are only particles."""
        images = self._alone.get(name)
        if row is None and images:
            return series_parts(self._session, bare_row(images[0].place), name, images, [])
        if row is None:
            return SeriesParts(TiltSeriesMicrographStack(id=name, name=name))
        read = [stage.images[name]() for stage in self._stages if name in stage.images]
        stages = [images for images in read if images is not None]
        kept, earlier = (stages[0], stages[-1]) if stages else (None, [])
        return series_parts(self._session, row, name, kept, earlier)

    def _stage(self, tables: Tables, table: SourceTable) -> _Stage:
        stage = _Stage(described(self._session, table))
        blocks = {series_name(name): images for name, images in tables}
        for name, row in stage.rows.items():
            if (file := row.texts["rlnTomoTiltSeriesStarFile"]) is not None:
                path = self._session.named(file, row.place)
                if path is not None and path not in self._read:
                    self._read.add(path)
                    stage.images[name] = partial(self._named_images, path)
            elif (images := blocks.get(name)) is not None:
                stage.images[name] = partial(tilt_rows, self._session, images)
        return stage

    def _named_images(self, path: Path) -> list[StarRow] | None:
        images = table_with(named_tables(self._session, path), *_IMAGES)
        return None if images is None else tilt_rows(self._session, images)

    def _follow(self, table: SourceTable) -> None:
        """Say which files an optimisation set names that are not there."""
        for column in ("rlnTomoParticlesFile", "rlnTomoTomogramsFile", "rlnTomoTrajectoriesFile"):
            for row, name in enumerate(table.texts(column)):
                if name is not None:
                    self._session.named(name, table.place(row))


def _tomogram(parts: SeriesParts, name: str, stated: VolumeGrid | None) -> Tomogram:
    """The tomogram that particles are of; if there is none, one of which only the user says something."""
    if not parts.tomograms:
        made = Tomogram(id=f"{name}-tomogram", tilt_series_id=[name])
        if stated is not None:
            made.width, made.height, made.depth = stated.size
            made.voxel_size = stated.voxel_size
        parts.tomograms.append(made)
    return parts.tomograms[0]


def _stated(options: Options) -> VolumeGrid | None:
    """The tomogram of particles whose files do not say its size, where the user does."""
    if options.size is None or options.voxel_size is None:
        return None
    return VolumeGrid(options.size, options.voxel_size)


def _reader_of_points() -> _PointSets:
    """The function that reads particles, which needs NumPy.

    Raises:
        ExtraNotInstalled: the packages of the extra `frames` are missing.
    """
    with importing_extras():
        from cetsgraph.importers.relion.particles import point_sets
    return point_sets
