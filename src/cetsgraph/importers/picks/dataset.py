"""Files of points as a data set: a region for each tomogram, with its point sets."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from cetsgraph.importers.claim import sample_of, stem
from cetsgraph.importers.image_headers.claims import image_path
from cetsgraph.importers.picks import evidence
from cetsgraph.importers.picks.companions import model_of
from cetsgraph.importers.picks.coordinates import coordinates
from cetsgraph.importers.picks.copick import copick, segmentation
from cetsgraph.importers.picks.copick_project import CopickProject
from cetsgraph.importers.picks.dynamo import dynamo
from cetsgraph.importers.picks.imod_models import imod
from cetsgraph.importers.picks.motivelists import peet, stopgap, tom
from cetsgraph.importers.picks.picked import Picked, PickFile
from cetsgraph.importers.picks.portal import portal
from cetsgraph.importers.picks.tomograms import PickedTomogram
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import DataSet, PointSet, Region, SegmentationMask, Tomogram, TomogramSet, TomoImageSet

__all__ = ["dataset"]

_Annotation = PointSet | SegmentationMask

_READERS: Mapping[str, Callable[[PickFile], Iterator[Picked]]] = {
    evidence.PORTAL: portal,
    evidence.COPICK: copick,
    evidence.COPICK_MASK: segmentation,
    evidence.DYNAMO: dynamo,
    evidence.STOPGAP: stopgap,
    evidence.PEET: peet,
    evidence.TOM: tom,
    evidence.IMOD: imod,
    evidence.COORDINATES: coordinates,
}


def dataset(session: ImportSession) -> DataSet:
    """The data set of a claim.

    Raises:
        DocumentError: a file cannot be read.
    """
    found = DataSet()
    kinds = {path: evidence.kind_of(sample_of(path)) for path in session.claim.files}
    projects = [CopickProject(session, path) for path in _of(kinds, evidence.COPICK_PROJECT)]
    for one in projects:
        found.name = found.name or one.name
        found.description = found.description or one.description
        found.cross_references += one.entries
    taken = {model_of(path) for path in _of(kinds, evidence.PEET)}
    project = projects[0] if projects else None
    known: dict[Path, PickedTomogram | None] = {}
    tomograms = _Tomograms(session.options.object)
    for path, kind in kinds.items():
        reader = None if path in taken else _READERS.get(kind or "")
        if reader is None:
            continue
        with session.attempt():
            for picked in reader(PickFile(session, path, project, known)):
                tomograms.add(picked, stem(image_path(path)))
    found.regions = tomograms.regions()
    return found


def _of(kinds: Mapping[Path, str | None], wanted: str) -> list[Path]:
    return [path for path, kind in kinds.items() if kind == wanted]


class _Tomograms:
    """Tomograms by the names of their runs, as points of them are found."""

    def __init__(self, object_name: str | None) -> None:
        self._object = object_name
        self._found: dict[str, list[tuple[PickedTomogram, list[_Annotation]]]] = {}
        self._ids: Counter[str] = Counter()

    def add(self, picked: Picked, label: str) -> None:
        """Add points to the tomogram that they are of; `label` is the stem of their file."""
        found, tomogram = picked.annotation, picked.tomogram
        found.id = self._identifier(tomogram.name, label)
        if self._object is not None and not (found.annotated_object or found.annotated_object_name):
            is_term = re.fullmatch(r"\w+:\w+", self._object) is not None
            setattr(found, "annotated_object" if is_term else "annotated_object_name", self._object)
        known = self._found.setdefault(tomogram.name, [])
        for place, (other, sets) in enumerate(known):
            if other.voxel == tomogram.voxel or None in (other.voxel, tomogram.voxel):
                known[place] = other.filled(tomogram), [*sets, found]
                return
        known.append((tomogram, [found]))

    def regions(self) -> list[Region]:
        """A region for each run."""
        return [_region(name, known) for name, known in self._found.items()]

    def _identifier(self, name: str, label: str) -> str:
        """An identifier that no other point set has."""
        wanted = label if label.startswith(name) and label != name else f"{name}-{label}"
        wanted = f"{name}-points" if label == name else wanted
        self._ids[wanted] += 1
        return wanted if self._ids[wanted] == 1 else f"{wanted}-{self._ids[wanted]}"


def _region(name: str, known: Sequence[tuple[PickedTomogram, list[_Annotation]]]) -> Region:
    tomograms = [
        _tomogram(f"{name}-tomogram" if place == 0 else f"{name}-tomogram-{place + 1}", tomogram, sets)
        for place, (tomogram, sets) in enumerate(known)
    ]
    return Region(
        id=name, name=name, tomo_image_sets=[TomoImageSet(tomogram_sets=[TomogramSet(tomograms=tomograms)])]
    )


def _tomogram(identifier: str, known: PickedTomogram, sets: Sequence[_Annotation]) -> Tomogram:
    found = Tomogram(id=identifier, name=known.name, path=known.path, annotations=list(sets))
    if known.size is not None:
        found.width, found.height, found.depth = known.size
    if known.voxel is not None and len(set(known.voxel)) == 1:
        found.voxel_size = known.voxel[0]
    elif known.voxel is not None:
        found.voxel_size_x, found.voxel_size_y, found.voxel_size_z = known.voxel
    return found
