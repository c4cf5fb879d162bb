"""Checks on what makes a deposition most useful to others."""

from collections.abc import Iterator

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import TiltSeriesMicrographStack
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import lacking

__all__ = ["images_have_a_ctf"]


@check("ctf-present", TiltSeriesMicrographStack)
def images_have_a_ctf(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where some images of a series have CTF metadata, all have but those left out; shapes ask for any."""
    for image in lacking(place.entity, lambda image: image.ctf_metadata):
        if not image.excluded:
            yield Fault(None, entity=image)
