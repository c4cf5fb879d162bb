"""The positions of points of the portal, which are in a file beside the tables."""

from collections.abc import Iterator
from pathlib import Path

from cetsgraph.extras import not_installed
from cetsgraph.importers.picks.picked import PickFile
from cetsgraph.importers.picks.tomograms import PickedTomogram, cube
from cetsgraph.importers.portal.recognition import PICKS
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import PointSet, Tomogram

__all__ = ["pick_file", "positions"]


def pick_file(session: ImportSession, number: int | None) -> Path | None:
    """The file of a number, if it is one of the claim's."""
    path = session.claim.folder / PICKS / f"{number}.ndjson"
    return path if path in session.claim.files else None


def positions(session: ImportSession, path: Path, volume: Tomogram | None) -> Iterator[PointSet]:
    """The points of a file, in sets of one type; in Å from the centre of their tomogram, if that is known.

    Raises:
        DocumentError: the file cannot be read.
        ExtraNotInstalled: the packages of the extra `frames` are missing.
    """
    try:
        from cetsgraph.importers.picks.portal import points
    except ModuleNotFoundError as error:
        if (missing := not_installed(error)) is None:
            raise
        raise missing from error
    found = (one.annotation for one in points(PickFile(session, path), _picked(volume)))
    return (one for one in found if isinstance(one, PointSet))


def _picked(volume: Tomogram | None) -> PickedTomogram:
    if volume is None:
        return PickedTomogram("")
    sides = [side for side in (volume.width, volume.height, volume.depth) if side]
    size = (sides[0], sides[1], sides[2]) if len(sides) == 3 else None
    return PickedTomogram(volume.name or "", size, cube(volume.voxel_size))
