"""Particles of RELION 3, 4 and 5 as point sets of their tomograms.

RELION 5 counts Å from the centre of the tomogram, RELION 3 and 4 unbinned pixels from its corner. The origin
of a particle is an offset within its box, so the box's angles turn it (particle_set.cpp).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cetsgraph.geometry import matrices_of
from cetsgraph.importers.numbers import finite, rounded
from cetsgraph.importers.relion.tables import series_name, table_with
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tables import SourceTable
from cetsgraph.model import PointAttribute, PointSet

__all__ = ["Volume", "point_sets"]

Vectors = list[list[float]]
Matrices = list[list[list[float]]]

_CENTRED = tuple(f"rlnCenteredCoordinate{axis}Angst" for axis in "XYZ")
_CORNER = tuple(f"rlnCoordinate{axis}" for axis in "XYZ")
_ORIGIN_ANGSTROM = tuple(f"rlnOrigin{axis}Angst" for axis in "XYZ")
_ORIGIN_PIXEL = tuple(f"rlnOrigin{axis}" for axis in "XYZ")
_ANGLES = ("rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi")
_BOX_ANGLES = ("rlnTomoSubtomogramRot", "rlnTomoSubtomogramTilt", "rlnTomoSubtomogramPsi")
_VECTORS = (_CENTRED, _CORNER, _ORIGIN_ANGSTROM, _ORIGIN_PIXEL, _ANGLES, _BOX_ANGLES)
_PIXEL_SIZES = (
    "rlnTomoTiltSeriesPixelSize",
    "rlnPixelSize",
    "rlnMicrographOriginalPixelSize",
    "rlnImagePixelSize",
)
_ATTRIBUTES = (
    "rlnClassNumber",
    "rlnRandomSubset",
    "rlnLogLikeliContribution",
    "rlnMaxValueProbDistribution",
)
_NAMES = ("rlnTomoName", "rlnMicrographName")


@dataclass(frozen=True, slots=True)
class Volume:
    """The tomogram that particles were picked in."""

    size: tuple[int, int, int]
    """In voxels."""
    voxel_size: float
    """In Å."""

    def centred(self, pixels: Sequence[float], pixel_size: float) -> list[float]:
        """A position in pixels of the tilt images from the corner, in Å from the centre."""
        centre = (size // 2 * self.voxel_size for size in self.size)
        return [pixel * pixel_size - middle for pixel, middle in zip(pixels, centre, strict=True)]


def point_sets(
    session: ImportSession,
    tables: list[tuple[str, SourceTable]],
    path: str,
    volume: Callable[[str], Volume | None],
) -> dict[str, PointSet]:
    """The particles of a file by the names of their tomograms.

    Args:
        session: the import.
        tables: the tables of the file.
        path: the file, as it is shown.
        volume: the tomogram of a name, if its size is known.
    """
    table = table_with(tables, _CENTRED[0], _CORNER[0])
    if table is None:
        return {}
    particles = _Particles(table, table_with(tables, *_PIXEL_SIZES))
    return {
        name: particles.points(session, name, path, chosen, volume(name))
        for name, chosen in particles.by_tomogram().items()
    }


class _Particles:
    """The rows of a table of particles that have all their numbers."""

    def __init__(self, table: SourceTable, optics: SourceTable | None) -> None:
        self._table = table
        columns = [name for names in _VECTORS for name in names if name in table]
        numbers = {name: table.numbers(name) for name in columns}
        whole = [
            row for row in range(len(table)) if all(column[row] is not None for column in numbers.values())
        ]
        self._rows = whole
        self._numbers = {name: [column[row] or 0.0 for row in whole] for name, column in numbers.items()}
        self._attributes = {name: self._texts(name) for name in _ATTRIBUTES if name in table}
        self._identifiers = self._texts("rlnTomoParticleName")
        self._pixel_sizes = self._sampling(optics)
        boxes, turned = self._matrices(_BOX_ANGLES), self._matrices(_ANGLES)
        self._boxes = boxes
        self._rotations = _product(boxes, turned)

    def by_tomogram(self) -> dict[str, list[int]]:
        """Which of the rows are of which tomogram."""
        column = next((name for name in _NAMES if name in self._table), "")
        found: dict[str, list[int]] = defaultdict(list)
        for index, name in enumerate(self._texts(column)):
            found[series_name(name)].append(index)
        return found

    def points(
        self, session: ImportSession, name: str, path: str, chosen: list[int], volume: Volume | None
    ) -> PointSet:
        """The point set of some of the rows."""
        points = PointSet(path=path, dimension=3)
        self._place(session, points, name, chosen, volume)
        if self._rotations is not None:
            points.rotations = [self._rotations[index] for index in chosen]
        identifiers = [self._identifiers[index] for index in chosen]
        if all(identifiers):
            points.point_ids = [identifier or "" for identifier in identifiers]
        points.point_attributes = [
            PointAttribute(name=column, values=[_value(values[index]) for index in chosen])
            for column, values in self._attributes.items()
        ]
        return points

    def _place(
        self, session: ImportSession, points: PointSet, name: str, chosen: list[int], volume: Volume | None
    ) -> None:
        """In Å from the centre, or in pixels from the corner where the tomogram's size is not known."""
        place = self._table.place(self._rows[chosen[0]]) if chosen else self._table.place(0)
        if _CENTRED[0] in self._numbers:
            offsets = self._offsets(chosen, _ORIGIN_ANGSTROM)
            positions = _less(self._vectors(_CENTRED, chosen), offsets)
            points.unit, points.origin = "angstrom", "centre"
        else:
            positions = _less(self._vectors(_CORNER, chosen), self._pixel_offsets(session, chosen))
            sizes = [self._pixel_sizes[index] for index in chosen]
            if volume is not None and all(sizes):
                positions = [
                    volume.centred(pixels, size or 0.0) for pixels, size in zip(positions, sizes, strict=True)
                ]
                points.unit, points.origin = "angstrom", "centre"
            else:
                what = "stay in pixels from the corner, since its size is not known"
                session.tally.assumed(f"positions in the tomogram {name!r} {what}", place)
                points.unit, points.origin = "pixel", "corner"
        points.coordinates = [[rounded(value) for value in position] for position in positions]

    def _pixel_offsets(self, session: ImportSession, chosen: list[int]) -> Vectors | None:
        if _ORIGIN_PIXEL[0] in self._numbers:
            return self._offsets(chosen, _ORIGIN_PIXEL)
        offsets = self._offsets(chosen, _ORIGIN_ANGSTROM)
        sizes = [self._pixel_sizes[index] for index in chosen]
        if offsets is None or all(sizes):
            return offsets and [
                [value / (size or 1.0) for value in offset]
                for offset, size in zip(offsets, sizes, strict=True)
            ]
        place = self._table.place(self._rows[chosen[0]])
        session.tally.dropped("rlnOriginXAngst, YAngst, ZAngst", place, found=offsets[0], count=len(offsets))
        return None

    def _offsets(self, chosen: list[int], names: Sequence[str]) -> Vectors | None:
        """Offsets within the boxes, as they are in the tomogram."""
        if names[0] not in self._numbers:
            return None
        offsets = self._vectors(names, chosen)
        if self._boxes is None:
            return offsets
        turned = ((self._boxes[index], offset) for index, offset in zip(chosen, offsets, strict=True))
        return [[_dot(line, offset) for line in box] for box, offset in turned]

    def _vectors(self, names: Sequence[str], chosen: list[int]) -> Vectors:
        columns = [self._numbers.get(name) or [0.0] * len(self._rows) for name in names]
        return [[column[index] for column in columns] for index in chosen]

    def _matrices(self, names: Sequence[str]) -> Matrices | None:
        if not any(name in self._numbers for name in names) or not self._rows:
            return None
        found: Matrices = matrices_of(self._vectors(names, list(range(len(self._rows)))), "relion").tolist()
        return found

    def _texts(self, column: str) -> list[str | None]:
        values = self._table.texts(column)
        return [values[row] for row in self._rows]

    def _sampling(self, optics: SourceTable | None) -> list[float | None]:
        """Pixel size of the tilt images, by row: of its own, of its optics group, or of the detector."""
        own = next((name for name in _PIXEL_SIZES if name in self._table), None)
        if own is not None:
            column = self._table.numbers(own)
            return [column[row] for row in self._rows]
        if optics is not None and optics is not self._table:
            sizes = _of_groups(optics)
            return [sizes.get(group) for group in self._texts("rlnOpticsGroup")]
        detector = self._table.numbers("rlnDetectorPixelSize")
        enlarged = self._table.numbers("rlnMagnification")
        return [_detected(detector[row], enlarged[row]) for row in self._rows]


def _of_groups(optics: SourceTable) -> Mapping[str | None, float | None]:
    name = next(name for name in _PIXEL_SIZES if name in optics)
    return dict(zip(optics.texts("rlnOpticsGroup"), optics.numbers(name), strict=True))


def _detected(detector: float | None, magnification: float | None) -> float | None:
    """Pixel size in Å of one in µm, by the magnification."""
    return detector * 1e4 / magnification if detector and magnification else None


def _less(positions: Vectors, offsets: Vectors | None) -> Vectors:
    if offsets is None:
        return positions
    return [[a - b for a, b in zip(*pair, strict=True)] for pair in zip(positions, offsets, strict=True)]


def _dot(line: Sequence[float], vector: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(line, vector, strict=True))


def _product(boxes: Matrices | None, turned: Matrices | None) -> Matrices | None:
    """The box's matrix by the particle's, entries rounded; either alone; None if there is none."""
    if boxes is None or turned is None:
        alone = turned if boxes is None else boxes
        return (
            None
            if alone is None
            else [[[rounded(value, 9) for value in line] for line in one] for one in alone]
        )
    columns = ([list(column) for column in zip(*one, strict=True)] for one in turned)
    pairs = zip(boxes, columns, strict=True)
    return [
        [[rounded(_dot(line, column), 9) for column in second] for line in first] for first, second in pairs
    ]


def _value(text: str | None) -> float | int | str | None:
    number = None if text is None else finite(text)
    if number is None:
        return text
    return (
        int(number) if number.is_integer() and text is not None and text.lstrip("+-").isdecimal() else number
    )
