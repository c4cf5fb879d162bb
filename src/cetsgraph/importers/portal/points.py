"""The positions of points of the portal, which are in a file beside the tables."""

from collections.abc import Iterator
from pathlib import Path

from cetsgraph.extras import importing_extras
from cetsgraph.importers.portal.recognition import PICKS
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import PointSet, Tomogram

__all__ = ["pick_file", "positions"]


def pick_file(session: ImportSession, number: int | None) -> Path | None:
    """The file of a number, if it is one of the claim's."""
    path = session.claim.folder / PICKS / f"{number}.ndjson"
    return path if session.has(path) else None


def positions(session: ImportSession, path: Path, volume: Tomogram | None) -> Iterator[PointSet]:
    """The points of a file, in sets of one type; in Å from the centre of their tomogram, if that is known.

    Raises:
        DocumentError: the file cannot be read.
        ExtraNotInstalled: the packages of the extra `frames` are missing.
    """
    with importing_extras():
        from cetsgraph.importers.picks.picked import PickFile
        from cetsgraph.importers.picks.portal import points
        from cetsgraph.importers.picks.tomograms import tomogram_of
    found = (one.annotation for one in points(PickFile(session, path), tomogram_of(volume)))
    return (one for one in found if isinstance(one, PointSet))
