"""Models of IMOD: the points of each object, with contours, radii and angles of the slicer."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from cetsgraph.errors import DocumentError
from cetsgraph.importers.formats import imod_model
from cetsgraph.importers.formats.imod_model import ImodModel, ModelObject
from cetsgraph.importers.numbers import rounded
from cetsgraph.importers.picks.layouts import IMOD
from cetsgraph.importers.picks.picked import Picked, PickFile
from cetsgraph.importers.picks.tomograms import PickedTomogram, cube
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tally import SourcePlace

__all__ = ["imod", "model_of_file", "point_columns", "volume_of"]

_UNITS = {3: 1e13, 1: 1e10, -2: 1e8, -3: 1e7, -6: 1e4, -9: 10.0, -10: 1.0, -12: 0.01}
"""Å by the power of ten of m, as IMOD has units; 0 is a pixel."""
_WITHOUT_FIELD = {"IMAT": "colours", "VIEW": "views", "MESH": "meshes", "LABL": "labels"}


def imod(file: PickFile) -> Iterator[Picked]:
    """The points of each object of a model.

    Raises:
        DocumentError: the file cannot be read, or ends within a part.
    """
    model = model_of_file(file.session, file.path)
    volume = volume_of(model, file, file.path)
    of = file.tomogram()
    of = PickedTomogram(of.name).filled(volume).filled(of)
    _report(model, file)
    columns = point_columns(model)
    start = 0
    for one in model.objects:
        count = sum(len(contour.points) for contour in one.contours)
        if not count and (one.name or len(model.objects) > 1):
            file.session.tally.dropped("objects without points", file.place(), found=one.name or None)
            continue
        given = {name: values[start : start + count] for name, values in columns.items()}
        start += count
        table = file.session.table(_said(given), file.path, lines=[None] * count)
        yield from file.picked(table, IMOD, lambda _: of, annotated_object_name=one.name or None)


def model_of_file(session: ImportSession, path: Path) -> ImodModel:
    """The model of a file.

    Raises:
        DocumentError: it cannot be read, is no model, or ends within a part.
    """
    try:
        model = imod_model.parse(session.data(path))
    except imod_model.Cut as error:
        raise DocumentError("the model is cut", path=path, found=f"an end within {error}") from error
    if model is None:
        raise DocumentError("the file is no model of IMOD", path=path)
    return model


def point_columns(model: ImodModel) -> dict[str, list[str]]:
    """All points of a model as columns of text: places, contours, radii, angles of the slicer."""
    found: dict[str, list[str]] = {name: [] for name in ("x", "y", "z", "contour", "sphere_radius")}
    for one in model.objects:
        for number, contour in enumerate(one.contours):
            for place, point in enumerate(contour.points):
                for axis, value in zip("xyz", point, strict=True):
                    found[axis].append(repr(value))
                found["contour"].append(str(number) if len(one.contours) > 1 else "")
                found["sphere_radius"].append(_radius(one, contour.sizes, place))
    if len(model.slicer) == len(found["x"]):
        for place, name in enumerate(IMOD.angles or ()):
            found[name] = [repr(view.angles[place]) for view in model.slicer]
    return found


def volume_of(model: ImodModel, file: PickFile, path: Path) -> PickedTomogram:
    """The volume that a model was drawn on: its size, and the size of its voxels by its header.

    The model has also the size of a voxel that the user entered; where both differ, the header's is kept.
    """
    size = model.size if min(model.size) > 0 else None
    own = cube(model.pixel_size * _UNITS.get(model.units, 0.0))
    place = SourcePlace(file.session.shown(path))
    if model.spacing is None or not all(0 < side < math.inf for side in model.spacing):
        return PickedTomogram("", size, own)
    x, y, z = (rounded(value, 5) for value in model.spacing)
    if own is not None and abs(own[0] - x) > 0.01 * x:
        file.session.tally.conflict("the size of a voxel", place, kept=f"{x} Å", other=f"{own[0]} Å")
    return PickedTomogram("", size, (x, y, z))


def _radius(one: ModelObject, sizes: list[float], place: int) -> str:
    own = sizes[place] if place < len(sizes) else -1.0
    radius = own if own >= 0 else float(one.sphere_radius)
    return repr(radius) if radius > 0 else ""


def _said(columns: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The columns that say something of some points; 0 is what a point without a value of its own has."""
    return {name: values for name, values in columns.items() if name in IMOD.position or any(values)}


def _report(model: ImodModel, file: PickFile) -> None:
    """Say what of a model has no field."""
    place, tally = file.place(), file.session.tally
    for mark, count in model.others.items():
        tally.dropped(_WITHOUT_FIELD.get(mark, f"parts {mark}"), place, count=count)
    if meshes := sum(one.meshes for one in model.objects):
        tally.dropped("meshes", place, count=meshes)
    areas = [contour for one in model.objects if one.closed for contour in one.contours]
    if closed := sum(len(contour.points) > 2 for contour in areas):
        tally.dropped("that contours are closed", place, count=closed)
    points = sum(len(contour.points) for one in model.objects for contour in one.contours)
    if model.slicer and len(model.slicer) != points:
        tally.dropped("angles of the slicer", place, count=len(model.slicer))
    if model.units not in _UNITS and model.pixel_size not in (0.0, 1.0):
        tally.dropped("pixel size without a unit", place, found=model.pixel_size)
    if model.name and model.name != "IMOD-NewModel":
        tally.dropped("the name of the model", place, found=model.name)
