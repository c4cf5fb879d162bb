"""Checks on what some images of a tilt series have and others lack; SHACL would compare all with all."""

from collections.abc import Callable, Iterator

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import Entity, TiltSeriesMicrograph, TiltSeriesMicrographStack, TomoImageSet
from cetsgraph.validation.checks.registry import Fault, check

__all__ = ["images_have_a_ctf", "images_have_a_dose", "images_name_their_movies"]

_NO_MOVIE_NAMED = "no image of the tilt series names its movie, though there are raw movies"


@check("series-dose", TiltSeriesMicrographStack)
def images_have_a_dose(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where some images of a series have a dose, all have; shapes ask that any has."""
    for image in _lacking(place.entity, _dose):
        yield Fault("accumulated_dose", entity=image)


@check("ctf-present", TiltSeriesMicrographStack)
def images_have_a_ctf(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where some images of a series have CTF metadata, all have but those left out; shapes ask for any."""
    for image in _lacking(place.entity, lambda image: image.ctf_metadata):
        if not image.excluded:
            yield Fault(None, entity=image)


@check("tilt-has-movie", TomoImageSet)
def images_name_their_movies(place: Place, placement: Placement) -> Iterator[Fault]:
    """Where there are raw movies with ids, every image names one; where none of a series does, once of it."""
    images = place.entity
    assert isinstance(images, TomoImageSet)
    collections = images.movie_stack_collections
    movies = (
        movie for some in collections for held in some.movie_stack_series for movie in held.movie_stacks
    )
    if all(movie.id is None for movie in movies):
        return
    for series in (series for held in images.tilt_series_sets for series in held.tilt_series):
        if series.micrographs and all(image.movie_stack_id is None for image in series.micrographs):
            yield Fault(None, message=_NO_MOVIE_NAMED, entity=series)
        for image in _lacking(series, lambda image: image.movie_stack_id):
            yield Fault("movie_stack_id", entity=image)


def _dose(image: TiltSeriesMicrograph) -> float | None:
    stated = (image.accumulated_dose, image.total_accumulated_dose, image.exposure_dose)
    return next((dose for dose in stated if dose is not None), None)


def _lacking(
    series: Entity, value: Callable[[TiltSeriesMicrograph], object]
) -> Iterator[TiltSeriesMicrograph]:
    """The images that lack what others of the series have."""
    assert isinstance(series, TiltSeriesMicrographStack)
    lacking = [image for image in series.micrographs if value(image) is None]
    if len(lacking) < len(series.micrographs):
        yield from lacking
