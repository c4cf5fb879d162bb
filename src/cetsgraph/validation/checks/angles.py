"""Checks on the angles of a series, which cannot all be true."""

import math
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cetsgraph.geometry.projections import between_lines
from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.model import (
    Alignment,
    MovieStackSeries,
    ProjectionAlignment,
    TiltAngleObservation,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TomoImageSet,
)
from cetsgraph.validation.checks.agreement import (
    AXIS,
    DEGREES,
    deviations,
    differing,
    disagreeing,
    most_alike,
    reference,
    same_axis,
    stated,
)
from cetsgraph.validation.checks.file_names import files_of, numbers_in_name, tells
from cetsgraph.validation.checks.matrices import determinant
from cetsgraph.validation.checks.movies import tilts_apart
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.rising import odd_one_out
from cetsgraph.validation.checks.siblings import included, one_each
from cetsgraph.validation.checks.surroundings import microscopes_of, referred, rows_of
from cetsgraph.validation.checks.turning import (
    fewest_apart,
    linear_parts,
    tilts_are_of_none,
    turned,
    with_matrices,
)

__all__ = [
    "angles_have_signs",
    "angles_rise_as_they_are_listed",
    "angles_stand_once",
    "axes_agree",
    "files_are_named_by_their_angles",
    "images_turn_alike",
    "matrices_enlarge_alike",
    "matrices_turn_as_their_images",
    "observations_are_of_their_images",
    "refined_angles_are_near",
    "rows_tilt_as_their_images",
    "rows_turn_alike",
]

_SAME_ANGLE = 0.2  # degrees
_LARGEST_TILT = 90.0  # degrees
_LARGEST_X_TILT = 45.0  # degrees
_FEW = 0.1  # of all rows
_FEWEST = 10  # images
_MOST = 0.8  # of the angles of both sides
_SHORTER = 0.3  # of all angles
_LARGER = 1.1  # times: beyond changes of magnification


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
    holes = [ends for ends in pairwise(angles) if 1.7 * step < ends[1] - ends[0] < 2.3 * step]
    seen = [image for image in known if abs((image.nominal_tilt_angle or 0.0) - repeated[0]) < _SAME_ANGLE]
    if len(holes) == 1 and len(seen) == 2 and not _is_taken_again(seen, known, holes[0]):
        right, wrong = seen if _jump(known, seen[0]) <= _jump(known, seen[1]) else seen[::-1]
        yield Fault(
            "nominal_tilt_angle",
            found=wrong.nominal_tilt_angle,
            expected="each angle once",
            message=f"another image has this tilt angle too ({_named(right)}), and one tilt has none",
            hint=f"Write the tilt angle that is missing, near {_missing(angles):.6g}.",
            entity=wrong,
        )


@check("angle-coherent", TiltSeriesMicrographStack)
def angles_rise_as_they_are_listed(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where images are listed by their angles, but for one, that one is wrong."""
    known = [image for image in included(place.entity) if image.nominal_tilt_angle is not None]
    angles = [image.nominal_tilt_angle or 0.0 for image in known]
    for sign in (1, -1) if len(known) >= _FEWEST else ():
        index = odd_one_out([sign * angle for angle in angles])
        if index is not None and 0 < index < len(known) - 1:
            between = statistics.median([angles[index - 1], angles[index + 1]])
            yield Fault(
                "nominal_tilt_angle",
                found=angles[index],
                expected=f"near {between:.6g}°, between the images listed before and after",
                message="the tilt angle does not fit between those before and after, which rise steadily",
                hint=f"Write the tilt angle of this image, near {between:.6g}, or list it where it belongs.",
                entity=known[index],
            )


def _is_taken_again(
    twins: Sequence[TiltSeriesMicrograph], images: Sequence[TiltSeriesMicrograph], hole: tuple[float, float]
) -> bool:
    """Whether two images of one tilt are listed one after the other, far from the tilt that is missing."""
    one, other = (next(i for i, image in enumerate(images) if image is twin) for twin in twins)
    angle = twins[0].nominal_tilt_angle or 0.0
    return other - one == 1 and min(abs(angle - end) for end in hole) >= _SAME_ANGLE


def _missing(angles: Sequence[float]) -> float:
    """The middle of the widest gap."""
    before, after = max(pairwise(angles), key=lambda pair: pair[1] - pair[0])
    return (before + after) / 2


def _jump(images: list[TiltSeriesMicrograph], image: TiltSeriesMicrograph) -> float:
    """Degrees from an image to those listed before and after it."""
    place = next(index for index, one in enumerate(images) if one is image)
    beside = images[max(place - 1, 0) : place] + images[place + 1 : place + 2]
    own = image.nominal_tilt_angle or 0.0
    return max(abs((one.nominal_tilt_angle or 0.0) - own) for one in beside)


@check("angle-coherent", Alignment, given="tilt_angle_observations")
def observations_are_of_their_images(place: Place, placement: Placement) -> Iterator[Fault]:
    """A nominal angle that an alignment repeats is that of the image, and a refined one is near."""
    refined = _observed(place, placement, "refined")
    apart = deviations([(angle, nominal) for _, angle, nominal in refined]) if refined else []
    for one, angle, nominal in _observed(place, placement, "nominal"):
        if tilts_apart(angle, nominal):
            yield _observed_wrong(one, f"{nominal:.10g}°, as the image has", "is not that of the image")
    for (one, _, nominal), deviation in zip(refined, apart, strict=True):
        if abs(deviation) > DEGREES:
            expected = f"within {DEGREES:g}° of the nominal angle, {nominal:.10g}°"
            yield _observed_wrong(one, expected, "is far from the nominal one")


def _observed_wrong(one: TiltAngleObservation, expected: str, what: str) -> Fault:
    return Fault("tilt_angle", one.tilt_angle, expected, f"this {one.angle_kind} angle {what}", entity=one)


def _observed(
    place: Place, placement: Placement, kind: str
) -> list[tuple[TiltAngleObservation, float, float]]:
    """What an alignment says of angles of a kind: the observation, its angle, and the nominal one."""
    found = (
        (one, one.tilt_angle, image.entity.__dict__["nominal_tilt_angle"])
        for one in place.entity.__dict__["tilt_angle_observations"]
        for image in referred(placement.place_of(one), "tilt_image_id", placement)
        if one.angle_kind == kind
    )
    return [(one, angle, nominal) for one, angle, nominal in found if None not in (angle, nominal)]


@check("angle-coherent", TiltSeriesMicrographStack, MovieStackSeries)
def angles_have_signs(place: Place, placement: Placement) -> Iterator[Fault]:
    """Angles that are all positive, each twice up to where one side ends, have lost their signs."""
    known = [image for image in one_each(place.entity) if image.nominal_tilt_angle is not None]
    angles = [image.nominal_tilt_angle or 0.0 for image in known]
    if min(angles, default=0) <= -0.5 and max(angles, default=0) >= 0.5:
        return
    counts = Counter(round(angle, 1) for angle in angles if abs(angle) > 0.5)
    if len(counts) < 3 or sum(abs(angle) <= 0.5 for angle in angles) > 1:
        return
    twice = [angle for angle, count in counts.items() if count == 2]
    end = max(map(abs, twice), default=0.0)  # of the shorter side
    both = sum(abs(angle) <= end for angle in counts)
    if len(twice) < max(_MOST * both, _SHORTER * len(counts), 1) or max(counts.values()) > 2:
        return
    rounded = [round(angle, 1) for angle in angles]
    again = next(image for index, image in enumerate(known) if rounded[index] in rounded[:index])
    yield Fault(
        "nominal_tilt_angle",
        found=again.nominal_tilt_angle,
        expected="negative angles on one side",
        message="all tilt angles of the series have one sign, and many stand twice: the sign of half of them "
        "seems to be lost",
        hint="Give the images of one side, and the frames of their movies, negative tilt angles.",
        entity=again,
    )


@check("angle-coherent", TiltSeriesMicrographStack, MovieStackSeries)
def files_are_named_by_their_angles(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where nearly all files of a series have the tilt angle in their names, all do."""
    named = [
        (image, numbers)
        for image, path in files_of(place.entity)
        if image.nominal_tilt_angle is not None and (numbers := numbers_in_name(path))
    ]
    wrong = []
    for image, numbers in named if len(named) >= _FEWEST else ():
        if not tells(numbers, angle := image.nominal_tilt_angle or 0.0):
            wrong.append((image, angle))
        if len(wrong) > _FEW * len(named):
            return  # names of another kind
    for image, angle in wrong:
        yield Fault(
            "nominal_tilt_angle",
            found=angle,
            expected="the tilt angle in the name of its file, as other images have",
            message=f"the tilt angle {angle:.6g}° is not that in the name of the file, unlike others",
            hint="Correct the tilt angle, or name the file of this image.",
            entity=image,
        )


@check("angle-coherent", TiltSeriesMicrographStack)
def refined_angles_are_near(place: Place, placement: Placement) -> Iterator[Fault]:
    """A refined angle is within 5° of the nominal one and an offset that all of the series share."""
    known = [
        (image, angle, nominal)
        for image in included(place.entity)
        if (angle := image.refined_tilt_angle) is not None
        and (nominal := image.nominal_tilt_angle) is not None
    ]
    apart = deviations([(angle, nominal) for _, angle, nominal in known]) if known else []
    for (image, angle, nominal), deviation in zip(known, apart, strict=True):
        if abs(deviation) > DEGREES and abs(angle) <= _LARGEST_TILT:  # else `tilt-angle-range` asks
            yield Fault(
                "refined_tilt_angle",
                found=angle,
                expected=f"within {DEGREES:g}° of the nominal angle, {nominal:.10g}°",
                message=f"the refined angle {angle:.10g}° is far from the nominal one, {nominal:.10g}°",
                entity=image,
            )


@check("angle-coherent", TiltSeriesMicrographStack)
def axes_agree(place: PlaceOf[TiltSeriesMicrographStack], placement: Placement) -> Iterator[Fault]:
    """Image set, series, session and alignments state one tilt axis, as a line: modulo 180°, within 5°."""
    holders = [place.entity] if _is_of_several_axes(place, placement) else microscopes_of(place, placement)
    known = list(stated(holders, "tilt_axis_angle"))
    known = [one for one in known if abs(one[2]) <= 360]
    if not known:
        return
    yield from disagreeing(known, same_axis, "°")
    usual = reference(known, same_axis)
    for entity, field, angle in turned(place, placement):
        # Programs map the image to the volume or back, so either sign is right.
        if same_axis(angle, usual) or same_axis(-angle, usual):
            continue
        if field == "sequence":
            yield differing(known[0], angle, "°")  # matrices agree with tilts: what is stated is wrong
        else:
            yield differing((entity, field, angle), usual, "°")


def _is_of_several_axes(place: Place, placement: Placement) -> bool:
    """Whether series of one image set have different axes: session and image set speak for one of them."""
    images = place.holder(TomoImageSet)
    if images is None:
        return False
    held = images.entity.tilt_series_sets

    def differ() -> bool:
        series = [one for each in held for one in each.tilt_series]
        axes = [one.tilt_axis_angle for one in series if one.tilt_axis_angle is not None]
        return any(not same_axis(axis, axes[0]) for axis in axes)

    return placement.once((_is_of_several_axes, images), differ)


@check("angle-coherent", Alignment, TiltSeriesMicrographStack)
def rows_tilt_as_their_images(place: Place, placement: Placement) -> Iterator[Fault]:
    """Rows of an alignment tilt images by their nominal angles, and an offset that all of them share."""
    known = [
        (row, row.y_tilt, image.nominal_tilt_angle)
        for row, image in rows_of(place, placement)
        if row.y_tilt is not None and image is not None and image.nominal_tilt_angle is not None
    ]
    if len(known) < 3 or not any(tilt for _, tilt, _ in known):  # 0 throughout is a default
        return
    apart = deviations([(tilt, angle) for _, tilt, angle in known])
    for (row, tilt, _), deviation in zip(known, apart, strict=True):
        if abs(deviation) > 2 * DEGREES:
            yield Fault(
                "y_tilt",
                found=tilt,
                expected=f"{tilt - deviation:.6g}°, by the tilt angle of the image and the other rows",
                message=f"this row tilts its image by {tilt:.10g}°, unlike the other rows",
                hint=f"Write the angle of this row, near {tilt - deviation:.6g}.",
                entity=row,
            )


@check("angle-coherent", Alignment)
def matrices_turn_as_their_images(place: Place, placement: Placement) -> Iterator[Fault]:
    """Matrices of rows tilt images by their nominal angles and a common offset, and turn them alike.

    Nothing is said where many do not, in whichever direction they are read: they count in another way.
    """
    known, wrong = with_matrices(place, placement), fewest_apart(place, placement)
    if tilts_are_of_none(known):
        message = "most rows of this alignment tilt their images by other angles than these have"
        yield _of_matrix(known[0][0], message)
        return
    for index, message in wrong if len(wrong) <= max(1, _FEW * len(known)) else ():
        yield _of_matrix(known[index][0], message)


@check("angle-coherent", Alignment)
def matrices_enlarge_alike(place: Place, placement: Placement) -> Iterator[Fault]:
    """Rows of an alignment enlarge their images about alike, and none mirrors unlike the others."""
    rows = [(row, determinant(linear)) for row, linear, _ in linear_parts(place, placement)]
    sizes = [math.copysign(abs(volume) ** (1 / 3), volume) for _, volume in rows]
    usual = statistics.median_low(sizes) if len(sizes) > 2 else 0.0
    for (row, _), size in zip(rows, sizes, strict=True):
        if usual and size and not 1 / _LARGER < size / usual < _LARGER:
            does = "mirrors its image" if size / usual < 0 else f"enlarges its image by {size:.4g}"
            yield _of_matrix(row, f"this row {does}, unlike most others")


def _of_matrix(row: ProjectionAlignment, message: str) -> Fault:
    """The fault of the one step of a row that has a matrix, or else of its steps."""
    steps = [step for step in row.sequence if step.matrix is not None]
    if len(steps) == 1:
        return Fault("matrix", message=message, entity=steps[0])
    return Fault("sequence", message=message, entity=row)


@check("angle-coherent", TiltSeriesMicrographStack)
def images_turn_alike(place: Place, placement: Placement) -> Iterator[Fault]:
    """Matrices that images of a series have themselves, as from an .xf file, turn all of them about alike."""
    turned = [
        (step, math.degrees(math.atan2(step.matrix[1][0], step.matrix[0][0])))
        for image in included(place.entity)
        for step in image.coordinate_transformations
        if step.transformation_type == "affine" and step.matrix and min(map(len, step.matrix)) > 1
    ]
    if len(turned) < _FEWEST:
        return
    usual = most_alike([angle for _, angle in turned], same_axis)
    apart = [(step, angle) for step, angle in turned if not same_axis(angle, usual)]
    for step, angle in apart if len(apart) <= _FEW * len(turned) else ():
        yield Fault(
            "matrix",
            found=f"{angle:.4g}°",
            expected=f"near {usual:.4g}°, as of most images",
            message=f"this matrix turns its image by {angle:.4g}°, most others by {usual:.4g}°",
            entity=step,
        )


@check("angle-coherent", Alignment, TiltSeriesMicrographStack)
def rows_turn_alike(place: Place, placement: Placement) -> Iterator[Fault]:
    """Rows of an alignment turn images in their plane alike, and tilt them little about the other axis."""
    rows = [row for row, _ in rows_of(place, placement)]
    turns = [row.z_rotation for row in rows if row.z_rotation is not None]
    usual = statistics.median_low(turns) if len(turns) > 2 else None
    apart = 0 if usual is None else sum(not same_axis(turn, usual) for turn in turns)
    most = AXIS if apart <= _FEW * len(turns) else 2 * AXIS
    for row in rows:
        if usual is not None and row.z_rotation is not None and between_lines(row.z_rotation, usual) > most:
            yield Fault(
                "z_rotation",
                found=row.z_rotation,
                expected=f"near {usual:.6g}°, as in most rows",
                message=f"this row turns its image by {row.z_rotation:.10g}°, most others by {usual:.6g}°",
                hint=f"Write the angle of this row in degrees, near {usual:.6g}.",
                entity=row,
            )
        if row.x_tilt is not None and abs(row.x_tilt) > _LARGEST_X_TILT:
            yield Fault(
                "x_tilt",
                found=row.x_tilt,
                expected=f"within ±{_LARGEST_X_TILT:g}°",
                message="no specimen is tilted that far about the other axis",
                entity=row,
            )


def _named(image: TiltSeriesMicrograph) -> str:
    return image.id or image.name or image.path or f"image {image.section}"
