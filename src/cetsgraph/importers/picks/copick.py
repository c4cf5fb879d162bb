"""Projects of copick: picks of runs, and the objects that they are of.

https://copick.github.io/copick, copick.models
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from cetsgraph.importers.archive_entries import entry
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.formats.json_lines import JsonTable
from cetsgraph.importers.picks.layouts import COPICK, Layout
from cetsgraph.importers.picks.picked import PickedPoints, PickFile
from cetsgraph.importers.picks.tomograms import PickedTomogram, cube
from cetsgraph.importers.portal_entries import curie
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tables import SourceTable
from cetsgraph.model import CrossReference

__all__ = ["CopickProject", "copick"]

_LAST_ROW = {f"transformation_/3/{column}": float(column == 3) for column in range(4)}
"""What the last row of a matrix has, which says nothing."""


def copick(file: PickFile) -> Iterator[PickedPoints]:
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
    about = {"annotated_object_name": name, **file.about(name or "")}
    said = (f"{what} {value}" for what, value in (("user", user), ("session", session)) if value is not None)
    about["method_description"] = ", ".join(["copick", *said])
    yield from file.picked(table, _layout(table, oriented), lambda _: of, **about)


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
    return PickedTomogram(run or in_run or own.name, voxel=voxel).filled(own)


class CopickProject:
    """The configuration of a project."""

    def __init__(self, session: ImportSession, path: Path) -> None:
        fields = session.json(path)
        self.name = fields.text("name")
        self.description = fields.text("description")
        for root in [key for key in fields if key.endswith("_root")]:
            fields.take(root)
            fields.dropped(root, None)  # folders of a computer stay out
        self.entries = [
            CrossReference(database="CryoET Data Portal", accession=f"DS-{identifier}")
            for identifier in fields.words("dataset_ids")
        ]
        self._objects = {str(one.peek("name")): one for one in fields.parts("pickable_objects")}

    def about(self, name: str) -> dict[str, Any]:
        """Fields of annotations of an object: its term, and the entries of its structure."""
        fields = self._objects.get(name)
        if fields is None:
            return {}
        fields.take("name")
        entries = {"PDB": fields.text("pdb_id"), "EMDB": fields.text("emdb_id")}
        return {
            "annotated_object": curie(fields.text("identifier")),
            "cross_references": [
                entry(database, accession) for database, accession in entries.items() if accession is not None
            ],
        }
