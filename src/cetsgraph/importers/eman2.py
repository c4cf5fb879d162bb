"""EMAN2: the info files of tomograms, `info/TS_01_info.json`.

Angles of `tlt_params` are about z, y and x, each the other way than ours (transform.cpp, "xyz"); shifts are
in pixels of the unbinned images. Boxes are counted from the centre of the tomogram, in the same pixels.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cetsgraph.geometry.projections import Projection
from cetsgraph.importers.assembly import SeriesParts, projection_alignment, region
from cetsgraph.importers.claim import Claim, Recognised, RecognisedFile, Sample, per_folder, stem
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.importer import Importer
from cetsgraph.importers.json_kinds import recognised_json
from cetsgraph.importers.limits import check_images
from cetsgraph.importers.numbers import finite, rounded
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import (
    Alignment,
    Annotation,
    CTFMetadata,
    DataSet,
    PointAttribute,
    PointSet,
    Region,
    Software,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    Tomogram,
)

__all__ = ["IMPORTER"]

_MICROMETRE = 1e4  # Å
_SOFTWARE = "EMAN2"


def _recognise(sample: Sample) -> Recognised | None:
    return recognised_json("eman2", sample)


def _gather(importer: str, found: Sequence[RecognisedFile]) -> Iterator[Claim]:
    """The files of a folder, which is named `info` in every project: then the project's name is the name."""
    for claim in per_folder(importer, found):
        folder = claim.folder.resolve()
        several = len(claim.files) > 1 and folder.name == "info"
        name = folder.parent.name if several else claim.name.removesuffix("_info")
        yield Claim(importer, name, claim.files, claim.folder)


def _dataset(session: ImportSession) -> DataSet:
    found = DataSet()
    for path in session.claim.files:
        with session.attempt():
            found.regions.append(_region(session, path))
    return found


def _region(session: ImportSession, path: Path) -> Region:
    name = stem(path).removesuffix("_info")
    fields = session.json(path)
    pixel_size = fields.number("apix_unbin")
    if pixel_size is not None and pixel_size <= 0:
        fields.wrong("apix_unbin", pixel_size, "a number above zero")
        pixel_size = None
    rows = list(_rows(fields, "tlt_params", 5, 5))
    check_images(len(rows), fields.place("tlt_params"))
    series = TiltSeriesMicrographStack(
        id=name,
        name=name,
        path=fields.text("tlt_file"),
        pixel_size=pixel_size,
        accelerating_voltage=fields.number("voltage"),
        spherical_aberration=fields.number("cs"),
        micrographs=_images(name, fields, rows),
    )
    parts = SeriesParts(series)
    if rows:
        parts.alignments = [_alignment(name, rows, pixel_size)]
    if points := _point_sets(name, fields, pixel_size):
        aligned = [f"{name}-alignment"] if rows else []
        parts.tomograms = [
            Tomogram(id=f"{name}-tomogram", tilt_series_id=[name], alignment_id=aligned, annotations=points)
        ]
    return region(name, parts)


def _rows(fields: Fields, key: str, least: int, most: int) -> Iterator[list[Any]]:
    """The lists of a list that begin with finite numbers, at least so many; others are wrong."""
    (value,) = fields.take(key)
    if value is not None and not isinstance(value, list):
        fields.wrong(key, value, "a list")
        return
    for row in value or ():
        numbers = row[:least] if isinstance(row, list) else []
        if len(numbers) < least or not all(map(_is_number, numbers)):
            fields.wrong(key, row, f"{least} finite numbers")
            continue
        for other in row[most:]:
            fields.dropped(f"{key}/*", other)
        yield row[:most]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and finite(str(value)) is not None


def _images(name: str, fields: Fields, rows: Sequence[list[Any]]) -> list[TiltSeriesMicrograph]:
    """The images of the stack in their order, with their defoci."""
    defoci = fields.numbers("defocus")
    if defoci is not None and len(defoci) != len(rows):
        fields.wrong("defocus", len(defoci), f"one number for each of {len(rows)} tilts")
        defoci = None
    return [
        TiltSeriesMicrograph(
            id=f"{name}-{section}",
            section=section,
            refined_tilt_angle=rounded(-row[3]),
            ctf_metadata=None if defoci is None else _ctf(defoci[section]),
        )
        for section, row in enumerate(rows)
    ]


def _ctf(defocus: float) -> CTFMetadata:
    """One defocus, in µm, which is the same along all axes."""
    found = rounded(defocus * _MICROMETRE)
    return CTFMetadata(defocus_u=found, defocus_v=found)


def _alignment(name: str, rows: Sequence[list[Any]], pixel_size: float | None) -> Alignment:
    return Alignment(
        id=f"{name}-alignment",
        tilt_series_id=name,
        software=[Software(name=_SOFTWARE)],
        projection_alignments=[
            projection_alignment(_projection(row, pixel_size), f"{name}-{section}")
            for section, row in enumerate(rows)
        ],
    )


def _projection(row: Sequence[float], pixel_size: float | None) -> Projection:
    """How an image was aligned; without the size of its pixels no shift can be given."""
    x, y, about_z, about_y, about_x = row
    shift = None if pixel_size is None else (x * pixel_size, y * pixel_size)
    return Projection(-about_x, -about_y, -about_z, shift)


def _point_sets(name: str, fields: Fields, pixel_size: float | None) -> list[Annotation]:
    """A point set for each class of boxes."""
    classes = fields.part("class_list")
    boxes: dict[str, list[list[Any]]] = defaultdict(list)
    for row in _rows(fields, "boxes_3d", 3, 6):
        boxes[str(row[5]) if len(row) > 5 else ""].append(row)
    return [
        _point_set(f"{name}-boxes-{key}" if key else f"{name}-boxes", classes.part(key), rows, pixel_size)
        for key, rows in boxes.items()
    ]


def _point_set(identifier: str, kind: Fields, rows: list[list[Any]], pixel_size: float | None) -> PointSet:
    scale = 1.0 if pixel_size is None else pixel_size
    return PointSet(
        id=identifier,
        dimension=3,
        annotated_object_name=kind.text("name"),
        unit="pixel" if pixel_size is None else "angstrom",
        origin="corner" if pixel_size is None else "centre",
        coordinates=[[rounded(float(number) * scale) for number in row[:3]] for row in rows],
        point_attributes=[
            PointAttribute(
                name=attribute, values=[row[column] if len(row) > column else None for row in rows]
            )
            for column, attribute in ((3, "method"), (4, "score"))
            if any(len(row) > column for row in rows)
        ],
        software=[Software(name=_SOFTWARE)],
    )


IMPORTER = Importer(
    name="eman2",
    mapping=1,
    evidence="JSON with tlt_params, or boxes_3d with class_list or apix_unbin",
    recognise=_recognise,
    gather=_gather,
    dataset=_dataset,
    mapped={
        "apix_unbin": "TiltSeriesMicrographStack.pixel_size",
        "tlt_file": "TiltSeriesMicrographStack.path",
        "voltage": "TiltSeriesMicrographStack.accelerating_voltage",
        "cs": "TiltSeriesMicrographStack.spherical_aberration",
        "tlt_params, angles": "ProjectionAlignment.y_tilt",
        "tlt_params, shifts": "ProjectionAlignment.shift",
        "defocus": "CTFMetadata.defocus_u",
        "boxes_3d": "PointSet.coordinates",
        "class_list/*/name": "PointSet.annotated_object_name",
    },
)
