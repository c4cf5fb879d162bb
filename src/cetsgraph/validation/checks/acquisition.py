"""Checks on sections of stacks, and on the dose along a movie."""

from collections.abc import Iterator
from itertools import pairwise

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import MovieFrame, MovieStack, TiltSeriesMicrograph, TiltSeriesMicrographStack
from cetsgraph.validation.checks.registry import Fault, check

__all__ = ["dose_grows", "sections_are_unique"]

_ROUNDING = 1e-6  # e⁻/Å²: doses are sums of rounded numbers


@check("dose-monotonic", MovieStack)
def dose_grows(place: Place, placement: Placement) -> Iterator[Fault]:
    """The accumulated dose of frames does not fall with their section; SHACL would compare all with all."""
    movie = place.entity
    assert isinstance(movie, MovieStack)
    exposed = [
        (frame.section, frame.accumulated_dose, index)
        for index, frame in enumerate(movie.frames)
        if frame.section is not None and frame.accumulated_dose is not None
    ]
    for (_, before, _), (_, dose, index) in pairwise(sorted(exposed)):
        if dose < before - _ROUNDING:
            yield Fault(
                "accumulated_dose",
                found=dose,
                expected=f"at least {before:.10g} e⁻/Å²",
                message="the accumulated dose is lower than that of the frame before",
                entity=movie.frames[index],
            )


@check("section-unique", MovieStack, TiltSeriesMicrographStack)
def sections_are_unique(place: Place, placement: Placement) -> Iterator[Fault]:
    """No two images of a stack have one section; the second of two is the one reported."""
    stack = place.entity
    images: list[MovieFrame] | list[TiltSeriesMicrograph]
    if isinstance(stack, MovieStack):
        images, kind = stack.frames, "frame of this movie"
    else:
        assert isinstance(stack, TiltSeriesMicrographStack)
        images, kind = stack.micrographs, "image of this tilt series"
    seen: set[tuple[str | None, int]] = set()
    for image in images:
        key = (image.path, image.section or 0)
        if image.section is not None and key in seen:
            yield Fault(
                "section",
                found=image.section,
                message=f"another {kind} has the section {image.section}",
                entity=image,
            )
        elif image.section is not None:
            seen.add(key)
