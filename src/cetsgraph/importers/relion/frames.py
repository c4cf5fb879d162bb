"""Frames of a movie as MotionCorr moved them onto each other, in the STAR file that it wrote of the movie.

Shifts are pixels of the movie; added to positions in a frame they give those in the sum (getShiftAt and
realSpaceInterpolation of RELION). Models of local motion and hot pixels have no field.
"""

from pathlib import Path

from cetsgraph.importers.numbers import rounded
from cetsgraph.importers.relion.tables import StarRow, named_tables, rows
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tables import SourceTable
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.model import MovieFrame, MovieStack, Transformation

__all__ = ["METADATA", "add_frames"]

METADATA = "rlnMicrographMetadata"
"""Column of a table of tilt images that names the files."""

_MOVIE, _GAIN, _PIXEL_SIZE = (
    "rlnMicrographMovieName",
    "rlnMicrographGainName",
    "rlnMicrographOriginalPixelSize",
)
_DOSE, _START, _GROUPING = "rlnMicrographPreExposure", "rlnMicrographStartFrame", "rlnEERGrouping"
_SIZES = ("rlnImageSizeX", "rlnImageSizeY", "rlnImageSizeZ")
_NUMBER, _SHIFTS = "rlnMicrographFrameNumber", ("rlnMicrographShiftX", "rlnMicrographShiftY")
_NOT_OBSERVED = -9999.0
"""Shift of a frame that was not looked at."""
_SAME = 0.01  # of a number that two files state


def add_frames(session: ImportSession, row: StarRow, movie: MovieStack) -> str | None:
    """Add what the file says that a row names: frames, and the size of the movie.

    Args:
        session: the import.
        row: the row of the tilt image.
        movie: its movie, which is changed.

    Returns:
        The gain reference of the movie, if the file names one.
    """
    name = row.texts.get(METADATA)
    path = None if name is None else session.named(name, row.place, what=f"a file of {METADATA}")
    gain = None
    with session.attempt():
        if path is not None:
            gain = _read(session, path, row, movie)
    return gain


def _read(session: ImportSession, path: Path, row: StarRow, movie: MovieStack) -> str | None:
    tables = dict(named_tables(session, path, labelled=True))
    general, shifts = tables.get("general"), tables.get("global_shift")
    about = None if general is None or not len(general) else _about(general)
    if about is not None:
        _complete(session, about, row, movie)
    if shifts is not None and all(column in shifts for column in (_NUMBER, *_SHIFTS)):
        movie.frames = _frames(session, shifts, about, movie)
    else:
        expected = f"a table data_global_shift of {', '.join((_NUMBER, *_SHIFTS))}"
        session.tally.wrong(
            METADATA, SourcePlace(session.shown(path), 1), found=list(tables), expected=expected
        )
    return None if about is None else about.texts[_GAIN]


def _about(general: SourceTable) -> StarRow:
    general.take_constant({"rlnMotionModelVersion": 0})  # there is no model of local motion
    numbers = (*_SIZES, _PIXEL_SIZE, _DOSE, _START, _GROUPING)
    return rows(general, texts=(_MOVIE, _GAIN), numbers=numbers)[0]


def _complete(session: ImportSession, about: StarRow, row: StarRow, movie: MovieStack) -> None:
    """Give the movie its size; say where the file and the table of tilt images differ."""
    width, height, count = (_whole(session, about, size) for size in _SIZES)
    grouped = about.numbers[_GROUPING] is not None
    movie.width, movie.height = width, height
    if movie.raw_frame_count is None and not grouped:
        movie.raw_frame_count = count
    if movie.pixel_size is None:
        movie.pixel_size = about.numbers[_PIXEL_SIZE]
    said = (
        (_MOVIE, movie.path, about.texts[_MOVIE]),
        (_DOSE, row.numbers[_DOSE], about.numbers[_DOSE]),
        (_PIXEL_SIZE, movie.pixel_size, about.numbers[_PIXEL_SIZE]),
        (_SIZES[2], None if grouped else movie.raw_frame_count, count),
    )
    for name, kept, other in said:
        if None not in (kept, other) and not _agree(kept, other):
            session.tally.conflict(name, about.place, kept=kept, other=other)


def _agree(kept: object, other: object) -> bool:
    if isinstance(kept, int | float) and isinstance(other, int | float):
        return abs(kept - other) <= _SAME * abs(kept)
    return kept == other


def _whole(session: ImportSession, about: StarRow, column: str) -> int | None:
    number = about.numbers[column]
    if number is None or (number >= 1 and number.is_integer()):
        return None if number is None else int(number)
    session.tally.wrong(column, about.place, found=number, expected="a whole number from 1")
    return None


def _frames(
    session: ImportSession, shifts: SourceTable, about: StarRow | None, movie: MovieStack
) -> list[MovieFrame]:
    """A frame for each row, in the order of their numbers, which count from 1."""
    stated = {} if about is None else about.numbers
    size = stated.get(_PIXEL_SIZE) or movie.pixel_size
    grouping = 1 if about is None else _whole(session, about, _GROUPING) or 1
    first = stated.get(_START) or 1
    found: list[tuple[int, MovieFrame]] = []
    columns = (shifts.integers(_NUMBER), *map(shifts.numbers, _SHIFTS))
    for index, (number, x, y) in enumerate(zip(*columns, strict=True)):
        if number is None or number < 1:
            shifts.wrong(_NUMBER, index, number, "a number from 1")
            continue
        frame = MovieFrame(source_start_index=(number - 1) * grouping, source_frame_count=grouping)
        found.append((number, frame))
        if number < first or _NOT_OBSERVED in (x, y):
            frame.excluded, frame.exclusion_reason = True, "not used in motion correction"
        elif size is None or x is None or y is None:
            session.tally.dropped(f"{_SHIFTS[0]} and Y", shifts.place(index), found=x if y is None else y)
        else:
            moved = [rounded(x * size), rounded(y * size)]
            frame.motion_correction_transformations = [
                Transformation(transformation_type="translation", translation=moved)
            ]
    return [frame for _, frame in sorted(found, key=lambda pair: pair[0])]
