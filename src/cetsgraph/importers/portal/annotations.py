"""Annotations of a run: one for each shape of each, on the tomogram that its file was made for."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from cetsgraph.importers.fields import Fields
from cetsgraph.importers.portal.points import pick_file, positions
from cetsgraph.importers.portal.rows import list_of_people, mirrored
from cetsgraph.importers.portal.tables import Tables, identifier
from cetsgraph.importers.portal_annotations import (
    FORMATS,
    SHAPES,
    fraction,
    known_method,
    lay_over,
    of_shape,
    programs,
)
from cetsgraph.importers.portal_entries import cross_references, curie, deposition_entry, stated
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import (
    Annotation,
    CrossReference,
    DataFile,
    DataObject,
    PointSet,
    SegmentationMask,
    Surface,
    Tomogram,
)

__all__ = ["annotate", "with_points"]

_PREFERRED = ("zarr", "mrc")

Volumes = Sequence[tuple[Fields, Tomogram]]


def annotate(
    tables: Tables,
    run: int | None,
    volumes: Volumes,
    otherwise: DataObject,
    known: Collection[CrossReference],
    deposition: int | None,
) -> None:
    """Put the annotations of a run where they belong.

    Args:
        tables: of the data set.
        run: number of the run.
        volumes: its tomograms, with their rows.
        otherwise: what annotations are on that belong to no tomogram.
        known: entries of the data set, which are not stated again.
        deposition: that of the data set.
    """
    for row in tables.of("annotations", run):
        shapes = [
            shape
            for shape in tables.of("annotationShapes", identifier(row))
            if str(shape.peek("shape_type")) in SHAPES
        ]
        values = _common(tables, row, known, deposition) if shapes else {}
        for shape, name in _named(row, shapes):
            file, others = _files(tables, shape)
            volume = None if file is None else _volume(file, volumes)
            found = of_shape(shape.text("shape_type") or "", {**values, "id": name})
            if file is not None:
                _locate(found, file, others, volume)
            on = (otherwise if volume is None else volume).annotations
            points = None if file is None else pick_file(tables.session, identifier(file))
            on += with_points(tables.session, found, row, points, volume)


def with_points(
    session: ImportSession,
    found: Annotation,
    row: Fields,
    path: Path | None,
    volume: Tomogram | None,
) -> list[Annotation]:
    """The annotation with its points, or their number; as several if they are of several types.

    Args:
        session: the import.
        found: the annotation.
        row: what says how many points there are.
        path: the file of the points, if it is here.
        volume: the tomogram that they are of.
    """
    if not isinstance(found, PointSet):
        return [found]
    stated = found.point_count = row.integer("object_count")
    sets = [] if path is None else list(positions(session, path, volume))
    made = [found, *(found.model_copy(update={"id": f"{found.id}-{n}"}) for n in range(1, len(sets)))]
    for one, points in zip(made, sets, strict=False):
        _take_positions(one, points)
    listed = sum(len(points.coordinates or ()) for points in sets)
    if sets and stated is not None and stated != listed:
        place = row.place("object_count")
        session.tally.conflict("the number of points", place, kept=listed, other=stated)
    return list(made)


def _take_positions(found: PointSet, points: PointSet) -> None:
    found.unit, found.origin, found.dimension = points.unit, points.origin, points.dimension
    found.coordinates, found.rotations = points.coordinates, points.rotations
    found.point_ids, found.point_attributes = points.point_ids, points.point_attributes
    found.point_count = None


def _named(row: Fields, shapes: Sequence[Fields]) -> Iterator[tuple[Fields, str]]:
    """The shapes with names: by their kind, and by their number where there are several of a kind."""
    number = row.integer("id")
    kinds: Counter[str] = Counter()
    for shape in shapes:
        kind = str(shape.peek("shape_type"))
        kinds[kind] += 1
        several = f"-{shape.integer('id')}" if kinds[kind] > 1 else ""
        yield shape, f"{number}-{kind}{several}"


def _common(
    tables: Tables, row: Fields, known: Collection[CrossReference], deposition: int | None
) -> dict[str, Any]:
    """What a row says of all its shapes."""
    number = identifier(row)
    entries = cross_references(row, "annotation_publication", without=known)
    return {
        "annotated_object": curie(stated(row.text("object_id"))),
        "annotated_object_name": row.text("object_name"),
        "annotated_object_state": row.text("object_state"),
        "description": row.text("object_description"),
        "method": known_method(row),
        "method_description": row.text("annotation_method"),
        "ground_truth": row.truth("ground_truth_status"),
        "curator_recommended": row.truth("is_curator_recommended"),
        "precision": fraction(row.number("confidence_precision")),
        "recall": fraction(row.number("confidence_recall")),
        "authors": list_of_people(tables.of("annotationAuthors", number)),
        "software": programs(row, tables.of("annotationMethodLinks", number), "name"),
        "cross_references": [*entries, *deposition_entry(row, deposition)],
    }


def _files(tables: Tables, shape: Fields) -> tuple[Fields | None, list[Fields]]:
    """The file that stands for a shape, and the others: shown on the portal, then Zarr, then MRC."""

    def rank(file: Fields) -> tuple[bool, int]:
        form = file.peek("format")
        place = _PREFERRED.index(form) if form in _PREFERRED else len(_PREFERRED)
        return file.peek("is_visualization_default") is not True, place

    files = sorted(tables.of("annotationFiles", identifier(shape)), key=rank)
    return (files[0], files[1:]) if files else (None, [])


def _volume(file: Fields, volumes: Volumes) -> Tomogram | None:
    """The tomogram of a file: of its voxel spacing and, if there is one, of its alignment; of these the
    portal's own, else the one that is shown, else the first."""

    def rank(pair: tuple[Fields, Tomogram]) -> tuple[bool, bool, bool]:
        row = pair[0]
        return (
            row.peek("alignment_id") != file.peek("alignment_id"),
            row.peek("is_portal_standard") is not True,
            row.peek("is_visualization_default") is not True,
        )

    spacing = file.peek("tomogram_voxel_spacing_id")
    fits = [pair for pair in volumes if pair[0].peek("tomogram_voxel_spacing_id") == spacing]
    return min(fits, key=rank)[1] if fits else None


def _locate(found: Annotation, file: Fields, others: Sequence[Fields], volume: Tomogram | None) -> None:
    """Say where the annotation is kept, and for a mask on which grid and in which formats."""
    if isinstance(found, SegmentationMask):
        spacing = file.peek("tomogram_voxel_spacing_id")
        alike = [one for one in others if one.peek("tomogram_voxel_spacing_id") == spacing]
        found.files = [_data_file(one) for one in (file, *alike)]
        found.path = found.files[0].path
        lay_over(found, volume)
    elif isinstance(found, PointSet | Surface):
        found.path = mirrored(file, "https_path", "s3_path")
        file.take("format")
        if isinstance(found, PointSet):
            found.unit, found.origin = "pixel", "corner"


def _data_file(row: Fields) -> DataFile:
    form = row.text("format")
    return DataFile(
        path=mirrored(row, "https_path", "s3_path"),
        file_format=FORMATS.get(form or "", form),
        file_size=row.integer("file_size"),
    )
