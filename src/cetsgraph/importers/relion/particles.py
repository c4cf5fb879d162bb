"""Particles of RELION 3, 4 and 5 as point sets of their tomograms.

RELION 5 counts Å from the centre of the tomogram, RELION 3 and 4 unbinned pixels from its corner. The origin
of a particle is an offset within its box, so the box's angles turn it (particle_set.cpp).
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cetsgraph.geometry import matrices_of
from cetsgraph.importers.claim import stem
from cetsgraph.importers.identifiers import identify
from cetsgraph.importers.point_arrays import fill
from cetsgraph.importers.relion.tables import series_name, table_with
from cetsgraph.importers.relion.volume import VolumeGrid
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tables import SourceTable
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.model import PointAttribute, PointSet

__all__ = ["point_sets"]

Floats = NDArray[np.float64]

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


def point_sets(
    session: ImportSession,
    tables: list[tuple[str, SourceTable]],
    path: str,
    volume: Callable[[str], VolumeGrid | None],
) -> dict[str, PointSet]:
    """The particles of a file by the names of their tomograms.

    Args:
        session: the import.
        tables: the tables of the file.
        path: the file, as it is shown.
        volume: the tomogram of a name, if its size is known.
    """
    table = table_with(tables, _CENTRED[0], _CORNER[0])
    if table is None or not len(table):
        return {}
    particles = _Particles(session, table, table_with(tables, *_PIXEL_SIZES))
    return {
        name: particles.points(name, path, chosen, volume(name))
        for name, chosen in particles.by_tomogram(stem(Path(path))).items()
    }


class _Particles:
    """The rows of a table of particles that have all their numbers, in arrays of one row each."""

    def __init__(self, session: ImportSession, table: SourceTable, optics: SourceTable | None) -> None:
        self._session = session
        self._table = table
        found = {names: _vectors(table, names) for names in _VECTORS}
        vectors = {names: rows for names, rows in found.items() if rows is not None}
        self._rows = np.flatnonzero(~np.isnan(np.hstack(list(vectors.values()))).any(axis=1))
        self._vectors = {names: rows[self._rows] for names, rows in vectors.items()}
        self._pixel_sizes = _pixel_sizes(table, optics)[self._rows]
        self._boxes = self._matrices(_BOX_ANGLES)
        turned = self._matrices(_ANGLES)
        self._rotations = turned if self._boxes is None else self._boxes
        if self._boxes is not None and turned is not None:
            self._rotations = self._boxes @ turned
        self._columns = {name: table.values(name) for name in _ATTRIBUTES if name in table}
        self._identifiers = table.texts("rlnTomoParticleName")

    def by_tomogram(self, unnamed: str) -> dict[str, list[int]]:
        """Which of the rows are of which tomogram, as places in the arrays; `unnamed` where none is named."""
        names = self._table.texts(next((name for name in _NAMES if name in self._table), ""))
        found: dict[str, list[int]] = defaultdict(list)
        for index, row in enumerate(self._rows.tolist()):
            found[series_name(names[row]) or unnamed].append(index)
        return found

    def points(self, name: str, path: str, chosen: list[int], volume: VolumeGrid | None) -> PointSet:
        """The point set of some of the rows."""
        rows: list[int] = self._rows[chosen].tolist()
        points = PointSet(path=path, dimension=3)
        positions = self._place(points, name, chosen, volume)
        fill(points, positions, None if self._rotations is None else self._rotations[chosen])
        points.point_attributes = [
            PointAttribute(name=column, values=[values[row] for row in rows])
            for column, values in self._columns.items()
        ]
        identify(points, "rlnTomoParticleName", [self._identifiers[row] for row in rows])
        return points

    def _place(self, points: PointSet, name: str, chosen: list[int], volume: VolumeGrid | None) -> Floats:
        """In Å from the centre, or in pixels from the corner where the tomogram's size is not known."""
        if _CENTRED in self._vectors:
            points.unit, points.origin = "angstrom", "centre"
            return self._vectors[_CENTRED][chosen] - self._offsets(_ORIGIN_ANGSTROM, chosen)
        sizes = self._pixel_sizes[chosen, np.newaxis]
        known = bool(np.isfinite(sizes).all())
        corner = self._vectors[_CORNER][chosen] - self._pixel_offsets(chosen, sizes, known=known)
        if volume is not None and known:
            points.unit, points.origin = "angstrom", "centre"
            return np.asarray(corner * sizes - volume.centre, np.float64)
        points.unit, points.origin = "pixel", "corner"
        what = f"positions in the tomogram {name!r} stay in pixels from the corner"
        self._session.tally.assumed(f"{what}, since its size is not known", self._first(chosen))
        if known:
            size = float(sizes[0, 0])
            self._session.tally.dropped("pixel size", self._first(chosen), found=size, count=len(chosen))
        return corner

    def _pixel_offsets(self, chosen: list[int], sizes: Floats, *, known: bool) -> Floats:
        """Offsets in pixels; RELION 4 has them in Å, RELION 3 in pixels."""
        if _ORIGIN_ANGSTROM not in self._vectors:
            return self._offsets(_ORIGIN_PIXEL, chosen)
        offsets = self._offsets(_ORIGIN_ANGSTROM, chosen)
        if known:
            return np.asarray(offsets / sizes, np.float64)
        found = offsets[0].tolist()
        self._session.tally.dropped("rlnOriginXAngst", self._first(chosen), found=found, count=len(chosen))
        return np.zeros_like(offsets)

    def _offsets(self, names: Sequence[str], chosen: list[int]) -> Floats:
        """Offsets within the boxes, as they are in the tomogram; zero if the file has none."""
        offsets = self._vectors.get(tuple(names))
        if offsets is None:
            return np.zeros((len(chosen), 3))
        if self._boxes is None:
            return offsets[chosen]
        return np.asarray(np.einsum("nij,nj->ni", self._boxes[chosen], offsets[chosen]), np.float64)

    def _matrices(self, names: tuple[str, ...]) -> Floats | None:
        angles = self._vectors.get(names)
        return None if angles is None or not len(angles) else matrices_of(angles, "relion")

    def _first(self, chosen: list[int]) -> SourcePlace:
        return self._table.place(int(self._rows[chosen[0]]))


def _vectors(table: SourceTable, names: Sequence[str]) -> Floats | None:
    """Three columns side by side (N×3), NaN for what is no number; one that is not there is 0."""
    if not any(name in table for name in names):
        return None
    columns = [table.numbers(name) if name in table else [0.0] * len(table) for name in names]
    return np.array(columns, np.float64).T


def _pixel_sizes(table: SourceTable, optics: SourceTable | None) -> Floats:
    """Pixel size of the tilt images by row: its own, its optics group's, or the detector's; else NaN."""
    own = next((name for name in _PIXEL_SIZES if name in table), None)
    if own is not None:
        return _positive(table.numbers(own))
    if optics is not None:
        name = next(name for name in _PIXEL_SIZES if name in optics)
        sizes = dict(zip(optics.texts("rlnOpticsGroup"), optics.numbers(name), strict=True))
        return _positive([sizes.get(group) for group in table.texts("rlnOpticsGroup")])
    detector = _positive(table.numbers("rlnDetectorPixelSize"))  # in µm
    return detector * 1e4 / _positive(table.numbers("rlnMagnification"))


def _positive(numbers: Sequence[float | None]) -> Floats:
    found = np.array(numbers, np.float64)
    return np.where(found > 0, found, np.nan)
