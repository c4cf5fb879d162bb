"""What one header says of its image."""

from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple, TypeVar

from cetsgraph.importers.tally import SourcePlace

__all__ = ["Along", "ImageHeader", "Kind"]

Number = TypeVar("Number", int, float)

Kind = Literal["volume", "map", "stack", "image"]
"""What an image is taken for; a stack is one of tilt images."""


class Along(NamedTuple, Generic[Number]):
    """A number for each axis of space; None where it is not known."""

    x: Number | None
    y: Number | None
    z: Number | None


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """One image by its header."""

    path: str
    """Of the image, as data have it."""
    place: SourcePlace
    kind: Kind
    size: Along[int]
    """Number of pixels or voxels; of a stack, the last is the number of its images."""
    spacing: Along[float]
    """Å from one to the next."""
