"""Where the portal's metadata files lie: `10445/TS_01/TiltSeries/100/tiltseries_metadata.json` and others."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from cetsgraph.importers.claim import Claim, RecognisedFile, sample_of, stem
from cetsgraph.importers.json_kinds import kind_of_json
from cetsgraph.importers.picks.companions import SPACING, spacing_folder
from cetsgraph.importers.session import ImportSession

__all__ = [
    *("DEPOSITION", "RUN", "RunFiles", "data_set_file", "gather", "number_above", "number_of"),
    *("path_below", "run_files", "spacing_of"),
]

DATA_SET, DEPOSITION, RUN, TOMOGRAM = "data set", "deposition", "run", "tomogram"

_PARTS = ("TiltSeries", "Alignments", "Frames", "Reconstructions", "Tomograms", "Annotations")
_BETWEEN = re.compile(r"\d+|CanonicalTomogram|VoxelSpacing[\d.]+")
_DEEPEST = 4  # folders between a file and its run


@dataclass(slots=True)
class RunFiles:
    """The files of one run, by what they are about."""

    folder: Path
    by_kind: dict[str, list[Path]] = field(default_factory=lambda: defaultdict(list))

    def of(self, kind: str) -> list[Path]:
        """The files about tilt series, alignments and so on, in the order of their paths."""
        return self.by_kind.get(kind, [])


def gather(importer: str, found: Sequence[RecognisedFile]) -> Iterator[Claim]:
    """The files below the folder of a data set are one, with the points that lie beside what is said of them;
    a deposition is another. Files that only say which tomogram points are of go with the points."""
    folders: dict[Path, list[Path]] = defaultdict(list)
    kinds: dict[Path, set[str]] = defaultdict(set)
    for one in found:
        if one.recognised.kind == DEPOSITION:
            yield Claim(importer, stem(one.path), (one.path,), one.path.parent)
        elif one.importer == importer:
            folder = _root(one.path, one.recognised.kind)
            folders[folder].append(one.path)
            kinds[folder].add(one.recognised.kind)
    points = [one.path for one in found if one.importer != importer]
    for folder, files in folders.items():
        if kinds[folder] <= {RUN, TOMOGRAM} and any(folder in path.parents for path in points):
            continue
        places = {file.parent for file in files}
        beside = [path for path in points if path.parent in places and path.suffix == ".ndjson"]
        name = folder.resolve().name
        name = f"CryoET-Data-Portal-{name}" if name.isdecimal() else name
        yield Claim(importer, name, (*sorted(files), *sorted(beside)), folder)


def data_set_file(claim: Claim) -> tuple[Path, str] | None:
    """The file about the data set or deposition of a claim, and which of the two it is."""
    kinds = ((path, kind) for path in claim.files if (kind := _kind(path)) in (DATA_SET, DEPOSITION))
    return next(kinds, None)


def run_files(claim: Claim) -> list[RunFiles]:
    """The files of each run, in the order of the names of their folders."""
    runs: dict[Path, RunFiles] = {}
    for path in claim.files:
        kind = _kind(path)
        if kind not in (None, DATA_SET, DEPOSITION):
            folder = _run_folder(path)
            runs.setdefault(folder, RunFiles(folder)).by_kind[kind].append(path)
    return [runs[folder] for folder in sorted(runs)]


def number_above(path: PurePosixPath | Path) -> str:
    """The number of what a file is about: that of its folder, or what its name begins with."""
    folder = path.parent.name
    begins = re.match(r"\d+", path.name)
    return folder if folder.isdecimal() else begins[0] if begins else folder


def number_of(metadata: str | None) -> str | None:
    """The number of what a metadata file is about, by its name in the bucket."""
    return None if metadata is None else number_above(PurePosixPath(metadata))


def path_below(session: ImportSession, beside: Path, name: str | None) -> str | None:
    """A name in a file as a path below the folder of the data set.

    It is one in the bucket, which begins with the number of the data set, or that of a file beside this one.
    """
    if name is None:
        return None
    parts = PurePosixPath(name).parts
    return session.shown(beside.parent / name) if len(parts) == 1 else PurePosixPath(*parts[1:]).as_posix()


def spacing_of(path: Path) -> str:
    """The voxel spacing in whose folder a file lies, as the folder has it; empty for none."""
    folder = spacing_folder(path)
    return "" if folder is None else folder.name.removeprefix(SPACING)


def _kind(path: Path) -> str | None:
    return kind_of_json("portal-files", sample_of(path).text) if path.suffix == ".json" else None


def _root(path: Path, kind: str) -> Path:
    """The folder of the data set of a file."""
    return path.parent if kind == DATA_SET else _run_folder(path).parent


def _run_folder(path: Path) -> Path:
    """The folder of the run of a file: the one above those that the portal's layout names."""
    run = path.parent
    for folder in path.parents[:_DEEPEST]:
        if folder.name in _PARTS:
            run = folder.parent
        elif not _BETWEEN.fullmatch(folder.name):
            break
    return run
