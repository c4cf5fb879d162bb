"""Checks on the angles of a series, which cannot all be true."""

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import Alignment, TiltSeriesMicrograph, TiltSeriesMicrographStack
from cetsgraph.validation.checks.agreement import Stated, differing, disagreeing, reference, stated
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import included
from cetsgraph.validation.checks.surroundings import alignments_of, microscopes_of

__all__ = ["angles_have_signs", "angles_stand_once", "axes_agree", "refined_angles_are_near"]

_DEGREES = 5.0  # that refinement changes an angle by at most, beside an offset of the series
_SAME_ANGLE = 0.05  # degrees
_AXIS = 5.0  # degrees


@check("angle-coherent", TiltSeriesMicrographStack)
def angles_stand_once(place: Place, placement: Placement) -> Iterator[Fault]:
    """No angle stands twice where the angle that should be there is missing."""
    known = [image for image in included(place.entity) if image.nominal_tilt_angle is not None]
    angles = sorted(image.nominal_tilt_angle or 0.0 for image in known)
    repeated = [angle for angle, other in pairwise(angles) if other - angle < _SAME_ANGLE]
    steps = [other - angle for angle, other in pairwise(angles) if other - angle >= _SAME_ANGLE]
    if len(repeated) != 1 or len(steps) < 3:
        return
    step = statistics.median(steps)
    holes = sum(1.7 * step < one < 2.3 * step for one in steps)
    seen = [image for image in known if abs((image.nominal_tilt_angle or 0.0) - repeated[0]) < _SAME_ANGLE]
    if holes == 1:
        yield Fault(
            "nominal_tilt_angle",
            found=seen[1].nominal_tilt_angle,
            expected="each angle once",
            message=f"another image has this tilt angle too ({_named(seen[0])}), and one tilt has none",
            entity=seen[1],
        )


@check("angle-coherent", TiltSeriesMicrographStack)
def angles_have_signs(place: Place, placement: Placement) -> Iterator[Fault]:
    """Angles that are all positive, each twice, have lost their signs."""
    known = [image for image in included(place.entity) if image.nominal_tilt_angle is not None]
    angles = [image.nominal_tilt_angle or 0.0 for image in known]
    counts = Counter(round(angle, 1) for angle in angles if abs(angle) > 0.5)
    one_sided = min(angles, default=0) > -0.5 or max(angles, default=0) < 0.5
    if len(counts) < 3 or not one_sided or sum(abs(angle) <= 0.5 for angle in angles) > 1:
        return
    twice = [angle for angle, count in counts.items() if count == 2]
    if len(twice) < 0.8 * len(counts) or max(counts.values()) > 2:
        return
    seen: set[float] = set()
    for image, angle in zip(known, angles, strict=True):
        if round(angle, 1) in seen:
            yield Fault(
                "nominal_tilt_angle",
                found=angle,
                expected="negative angles on one side",
                message="all tilt angles of the series have one sign, and nearly each stands twice: the sign "
                "of half of them seems to be lost",
                entity=image,
            )
            return
        seen.add(round(angle, 1))


@check("angle-coherent", TiltSeriesMicrographStack)
def refined_angles_are_near(place: Place, placement: Placement) -> Iterator[Fault]:
    """A refined angle is within 5° of the nominal one and an offset that all of the series share."""
    known = [
        image
        for image in included(place.entity)
        if image.nominal_tilt_angle is not None and image.refined_tilt_angle is not None
    ]
    if not known:
        return
    options = [_deviations(known, sign) for sign in (1, -1)]  # programs may count tilts the other way
    deviations = min(options, key=lambda some: sum(abs(one) > _DEGREES for one in some))
    for image, deviation in zip(known, deviations, strict=True):
        if abs(deviation) > _DEGREES:
            yield Fault(
                "refined_tilt_angle",
                found=image.refined_tilt_angle,
                expected=f"within {_DEGREES:g}° of the nominal angle, {image.nominal_tilt_angle:.10g}°",
                message=f"the refined angle {image.refined_tilt_angle:.10g}° is far from the nominal one, "
                f"{image.nominal_tilt_angle:.10g}°",
                entity=image,
            )


def _deviations(images: Sequence[TiltSeriesMicrograph], sign: int) -> list[float]:
    """Refined less nominal angles, less what they have in common."""
    differences = [
        (image.refined_tilt_angle or 0.0) - sign * (image.nominal_tilt_angle or 0.0) for image in images
    ]
    few = len(differences) < 3 and max(map(abs, differences)) < 30
    offset = min(differences, key=abs) if few else statistics.median_low(differences)
    return [difference - offset for difference in differences]


@check("angle-coherent", TiltSeriesMicrographStack)
def axes_agree(place: Place, placement: Placement) -> Iterator[Fault]:
    """Image set, series, session and alignments state one tilt axis, as a line: modulo 180°, within 5°."""
    known = list(stated(microscopes_of(place, placement), "tilt_axis_angle"))
    known = [one for one in known if abs(one[2]) <= 360]
    turned = list(_turned(place, placement))
    if not known:
        return
    yield from disagreeing(known, _same_axis, "°")
    usual = reference(known, _same_axis)
    for entity, field, angle in turned:
        # Programs map the image to the volume or back, so either sign is right.
        if not (_same_axis(angle, usual) or _same_axis(-angle, usual)):
            yield differing((entity, field, angle), usual, "°")


def _turned(place: Place, placement: Placement) -> Iterator["Stated[float]"]:
    """By how much alignments turn images in their plane: of each alignment, its middle value."""
    series = place.entity
    assert isinstance(series, TiltSeriesMicrographStack)
    own = [image.projection_alignment for image in series.micrographs if image.projection_alignment]
    groups = [own]
    for alignment in alignments_of(place, placement):
        if isinstance(alignment, Alignment):
            groups.append(alignment.projection_alignments)
    for group in groups:
        angles = [one.z_rotation for one in group if one.z_rotation is not None]
        if angles and any(angles):  # 0 throughout is a default
            middle = statistics.median_low(angles)
            yield next(one for one in group if one.z_rotation == middle), "z_rotation", middle


def _same_axis(one: float, other: float) -> bool:
    difference = (one - other) % 180
    return min(difference, 180 - difference) <= _AXIS


def _named(image: TiltSeriesMicrograph) -> str:
    return image.id or image.name or f"image {image.section}"
