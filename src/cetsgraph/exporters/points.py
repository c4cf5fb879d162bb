"""Points of a data set with their tomograms, as conventions of programs count and turn them."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, count
from pathlib import PureWindowsPath

import numpy as np
from numpy.typing import NDArray

from cetsgraph.errors import ParameterError, UnknownName
from cetsgraph.exporters.losses import Losses
from cetsgraph.exporters.options import PointOptions
from cetsgraph.exporters.point_sets import point_sets
from cetsgraph.geometry import POSITIONS, Grid, PositionFrame, angles_of, convert_positions
from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.iris import slug
from cetsgraph.model import Annotation, AnnotationSet, DataSet, Point, PointSet, Region, Tomogram
from cetsgraph.texts import counted

__all__ = [
    "DIGITS",
    "Floats",
    "PlacedPoints",
    "Values",
    "by_label",
    "is_whole",
    "numbered",
    "placed_points",
    "whole_identifiers",
]

Floats = NDArray[np.float64]
Values = Sequence[float | int | str | bool | None]
Voxel = tuple[float, float, float]

DIGITS = 8
"""Digits behind the point of positions and angles: a voxel may have some ten Å."""

_FRAMES = {
    ("angstrom", "centre"): ("centred", 1.0),
    ("nanometre", "centre"): ("centred", 10.0),
    ("angstrom", "corner"): ("corner", 1.0),
    ("nanometre", "corner"): ("corner", 10.0),
    ("pixel", "corner"): ("voxel", 1.0),
}
"""Convention of positions by unit and origin, and how many of its units one of them is."""


@dataclass(frozen=True, slots=True)
class PlacedPoints:
    """A point set of a tomogram."""

    name: str
    """Of the tomogram, by which no other of the data set is called."""
    tomogram: Tomogram
    points: PointSet
    pointer: str
    """Place of the point set in the data set."""
    size: tuple[int, int, int] | None
    """Voxels of the tomogram."""
    voxel: Voxel | None
    """Size of a voxel of the tomogram in Å."""

    def __len__(self) -> int:
        return len(self.points.coordinates or ())

    @property
    def label(self) -> str:
        """What the points mark, as part of a name of a file."""
        return slug(self.points.annotated_object_name or self.points.annotated_object or "") or "points"

    @property
    def spacing(self) -> float | None:
        """Size of a voxel, where it is the same along all axes."""
        return self.voxel[0] if self.voxel is not None and len(set(self.voxel)) == 1 else None

    @property
    def identifiers(self) -> list[str]:
        """Of the points; none if they have none."""
        given = self.points.point_ids or []
        return given if len(given) == len(self) else []

    @property
    def attributes(self) -> Mapping[str, Values]:
        """Values of the points by their names."""
        columns = ((one.name, one.values) for one in self.points.point_attributes)
        return {name: values for name, values in columns if name and values and len(values) == len(self)}

    def positions(self, convention: str) -> Floats | None:
        """Positions (N×3) as a convention counts them; None if that needs a size that is not stated.

        Args:
            convention: one of `geometry.POSITIONS`.
        """
        found = _FRAMES.get((self.points.unit or "", self.points.origin or ""))
        if found is None:
            return None
        own, factor = found
        source, target = POSITIONS[own], POSITIONS[convention]
        from_centre = (source.first is None) != (target.first is None)
        if (from_centre and self.size is None) or (
            (from_centre or source.unit != target.unit) and self.voxel is None
        ):
            return None
        grid = Grid(self.size or (1, 1, 1), self.voxel or (1.0, 1.0, 1.0))
        stated = np.array(self.points.coordinates, np.float64) * factor
        return convert_positions(stated, PositionFrame.of(own, grid), PositionFrame.of(convention, grid))

    def matrices(self, losses: Losses) -> Floats | None:
        """Rotations (N×3×3); None if there are none, or with a finding if they mirror or stretch."""
        if self.points.rotations is None or len(self.points.rotations) != len(self):
            return None
        matrices = np.array(self.points.rotations, np.float64)
        return None if self.angles("relion", losses) is None else matrices

    def angles(self, program: str, losses: Losses) -> Floats | None:
        """Angles (N×3) of a program; None if there are no rotations, or with a finding if they are none.

        Args:
            program: one of `geometry.ANGLES`.
            losses: for the finding.
        """
        if self.points.rotations is None or len(self.points.rotations) != len(self):
            return None
        try:
            return angles_of(self.points.rotations, program)
        except ParameterError as error:
            losses.add(self.pointer, "matrices that are no rotations are left out", found=error.found)
            return None

    def all_angles(self, program: str, losses: Losses) -> Floats:
        """Angles (N×3) of a program; with a finding 0 where there are no rotations."""
        found = self.angles(program, losses)
        return self.unturned(losses) if found is None else found

    def unturned(self, losses: Losses) -> Floats:
        """Angles (N×3) of 0, with a finding."""
        losses.add(
            self.pointer, "points without orientations have angles of 0", found=counted(len(self), "point")
        )
        return np.zeros((len(self), 3))

    def placed(self, convention: str, losses: Losses, program: str) -> Floats | None:
        """The same as `positions`, with a finding where there are none."""
        found = self.positions(convention)
        if found is None:
            message = f"positions as {program} counts them need the size of the tomogram, in voxels and Å"
            stated = f"{self.points.unit} from {self.points.origin}, {counted(len(self), 'point')}"
            losses.add(
                self.pointer,
                message,
                found=stated,
                hint="State what is missing with --size X Y Z and --voxel-size.",
            )
        return found

    def leave_attributes(self, losses: Losses, program: str, kept: Collection[str] = ()) -> None:
        """Say which attributes a program has no place for."""
        others = [one.name or "" for one in self.points.point_attributes if one.name not in kept]
        if others:
            found = f"{', '.join(others)} of {counted(len(self), 'point')}"
            losses.add(self.pointer, f"attributes that {program} has no place for are left out", found=found)

    def leave_identifiers(self, losses: Losses, program: str) -> None:
        """Say that a program has no place for identifiers, if there are some."""
        if self.identifiers:
            found = f"{len(self.identifiers)}, such as {self.identifiers[0]}"
            losses.add(self.pointer, f"identifiers that {program} has no place for are left out", found=found)


def placed_points(dataset: DataSet, losses: Losses, options: PointOptions) -> list[PlacedPoints]:
    """The points of the tomograms that are chosen; what has no positions goes to `losses`.

    Raises:
        UnknownName: there are no points of a tomogram that is asked for.
    """
    names: dict[int, str] = {}
    taken: set[str] = set()
    found: list[PlacedPoints] = []
    asked = set(options.tomograms)
    places = Placement(dataset).places
    _leave_others(places, losses)
    for place, points in point_sets(places):
        above = place.holder(Tomogram)
        if above is None:
            continue
        tomogram = above.entity
        if id(tomogram) not in names:
            names[id(tomogram)] = _name(above, options, taken)
            taken.add(names[id(tomogram)].casefold())
        name = names[id(tomogram)]
        own = {name, tomogram.id, tomogram.name}
        asked -= own
        chosen = not options.tomograms or not own.isdisjoint(options.tomograms)
        if chosen and _has_positions(points, place.pointer, losses):
            size, voxel = _size(tomogram) or options.size, _voxel(tomogram, options.voxel_size)
            found.append(PlacedPoints(name, tomogram, points, place.pointer, size, voxel))
    if asked:
        raise UnknownName(
            f"there are no points of a tomogram {sorted(asked)[0]!r}",
            expected=", ".join(sorted(names.values())[:20]) or "a data set with points",
        )
    return found


def _has_positions(points: PointSet, pointer: str, losses: Losses) -> bool:
    """Whether points can be written; if not, they go to `losses`, as directions do, which no program has."""
    if not points.coordinates or any(len(row) != 3 for row in points.coordinates):
        known = points.point_count if points.coordinates is None else len(points.coordinates)
        found = points.path if known is None else counted(known, "point")
        losses.add(pointer, "points without positions in a volume are left out", found=found)
        return False
    if points.vectors:
        directions = counted(len(points.vectors), "direction")
        losses.add(pointer, "directions of points are left out", found=directions)
    return True


def _leave_others(places: Iterable[Place], losses: Losses) -> None:
    """Say how many annotations of tomograms are no points."""
    others = [
        type(place.entity).__name__
        for place in places
        if isinstance(place.entity, Annotation)
        and not isinstance(place.entity, PointSet | Point | AnnotationSet)
        and place.holder(Tomogram) is not None
    ]
    if others:
        found = ", ".join(f"{count} {name}" for name, count in sorted(Counter(others).items()))
        losses.add("", "annotations that are no points are left out", found=found)


def numbered(names: Sequence[str]) -> dict[str, int]:
    """Numbers of tomograms, from 1, in the order of their names; those of `tomo_7` if all are called so.

    No two tomograms have one number.

    >>> numbered(["TS_02", "TS_01", "TS_02"]), numbered(["tomo_7", "tomo_3"])
    ({'TS_02': 1, 'TS_01': 2}, {'tomo_7': 7, 'tomo_3': 3})
    """
    distinct = list(dict.fromkeys(names))
    stated = [name.removeprefix("tomo_") for name in distinct]
    numbers = [int(number) for number in stated if is_whole(number)]
    if len({*numbers}) == len(distinct):
        return dict(zip(distinct, numbers, strict=True))
    return {name: number for number, name in enumerate(distinct, start=1)}


def is_whole(text: str) -> bool:
    """Whether a text is a whole number of 64 bits.

    >>> is_whole("12"), is_whole("-1"), is_whole("9" * 30)
    (True, False, False)
    """
    return re.fullmatch("[0-9]{1,18}", text) is not None


def whole_identifiers(given: Sequence[PlacedPoints], losses: Losses, program: str) -> list[list[int]]:
    """A number for each point, for programs that have numbers alone: its identifier, if all are distinct.

    Otherwise points are counted from 1, and identifiers that are left out go to `losses`.
    """
    texts = [text for one in given for text in one.identifiers]
    whole = all(is_whole(text) and int(text) > 0 for text in texts)
    if whole and len(set(texts)) == len(texts) == sum(map(len, given)):
        return [[int(text) for text in one.identifiers] for one in given]
    for one in given:
        one.leave_identifiers(losses, program)
    ends = list(accumulate(map(len, given)))
    return [list(range(end - len(one) + 1, end + 1)) for one, end in zip(given, ends, strict=True)]


def by_label(given: Iterable[PlacedPoints]) -> dict[str, list[PlacedPoints]]:
    """The point sets by what they mark, for programs whose files do not say it."""
    found: dict[str, list[PlacedPoints]] = {}
    for one in given:
        found.setdefault(one.label, []).append(one)
    return found


def _name(place: PlaceOf[Tomogram], options: PointOptions, taken: Collection[str]) -> str:
    """The tomogram's tilt series, its own name, or the stem of its file; numbered where that is taken."""
    tomogram, region = place.entity, place.holder(Region)
    called = None if region is None else region.entity.id or region.entity.name
    stem = None if tomogram.path is None else PureWindowsPath(tomogram.path).stem
    known = [*(tomogram.tilt_series_id or ())[:1], tomogram.name, called, tomogram.id, stem]
    if options.names == "file":
        known.insert(0, stem)
    name = next((slug(one) for one in known if one and slug(one)), "tomogram")
    others = (f"{name}_{number}" for number in count(2))
    return next(other for other in chain([name], others) if other.casefold() not in taken)


def _size(tomogram: Tomogram) -> tuple[int, int, int] | None:
    x, y, z = tomogram.width, tomogram.height, tomogram.depth
    return None if x is None or y is None or z is None else (x, y, z)


def _voxel(tomogram: Tomogram, stated: float | None) -> Voxel | None:
    side = tomogram.voxel_size
    if side is not None:
        return side, side, side
    x, y, z = tomogram.voxel_size_x, tomogram.voxel_size_y, tomogram.voxel_size_z
    if x is None or y is None or z is None:
        return None if stated is None else (stated, stated, stated)
    return x, y, z
