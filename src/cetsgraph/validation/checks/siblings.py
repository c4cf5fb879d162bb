"""Objects beside each other: what is repeated, and what only some of them have."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from cetsgraph.model import (
    CTFMetadata,
    Entity,
    Exposed,
    MovieFrame,
    MovieStack,
    MovieStackSeries,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
)

__all__ = ["again", "ctfs_of", "exposed", "included", "kept", "lacking", "one_each", "order_of", "repeated"]

_One = TypeVar("_One")
_Part = TypeVar("_Part", bound=Entity)


def repeated(keyed: Iterable[tuple[Hashable, _Part]]) -> Iterator[_Part]:
    """All objects that share a key with another, key by key."""
    groups: dict[Hashable, list[_Part]] = defaultdict(list)
    for key, part in keyed:
        groups[key].append(part)
    for group in groups.values():
        if len(group) > 1:
            yield from group


def again(keyed: Iterable[tuple[Hashable, _One]]) -> Iterator[_One]:
    """What has the key of one before it."""
    known: set[Hashable] = set()
    for key, part in keyed:
        if key in known:
            yield part
        known.add(key)


def lacking(
    series: Entity, value: Callable[[TiltSeriesMicrograph], object]
) -> Iterator[TiltSeriesMicrograph]:
    """The images that lack what others of their tilt series have; none where all lack it.

    Nothing is asked of images that were left out of processing.
    """
    images = included(series)
    without = [image for image in images if value(image) is None]
    if len(without) < len(images):
        yield from without


def included(series: Entity) -> list[TiltSeriesMicrograph]:
    """The images of a tilt series that were not left out of processing."""
    assert isinstance(series, TiltSeriesMicrographStack)
    return [image for image in series.micrographs if not image.excluded]


def exposed(entity: Entity) -> Sequence[MovieFrame | TiltSeriesMicrograph]:
    """The images of a tilt series, or the frames of a movie or of many."""
    if isinstance(entity, TiltSeriesMicrographStack):
        return entity.micrographs
    if isinstance(entity, MovieStack):
        return entity.frames
    assert isinstance(entity, MovieStackSeries)
    return [frame for movie in entity.movie_stacks for frame in movie.frames]


def kept(entity: Entity) -> list[MovieFrame | TiltSeriesMicrograph]:
    """The images of a tilt series, or the frames of a movie or of many, that were not left out."""
    return [image for image in exposed(entity) if not image.excluded]


def ctfs_of(entity: Entity) -> list[CTFMetadata]:
    """The CTFs of the images, or frames, that were not left out."""
    return [image.ctf_metadata for image in kept(entity) if image.ctf_metadata is not None]


def one_each(series: Entity) -> Sequence[Exposed]:
    """The images of a tilt series, or the first frames of the movies of one, that were not left out."""
    if isinstance(series, MovieStackSeries):
        firsts = (movie.frames[0] for movie in series.movie_stacks if movie.frames)
        return [frame for frame in firsts if not frame.excluded]
    return included(series)


def order_of(image: Exposed) -> int:
    """The place of an image in the order of exposures; 0 where it has none."""
    return image.acquisition_order or 0
