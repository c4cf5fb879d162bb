"""Data sets and the quads that they become."""

import pyoxigraph as ox

from cetsgraph.graph import encode
from cetsgraph.model import (
    DataSet,
    MovieStack,
    MovieStackCollection,
    MovieStackSeries,
    Region,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
)
from cetsgraph.namespaces import CETS

IRI = "https://example.org/data/archive/set"


def quads(dataset: DataSet) -> list[ox.Quad]:
    return list(ox.parse(encode(dataset, IRI), format=ox.RdfFormat.N_QUADS))


def values(dataset: DataSet, subject: str, name: str) -> list[str]:
    return [
        quad.object.value
        for quad in quads(dataset)
        if quad.subject.value == IRI + subject and quad.predicate.value == CETS + name
    ]


def same(one: DataSet, other: DataSet) -> bool:
    """Equal with numbers compared as doubles, −0.0 and 0.0 apart."""
    return one == other and repr(one.model_dump()) == repr(other.model_dump())


def in_region(
    *, series: list[TiltSeriesMicrographStack], tomograms: list[Tomogram], **region: object
) -> Region:
    imaging = TomoImageSet(
        movie_stack_collections=[
            MovieStackCollection(movie_stack_series=[MovieStackSeries(movie_stacks=[MovieStack(id="movie")])])
        ],
        tilt_series_sets=[TiltSeriesSet(tilt_series=series)],
        tomogram_sets=[TomogramSet(tomograms=tomograms)],
    )
    return Region.model_validate({"tomo_image_sets": [imaging], **region})
