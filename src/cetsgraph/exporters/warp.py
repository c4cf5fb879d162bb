"""Alignments as XML files of Warp, a tilt series each."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from cetsgraph.exporters.aligned import AlignedSeries
from cetsgraph.exporters.losses import Losses
from cetsgraph.exporters.texts import number
from cetsgraph.geometry.alignments import to_warp

__all__ = ["files"]


def files(given: Sequence[AlignedSeries], losses: Losses) -> Iterator[tuple[str, str]]:
    """Paths and texts of the files; images without a projection are no tilts of Warp."""
    for one in given:
        yield f"{one.name}.xml", _series(one, losses)


def _series(one: AlignedSeries, losses: Losses) -> str:
    absent = len(one.images) - len(one.aligned)
    if absent:
        losses.add(one.pointer, "images without a projection are left out", found=f"{absent} images")
    level_x, level_y = _level_x(one, losses), -(one.alignment.tilt_offset or 0.0)
    inverted = one.series.angles_inverted
    if inverted is None:
        inverted = one.series.defocus_handedness == -1
    attributes = {
        "AreAnglesInverted": str(inverted),
        "LevelAngleX": number(level_x),
        "LevelAngleY": number(level_y),
    }
    tilts = [to_warp(projection, level_y=level_y) for _, projection in one.aligned]
    images = [aligned.image for aligned, _ in one.aligned]
    vectors = {
        "Angles": [number(tilt.angle) for tilt in tilts],
        "Dose": [_optional(image.accumulated_dose) for image in images],
        "UseTilt": [str(not image.excluded) for image in images],
        "AxisAngle": [number(tilt.axis_angle) for tilt in tilts],
        "AxisOffsetX": [number(tilt.axis_offset_x) for tilt in tilts],
        "AxisOffsetY": [number(tilt.axis_offset_y) for tilt in tilts],
        "MoviePath": [aligned.movie or "" for aligned, _ in one.aligned],
    }
    said = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
    body = "".join(_vector(name, values) for name, values in vectors.items() if all(values))
    return f'<?xml version="1.0" encoding="utf-8"?>\n<TiltSeries {said}>\n{body}</TiltSeries>\n'


def _vector(name: str, values: Sequence[str]) -> str:
    lines = "\n".join(values)
    return f"\t<{name}>{escape(lines)}</{name}>\n"


def _level_x(one: AlignedSeries, losses: Losses) -> float:
    """The tilt about X, which Warp has once for the series."""
    tilts = [projection.x_tilt for _, projection in one.aligned]
    if max(tilts) - min(tilts) > 1e-6:
        losses.add(one.pointer, "Warp has one tilt about X for all images: their mean is written")
    return sum(tilts) / len(tilts)


def _optional(value: float | None) -> str:
    return "" if value is None else number(value)
