"""Checks that images and volumes have sides of likely lengths and proportions."""

import math
from collections.abc import Iterator

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import (
    DefectFile,
    FitMap,
    GainFile,
    Map,
    MovieFrame,
    MovieStack,
    SubTomogram,
    TiltSeriesMicrograph,
    Tomogram,
)
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.surroundings import series_of
from cetsgraph.validation.checks.views import SIDES, sampling, sides, view_of

__all__ = ["boxes_are_about_cubic", "images_are_about_square", "tomogram_is_no_larger_than_its_images"]

_LONGEST = 200_000  # pixels: beyond any stitched image
_LONG = 5.0  # times as long as wide: beyond any detector
_FLAT = 6.0  # times as long as wide: beyond any box around a particle or a piece of a filament
_WIDER = 6.0  # times the field of view: beyond any padding
_DEEPER = 3.0  # times the field of view
_DEEP = 2.0  # times the longer one of width and height
_THINNEST = 200.0  # Å: less than any specimen
_SMALL = 100  # voxels: less is an example


@check("side-plausible", MovieStack, MovieFrame, TiltSeriesMicrograph, GainFile, DefectFile, given="width")
def images_are_about_square(place: Place, placement: Placement) -> Iterator[Fault]:
    """No detector is five times as long as wide."""
    own = sides(place.entity, 2)
    if len(own) == 2 and not 1 / _LONG <= own[0] / own[1] <= _LONG:
        odd = max((0, 1), key=lambda axis: abs(math.log(own[axis] / _TYPICAL)))
        yield Fault(
            SIDES[odd],
            found=f"{own[0]} × {own[1]}",
            expected="sides about as long as those of the detector",
            message=f"an image of {own[0]} × {own[1]} pixels is far longer than any detector is",
            hint="Write width and height in pixels, as they stand in the header of the file.",
        )


_TYPICAL = 4096  # pixels


@check("side-plausible", Tomogram, given="width")
def tomogram_is_no_larger_than_its_images(place: Place, placement: Placement) -> Iterator[Fault]:
    """A tomogram is not far wider or deeper than what its images show, nor far longer along one side."""
    own, size = sides(place.entity), sampling(place.entity)
    if len(own) < len(SIDES):
        return
    reach = _reach(place, placement) if size is not None else None
    for axis, side in enumerate(own):
        longest = max(own[:axis] + own[axis + 1 :])  # of the others
        most = float(_LONGEST if _is_turned(own) else (_LONG, _LONG, _DEEP)[axis] * longest)
        if reach is not None and size is not None:
            most = min(most, (_WIDER, _WIDER, _DEEPER)[axis] * reach / size)
        if side > most:
            yield _unlikely(axis, own, f"at most about {most:.0f}")
            return
    flat = own.index(min(own[:2]))
    if own[flat] * _LONG < own[1 - flat] and not _is_turned(own):
        yield _unlikely(flat, own, f"at least about {own[1 - flat] / _LONG:.0f}")
    elif size is not None and own[2] * size < _THINNEST and max(own) > _SMALL:
        yield _unlikely(2, own, f"at least about {_THINNEST / size:.0f}")


def _is_turned(own: list[int]) -> bool:
    """Whether a volume is thinnest along Y, as IMOD writes it before it is turned."""
    return own[1] < min(own[0], own[2])


def _reach(place: Place, placement: Placement) -> float | None:
    """The longest side of the tilt images of a tomogram, in Å."""
    series = (one.entity for one in series_of(place, placement))
    views = [view_of((*one.__dict__["micrographs"], one)) for one in series]
    return max((view.angstrom[0] for view in views if view is not None), default=None)


def _unlikely(axis: int, own: list[int], expected: str) -> Fault:
    return Fault(
        SIDES[axis],
        found=own[axis],
        expected=f"{expected}, by its other sides and its tilt images",
        message=f"a {SIDES[axis]} of {own[axis]} voxels is unlikely for this tomogram",
        hint="Write the number of voxels along this axis, as it stands in the header of the file.",
    )


@check("side-plausible", Map, FitMap, SubTomogram, given="width")
def boxes_are_about_cubic(place: Place, placement: Placement) -> Iterator[Fault]:
    """A map or what was cut from a tomogram is not six times as long as wide, where two sides are alike."""
    own = sides(place.entity)
    for axis, side in enumerate(own if len(own) == len(SIDES) else ()):
        one, other = own[:axis] + own[axis + 1 :]
        if one == other and not 1 / _FLAT <= side / one <= _FLAT:
            yield Fault(
                SIDES[axis],
                found=side,
                expected=f"near {one}, as the other sides",
                message=f"a {SIDES[axis]} of {side} is unlikely beside two sides of {one}",
                hint="Write the number of voxels along this axis, as it stands in the header of the file.",
            )
            return
