"""Which movie each image of a tilt series was made from: that it names, or that is at its place or path."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import MovieStack, MovieStackSeries, TiltSeriesMicrograph, TiltSeriesMicrographStack
from cetsgraph.validation.checks.surroundings import referred, series_of
from cetsgraph.validation.checks.views import sampling

__all__ = [
    "dose_of_frames",
    "doses_of_movies",
    "finest_pixel",
    "first_dose",
    "mended_tilt",
    "movies_by_path",
    "movies_in_order",
    "movies_of",
    "tilt_of",
    "tilts_apart",
]

_MOVIE_TILT = 1.0  # degrees
_FEW = 0.1  # of all images

Pairs = list[tuple[TiltSeriesMicrograph, MovieStack]]


def movies_of(place: Place, placement: Placement) -> Pairs:
    """The images of a series, each with its movie: that it names, or that is at its place or path."""
    return placement.once(
        (movies_of, place),
        lambda: (
            [*_named(place, placement)]
            or movies_in_order(place, placement)
            or movies_by_path(place, placement)
        ),
    )


def _named(place: Place, placement: Placement) -> Iterator[tuple[TiltSeriesMicrograph, MovieStack]]:
    series = place.entity
    assert isinstance(series, TiltSeriesMicrographStack)
    for image in series.micrographs:
        if image.movie_stack_id is not None:
            for movie in referred(placement.place_of(image), "movie_stack_id", placement):
                if isinstance(movie.entity, MovieStack):
                    yield image, movie.entity


def doses_of_movies(
    place: Place, placement: Placement, field: str
) -> list[tuple[TiltSeriesMicrograph, float, float]]:
    """Images with their dose and that of the first frame of their movie."""
    return [
        (image, image.__dict__[field], dose)
        for image, movie in movies_of(place, placement)
        if image.__dict__[field] is not None and (dose := first_dose(movie)) is not None
    ]


def dose_of_frames(place: Place, placement: Placement) -> float:
    """By how much the dose grows at most from frame to frame of a movie."""
    doses = [
        [frame.accumulated_dose or 0.0 for frame in movie.frames] for _, movie in movies_of(place, placement)
    ]
    return max((after - before for one in doses for before, after in pairwise(one)), default=0.0)


def first_dose(movie: MovieStack) -> float | None:
    """The dose of the frame of a movie that was exposed first."""
    return min(
        (one.accumulated_dose for one in movie.frames if one.accumulated_dose is not None), default=None
    )


def movies_in_order(place: Place, placement: Placement) -> Pairs:
    """Images with the movies at their places, in a dialect without ids, where nearly all tilts agree."""
    images, movies = _without_ids(place, placement)
    if len(movies) != len(images):
        return []
    pairs = list(zip(images, movies, strict=True))
    apart = sum(tilts_apart(image.nominal_tilt_angle, tilt_of(movie)) for image, movie in pairs)
    return pairs if apart <= _FEW * len(pairs) else []


def movies_by_path(place: Place, placement: Placement) -> Pairs:
    """Images with the movies of the same path, in a dialect without ids, where each path stands once."""
    images, movies = _without_ids(place, placement)
    paths = Counter(one.path for one in (*images, *movies))
    by_path = {movie.path: movie for movie in movies if movie.path and paths[movie.path] == 2}
    return [(image, by_path[image.path]) for image in images if image.path in by_path]


def _without_ids(
    place: Place, placement: Placement
) -> tuple[Sequence[TiltSeriesMicrograph], Sequence[MovieStack]]:
    """The images of a series and the movies of the one that it names, where no image names its movie."""
    series = place.entity
    assert isinstance(series, TiltSeriesMicrographStack)
    movies = next(referred(place, "movie_stack_series_id", placement), None)
    if movies is None or any(image.movie_stack_id for image in series.micrographs):
        return [], []
    assert isinstance(movies.entity, MovieStackSeries)
    return series.micrographs, movies.entity.movie_stacks


def tilt_of(movie: MovieStack) -> float | None:
    """The tilt of a movie, if its frames have one."""
    tilts = {frame.nominal_tilt_angle for frame in movie.frames}
    return tilts.pop() if len(tilts) == 1 else None


def tilts_apart(one: float | None, other: float | None) -> bool:
    """Whether two tilts are of different movies."""
    return one is not None and other is not None and abs(one - other) > _MOVIE_TILT


def mended_tilt(place: Place, movie: Place, angle: float, tilt: float) -> str:
    """What to write where an image and its movie have different tilts: another movie, or another tilt."""
    series, held = (one.parent.entity.__dict__ if one.parent else {} for one in (place, movie))
    others = [image for image in series.get("micrographs", ()) if image is not place.entity]
    movies = [(one.id, tilt_of(one)) for one in held.get("movie_stacks", ()) if one is not movie.entity]
    alike = [name for name, own in movies if own is not None and not tilts_apart(own, angle)]
    named = {image.movie_stack_id for image in others if not tilts_apart(image.nominal_tilt_angle, angle)}
    meant = next((name for name in alike if name not in named), None)
    if meant is not None:
        return f"Name {meant}, which is the movie of {angle:.10g}°."
    if any(image.nominal_tilt_angle == tilt for image in others):
        taken = f"another image has {tilt:.10g}°"
        name = movie.entity.id or "that movie"
        return f"Write {angle:.10g} as the tilt angle of the frames of {name}: {taken}."
    return f"Write {tilt:.10g}, the tilt angle of that movie."


def finest_pixel(place: Place, placement: Placement) -> float | None:
    """The smallest pixel of the tilt images and movies that a tomogram was made from, in Å."""
    series = series_of(place, placement)
    images = [image for one in series for image in (one.entity, *one.entity.__dict__["micrographs"])]
    frames = [frame for one in series for _, movie in movies_of(one, placement) for frame in movie.frames]
    return min(filter(None, map(sampling, [*images, *frames])), default=None)
