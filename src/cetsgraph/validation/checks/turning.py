"""How the matrices of an alignment tilt and turn their images, and which rows do so unlike the others."""

from collections.abc import Iterator, Sequence

from cetsgraph.geometry.projections import angles_of_matrix
from cetsgraph.graph.matrices import Matrix
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import ProjectionAlignment, TiltSeriesMicrograph
from cetsgraph.validation.checks.agreement import (
    AXIS,
    DEGREES,
    between_lines,
    deviations,
    most_alike,
    same_axis,
)
from cetsgraph.validation.checks.matrices import is_turning, linear_of
from cetsgraph.validation.checks.surroundings import rows_of

__all__ = ["FEWEST_ROWS", "fewest_apart", "linear_parts", "with_matrices"]

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


def fewest_apart(place: Place, placement: Placement) -> list[tuple[int, str]]:
    """The rows with matrices that tilt or turn unlike the others, read in the direction in which these are
    the fewest; none of very few."""
    known = with_matrices(place, placement)

    def apart() -> list[tuple[int, str]]:
        found = _apart_from_most(known, inverse=False)
        return min(found, _apart_from_most(known, inverse=True), key=len) if found else found

    return placement.once((fewest_apart, place), apart) if len(known) >= FEWEST_ROWS else []
