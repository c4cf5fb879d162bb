"""What files of points are recognised by."""

import re
from pathlib import Path

from cetsgraph.importers.claim import Recognised, Sample
from cetsgraph.importers.formats import delimited, imod_model
from cetsgraph.importers.formats.em import is_motivelist
from cetsgraph.importers.json_kinds import recognised_json
from cetsgraph.importers.numbers import finite
from cetsgraph.importers.picks.axes import axis_of

__all__ = [
    *("COORDINATES", "COPICK", "COPICK_MASK", "COPICK_PROJECT", "DYNAMO", "DYNAMO_MAP", "DYNAMO_VOLUMES"),
    *("IMOD", "PEET", "PORTAL", "STOPGAP", "TOM", "kind_of", "recognise"),
]

PORTAL = "points of the CryoET Data Portal"
COPICK = "picks of copick"
COPICK_PROJECT = "project of copick"
COPICK_MASK = "segmentation of copick"
DYNAMO = "table of Dynamo"
DYNAMO_MAP = "map of a table of Dynamo"
DYNAMO_VOLUMES = "volumes of Dynamo"
STOPGAP = "motivelist of STOPGAP"
PEET = "motivelist of PEET"
TOM = "motivelist of TOM"
IMOD = "model of IMOD"
COORDINATES = "coordinates"

_DYNAMO_COLUMNS = 26
_TEXTS = (".csv", ".tsv", ".txt", ".coords", ".coord", ".xyz", ".pos")
_OF_SERIES = re.compile(r"_(?:tlt|ctf|metrics)\.\w+$", re.IGNORECASE)
"""Ends of names of tables about tilt series."""
_OTHER_MODELS = (".fid", ".seed", ".prexg")
"""Endings of models that are drawn on tilt images."""


def recognise(sample: Sample) -> Recognised | None:
    """What a file of points is; coordinates in units that are not stated are weak."""
    if sample.is_json:
        found = recognised_json("picks", sample)
        return found if found != Recognised(COPICK_MASK) or _is_segmentation(sample.path) else None
    if sample.head.startswith(imod_model.MARK):
        return Recognised(IMOD, weak=sample.suffix in _OTHER_MODELS)
    if is_motivelist(sample.head):
        return Recognised(TOM)
    if re.search(r"^\s*_motl_idx\b", sample.text, re.MULTILINE):
        return Recognised(STOPGAP)
    return _lines(sample)


def _is_segmentation(path: Path) -> bool:
    """Whether a description of OME-Zarr lies where copick has its segmentations."""
    folders = path.parts[-5:-2]
    return len(folders) == 3 and (folders[0], folders[2]) == ("ExperimentRuns", "Segmentations")


def kind_of(sample: Sample) -> str | None:
    """The kind alone."""
    found = recognise(sample)
    return None if found is None else found.kind


def _known(kind: str | None) -> Recognised | None:
    return None if kind is None else Recognised(kind)


def _lines(sample: Sample) -> Recognised | None:
    """What a table of text is, by its beginning without the line that may be cut."""
    lines = sample.text.split("\n")
    whole = lines[:-1] if len(lines) > 1 and len(sample.head) >= 2**16 else lines
    rows = [line.split() for line in whole if line.strip()]
    if not rows:
        return None
    if sample.suffix == ".tbl":
        return _known(DYNAMO if any(map(_is_dynamo, rows[:9])) else None)
    if sample.suffix == ".doc":
        return Recognised(DYNAMO_MAP, weak=True) if all(map(_is_numbered, rows)) else None
    if sample.suffix == ".vll":
        return Recognised(DYNAMO_VOLUMES, weak=True)
    is_text = sample.suffix in _TEXTS and not _OF_SERIES.search(sample.path.name)
    return _coordinates(whole) if is_text else None


def _is_dynamo(row: list[str]) -> bool:
    return len(row) >= _DYNAMO_COLUMNS and finite(row[0]) is not None and finite(row[19]) is not None


def _is_numbered(row: list[str]) -> bool:
    return len(row) >= 2 and row[0].isdecimal()


def _coordinates(lines: list[str]) -> Recognised | None:
    table = delimited.parse(enumerate(lines, start=1))
    names = [name.casefold() for name in table.columns or ()]
    if {"ccc", "pindex", "phi", "psi", "theta"} <= set(names):
        return Recognised(PEET)
    axes = [axis for name in names if (axis := axis_of(name)) is not None]
    if {"x", "y", "z"} <= {axis for axis, _ in axes}:
        return Recognised(COORDINATES, weak=not any(unit for _, unit in axes))
    numbers = all(len(row) >= 3 and all(finite(value) is not None for value in row) for row in table.rows)
    plain = table.columns is None and bool(table.rows) and numbers
    return Recognised(COORDINATES, weak=True) if plain and len(table.rows[0]) <= 10 else None
