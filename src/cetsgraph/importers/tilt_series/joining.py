"""Which image of one source is which of another: by section, by movie, or by the angle of the stage."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import pairwise
from math import inf

from cetsgraph.importers.claim import base_name
from cetsgraph.importers.tilt_series.statements import ImageFacts

__all__ = ["joined", "reversed_angles"]

Join = list[int | None]
"""For each image, the place of the same image among those it is joined with."""

_ENOUGH = 0.9  # of the images must be joined
_ANGLE = 0.05  # degrees by which angles of one image may differ
_APART = 0.2  # degrees between images, if angles are to tell them apart
_SAME = 0.5  # degrees by which angles of joined images may differ


def joined(images: Sequence[ImageFacts], others: Sequence[ImageFacts]) -> Join | None:
    """Where each of `images` is among `others`; None if too few are, or their angles deny it."""
    return next((join for join in _joins(images, others) if _holds(join, images, others)), None)


def reversed_angles(images: Sequence[ImageFacts], others: Sequence[ImageFacts], join: Join) -> bool:
    """Whether the angles of joined images are each other's negative."""
    pairs = _angles(join, images, others)
    tilted = [(a, b) for a, b in pairs if abs(a) > _SAME]
    return bool(tilted) and all(abs(a + b) <= _SAME for a, b in tilted)


def _joins(images: Sequence[ImageFacts], others: Sequence[ImageFacts]) -> Iterator[Join]:
    yield _by_key(images, others, lambda image: image.section)
    yield _by_key(images, others, _movie)
    alike, turned = _by_angle(images, others, 1), _by_angle(images, others, -1)
    closer = _residual(turned, images, others, -1) < _residual(alike, images, others, 1)
    yield from (turned, alike) if closer else (alike, turned)


def _by_key(
    images: Sequence[ImageFacts], others: Sequence[ImageFacts], key: Callable[[ImageFacts], Hashable]
) -> Join:
    places = {value: place for place, other in enumerate(others) if (value := key(other)) is not None}
    return [places.get(key(image)) for image in images]


def _movie(image: ImageFacts) -> str | None:
    """Name of the movie's file, without folders of Windows or POSIX."""
    return None if image.movie is None or image.movie.path is None else base_name(image.movie.path)


def _by_angle(images: Sequence[ImageFacts], others: Sequence[ImageFacts], sign: int) -> Join:
    found = [image.angle for image in images]
    known = [other.angle for other in others]
    if not (_told_apart(found) and _told_apart(known)):
        return [None] * len(images)
    return [None if angle is None else _nearest(sign * angle, known) for angle in found]


def _residual(join: Join, images: Sequence[ImageFacts], others: Sequence[ImageFacts], sign: int) -> float:
    """How far joined angles are apart: a series from −60 to 60 joins either way; inf if few are joined."""
    pairs = _angles(join, images, others)
    return sum(abs(sign * a - b) for a, b in pairs) if len(pairs) >= _ENOUGH * len(images) else inf


def _told_apart(angles: Sequence[float | None]) -> bool:
    said = sorted(angle for angle in angles if angle is not None)
    return all(b - a > _APART for a, b in pairwise(said))


def _nearest(angle: float, known: Sequence[float | None]) -> int | None:
    near = [place for place, one in enumerate(known) if one is not None and abs(one - angle) <= _ANGLE]
    return near[0] if near else None


def _holds(join: Join, images: Sequence[ImageFacts], others: Sequence[ImageFacts]) -> bool:
    count = sum(place is not None for place in join)
    if not count or count < _ENOUGH * min(len(images), len(others)):
        return False
    pairs = _angles(join, images, others)
    same = sum(abs(a - b) <= _SAME for a, b in pairs)
    return same >= _ENOUGH * len(pairs) or reversed_angles(images, others, join)


def _angles(
    join: Join, images: Sequence[ImageFacts], others: Sequence[ImageFacts]
) -> list[tuple[float, float]]:
    pairs = (
        (image.angle, others[place].angle)
        for image, place in zip(images, join, strict=True)
        if place is not None
    )
    return [(a, b) for a, b in pairs if a is not None and b is not None]
