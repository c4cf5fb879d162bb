"""Points of the CryoET Data Portal: lines of JSON, and what its other files say of them."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cetsgraph.importers.formats import json_lines
from cetsgraph.importers.formats.json_lines import JsonTable
from cetsgraph.importers.picks.companions import SPACING, metadata_of, spacing_folder, tomograms_of
from cetsgraph.importers.picks.layouts import PORTAL, PORTAL_ORIENTED
from cetsgraph.importers.picks.picked import Picked, PickFile
from cetsgraph.importers.picks.tomograms import PickedTomogram, cube
from cetsgraph.importers.portal_annotations import described
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tables import SourceTable
from cetsgraph.iris import slug

__all__ = ["points", "portal"]

_LAYOUTS = {"point": PORTAL, "instancePoint": PORTAL, "orientedPoint": PORTAL_ORIENTED}


def portal(file: PickFile) -> Iterator[Picked]:
    """The points of a file, in sets of one type.

    Raises:
        DocumentError: a file cannot be read.
    """
    about = _annotation(file)
    yield from points(file, _tomogram(file), **about)


def points(file: PickFile, of: PickedTomogram, **about: Any) -> Iterator[Picked]:
    """The points of a file, in sets of one type.

    Args:
        file: the lines.
        of: the tomogram that they are of, where they name none.
        about: fields of the annotations.

    Raises:
        DocumentError: the file cannot be read.
    """
    found = json_lines.parse(file.session.text(file.path).lines())
    file.session.odd(file.path, found.odds)
    for kind, table in _by_type(file, found):
        yield from file.picked(table, _LAYOUTS[kind], lambda name: _named(name, of), **about)


def _by_type(file: PickFile, found: JsonTable) -> Iterator[tuple[str, SourceTable]]:
    """The rows of each type as a table; those of another type are said."""
    rows: dict[str, list[int]] = defaultdict(list)
    types = found.columns.get("type", [""] * len(found.lines))
    for row, kind in enumerate(types):
        rows[kind].append(row)
    for kind, chosen in rows.items():
        if kind not in _LAYOUTS:
            first = file.place(found.lines[chosen[0]])
            file.session.tally.wrong("type", first, found=kind, expected=" or ".join(_LAYOUTS))
            continue
        table = file.session.table(found.rows(chosen), file.path, lines=[found.lines[row] for row in chosen])
        table.take("type")
        yield kind, table


def _named(name: str | None, of: PickedTomogram) -> PickedTomogram:
    """The tomogram that a line names, as `cetsgraph picks` writes it; that of the file if it names none."""
    return of if name is None else PickedTomogram(slug(name.rstrip("/").rpartition("/")[2])).filled(of)


def _tomogram(file: PickFile) -> PickedTomogram:
    """The tomogram by the folders of the file: of its run, in its voxel spacing."""
    own = file.tomogram()
    spacing = spacing_folder(file.path)
    if spacing is None or spacing.parent.name != "Reconstructions":
        return own
    try:
        voxel = cube(float(spacing.name.removeprefix(SPACING)))
    except ValueError:
        voxel = None
    named = PickedTomogram(spacing.parent.parent.name)
    for path in tomograms_of(file.path):
        named = named.filled(file.once(path, _stated))
    return named.filled(PickedTomogram("", voxel=voxel)).filled(own)


def _stated(session: ImportSession, path: Path) -> PickedTomogram:
    """What the portal's metadata say of a tomogram, as far as positions need it."""
    fields = session.json(path)
    size = fields.part("size")
    sides = [side for axis in "xyz" if (side := size.integer(axis)) is not None and side > 0]
    known = (sides[0], sides[1], sides[2]) if len(sides) == 3 else None
    files = fields.words("mrc_files")
    shown = Path(session.shown(path)).parent.joinpath(files[0]).as_posix() if files else None
    return PickedTomogram("", known, cube(fields.number("voxel_spacing")), shown)


def _annotation(file: PickFile) -> dict[str, Any]:
    """What the portal's metadata say of the annotation."""
    path = metadata_of(file.path)
    if path is None or not file.session.has(path):
        return {}
    fields = file.session.json(path)
    return described(fields, (), "name")
