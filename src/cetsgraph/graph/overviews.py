"""What a tilt series, a movie or a data set holds, in few statements: what many data sets are searched for.

To look into every image of ten million triples takes seconds; the series of them are few.
"""

from collections.abc import Iterable, Iterator

from cetsgraph.model import Entity, MovieStack, TiltSeriesMicrographStack
from cetsgraph.vocabulary import Kind

__all__ = ["TextsOfObjects", "values_of_images"]

_MOST = 30_000
"""Characters of a piece: some endpoints take no literal above 100 kB."""
_STATED = (
    ("imagePixelSize", "pixel_size", Kind.DOUBLE),
    ("imageWidth", "width", Kind.INTEGER),
    ("imageHeight", "height", Kind.INTEGER),
)

Value = tuple[str, float | int, Kind]
"""A property, its value and what kind of value it is."""


def values_of_images(entity: Entity) -> Iterator[Value]:
    """What the images of a tilt series, or the frames of a movie, state; each value once.

    >>> from cetsgraph.model import MovieFrame
    >>> frames = [MovieFrame(pixel_size=0.675), MovieFrame(pixel_size=0.675)]
    >>> list(values_of_images(MovieStack(frames=frames)))
    [('framePixelSize', 0.675, <Kind.DOUBLE: 'double'>)]
    """
    if isinstance(entity, MovieStack):
        yield from _each("framePixelSize", (frame.pixel_size for frame in entity.frames), Kind.DOUBLE)
    elif isinstance(entity, TiltSeriesMicrographStack):
        for name, field, kind in _STATED:
            yield from _each(name, (image.__dict__[field] for image in entity.micrographs), kind)
        yield from _each("imageDose", [_largest_dose(entity)], Kind.DOUBLE)
        known = (image.ctf_metadata for image in entity.micrographs)
        signs = (ctf.defocus_handedness for ctf in known if ctf is not None)
        yield from _each("statedHandedness", (entity.defocus_handedness, *signs), Kind.INTEGER)


def _largest_dose(series: TiltSeriesMicrographStack) -> float | None:
    """The largest accumulated dose that images state."""
    stated = [(image.total_accumulated_dose, image.accumulated_dose) for image in series.micrographs]
    return max((dose for doses in stated for dose in doses if dose is not None), default=None)


def _each(name: str, values: Iterable[float | int | None], kind: Kind) -> Iterator[Value]:
    return ((name, value, kind) for value in dict.fromkeys(values) if value is not None)


class TextsOfObjects:
    r"""Texts that objects of a data set are found by, gathered into pieces; those of one object in one piece.

    >>> texts = TextsOfObjects()
    >>> for text in ("ribosomes\na.star", "ribosomes\nb.star", "ribosomes\na.star"):
    ...     texts.add(text)
    >>> list(texts.pieces(last=True))
    ['ribosomes\na.star\nribosomes\nb.star']
    """

    def __init__(self) -> None:
        self._texts: dict[str, None] = {}
        self._size = 0

    def add(self, text: str) -> None:
        """Take the texts of one object, in normal form, one a line."""
        if text and text not in self._texts:
            self._texts[text] = None
            self._size += len(text) + 1

    def pieces(self, *, last: bool = False) -> Iterator[str]:
        """What was gathered, where it is enough for a piece, or the `last` one."""
        if self._texts and (last or self._size >= _MOST):
            yield "\n".join(self._texts)
            self._texts.clear()
            self._size = 0
