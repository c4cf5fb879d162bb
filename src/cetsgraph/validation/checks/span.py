"""Whether the angles of a tilt series are far enough apart for a tomogram."""

from collections.abc import Iterator

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import TiltSeriesMicrographStack
from cetsgraph.validation.checks.registry import Fault, check

__all__ = ["series_spans_enough"]

_FEWEST_IMAGES = 10
_SMALLEST_SPAN = 30.0


@check("series-length", TiltSeriesMicrographStack)
def series_spans_enough(place: Place, placement: Placement) -> Iterator[Fault]:
    """The angles of a series span at least 30°; shapes ask for the number of its images."""
    series = place.entity
    assert isinstance(series, TiltSeriesMicrographStack)
    angles = [
        image.nominal_tilt_angle for image in series.micrographs if image.nominal_tilt_angle is not None
    ]
    if len(angles) < _FEWEST_IMAGES:
        return
    span = max(angles) - min(angles)
    if span < _SMALLEST_SPAN:
        yield Fault(None, found=f"{span:.4g}°", expected=f"at least {_SMALLEST_SPAN:g}°")
