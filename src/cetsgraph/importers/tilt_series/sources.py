"""A source: files of one program about tilt series, recognised and read series by series."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cetsgraph.importers.claim import Recognised, Sample
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.importers.tilt_series.bundles import series_stem
from cetsgraph.importers.tilt_series.statements import SeriesFacts
from cetsgraph.model import Region

__all__ = ["Files", "Reader", "SourceReading", "SeriesSource", "files_by_series"]

Files = Mapping[str, Sequence[Path]]
"""Paths by the kinds of files."""


def files_by_series(
    session: ImportSession, files: Files, *, general: Sequence[str] = ()
) -> dict[str, dict[str, Path]]:
    """The files of each series by their kinds; of two of one kind the first counts, and the other is said.

    Args:
        session: the import.
        files: all files of a source.
        general: kinds of files that are about no series alone.
    """
    found: dict[str, dict[str, Path]] = defaultdict(dict)
    for kind, paths in files.items():
        for path in paths if kind not in general else ():
            kept = found[series_stem(path)].setdefault(kind, path)
            if kept != path:
                place, other = SourcePlace(session.shown(path)), session.shown(path)
                session.tally.conflict(f"the file of {kind}", place, kept=session.shown(kept), other=other)
    return found


class SourceReading(Protocol):
    """The files of one source about one series, as they were read."""

    @property
    def pixel_size(self) -> float | None:
        """Size of a pixel of the tilt images that the files state, in Å."""

    def facts(self, pixel_size: float | None) -> SeriesFacts:
        """What the files say, by the pixel size that counts."""


Reader = Callable[[], SourceReading]
"""Reads the files of one source about one series."""


@dataclass(frozen=True, slots=True)
class SeriesSource:
    """How the files of one program are read."""

    name: str
    recognise: Callable[[Sample], Recognised | None]
    readers: Callable[[ImportSession, Files], Mapping[str, Reader]]
    """What reads a claim's files, by the names of the series; only what is about all is read already."""
    regions: Callable[[ImportSession, Files], Iterator[Region]] = lambda session, files: iter(())
    """Regions of files that are about no tilt series."""
