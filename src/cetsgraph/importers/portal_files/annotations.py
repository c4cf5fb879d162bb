"""Annotations of a run by the metadata files of the portal: one for each shape of each."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from cetsgraph.importers.fields import Fields
from cetsgraph.importers.portal.annotations import with_points
from cetsgraph.importers.portal_annotations import FORMATS, SHAPES, described, lay_over, of_shape
from cetsgraph.importers.portal_entries import deposition_entry
from cetsgraph.importers.portal_files.layout import number_above, number_of, path_below, spacing_of
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import (
    Annotation,
    CrossReference,
    DataFile,
    PointSet,
    Region,
    SegmentationMask,
    Surface,
    Tomogram,
)

__all__ = ["annotate"]


def annotate(
    session: ImportSession,
    path: Path,
    said: Fields,
    volumes: Sequence[tuple[Path, Tomogram]],
    region: Region,
    known: Sequence[CrossReference],
    deposition: int | None,
) -> None:
    """Put the annotations of a file on the tomogram that they were made for, or the region without one.

    Args:
        session: the import.
        path: the file.
        said: what is in it.
        volumes: the tomograms of the run, with their files.
        region: that of the run.
        known: entries of the data set, which are not stated again.
        deposition: that of the data set.
    """
    values = described(said, known, "name")
    values["cross_references"] = [*values["cross_references"], *deposition_entry(said, deposition)]
    volume = _volume(path, said.text("alignment_metadata_path"), volumes)
    on = (region if volume is None else volume).annotations
    for shape, files in _by_shape(said).items():
        name = _unused(f"{spacing_of(path)}-{number_above(path)}-{shape}", on)
        found = of_shape(shape, {**values, "id": name})
        kept = [_data_file(session, path, file) for file in files]
        _locate(found, kept, volume)
        points = session.claim.folder / (kept[0].path or "")
        is_here = isinstance(found, PointSet) and session.has(points)
        on += with_points(session, found, said, points if is_here else None, volume)


def _by_shape(said: Fields) -> dict[str, list[Fields]]:
    """The files of each shape that is known, those first that the portal shows."""
    found: dict[str, list[Fields]] = {}
    for file in said.parts("files"):
        if (shape := str(file.peek("shape"))) in SHAPES:
            file.take("shape")
            found.setdefault(shape, []).append(file)
    for files in found.values():
        files.sort(key=lambda file: file.peek("is_visualization_default") is not True)
    return found


def _volume(path: Path, aligned: str | None, volumes: Sequence[tuple[Path, Tomogram]]) -> Tomogram | None:
    """The tomogram of the same voxel spacing, with the same alignment if there is one."""
    near = [volume for file, volume in volumes if spacing_of(file) == spacing_of(path)]
    wanted = [f"ali-{number_of(aligned)}"]
    return next((one for one in near if one.alignment_id == wanted), near[0] if near else None)


def _unused(name: str, others: Iterable[Annotation]) -> str:
    """An id that none of the others has."""
    taken = {one.id for one in others}
    names = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in names if one not in taken)


def _locate(found: Annotation, files: list[DataFile], volume: Tomogram | None) -> None:
    """Say where the annotation is kept, and for a mask on which grid and in which formats."""
    if isinstance(found, SegmentationMask):
        found.files = files
        lay_over(found, volume)
    if isinstance(found, SegmentationMask | PointSet | Surface):
        found.path = files[0].path
    if isinstance(found, PointSet):
        found.unit, found.origin = "pixel", "corner"


def _data_file(session: ImportSession, path: Path, file: Fields) -> DataFile:
    file.take("is_visualization_default")
    form = file.text("format")
    return DataFile(
        path=path_below(session, path, file.text("path")), file_format=FORMATS.get(form or "", form)
    )
