"""Rows of RELION's tilt series as images, movies and an alignment."""

from collections.abc import Sequence
from dataclasses import dataclass

from cetsgraph.geometry.alignments import RelionMatrix, from_relion4
from cetsgraph.geometry.projections import Projection
from cetsgraph.importers.assembly import projection_alignment
from cetsgraph.importers.ctf import ctf_metadata
from cetsgraph.importers.limits import check_images
from cetsgraph.importers.numbers import finite
from cetsgraph.importers.relion.frames import METADATA, add_frames
from cetsgraph.importers.relion.tables import StarRow, rows
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tables import SourceTable
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.model import MovieStack, ProjectionAlignment, TiltSeriesMicrograph

__all__ = ["RelionSeries", "TiltImages", "excluded_rows", "tilt_images", "tilt_rows"]

_MATRIX = ("rlnTomoProjX", "rlnTomoProjY", "rlnTomoProjZ")
_ANGLES = ("rlnTomoXTilt", "rlnTomoYTilt", "rlnTomoZRot")
_SHIFTS = ("rlnTomoXShiftAngst", "rlnTomoYShiftAngst")
_TEXTS = (
    "rlnMicrographMovieName",
    "rlnMicrographName",
    "rlnMicrographNameEven",
    "rlnMicrographNameOdd",
    *_MATRIX,
)
_NUMBERS = (
    "rlnTomoTiltMovieFrameCount",
    "rlnTomoNominalStageTiltAngle",
    "rlnTomoNominalTiltAxisAngle",
    "rlnMicrographPreExposure",
    "rlnTomoNominalDefocus",
    "rlnDefocusU",
    "rlnDefocusV",
    "rlnDefocusAngle",
    "rlnPhaseShift",
    "rlnCtfFigureOfMerit",
    "rlnCtfMaxResolution",
    *_ANGLES,
    *_SHIFTS,
)


@dataclass(frozen=True, slots=True)
class RelionSeries:
    """What a table says of a series as a whole."""

    name: str
    pixel_size: float | None = None
    movie_pixel_size: float | None = None
    exposure_dose: float | None = None
    handedness: int | None = None
    volume: tuple[float, float, float] | None = None
    """Size of the tomogram, in pixels of the tilt images."""
    image: tuple[float, float] | None = None
    """Size of the tilt images, in pixels."""


@dataclass(slots=True)
class TiltImages:
    """The images of a series in the order of their rows, with their movies and projections."""

    images: list[TiltSeriesMicrograph]
    movies: list[MovieStack]
    projections: list[ProjectionAlignment]
    gain: str | None = None
    """Path of the gain reference of the movies, where their frames are read."""


def tilt_rows(session: ImportSession, table: SourceTable) -> list[StarRow]:
    """The rows of a table of tilt images."""
    check_images(len(table), table.place(0) if len(table) else SourcePlace(""))
    table.take("rlnTomoProjW")  # always 0, 0, 0, 1
    return rows(table, texts=(*_TEXTS, METADATA) if session.options.frames else _TEXTS, numbers=_NUMBERS)


def excluded_rows(earlier: Sequence[StarRow], later: Sequence[StarRow]) -> list[StarRow]:
    """The rows whose movies are in no later row; none where movies are not named."""
    kept = {row.texts["rlnMicrographMovieName"] for row in later}
    return [] if None in kept else [row for row in earlier if row.texts["rlnMicrographMovieName"] not in kept]


def tilt_images(
    session: ImportSession, facts: RelionSeries, kept: Sequence[StarRow], excluded: Sequence[StarRow]
) -> TiltImages:
    """Images, movies and projections of the rows of one series."""
    found = TiltImages([], [], [])
    orders = _orders(session, (*kept, *excluded))
    for number, row in enumerate((*kept, *excluded)):
        image = _image(session, facts, row, f"{facts.name}-{number}")
        image.acquisition_order = orders[number]
        found.images.append(image)
        if (movie := row.texts["rlnMicrographMovieName"]) is not None:
            image.movie_stack_id = f"{facts.name}-movie-{number}"
            found.movies.append(_movie(facts, row, movie, image.movie_stack_id))
            found.gain = add_frames(session, row, found.movies[-1]) or found.gain
        if number >= len(kept):
            image.excluded, image.exclusion_reason = True, "removed from the table of tilt images"
        elif (projection := _projection(session, facts, row)) is not None:
            image.refined_tilt_angle = projection.y_tilt
            found.projections.append(projection_alignment(projection, image.id))
    return found


def _image(
    session: ImportSession, facts: RelionSeries, row: StarRow, identifier: str
) -> TiltSeriesMicrograph:
    section, path = _section(row.texts["rlnMicrographName"])
    dose = row.numbers["rlnMicrographPreExposure"]
    return TiltSeriesMicrograph(
        id=identifier,
        path=path,
        section=section,
        even_path=row.texts["rlnMicrographNameEven"],
        odd_path=row.texts["rlnMicrographNameOdd"],
        pixel_size=facts.pixel_size,
        nominal_tilt_angle=row.numbers["rlnTomoNominalStageTiltAngle"],
        accumulated_dose=dose,
        dose_convention=None if dose is None else "before",
        exposure_dose=facts.exposure_dose,
        ctf_metadata=ctf_metadata(
            (row.numbers["rlnDefocusU"], row.numbers["rlnDefocusV"]),
            row.numbers["rlnDefocusAngle"],
            phase_shift=row.numbers["rlnPhaseShift"],
            handedness=facts.handedness,
            score=row.numbers["rlnCtfFigureOfMerit"],
            resolution=row.numbers["rlnCtfMaxResolution"],
            tally=session.tally,
            place=row.place,
        ),
    )


def _movie(facts: RelionSeries, row: StarRow, path: str, identifier: str) -> MovieStack:
    frames = row.numbers["rlnTomoTiltMovieFrameCount"]
    count = int(frames) if frames is not None and frames >= 0 else None
    return MovieStack(id=identifier, path=path, pixel_size=facts.movie_pixel_size, raw_frame_count=count)


def _section(name: str | None) -> tuple[int | None, str | None]:
    """Section and path of a name such as `000003@TS_01.st`; the section counts from 0.

    >>> _section("000003@TS_01.st"), _section("TS_01_000.mrc")
    ((2, 'TS_01.st'), (None, 'TS_01_000.mrc'))
    """
    number, at, path = (name or "").partition("@")
    if at and number.isdecimal() and int(number) > 0:
        return int(number) - 1, path
    return None, name


def _orders(session: ImportSession, given: Sequence[StarRow]) -> list[int | None]:
    """Places of the images in order of the dose before them; none where doses are missing or equal."""
    doses = [row.numbers["rlnMicrographPreExposure"] for row in given]
    ranks = {dose: rank for rank, dose in enumerate(sorted(dose for dose in set(doses) if dose is not None))}
    if len(ranks) < len(doses):
        return [None] * len(doses)
    if given:
        session.tally.derived(
            "the order of acquisition is that of the dose before each image", given[0].place
        )
    return [ranks[dose] for dose in doses if dose is not None]


def _projection(session: ImportSession, facts: RelionSeries, row: StarRow) -> Projection | None:
    """The projection of a row; a matrix comes before angles, as in RELION."""
    written = [row.texts[name] for name in _MATRIX]
    if any(word is not None for word in written):
        return _of_matrix(session, facts, row, written)
    if row.numbers["rlnTomoYTilt"] is None:
        return None
    shift = row.all(*_SHIFTS)
    x_tilt, y_tilt, z_rotation = (row.numbers[name] or 0.0 for name in _ANGLES)
    return Projection(x_tilt, y_tilt, z_rotation, None if shift is None else (shift[0], shift[1]))


def _of_matrix(
    session: ImportSession, facts: RelionSeries, row: StarRow, written: Sequence[str | None]
) -> Projection | None:
    parsed = [_vector(word) for word in written]
    vectors = [vector for vector in parsed if vector is not None]
    if len(vectors) < len(parsed):
        session.tally.wrong(
            _MATRIX[0], row.place, found=", ".join(map(str, written)), expected="rows of four finite numbers"
        )
        return None
    image = None if facts.volume is None else facts.image
    if image is None and any(vector[3] for vector in vectors):
        session.tally.dropped("shift of rlnTomoProjX and Y", row.place, found=vectors[0][3])
    volume = facts.volume or (0.0, 0.0, 0.0)
    return from_relion4(RelionMatrix(*vectors), facts.pixel_size, volume=volume, image=image)


def _vector(text: str | None) -> list[float] | None:
    """Four numbers in brackets."""
    words = (text or "").strip("[]").split(",")
    numbers = [number for word in words if (number := finite(word)) is not None]
    return numbers if len(numbers) == len(words) == 4 else None
