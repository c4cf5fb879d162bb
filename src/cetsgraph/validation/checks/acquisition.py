"""Checks on the dose along a movie."""

from collections.abc import Iterator
from itertools import pairwise

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import MovieStack
from cetsgraph.validation.checks.registry import Fault, check

__all__ = ["dose_grows"]

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
