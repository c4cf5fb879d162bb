"""Point sets of tomograms as a table of particles of RELION 5."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cetsgraph.errors import ParameterError
from cetsgraph.exporters.aligned import Left
from cetsgraph.exporters.texts import Value, star_block
from cetsgraph.geometry import Grid, PositionFrame, angles_of
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.iris import slug
from cetsgraph.model import DataSet, PointSet, Tomogram

__all__ = ["files"]

Floats = NDArray[np.float64]

_POSITION = tuple(f"rlnCenteredCoordinate{axis}Angst" for axis in "XYZ")
_ANGLES = ("rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi")


def files(dataset: DataSet, left: Left) -> Iterator[tuple[str, str]]:
    """Path and text of the table of all particles; none if there are no points."""
    rows = [row for place in Placement(dataset).places for row in _rows(place, left)]
    if not rows:
        return
    text, partial = star_block("particles", rows)
    if partial:
        left.out("", "values that only some particles have are left out", found=", ".join(partial))
    yield "particles.star", f"\n# version 50001\n{text}"


def _rows(place: Place, left: Left) -> Iterator[dict[str, Value]]:
    """The particles of a point set that a tomogram has."""
    points, tomogram = place.entity, None if place.parent is None else place.parent.entity
    if not (isinstance(points, PointSet) and points.coordinates and isinstance(tomogram, Tomogram)):
        return
    name = slug((tomogram.tilt_series_id or [tomogram.id or ""])[0])
    positions = _centred(points, tomogram)
    if positions is None:
        left.out(place.pointer, "positions from the centre need the size of the tomogram, in voxels and Å")
        return
    turned = _turned(points, len(positions), place.pointer, left)
    identifiers = points.point_ids or []
    attributes = {
        one.name: one.values for one in points.point_attributes if one.name and one.name.startswith("rln")
    }
    for number, position in enumerate(positions.tolist()):
        row: dict[str, Value] = {"rlnTomoName": name}
        row |= dict(zip(_POSITION, position, strict=True))
        row |= dict(zip(_ANGLES, turned[number], strict=True)) if turned else {}
        row["rlnTomoParticleName"] = identifiers[number] if len(identifiers) == len(positions) else None
        for column, values in attributes.items():
            row[column] = values[number] if values is not None and len(values) == len(positions) else None
        yield row


def _turned(points: PointSet, count: int, pointer: str, left: Left) -> list[list[float]]:
    """Angles of all points; none where there are no rotations, or they mirror or stretch."""
    if points.rotations is None or len(points.rotations) != count:
        return []
    try:
        angles: list[list[float]] = angles_of(points.rotations, "relion").tolist()
    except ParameterError as error:
        left.out(pointer, "matrices that are no rotations are left out", found=error.found)
        return []
    return angles


def _centred(points: PointSet, tomogram: Tomogram) -> Floats | None:
    """Positions in Å from the centre; None if that needs a size that is not known, or they are in a plane."""
    positions = np.array(points.coordinates, np.float64)
    if positions.ndim != 2 or positions.shape[1] != 3:
        return None
    if (points.unit, points.origin) == ("angstrom", "centre"):
        return positions
    size = (tomogram.width, tomogram.height, tomogram.depth)
    voxel = tomogram.voxel_size
    known = [side for side in size if side is not None]
    if len(known) < 3 or voxel is None or points.origin != "corner":
        return None
    grid = Grid((known[0], known[1], known[2]), (voxel, voxel, voxel))
    frame = {"angstrom": "corner", "pixel": "voxel"}.get(points.unit or "")
    return None if frame is None else PositionFrame.of(frame, grid).to_centred(positions)
