"""Projects of copick: picks of runs, and the objects that they are of.

https://copick.github.io/copick, copick.models
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from cetsgraph.importers.fields import Fields
from cetsgraph.importers.formats.json_lines import JsonTable
from cetsgraph.importers.image_headers.header import Along
from cetsgraph.importers.image_headers.ome_zarr import ome_zarr_header
from cetsgraph.importers.picks.companions import volumes_of_run
from cetsgraph.importers.picks.layouts import COPICK, Layout
from cetsgraph.importers.picks.picked import Picked, PickFile
from cetsgraph.importers.picks.tomograms import PickedTomogram, cube
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tables import SourceTable
from cetsgraph.model import MaskLabel, SegmentationMask

__all__ = ["copick", "segmentation"]

_SEGMENTATION = re.compile(
    r"[\d.]+_(?P<user>[^_]+)_(?P<session>[^_]+)_(?P<name>.+?)(?P<all>-multilabel)?\.zarr"
)
_LAST_ROW = {f"transformation_/3/{column}": float(column == 3) for column in range(4)}
"""What the last row of a matrix has, which says nothing."""


def copick(file: PickFile) -> Iterator[Picked]:
    """The picks of a file.

    Raises:
        DocumentError: the file cannot be read, or is not one object.
    """
    fields = file.session.json(file.path)
    name, user = fields.text("pickable_object_name"), fields.text("user_id")
    session, oriented = fields.text("session_id"), fields.truth("trust_orientation")
    table = _points(file, fields)
    _check_unit(fields)
    of = _tomogram(file, fields)
    about = _about(file, name, user, session)
    yield from file.picked(table, _layout(table, oriented), lambda _: of, **about)


def segmentation(file: PickFile) -> Iterator[Picked]:
    """The mask that a description of OME-Zarr is of; its name says whose it is, and what is marked.

    Raises:
        DocumentError: a description cannot be read, or has no image.
    """
    store = file.path.parent
    header = ome_zarr_header(file.session, file.path)
    named = _SEGMENTATION.fullmatch(store.name)
    name, user, session = (None, None, None) if named is None else named.group("name", "user", "session")
    of = PickedTomogram(store.parent.parent.name, voxel=_cubic(header.spacing))
    mask = SegmentationMask(path=header.path, label_kind="semantic", **_about(file, name, user, session))
    mask.width, mask.height, mask.depth = header.size
    if of.voxel is None:
        mask.voxel_size_x, mask.voxel_size_y, mask.voxel_size_z = header.spacing
    else:
        mask.voxel_size = of.voxel[0]
    if named is not None and named["all"] and file.project is not None:
        mask.annotated_object_name, mask.mask_labels = None, file.project.labels()
    elif name is not None:
        term = mask.annotated_object
        mask.mask_labels = [MaskLabel(value=1, annotated_object=term, annotated_object_name=name)]
    yield Picked(of, mask)


def _about(file: PickFile, name: str | None, user: str | None, session: str | None) -> dict[str, Any]:
    """Fields of annotations: what is marked, as the project describes it, and by whom."""
    known = {} if file.project is None or name is None else file.project.about(name)
    said = (f"{what} {value}" for what, value in (("user", user), ("session", session)) if value is not None)
    return {"annotated_object_name": name, **known, "method_description": ", ".join(["copick", *said])}


def _cubic(spacing: Along[float]) -> tuple[float, float, float] | None:
    x, y, z = spacing
    return cube(x) if x is not None and x == y == z else None


def _points(file: PickFile, fields: Fields) -> SourceTable:
    """The points as a table, with a column for each number."""
    (items,) = fields.take("points")
    if items is not None and not isinstance(items, list):
        fields.wrong("points", items, "a list of points")
        items = None
    points = JsonTable()
    for item in items or ():
        points.add(None, item)
    whole = points.whole()
    file.session.odd(file.path, whole.odds[:1])
    return file.session.table(
        whole.columns, file.path, lines=whole.lines, label="points/*/", pointer="/points"
    )


def _layout(table: SourceTable, oriented: bool | None) -> Layout:
    """What the columns are; orientations that are not to be trusted are none."""
    if oriented is False or COPICK.matrix[0] not in table:
        return replace(COPICK, matrix=())
    table.take_constant(_LAST_ROW)
    return COPICK


def _check_unit(fields: Fields) -> None:
    unit = fields.text("unit")
    if unit not in (None, "angstrom"):
        fields.wrong("unit", unit, "angstrom")


def _tomogram(file: PickFile, fields: Fields) -> PickedTomogram:
    """The tomogram of the run that the file names, or is in the folder of."""
    run, own = fields.text("run_name"), file.tomogram()
    picks = file.path.parent
    in_run = picks.parent.name if picks.name == "Picks" else None
    voxel = cube(fields.number("voxel_spacing"))
    named = PickedTomogram(run or in_run or own.name, voxel=voxel)
    volumes = volumes_of_run(file.path) if in_run else []
    known = [found for path in volumes if (found := file.once(path, _volume)) is not None]
    if voxel is None and len({one.voxel for one in known}) > 1:
        return named.filled(own)  # of which of them is not said
    same = next((one for one in known if voxel in (None, one.voxel)), None)
    return named.filled(same).filled(own)


def _volume(session: ImportSession, path: Path) -> PickedTomogram:
    """The tomogram that a description of OME-Zarr is of."""
    header = ome_zarr_header(session, path)
    x, y, z = header.size
    size = None if x is None or y is None or z is None else (x, y, z)
    return PickedTomogram("", size, _cubic(header.spacing), header.path)
