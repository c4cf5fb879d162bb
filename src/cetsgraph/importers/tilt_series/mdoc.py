"""mdoc files of SerialEM and Tomography: tilt angles, dose, time, stage and movies of tilt series.

`mdoc_sections.py` reads one exposure, `mdoc_exposures.py` says what follows from all of a series, and
`mdoc_reading.py` puts both together.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from cetsgraph.importers.claim import Recognised, Sample, stem
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tilt_series.bundles import series_stem
from cetsgraph.importers.tilt_series.mdoc_reading import MdocReading, movie_region
from cetsgraph.importers.tilt_series.mdoc_sections import numbered, read_file
from cetsgraph.importers.tilt_series.sources import Files, Reader, SeriesSource
from cetsgraph.model import Region

__all__ = ["MDOC"]

SERIES = "mdoc"
MOVIE = "mdoc of a movie"
MONTAGE = "mdoc of a montage"

_SECTION = re.compile(r"^\s*\[(ZValue|FrameSet|MontSection)\s*=\s*-?\d+\s*\]\s*$", re.MULTILINE)
_WORDS = ("[ZValue", "[FrameSet", "[MontSection")
_MONTAGE = re.compile(r"^\s*(?:Montage\s*=\s*1\b|\[MontSection\b|PieceCoordinates\s*=)", re.MULTILINE)


def _recognise(sample: Sample) -> Recognised | None:
    if not any(word in sample.text for word in _WORDS):  # a regular expression takes ten times as long
        return None
    sections = set(_SECTION.findall(sample.text))
    if not sections:
        return None
    if _MONTAGE.search(sample.text):
        return Recognised(MONTAGE, alone=True)
    return Recognised(MOVIE if sections == {"FrameSet"} else SERIES)


def _readers(session: ImportSession, files: Files) -> Mapping[str, Reader]:
    found: dict[str, Reader] = {}
    for path in (*files.get(MONTAGE, ()), *files.get(SERIES, ())):
        name = series_stem(path) if series_stem(path) not in found else path.name
        found[name] = partial(_reading, session, [path])
    for name, paths in _of_movies(files).items():
        if len(paths) > 1:
            found[name] = partial(_reading, session, paths)
    return found


def _reading(session: ImportSession, paths: Sequence[Path]) -> MdocReading:
    return MdocReading(session, [read_file(session, path) for path in paths])


def _lone_movies(session: ImportSession, files: Files) -> Iterator[Region]:
    """Movies that belong to no series."""
    for paths in _of_movies(files).values():
        if len(paths) == 1:
            yield movie_region(session, stem(paths[0]), read_file(session, paths[0]))


def _of_movies(files: Files) -> Mapping[str, list[Path]]:
    """Files of movies by the stem that they share: a series has many."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in files.get(MOVIE, ()):
        name, _ = numbered(stem(path)) or (stem(path), 0)
        found[name].append(path)
    return found


MDOC = SeriesSource("mdoc", _recognise, _readers, regions=_lone_movies)
