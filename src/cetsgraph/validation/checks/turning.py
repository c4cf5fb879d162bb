"""How the matrices of an alignment tilt and turn their images, and which rows do so unlike the others."""

import math
import statistics
from collections.abc import Iterator, Sequence

from cetsgraph.geometry.projections import angles_of_matrix, between_lines
from cetsgraph.graph.matrices import Matrix
from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.model import ProjectionAlignment, TiltSeriesMicrograph, TiltSeriesMicrographStack
from cetsgraph.validation.checks.agreement import (
    AXIS,
    DEGREES,
    Stated,
    deviations,
    most_alike,
    same_axis,
)
from cetsgraph.validation.checks.matrices import is_turning, linear_of
from cetsgraph.validation.checks.surroundings import alignments_of, rows_of

__all__ = ["FEWEST_ROWS", "fewest_apart", "linear_parts", "tilts_are_of_none", "turned", "with_matrices"]

FEWEST_ROWS = 3
"""Rows that tell what most do."""


def _apart_from_most(
    known: Sequence[tuple[ProjectionAlignment, Matrix, float]], inverse: bool
) -> list[tuple[int, str]]:
    """The places of rows that tilt or turn their image unlike the others, and by how much."""
    own = [angles_of_matrix([*zip(*rows, strict=True)] if inverse else rows) for _, rows, _ in known]
    apart = deviations([(one.y_tilt, tilt) for one, (*_, tilt) in zip(own, known, strict=True)])
    usual = most_alike(own, lambda one, two: same_axis(one.z_rotation, two.z_rotation))
    found = []
    for index, (one, deviation) in enumerate(zip(own, apart, strict=True)):
        if abs(deviation) > 2 * DEGREES:
            message = (
                f"this row tilts its image by {one.y_tilt:.4g}°, and by the tilt angle of the image and the "
                f"other rows it would be {one.y_tilt - deviation:.4g}°"
            )
            found.append((index, message))
        elif between_lines(one.z_rotation, usual.z_rotation) > 2 * AXIS:
            message = f"this row turns its image by {one.z_rotation:.4g}°, others by {usual.z_rotation:.4g}°"
            found.append((index, message))
    return found


def linear_parts(
    place: Place, placement: Placement
) -> list[tuple[ProjectionAlignment, Matrix, TiltSeriesMicrograph | None]]:
    """The rows of an alignment that say how they turn their images: the matrix of each, and its image."""
    known = ((row, linear_of(row), image) for row, image in rows_of(place, placement))
    return placement.once(
        (linear_parts, place), lambda: [(row, rows, image) for row, rows, image in known if rows is not None]
    )


def with_matrices(place: Place, placement: Placement) -> list[tuple[ProjectionAlignment, Matrix, float]]:
    """Rows with the rotation of their matrices, and the nominal tilt of their image."""
    return placement.once((with_matrices, place), lambda: [*_with_matrices(place, placement)])


def _with_matrices(place: Place, placement: Placement) -> Iterator[tuple[ProjectionAlignment, Matrix, float]]:
    for row, linear, image in linear_parts(place, placement):
        if image is not None and image.nominal_tilt_angle is not None and is_turning(linear):
            yield row, linear, image.nominal_tilt_angle


def tilts_are_of_none(known: Sequence[tuple[ProjectionAlignment, Matrix, float]]) -> bool:
    """Whether few rows tilt the beam by the angle of their image and a common offset, about whichever axis.

    Rows that all tilt alike say nothing of tilt, such as those of images that are turned in their plane.
    """
    tilts = [math.degrees(math.acos(max(-1.0, min(1.0, rows[2][2])))) for _, rows, _ in known]
    if len(known) < _ENOUGH or max(tilts) - min(tilts) < 2 * DEGREES:
        return False
    fitting = (
        sum(
            abs(tilt - abs(angle + offset)) <= 2 * DEGREES
            for tilt, (*_, angle) in zip(tilts, known, strict=True)
        )
        for offset in _OFFSETS
    )
    return all(few < len(known) / 2 for few in fitting)


_ENOUGH = 10  # rows
_OFFSETS = sorted(range(-30, 31), key=abs)  # degrees; a lamella is tilted by no more


def fewest_apart(place: Place, placement: Placement) -> list[tuple[int, str]]:
    """The rows with matrices that tilt or turn unlike the others, read in the direction in which these are
    the fewest; none of very few."""
    known = with_matrices(place, placement)

    def apart() -> list[tuple[int, str]]:
        found = _apart_from_most(known, inverse=False)
        return min(found, _apart_from_most(known, inverse=True), key=len) if found else found

    return placement.once((fewest_apart, place), apart) if len(known) >= FEWEST_ROWS else []


def turned(place: PlaceOf[TiltSeriesMicrographStack], placement: Placement) -> Iterator["Stated[float]"]:
    """By how much alignments turn images in their plane: of each alignment, its middle value."""
    series = place.entity
    own = [image.projection_alignment for image in series.micrographs if image.projection_alignment]
    for group in (own, *(one.projection_alignments for one in alignments_of(place, placement))):
        angles = [one.z_rotation for one in group if one.z_rotation is not None]
        if angles and any(angles):  # 0 throughout is a default
            middle = statistics.median_low(angles)
            yield next(one for one in group if one.z_rotation == middle), "z_rotation", middle
    for alignment in alignments_of(place, placement):
        yield from _turned_by_matrices(placement.place_of(alignment), placement)


def _turned_by_matrices(place: Place, placement: Placement) -> Iterator["Stated[float]"]:
    """By how much the matrix of the least tilted row turns its image, where matrices tilt as images do."""
    known = with_matrices(place, placement)
    if len(known) > FEWEST_ROWS and not fewest_apart(place, placement):
        row, matrix, _ = max(known, key=lambda one: one[1][2][2])
        yield row, "sequence", angles_of_matrix(matrix).z_rotation
