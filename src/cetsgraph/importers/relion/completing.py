"""A tilt series of RELION completed by other files about it: an mdoc file has times, stage, microscope, and
images left out since; other programs have alignments and tomograms of their own.

Images are joined by the name of the movie, else by the angle of the stage. Where both state a value, the mdoc
file counts, and values that differ are said with both.
"""

from collections.abc import Mapping
from typing import Any

from cetsgraph.geometry.projections import Projection
from cetsgraph.importers.assembly import SeriesParts
from cetsgraph.importers.tally import SourcePlace, Tally
from cetsgraph.importers.tilt_series.drafts import add_results
from cetsgraph.importers.tilt_series.joining import joined
from cetsgraph.importers.tilt_series.merging import merged
from cetsgraph.importers.tilt_series.statements import ImageFacts, SeriesFacts
from cetsgraph.model import Entity, TiltSeriesMicrograph

__all__ = ["complete"]

_OWN = frozenset(("id", "name", "path", "section", "movie_stack_id", "micrographs"))
"""Fields that stay as RELION has them."""
_OF_STACK = {"path": "ImageFile", "width": "ImageSize", "height": "ImageSize", "pixel_size": "PixelSpacing"}
"""What an mdoc file says of the stack that the microscope wrote, which is not that of RELION's images."""
_SAME_SIZE = 0.01  # of the size of a pixel


def complete(parts: SeriesParts, facts: SeriesFacts, place: SourcePlace, tally: Tally) -> None:
    """Add what files of another source say of a series.

    Args:
        parts: the series, which is changed.
        facts: what the files say.
        place: where RELION says what it does.
        tally: notes where the two differ.
    """
    series = parts.series
    movies = {movie.id: movie for movie in parts.movies}
    known = [
        ImageFacts(place, image.section, _stated(image), movies.get(image.movie_stack_id))
        for image in series.micrographs
    ]
    join = joined(facts.images, known) if known else [None] * len(facts.images)
    if join is None:
        kept, other = f"{len(known)} images", f"{len(facts.images)} of {facts.source}"
        what = f"the images of {series.id}, which are not joined"
        tally.conflict(what, facts.place, kept=kept, other=other)
        return
    _fill(series, facts.values, facts.source, facts.place, place, tally)
    aligned: list[tuple[str | None, Projection]] = []
    for said, number in zip(facts.images, join, strict=True):
        if number is None:
            series.micrographs.append(_left_out(parts, said, excluded=bool(known)))
        image = series.micrographs[-1 if number is None else number]
        if said.projection is not None:
            aligned.append((image.id, said.projection))
        if number is None:
            continue
        _fill(image, said.values, facts.source, said.place, place, tally)
        movie = movies.get(image.movie_stack_id)
        if movie is not None and said.movie is not None and movie.raw_frame_count is None:
            movie.raw_frame_count = said.movie.raw_frame_count
    add_results(parts, facts, f"{series.id}-{facts.source}", aligned)
    parts.imaging = parts.imaging or facts.imaging
    parts.gain = parts.gain or facts.gain


def _stated(entity: Entity) -> dict[str, Any]:
    """The values of an object, without its parts that are empty."""
    return {name: value for name, value in entity.__dict__.items() if value not in (None, [], {})}


def _fill(
    entity: Entity,
    values: Mapping[str, Any],
    source: str,
    place: SourcePlace,
    of_relion: SourcePlace,
    tally: Tally,
) -> None:
    own = {name: value for name, value in _stated(entity).items() if name not in _OWN}
    added = {name: value for name, value in values.items() if value is not None and name not in _OF_STACK}
    for name in sorted(_OF_STACK.keys() & values.keys()):
        _report(name, values[name], own.get(name), source, place, tally)
    for name, value in merged([(source, place, added), ("relion", of_relion, own)], tally).items():
        setattr(entity, name, value)


def _report(name: str, said: Any, kept: Any, source: str, place: SourcePlace, tally: Tally) -> None:
    """Say what files state of their stack, and RELION's images do not get."""
    if name == "pixel_size" and None not in (said, kept) and abs(said - kept) > _SAME_SIZE * kept:
        tally.conflict(name, place, kept=f"{kept} of relion", other=f"{said} of {source}")
    elif said is not None and name != "pixel_size":
        tally.dropped(_OF_STACK[name] if source == "mdoc" else f"{source}/{name}", place, found=said)


def _left_out(parts: SeriesParts, said: ImageFacts, *, excluded: bool) -> TiltSeriesMicrograph:
    """An image that RELION's table does not have; excluded, unless it has none at all."""
    values = {name: value for name, value in said.values.items() if not (excluded and name in _OF_STACK)}
    image = TiltSeriesMicrograph(id=f"{parts.series.id}-{len(parts.series.micrographs)}", **values)
    if excluded:
        image.excluded, image.exclusion_reason = True, "not in the table of tilt images"
    if said.movie is not None:
        said.movie.id = f"{parts.series.id}-movie-{len(parts.movies)}"
        image.movie_stack_id = said.movie.id
        parts.movies.append(said.movie)
    return image
