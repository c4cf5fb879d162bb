"""What tilt.com and etomo's .edf say: exclusions, offsets, sizes, pixel size."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from cetsgraph.importers.fields import Fields
from cetsgraph.importers.formats import commands, edf
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.importers.tilt_series.bundles import series_stem

__all__ = ["EtomoSetup", "TiltCommands", "etomo_setup", "numbered_views", "tilt_commands"]


@dataclass(frozen=True, slots=True)
class EtomoSetup:
    """What etomo's data file says of one axis."""

    pixel_size: float | None = None
    """Of the stack, in Å."""
    tilt_axis_angle: float | None = None
    excluded: frozenset[int] = frozenset()
    """Views that are left out, counted from 0."""
    method: str | None = None
    """How the series was aligned."""
    version: str | None = None
    """Of IMOD."""


@dataclass(frozen=True, slots=True)
class TiltCommands:
    """What tilt.com says."""

    offset: float = 0.0
    x_axis_tilt: float = 0.0
    volume_shift: tuple[float, float] = (0.0, 0.0)
    """Along X and Z, in pixels of the stack."""
    excluded: frozenset[int] = frozenset()
    volume: tuple[int, int, int] | None = None
    """Size of the tomogram, in pixels of the stack."""
    binning: float = 1.0
    output: str | None = None
    """File of the tomogram."""
    place: SourcePlace = field(default=SourcePlace(""))


def etomo_setup(session: ImportSession, path: Path | None, axis: str = "A") -> EtomoSetup:
    """What an .edf file says; nothing without one.

    Args:
        session: the import.
        path: the file.
        axis: A, or B for the second series of a specimen that was turned.

    Raises:
        DocumentError: it cannot be read.
    """
    if path is None:
        return EtomoSetup()
    values, lines = edf.parse(session.text(path).lines())
    fields = session.fields(values, SourcePlace(session.shown(path), 1), lines=lines)
    nanometres = fields.number("Setup.PixelSize")
    fields.take("Setup.DatasetName")
    return EtomoSetup(
        pixel_size=None if nanometres is None or nanometres <= 0 else round(nanometres * 10, 6),
        tilt_axis_angle=fields.number(f"Setup.ImageRotation{axis}"),
        excluded=numbered_views(fields, f"Setup.Axis{axis}.ExcludeProjections"),
        method=_method(fields, axis),
        version=fields.text("Setup.Version.Etomo.Created"),
    )


def _method(fields: Fields, axis: str) -> str | None:
    """Patches or fiducials, if the file tells that one of them was tracked."""
    tracked = fields.text(f"Setup.Track.{axis}.TrackMethod")
    seeded = fields.truth(f"batchruntomo.{axis.lower()}.SeedingDone")
    if (tracked or "").casefold().startswith("patch"):
        return "patch_tracking"
    return "fiducial_based" if seeded else None


def tilt_commands(
    session: ImportSession, paths: Sequence[Path], series: Collection[str]
) -> dict[str, TiltCommands]:
    """What command files say, by the names of the series.

    Raises:
        DocumentError: a file cannot be read.
    """
    found: dict[str, TiltCommands] = {}
    for path in sorted(paths, key=lambda path: (len(path.name), path)):  # tilt.com before tilt_3dfind.com
        for command in commands.parse(session.text(path).lines()):
            fields = _account(session, path, command)
            name = _series_of(fields, series)
            if command.program == "tilt" and name not in found:
                found[name] = _tilt(fields)
    return found


def _account(session: ImportSession, path: Path, command: commands.Command) -> Fields:
    """The entries of a command; of entries that come several times, the values one after the other."""
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    for line, written, value in command.entries:
        name = written.upper()
        said = value or "yes"  # an entry without a value is a switch
        values[name] = f"{values[name]},{said}" if name in values else said
        lines.setdefault(name, line)
    return session.fields(values, SourcePlace(session.shown(path), command.line), lines=lines)


def _series_of(fields: Fields, series: Collection[str]) -> str:
    """The series that a command is about: the only one, or that of its input."""
    (stack,) = fields.take("INPUTPROJECTIONS" if "INPUTPROJECTIONS" in fields else "INPUTFILE")
    name = series_stem(Path(PurePosixPath(stack or "").name))
    return next(iter(series)) if len(series) == 1 else name


def _tilt(fields: Fields) -> TiltCommands:
    shift = fields.numbers("SHIFT", 1, 2, commas=True) or []
    size, thickness = fields.numbers("FULLIMAGE", 2, commas=True), fields.integer("THICKNESS")
    x, y = size or (0.0, 0.0)
    fields.take("TILTFILE", "XTILTFILE")
    whole = x >= 1 and y >= 1 and thickness is not None and thickness >= 1
    return TiltCommands(
        offset=(fields.numbers("OFFSET", 1, 2, commas=True) or [0.0])[0],
        x_axis_tilt=fields.number("XAXISTILT") or 0.0,
        volume_shift=(shift[0], shift[1]) if len(shift) == 2 else (shift[0] if shift else 0.0, 0.0),
        excluded=numbered_views(fields, "EXCLUDELIST") | numbered_views(fields, "EXCLUDELIST2"),
        volume=(int(x), int(y), thickness) if whole and thickness is not None else None,
        binning=fields.number("IMAGEBINNED") or 1.0,
        output=fields.text("OUTPUTFILE"),
        place=fields.place(),
    )


def numbered_views(fields: Fields, key: str) -> frozenset[int]:
    """Views of a list such as `1-3,7`, which counts from 1, counted from 0."""
    text = fields.text(key)
    found: set[int] = set()
    for part in (text or "").replace(" ", ",").split(","):
        first, dash, last = part.strip().partition("-")
        ends = (first, last if dash else first)
        if not part.strip():
            continue
        if not all(end.isascii() and end.isdecimal() and len(end) < 6 for end in ends):
            fields.wrong(key, text, "numbers and ranges such as 1-3,7")
            return frozenset()
        found.update(range(int(ends[0]) - 1, int(ends[1])))
    return frozenset(view for view in found if view >= 0)
