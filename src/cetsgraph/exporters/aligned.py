"""Alignments of a data set, each with its tilt series, as the files of programs have them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

from cetsgraph.exporters.losses import Losses
from cetsgraph.geometry.projections import Projection
from cetsgraph.iris import slug
from cetsgraph.model import (
    Alignment,
    DataSet,
    ProjectionAlignment,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    Tomogram,
    TomoImageSet,
)

__all__ = ["AlignedImage", "AlignedSeries", "aligned_series"]


@dataclass(frozen=True, slots=True)
class AlignedImage:
    """An image, and its projection if the alignment has one."""

    image: TiltSeriesMicrograph
    projection: Projection | None
    movie: str | None
    """Path of its movie."""


@dataclass(frozen=True, slots=True)
class AlignedSeries:
    """A tilt series and one of its alignments."""

    name: str
    """Of the files; no other alignment of the data set has it."""
    pointer: str
    """Place of the alignment in the data set."""
    series: TiltSeriesMicrographStack
    alignment: Alignment
    images: Sequence[AlignedImage]
    """In the order of the series."""
    tomogram: Tomogram | None

    @property
    def aligned(self) -> list[tuple[AlignedImage, Projection]]:
        """The images that the alignment has."""
        return [(one, one.projection) for one in self.images if one.projection is not None]

    @property
    def pixel_size(self) -> float | None:
        """Of the tilt images, in Å."""
        own = next((one.image.pixel_size for one in self.images if one.image.pixel_size is not None), None)
        return self.series.pixel_size if own is None else own


def aligned_series(dataset: DataSet, losses: Losses) -> list[AlignedSeries]:
    """The alignments of a data set; `losses` gets those that are no projections."""
    found = [
        one
        for number, region in enumerate(dataset.regions)
        for place, images in enumerate(region.tomo_image_sets)
        for one in _of_images(images, f"/regions/{number}/tomo_image_sets/{place}", losses)
    ]
    return list(_named_apart(one for one in found if one.aligned))


def _named_apart(found: Iterable[AlignedSeries]) -> Iterator[AlignedSeries]:
    """The same with other names where theirs are taken; names are the same if only their case differs."""
    taken: set[str] = set()
    for one in found:
        name = one.name or "alignment"
        others = (f"{name}_{number}" for number in count(len(taken) + 1))
        free = next(other for other in chain([name], others) if other.casefold() not in taken)
        taken.add(free.casefold())
        yield replace(one, name=free)


def _of_images(images: TomoImageSet, pointer: str, losses: Losses) -> Iterator[AlignedSeries]:
    series = [one for several in images.tilt_series_sets for one in several.tilt_series]
    tomograms = [one for several in images.tomogram_sets for one in several.tomograms]
    movies = {
        movie.id: movie.path
        for collection in images.movie_stack_collections
        for several in collection.movie_stack_series
        for movie in several.movie_stacks
    }
    for number, alignment in enumerate(images.alignments):
        place = f"{pointer}/alignments/{number}"
        stack = next((one for one in series if one.id == alignment.tilt_series_id), None)
        if stack is None:
            losses.add(place, "the tilt series of the alignment is not in its region")
            continue
        projections = _projections(alignment, place, losses)
        alone = sum(one.tilt_series_id == alignment.tilt_series_id for one in images.alignments) == 1
        name = (stack.id if alone else alignment.id) or f"alignment-{number}"
        yield AlignedSeries(
            slug(name),
            place,
            stack,
            alignment,
            [
                AlignedImage(image, projections.get(image.id), movies.get(image.movie_stack_id))
                for image in stack.micrographs
            ],
            next((one for one in tomograms if alignment.id in (one.alignment_id or ())), None),
        )


def _projections(alignment: Alignment, pointer: str, losses: Losses) -> dict[str | None, Projection]:
    """The projections by the ids of their images."""
    found: dict[str | None, Projection] = {}
    others = 0
    for one in alignment.projection_alignments:
        projection = _projection(one)
        if projection is None or one.tilt_image_id is None:
            others += 1
        else:
            found[one.tilt_image_id] = projection
    if others:
        message = "projections from the tomogram to an image by three angles and a shift are written alone"
        losses.add(pointer, message, found=f"{others} others")
    return found


def _projection(one: ProjectionAlignment) -> Projection | None:
    """The projection by angles; None if it is stated in another way, or is no way from tomogram to image."""
    if one.y_tilt is None or one.sequence or (one.input, one.output) != ("tomogram", "image"):
        return None
    moved = None if one.shift is None else one.shift.translation
    shift = (moved[0], moved[1]) if moved is not None and len(moved) >= 2 else None
    return Projection(one.x_tilt or 0.0, one.y_tilt, one.z_rotation or 0.0, shift)
