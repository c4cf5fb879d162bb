"""Checks that images are tilted about the axis that the conventions name."""

from collections.abc import Iterator, Sequence

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import Alignment, ProjectionAlignment, TiltSeriesMicrographStack
from cetsgraph.validation.checks.agreement import DEGREES
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.surroundings import rows_of

__all__ = ["rows_tilt_about_y"]

_FEWEST = 3  # images
_TILTED = 15.0  # degrees
_MOST = 0.9  # of the images
_LEVEL = 5.0  # degrees

Angles = Sequence[tuple[float, float]]


@check("tilt-about-y", Alignment, TiltSeriesMicrographStack)
def rows_tilt_about_y(place: Place, placement: Placement) -> Iterator[Fault]:
    """Rows of an alignment tilt their images about Y, the tilt axis, and not about X."""
    known = [(row, image.nominal_tilt_angle) for row, image in rows_of(place, placement) if image is not None]
    tilts = [(row, angle, row.x_tilt) for row, angle in known if None not in (angle, row.x_tilt)]
    about_x = [(angle or 0.0, tilt or 0.0) for _, angle, tilt in tilts]
    level = all(abs(row.y_tilt or 0.0) <= _LEVEL for row, _ in known)
    if not level or not (_are_near(about_x) or _are_near([(-a, b) for a, b in about_x])):
        return
    row: ProjectionAlignment = max(tilts, key=lambda one: abs(one[2] or 0.0))[0]
    yield Fault(
        "x_tilt",
        found=row.x_tilt,
        expected="the tilt angle about Y, along which the tilt axis lies",
        message="the rows of this alignment tilt their images about X by the tilt angles, and not about Y",
        hint="Swap the rotations about X and Y in all rows.",
        entity=row,
    )


def _are_near(angles: Angles) -> bool:
    """Whether most angles are near the other of their pair, and these are tilted to both sides."""
    if len(angles) < _FEWEST or max(one for one, _ in angles) - min(one for one, _ in angles) < _TILTED:
        return False
    near = sum(abs(one - other) <= DEGREES for one, other in angles)
    far = sum(abs(one + other) <= DEGREES for one, other in angles)
    return near >= _MOST * len(angles) and far < near
