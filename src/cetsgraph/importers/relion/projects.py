"""Projects of RELION: which files of one make a data set.

A project has a table of tilt series or tomograms for each job, and each repeats what jobs before it said. The
table of the newest job stands for all; the first one has also the images that were left out since. Paths are
relative to the project's folder.
"""

import os.path
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from cetsgraph.errors import DocumentError
from cetsgraph.importers.claim import Claim, Recognised, RecognisedFile, Sample, place_below, sample_of, stem
from cetsgraph.importers.decoding import decoded, read_foreign
from cetsgraph.importers.formats.mrc import ENDINGS
from cetsgraph.importers.formats.star import Star, parse
from cetsgraph.importers.relion.frames import METADATA
from cetsgraph.importers.session import Options
from cetsgraph.importers.tilt_series.bundles import series_stem

__all__ = [
    "MDOC",
    "OPTIMISATION",
    "PARTICLES",
    "SERIES",
    "TABLE",
    "TOMOGRAMS",
    "frame_files",
    "gather",
    "recognise",
]

MDOC = "mdoc"
"""Importer of the files that complete a project's."""
TABLE = "table of tilt series or tomograms"
TOMOGRAMS = "tomograms of RELION 4"
SERIES = "tilt series"
PARTICLES = "particles"
OPTIMISATION = "optimisation set"

_EVIDENCE = {
    "rlnTomoTiltSeriesStarFile": TABLE,
    "rlnTomoProjX": TOMOGRAMS,
    "rlnTomoParticlesFile": OPTIMISATION,
    "rlnTomoNominalStageTiltAngle": SERIES,
    "rlnTomoYTilt": SERIES,
    "rlnCenteredCoordinateXAngst": PARTICLES,
    "rlnCoordinateZ": PARTICLES,
}
"""The column that makes a file what it is; the first that a file has decides."""

_NAMING = (
    "rlnTomoTiltSeriesStarFile",
    "rlnTomoTiltSeriesName",
    "rlnTomoTomogramsFile",
    "rlnTomoParticlesFile",
)
"""Columns that name files of the project: STAR files, and the stacks of RELION 4."""
_ENDINGS = (".star", *ENDINGS)
"""Of the files that are followed: tables and stacks, and nothing else that a table names."""
_COLUMN = re.compile(r"^\s*_(\w+)", re.MULTILINE)
_BLOCK = re.compile(r"^\s*data_", re.MULTILINE | re.IGNORECASE)
_JOB = re.compile(r"job_?(\d*)\w*")
_ITERATION = re.compile(r"_it(\d+)_")


def recognise(sample: Sample) -> Recognised | None:
    """What a file of RELION is, by the columns of its tables."""
    if not _BLOCK.search(sample.text):
        return None
    kind = _kind(set(_COLUMN.findall(sample.text)))
    return None if kind is None else Recognised(kind)


def gather(importer: str, found: Sequence[RecognisedFile]) -> Iterator[Claim]:
    """One claim for the files of each project, with mdoc files in it that are about its tilt series, and all
    files about these in folders beside that of the only project."""
    others = [one for one in found if one.importer != importer and not one.recognised.alone]
    mdocs = [one.path for one in others if one.importer == MDOC]
    found = [one for one in found if one.importer == importer]
    projects: dict[Path, dict[str, list[Path]]] = defaultdict(lambda: defaultdict(list))
    stars = {one.path: _star(one.path) for one in found if one.recognised.kind != SERIES}
    roots = {path: _root(path, _names(star)) for path, star in stars.items()}
    for one in found:
        root = roots.get(one.path) or _known_root(one.path, roots.values())
        projects[root][one.recognised.kind].append(one.path)
    for root, kinds in projects.items():
        files = tuple(dict.fromkeys(_files(root, kinds, stars)))
        stems = {stem(path) for path in files}
        beside = (path for path in mdocs if root in path.parents and series_stem(path) in stems)
        name = stem(files[0]) if len(files) == 1 else root.resolve().name
        near = _beside(root, stems, others) if _is_alone(root, projects) else []
        if near:
            yield Claim(importer, root.parent.resolve().name, (*files, *near), root.parent, project=root)
        else:
            yield Claim(importer, name, (*files, *beside), root)


def frame_files(claim: Claim, options: Options) -> Iterator[Path]:
    """The files of MotionCorr that tables of tilt images name, if frames are asked for."""
    for path in claim.files if options.frames else ():
        if METADATA in _columns(path):
            named = _below(claim.base, _names(_star(path), [METADATA]))
            yield from (file for file in named if _kind(_columns(file)) is None)


def _columns(path: Path) -> set[str]:
    """Names of columns in the beginning of a STAR file; none if it cannot be read, which is said later."""
    try:
        return set(_COLUMN.findall(sample_of(path).text)) if path.suffix.casefold() == ".star" else set()
    except DocumentError:
        return set()


def _is_alone(root: Path, projects: Iterable[Path]) -> bool:
    """Whether no other project is in the same folder."""
    return not any(other != root and root.parent in other.parents for other in projects)


def _beside(root: Path, stems: Collection[str], others: Sequence[RecognisedFile]) -> list[Path]:
    """The files about a project's tilt series in the folders beside it, if half of the series there are its
    own, and the mdoc files in it; none if nothing is beside it."""
    near = [one.path for one in others if one.path.parent.parent == root.parent and one.path.parent != root]
    series = {series_stem(path) for path in near}
    if 2 * len(series & set(stems)) < max(1, len(series)):
        return []
    inside = [one.path for one in others if one.importer == MDOC and root in one.path.parents]
    return [path for path in (*near, *inside) if series_stem(path) in stems]


def _files(root: Path, kinds: dict[str, list[Path]], stars: dict[Path, Star]) -> Iterator[Path]:
    """The files of a project that make its data set, the one that stands for them first."""
    sets = _newest(kinds[OPTIMISATION])
    named = [path for one in sets for path in _below(root, _names(stars[one]))]
    tables = [*kinds[TABLE], *kinds[TOMOGRAMS]]
    newest = [path for path in named if path in tables or _is(path, TABLE, TOMOGRAMS)] or _newest(tables)
    particles = [path for path in named if path not in newest] or _newest(kinds[PARTICLES])
    first = [path for path in _oldest(kinds[TABLE]) if path not in newest]
    yield from (*newest, *first)
    yield from _last_iterations(particles)
    for table in (*newest, *first):
        yield from _below(root, _names(stars.get(table) or _star(table)))
    if not newest:
        yield from kinds[SERIES]
    yield from sets


def _kind(columns: Collection[str]) -> str | None:
    return next((kind for column, kind in _EVIDENCE.items() if column in columns), None)


def _is(path: Path, *kinds: str) -> bool:
    return _kind({column for _, table in _star(path).tables() for column in table.columns}) in kinds


def _star(path: Path) -> Star:
    """The tables of a file; none if it cannot be read, which is said when it is imported."""
    try:
        return parse(decoded(read_foreign(path)).lines())
    except DocumentError:
        return Star()


def _names(star: Star, columns: Sequence[str] = _NAMING) -> list[str]:
    """Names of files that a file has."""
    return [
        row[table.columns.index(column)]
        for _, table in star.tables()
        for column in columns
        if column in table.columns
        for row in table.rows
    ]


def _below(root: Path, names: Iterable[str]) -> Iterator[Path]:
    """The named files that are there, below the project's folder."""
    for name in names:
        found = place_below(root, name)
        if found is not None and found.name.casefold().endswith(_ENDINGS) and os.path.isfile(found):
            yield found


def _root(path: Path, names: Sequence[str]) -> Path:
    """The folder that names are relative to: where one of them is there, else the one above the job's."""
    there = next((folder for folder in path.parents if next(_below(folder, names), None)), None)
    if there is not None:
        return there
    job = next((folder for folder in path.parents if _JOB.fullmatch(folder.name)), None)
    return path.parent if job is None else job.parent.parent


def _known_root(path: Path, roots: Iterable[Path]) -> Path:
    return next((root for root in roots if root in path.parents), None) or _root(path, ())


def _job(path: Path) -> int:
    """Number of the job that wrote a file; −1 if no job did."""
    numbers = [found[1] for folder in path.parent.parts if (found := _JOB.fullmatch(folder))]
    return int(numbers[-1]) if numbers and numbers[-1] else -1


def _newest(paths: Sequence[Path]) -> list[Path]:
    """The files of the job with the highest number."""
    last = max(map(_job, paths), default=-1)
    return [path for path in paths if _job(path) == last]


def _oldest(paths: Sequence[Path]) -> list[Path]:
    first = min(map(_job, paths), default=-1)
    return [path for path in paths if _job(path) == first]


def _last_iterations(paths: Sequence[Path]) -> list[Path]:
    """Without the files of iterations that others follow in the same folder."""
    last: dict[Path, int] = {}
    for path in paths:
        last[path.parent] = max(last.get(path.parent, -1), _iteration(path))
    return [path for path in paths if _iteration(path) in (-1, last[path.parent])]


def _iteration(path: Path) -> int:
    found = _ITERATION.search(path.name)
    return int(found[1]) if found else -1
