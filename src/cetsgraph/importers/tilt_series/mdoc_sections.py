"""One exposure of an mdoc file: what its section says, in the units of the model."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from cetsgraph.errors import DocumentError
from cetsgraph.importers.claim import base_name
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.formats.mdoc import Mdoc, Section, parse
from cetsgraph.importers.numbers import positive, rounded
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tally import SourcePlace

__all__ = [
    "Exposure",
    "MdocFile",
    "dose",
    "exposure",
    "moment",
    "movie",
    "numbered",
    "read_file",
]

MAX_SECTIONS = 10_000

_NUMBERED = re.compile(r"(.+)_(\d{2,5})_\[?-?\d+(?:\.\d+)?\]?(?:_.*)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = re.compile(r"(\d{1,2})-([A-Za-z]{3})-(\d{2}|\d{4})\s+(\d{1,2}):(\d{2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class MdocFile:
    """A file with an account of each of its sections."""

    path: Path
    head: Fields
    titles: tuple[str, ...]
    movies: tuple[Fields, ...]
    """Sections `[FrameSet = n]`."""
    sections: tuple[Fields, ...]
    """Sections `[ZValue = n]`, one for each place in the stack."""
    numbers: tuple[int, ...]
    """The places."""


@dataclass(slots=True)
class Exposure:
    """One image as it was taken."""

    fields: Fields
    section: int | None
    """Place in the stack, from 0; None where each image is a file."""
    tilt_angle: float | None
    pixel_size: float | None
    size: list[float] | None
    movie: str | None
    """Name of the file of the movie, without folders."""
    frame_count: int | None
    time: dt.datetime | None
    dose: float | None
    """Of this exposure alone, in e/Å²."""
    prior_dose: float | None
    duration: float | None
    stage: list[float] | None
    shift: list[float] | None
    order: int | None = None

    @property
    def pixels(self) -> tuple[int, int] | tuple[None, None]:
        """Width and height."""
        return (int(self.size[0]), int(self.size[1])) if self.size else (None, None)


def read_file(session: ImportSession, path: Path) -> MdocFile:
    """Read one file.

    Raises:
        DocumentError: it cannot be read, is a montage, has no section, or more than any program writes.
    """
    found = parse(session.text(path).lines())
    _complain_of_montage(path, found)
    if not 0 < len(found.sections) <= MAX_SECTIONS:
        count = f"{len(found.sections):,} sections"
        raise DocumentError(
            "this is no tilt series", path=path, line=1, found=count, expected=f"1 to {MAX_SECTIONS:,}"
        )
    file = session.shown(path)
    _report_strays(session, file, found)
    head = _account(session, file, found.head)
    accounts = [(section, _account(session, file, section)) for section in found.sections]
    images = {section.number: fields for section, fields in accounts if section.kind != "FrameSet"}
    _report_repeated(session, file, [section for section, _ in accounts if section.kind != "FrameSet"])
    return MdocFile(
        path,
        head,
        titles=tuple(" ".join(title.split()) for _, title in found.titles),
        movies=tuple(fields for section, fields in accounts if section.kind == "FrameSet"),
        sections=tuple(images.values()),
        numbers=tuple(images),
    )


def _complain_of_montage(path: Path, found: Mdoc) -> None:
    pieces = [one for one in found.sections if "PieceCoordinates" in one.values or one.kind == "MontSection"]
    if pieces or found.head.values.get("Montage") == "1":
        raise DocumentError(
            "this is a montage, not a tilt series",
            path=path,
            line=pieces[0].line if pieces else found.head.lines["Montage"],
            found=f"{len(pieces)} pieces",
            hint="Maps for finding targets have no place in CETS yet.",
        )


def _account(session: ImportSession, file: str, section: Section) -> Fields:
    for line, key, value in section.repeats:
        kept = section.values[key]
        if value != kept:
            session.tally.conflict(f"two values of {key}", SourcePlace(file, line), kept=kept, other=value)
    return session.fields(section.values, SourcePlace(file, section.line), lines=section.lines)


def _report_strays(session: ImportSession, file: str, found: Mdoc) -> None:
    for line, text in found.strays:
        session.tally.dropped("a line without =", SourcePlace(file, line), found=text)


def _report_repeated(session: ImportSession, file: str, sections: list[Section]) -> None:
    """Say which sections stand in the file again: the last counts."""
    last = {section.number: section for section in sections}
    for section in sections:
        kept = last[section.number]
        if kept is not section:
            session.tally.conflict(
                f"two sections [ZValue = {section.number}]",
                SourcePlace(file, section.line),
                kept=f"that of line {kept.line}",
                other=f"that of line {section.line}",
            )


def exposure(session: ImportSession, file: MdocFile, fields: Fields, section: int | None) -> Exposure:
    """What a section says of its exposure; the file's head where the section is silent."""
    whole = file.head
    name, stage = movie(fields), fields.numbers("StagePosition", 2)
    z = None if stage is None else fields.number("StageZ")
    return Exposure(
        fields,
        section,
        tilt_angle=fields.number("TiltAngle"),
        pixel_size=positive(fields.number("PixelSpacing")) or positive(whole.number("PixelSpacing")),
        size=fields.numbers("ImageSize", 2) or whole.numbers("ImageSize", 2),
        movie=name,
        frame_count=None if name is None else fields.integer("NumSubFrames"),
        time=_time(fields),
        dose=dose(session, fields),
        prior_dose=fields.number("PriorRecordDose"),
        duration=fields.number("ExposureTime"),
        stage=stage if z is None else [*(stage or ()), z],
        shift=fields.numbers("ImageShift", 2),
    )


def movie(fields: Fields) -> str | None:
    """The name of the file of a movie; the folders it was in belong to the computer at the microscope."""
    path = fields.text("SubFramePath")
    if path is None:
        return None
    name = base_name(path)
    if name != path:
        fields.dropped("SubFramePath, the folders in it", None)
    return name


def dose(session: ImportSession, fields: Fields) -> float | None:
    """Dose of an exposure: as it is calibrated, else of its frames, else as the user says.

    What the camera counts is no dose on the specimen, which stands before it: DoseRate is not taken.
    """
    stated, of_frames = fields.number("ExposureDose"), _dose_of_frames(fields)
    if stated and of_frames and abs(stated - of_frames) > 0.05 * stated:
        session.tally.conflict(
            "ExposureDose and the sum of FrameDosesAndNumber",
            fields.place("ExposureDose"),
            kept=f"{stated:g} e/Å²",
            other=f"{of_frames:g} e/Å²",
        )
    if stated == 0 and not of_frames:
        what = "ExposureDose = 0 means that the dose was not calibrated"
        session.tally.assumed(what, fields.place("ExposureDose"), option="--dose-per-tilt")
    return stated or of_frames or session.options.dose_per_tilt


def _dose_of_frames(fields: Fields) -> float | None:
    """The sum of the doses of frames: a dose and how many frames have it, and again."""
    frames = fields.numbers("FrameDosesAndNumber")
    if not frames:
        return None
    if len(frames) % 2:
        fields.wrong("FrameDosesAndNumber", frames, "pairs of a dose and a number of frames")
        return None
    return rounded(sum(each * count for each, count in zip(frames[::2], frames[1::2], strict=True))) or None


def _time(fields: Fields) -> dt.datetime | None:
    text = fields.text("DateTime")
    found = None if text is None else moment(text)
    if found is None:
        fields.leave("DateTime")
    return found


def moment(text: str) -> dt.datetime | None:
    """A time as SerialEM and Tomography write it, in English in any language of the system.

    >>> moment("30-Nov-15  15:21:38"), moment("13-Jan-2025  17:15:27"), moment("today")
    (datetime.datetime(2015, 11, 30, 15, 21, 38), datetime.datetime(2025, 1, 13, 17, 15, 27), None)
    """
    found = _TIME.fullmatch(text)
    if found is None or found[2].casefold() not in _MONTHS:
        return None
    year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
    month = _MONTHS.index(found[2].casefold()) + 1
    try:
        return dt.datetime(year, month, int(found[1]), int(found[4]), int(found[5]), int(found[6]))
    except ValueError:
        return None


def numbered(name: str) -> tuple[str, int] | None:
    """The stem of a movie's name, and the number of the exposure, which stands before the tilt angle.

    >>> numbered("TS_07_001_-3.0_Oct08_07.39.01"), numbered("Position_7_002_1.88_20250113_171627_EER")
    (('TS_07', 1), ('Position_7', 2))
    """
    found = _NUMBERED.fullmatch(name)
    return None if found is None else (found[1], int(found[2]))
