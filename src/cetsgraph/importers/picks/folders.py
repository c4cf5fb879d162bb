"""Which files of points make a data set: those of a folder, of a project of copick, of the portal."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from cetsgraph.importers.claim import Claim, RecognisedFile, stem
from cetsgraph.importers.picks import evidence
from cetsgraph.importers.picks.companions import companions, model_of, volume_beside

__all__ = ["gather"]

_OF_PROJECT = (evidence.COPICK, evidence.COPICK_MASK, evidence.COPICK_PROJECT)
_COMPANIONS = (evidence.DYNAMO_MAP, evidence.DYNAMO_VOLUMES)


def gather(importer: str, found: Sequence[RecognisedFile]) -> Iterator[Claim]:
    """One claim for the files of each folder or project."""
    projects = {one.path.parent for one in found if one.recognised.kind == evidence.COPICK_PROJECT}
    folders: dict[tuple[Path, bool], list[RecognisedFile]] = defaultdict(list)
    for one in sorted(found, key=lambda file: file.path):
        if _stands_alone(one):
            root = _root(one.path, projects)
            in_project = root in projects and one.recognised.kind in _OF_PROJECT
            folders[root, in_project].append(one)
    for (folder, _), files in folders.items():
        paths = [one.path for one in files]
        others = [path for one in files for path in companions(one.path, one.recognised.kind, folder)]
        models = {model_of(one.path) for one in files if one.recognised.kind == evidence.PEET}
        points = [path for path in paths if path not in models]
        name = stem(points[0]) if len(points) == 1 else folder.resolve().name
        yield Claim(importer, name, tuple(points), folder, tuple(dict.fromkeys(others)))


def _stands_alone(one: RecognisedFile) -> bool:
    """Whether a file is read for its own sake; weak coordinates are if their tomogram is there."""
    recognised = one.recognised
    if recognised.kind in _COMPANIONS:
        return False
    if recognised.kind == evidence.COORDINATES and recognised.weak:
        volume = volume_beside(one.path)
        return volume is not None and stem(volume) == stem(one.path)
    return not recognised.weak


def _root(path: Path, projects: Collection[Path]) -> Path:
    """The folder of a data set: of the project of copick or the data set of the portal that a file is in."""
    above = {folder.name: folder for folder in reversed(path.parents)}
    project = next((folder for folder in path.parents if folder in projects), None)
    if "ExperimentRuns" in above:
        return project or above["ExperimentRuns"].parent
    if "Reconstructions" in above:
        return above["Reconstructions"].parent.parent
    return path.parent
