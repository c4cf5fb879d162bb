"""One tilt series with what belongs to it, put where the model has it: a region."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cetsgraph.geometry.projections import Projection
from cetsgraph.importers.numbers import rounded
from cetsgraph.model import (
    Alignment,
    Axis,
    CoordinateSystem,
    GainFile,
    ImagingParameters,
    MovieStack,
    MovieStackCollection,
    MovieStackSeries,
    ProjectionAlignment,
    Region,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
    Transformation,
)

__all__ = ["SeriesParts", "place_tomograms", "projection_alignment", "region"]

TOMOGRAM = "tomogram"
IMAGE = "image"


@dataclass(slots=True)
class SeriesParts:
    """A tilt series, its movies, alignments and tomograms."""

    series: TiltSeriesMicrographStack
    movies: list[MovieStack] = field(default_factory=list)
    alignments: list[Alignment] = field(default_factory=list)
    tomograms: list[Tomogram] = field(default_factory=list)
    imaging: ImagingParameters | None = None
    gain: GainFile | None = None


def projection_alignment(projection: Projection, tilt_image_id: str | None) -> ProjectionAlignment:
    """How one image was aligned: from the tomogram to the image, Å and degrees.

    >>> projection_alignment(Projection(y_tilt=-57.0, shift=(34.8, 108.5)), "TS_01-0").shift.translation
    [34.8, 108.5]
    """
    shift = None
    if projection.shift is not None:
        moved = [rounded(value) for value in projection.shift]
        shift = Transformation(transformation_type="translation", translation=moved)
    return ProjectionAlignment(
        tilt_image_id=tilt_image_id,
        input=TOMOGRAM,
        output=IMAGE,
        shift=shift,
        x_tilt=rounded(projection.x_tilt),
        y_tilt=rounded(projection.y_tilt),
        z_rotation=rounded(projection.z_rotation),
    )


def region(name: str, parts: SeriesParts) -> Region:
    """The region of a tilt series, named as the series is."""
    if parts.alignments:
        _describe_coordinates(parts.tomograms, parts.series.micrographs)
    images = TomoImageSet(
        imaging=parts.imaging,
        tilt_series_sets=[TiltSeriesSet(tilt_series=[parts.series])],
        alignments=parts.alignments,
    )
    if parts.movies:
        movies = MovieStackSeries(id=f"{name}-movies", movie_stacks=parts.movies)
        images.movie_stack_collections = [
            MovieStackCollection(movie_stack_series=[movies], gain_file=parts.gain)
        ]
        parts.series.movie_stack_series_id = movies.id
    if parts.tomograms:
        images.tomogram_sets = [TomogramSet(tomograms=parts.tomograms)]
    return Region(id=name, name=name, tomo_image_sets=[images])


def place_tomograms(tomograms: Sequence[Tomogram], sets: Sequence[TomoImageSet]) -> None:
    """Put each tomogram beside its tilt series, or in the first set; and name the coordinates of alignments.

    Args:
        tomograms: of a run.
        sets: of the run, at least one, with the tilt series and alignments that are known.
    """
    by_series = {series.id: images for images in sets for series in _series(images)}
    for tomogram in tomograms:
        made_of = tomogram.tilt_series_id
        images = by_series.get(made_of[0], sets[0]) if made_of else sets[0]
        images.tomogram_sets = images.tomogram_sets or [TomogramSet()]
        images.tomogram_sets[0].tomograms.append(tomogram)
    for images in sets:
        if any(alignment.projection_alignments for alignment in images.alignments):
            placed = [tomogram for group in images.tomogram_sets for tomogram in group.tomograms]
            _describe_coordinates(
                placed, [image for series in _series(images) for image in series.micrographs]
            )


def _series(images: TomoImageSet) -> list[TiltSeriesMicrographStack]:
    return [series for group in images.tilt_series_sets for series in group.tilt_series]


def _describe_coordinates(tomograms: Sequence[Tomogram], micrographs: Sequence[TiltSeriesMicrograph]) -> None:
    """Describe the systems that alignments name: on each tomogram, and on the first image of a series."""
    for tomogram in tomograms:
        tomogram.coordinate_systems = [_coordinates(TOMOGRAM, "xyz")]
    systems = [_coordinates(IMAGE, "xy")]
    if not tomograms:
        systems.append(_coordinates(TOMOGRAM, "xyz"))
    for image in micrographs[:1]:
        image.coordinate_systems = systems


def _coordinates(name: str, axes: str) -> CoordinateSystem:
    return CoordinateSystem(
        name=name, axes=[Axis(name=axis, axis_unit="angstrom", axis_type="space") for axis in axes]
    )
