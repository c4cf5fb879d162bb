"""Checks on the sections of stacks: which image or frame stands where in its file."""

from collections.abc import Iterator
from itertools import pairwise

from cetsgraph.findings import Severity
from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.model import MovieStack, TiltSeriesMicrographStack
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import again, exposed

__all__ = ["no_image_is_left_out", "raw_frames_are_summed_once", "sections_are_near", "sections_are_unique"]


@check("section-unique", MovieStack, TiltSeriesMicrographStack)
def sections_are_unique(place: Place, placement: Placement) -> Iterator[Fault]:
    """No two images of a stack have one section; the second of two is the one reported."""
    kind = "frame of this movie" if isinstance(place.entity, MovieStack) else "image of this tilt series"
    images = (image for image in exposed(place.entity) if image.section is not None)
    for image in again(((image.path, image.section), image) for image in images):
        yield Fault(
            "section",
            found=image.section,
            message=f"another {kind} has the section {image.section}",
            entity=image,
        )


@check("section-unique", MovieStack)
def raw_frames_are_summed_once(place: PlaceOf[MovieStack], placement: Placement) -> Iterator[Fault]:
    """Frames are sums of different raw frames, of as many as the movie has."""
    movie = place.entity
    summed = sorted(
        (frame.source_start_index, frame.source_start_index + frame.source_frame_count, index)
        for index, frame in enumerate(movie.frames)
        if frame.source_start_index is not None and frame.source_frame_count is not None
    )
    for (_, end, _), (start, _, index) in pairwise(summed):
        if start < end:
            message = f"raw frames up to {end - 1} are in the frame before already"
            frame = movie.frames[index]
            yield Fault(
                "source_start_index", start, f"at least {end}", message, Severity.WARNING, entity=frame
            )
    last, count = max((end for _, end, _ in summed), default=0), movie.raw_frame_count
    if count is not None and count < last:
        message = "the movie has fewer raw frames than went into its frames"
        yield Fault("raw_frame_count", count, f"at least {last}", message, Severity.WARNING)


@check("section-gap", TiltSeriesMicrographStack, MovieStack)
def sections_are_near(place: Place, placement: Placement) -> Iterator[Fault]:
    """No image has a section far beyond those of all others."""
    known = [image for image in exposed(place.entity) if image.section is not None]
    far = [image for image in known if (image.section or 0) > _FAR * len(known)]
    if len(far) == 1 and len(known) >= _SEVERAL:
        others = max(image.section or 0 for image in known if image is not far[0])
        yield Fault(
            "section",
            found=far[0].section,
            expected=f"near the others, up to {others}",
            message="the section of this image is far beyond those of all others",
            severity=Severity.WARNING,
            entity=far[0],
        )


_FAR = 2  # times the number of images
_SEVERAL = 4  # images


@check("section-gap", MovieStack, shape="section-gap-movie")
@check("section-gap", TiltSeriesMicrographStack, shape="section-gap-series")
def no_image_is_left_out(place: Place, placement: Placement) -> Iterator[Fault]:
    """The sections of a stack run from 0 to the number of its images."""
    sections = {image.section for image in exposed(place.entity) if image.section is not None}
    if len(sections) > 1 and sections == {*range(1, len(sections) + 1)}:
        yield Fault(
            None,
            found=1,
            expected="0 for the first in the file",
            message="the sections of this stack run from 1, and sections are counted from 0",
            hint="Subtract 1 from each section; if the first image of the file was left out on purpose, "
            "nothing is to be done.",
            severity=Severity.INFO,
        )
    elif sections and max(sections) >= len(sections):
        yield Fault(None, severity=Severity.INFO)
