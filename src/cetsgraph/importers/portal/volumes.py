"""Alignments of a run's tilt series, and the tomograms that were made with them."""

import re
from math import atan2, degrees

from cetsgraph.geometry.projections import Projection
from cetsgraph.importers.assembly import projection_alignment
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.numbers import finite
from cetsgraph.importers.portal.rows import coordinates, data_files, mirrored, same
from cetsgraph.importers.portal.tables import Tables, identifier
from cetsgraph.importers.portal_entries import cross_references, deposition_entry, made_with, stated, words
from cetsgraph.importers.tally import Tally
from cetsgraph.model import (
    Alignment,
    CrossReference,
    ProjectionAlignment,
    TiltSeriesMicrographStack,
    Tomogram,
)

__all__ = ["alignment", "projection", "say_transformation", "tomogram"]

_IDENTITY = [float(row == column) for row in range(4) for column in range(4)]
_NUMBER = re.compile(r"[^\s{}\[\],]+")


def alignment(
    tables: Tables, row: Fields, series: TiltSeriesMicrographStack | None, tally: Tally
) -> Alignment:
    """An alignment with what it says of each image of its series."""
    kind = row.text("alignment_type")
    say_transformation(row, tally)
    found = Alignment(
        id=_text(row.integer("id")),
        tilt_series_id=None if series is None else _text(row.integer("tiltseries_id")),
        alignment_type=None if kind is None else kind.lower(),
        alignment_method=words(row.text("alignment_method")),
        tilt_offset=row.number("tilt_offset"),
        x_rotation_offset=row.number("x_rotation_offset"),
        volume_dimensions=coordinates(row, "volume_{}_dimension"),
        volume_offset=coordinates(row, "volume_{}_offset"),
        path=mirrored(row, "https_alignment_metadata", "s3_alignment_metadata"),
    )
    sections = tables.of("perSectionAlignmentParameters", identifier(row))
    projections = [projection(section, series, tally) for section in sections]
    found.projection_alignments = [one for one in projections if one is not None]
    return found


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def say_transformation(row: Fields, tally: Tally) -> None:
    """Take a transformation of the volume that changes nothing; say where one does."""
    matrix = _numbers(row.peek("affine_transformation_matrix"))
    if matrix == _IDENTITY:
        row.take("affine_transformation_matrix")
    elif matrix:
        tally.assumed(
            "the projections are of the volume before its affine transformation",
            row.place("affine_transformation_matrix"),
        )


def _numbers(value: object) -> list[float | None]:
    """The numbers of a matrix, row after row: of lists, or of text such as {{1,0},{0,1}}."""
    return [finite(word) for word in _NUMBER.findall(str(value))] if value is not None else []


def projection(
    row: Fields, series: TiltSeriesMicrographStack | None, tally: Tally
) -> ProjectionAlignment | None:
    """How one image shows the tomogram; None where its angles are not known, and all of it is reported."""
    tilt, turn = row.number("tilt_angle"), _turn(row)
    if tilt is None or turn is None:
        row.leave("tilt_angle", "in_plane_rotation")
        return None
    section = row.integer("z_index")
    images = [] if series is None else [one.id for one in series.micrographs if one.section == section]
    found = Projection(
        x_tilt=row.number("volume_x_rotation") or 0.0,
        y_tilt=tilt,
        z_rotation=turn,
        shift=_shift(row, series, tally),
    )
    return projection_alignment(found, images[0] if images else None)


def _turn(row: Fields) -> float | None:
    """The rotation in the image, in degrees; None if there is none, or one that mirrors."""
    matrix = _numbers(row.peek("in_plane_rotation"))
    numbers = [number for number in matrix if number is not None]
    if len(numbers) != 4 or len(matrix) != 4 or numbers[0] * numbers[3] <= numbers[1] * numbers[2]:
        return None
    row.take("in_plane_rotation")
    return degrees(atan2(numbers[2], numbers[0]))


def _shift(row: Fields, series: TiltSeriesMicrographStack | None, tally: Tally) -> tuple[float, float] | None:
    """The shift in Å: the columns count pixels of the stack, unlike what the schema says."""
    x, y = row.number("x_offset"), row.number("y_offset")
    size = None if series is None else series.pixel_size
    if x is None or y is None or size is None:
        row.leave("x_offset", "y_offset")
        return None
    if series is not None and series.is_aligned:
        if x or y:
            row.leave("x_offset", "y_offset")
            tally.assumed("the stack is aligned, so that shifts are not taken", row.place("x_offset"))
        return None
    return x * size, y * size


def tomogram(tables: Tables, row: Fields, known: list[CrossReference], deposition: int | None) -> Tomogram:
    """A tomogram; entries that the data set has are not stated again."""
    files = data_files(row)
    aligned = tables.find("alignments", identifier(row, "alignment_id"))
    series = None if aligned is None else tables.find("tiltseries", identifier(aligned, "tiltseries_id"))
    found = Tomogram(
        id=_text(row.integer("id")),
        name=row.text("name"),
        path=files[0].path if files else None,
        files=files if len(files) > 1 or any(one.file_size for one in files) else [],
        width=row.integer("size_x") or None,
        height=row.integer("size_y") or None,
        depth=row.integer("size_z") or None,
        voxel_size=row.number("voxel_spacing") or None,
        alignment_id=None if aligned is None else [str(row.integer("alignment_id"))],
        tilt_series_id=None if series is None else [str(identifier(series))],
        reconstruction_method=stated(row.text("reconstruction_method")),
        processing=row.text("processing"),
        ctf_corrected=row.truth("ctf_corrected"),
        software=made_with(row),
    )
    entries = [*cross_references(row, "publications", without=known)]
    entries += cross_references(row, "related_database_entries", without=[*known, *entries])
    found.cross_references = [*entries, *deposition_entry(row, deposition)]
    for column in ("offset_x", "offset_y", "offset_z"):
        same(row, column, 0)
    return found
