"""mdoc files as they were read: a series with its movies, or one movie alone."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from cetsgraph.geometry.projections import between_lines
from cetsgraph.importers.claim import base_name
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.numbers import positive, rounded
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tilt_series.mdoc_exposures import accumulated_doses, put_in_order
from cetsgraph.importers.tilt_series.mdoc_sections import (
    Exposure,
    MdocFile,
    dose,
    exposure,
    movie,
)
from cetsgraph.importers.tilt_series.statements import ImageFacts, SeriesFacts
from cetsgraph.model import (
    GainFile,
    ImagingParameters,
    MovieFrame,
    MovieStack,
    MovieStackCollection,
    MovieStackSeries,
    Region,
    Software,
    TomoImageSet,
)

__all__ = ["MdocReading", "movie_region"]

_AXIS = re.compile(r"\bTilt axis angle\s*=\s*(-?\d+(?:\.\d+)?)", re.IGNORECASE)
_PROGRAM = re.compile(r"(SerialEM|Tomography)\s*:", re.IGNORECASE)
_MICROSCOPE = re.compile(
    r"\b(?:Titan )?(Krios|Polara|Arctica|Glacios|Talos|Tecnai|CRYO ?ARM)\b", re.IGNORECASE
)
_SAME_AXIS = 2.0  # degrees
_ONE_TILT = 1.0

_Value = TypeVar("_Value")


class MdocReading:
    """The files of one series: one with a section for each image, or one for each movie."""

    def __init__(self, session: ImportSession, files: Sequence[MdocFile]) -> None:
        self._session = session
        self._file = files[0]
        self._exposures = _exposures(session, files)
        put_in_order(session, self._exposures)
        angles = [one.tilt_angle for one in self._exposures if one.tilt_angle is not None]
        if len(angles) > 1 and max(angles) - min(angles) < _ONE_TILT:
            what = "images at one tilt are taken for a tilt series"
            session.tally.assumed(what, self._exposures[0].fields.place("TiltAngle"))
        self.pixel_size = _common([one.pixel_size for one in self._exposures])

    def facts(self, pixel_size: float | None) -> SeriesFacts:
        """What the files say."""
        file, exposures = self._file, self._exposures
        values = _of_file(self._session, file)
        values["tilt_axis_angle"] = _axis(self._session, file, exposures)
        if file.sections and file.movies:
            values["total_dose"] = dose(self._session, file.movies[0])
        doses, movies = accumulated_doses(self._session, exposures), _movies(exposures)
        images = [
            ImageFacts(one.fields.place(), one.section, _of_image(one, before), movies.get(one.movie or ""))
            for one, before in zip(exposures, doses, strict=True)
        ]
        place = file.head.place()
        return SeriesFacts("mdoc", place, images, values, imaging=_imaging(file, exposures), gain=_gain(file))


def movie_region(session: ImportSession, name: str, file: MdocFile) -> Region:
    """One movie alone, which is no tilt series; what is said of its exposure is said of its sum."""
    fields = file.movies[-1]
    one = exposure(session, file, fields, None)
    fields.leave("StagePosition", "StageZ", "ImageShift")
    width, height = one.pixels
    common = _of_file(session, file)
    imaging = _imaging(file, [one]) or ImagingParameters()
    imaging.accelerating_voltage = common["accelerating_voltage"]
    imaging.tilt_axis_angle = _axis(session, file, [one])
    whole = MovieFrame(
        id=f"{name}-sum",
        source_start_index=0,
        source_frame_count=one.frame_count or None,
        width=width,
        height=height,
        pixel_size=one.pixel_size,
        **_exposed(one, one.prior_dose),
    )
    stack = MovieStack(
        id=one.movie or name, path=one.movie, raw_frame_count=one.frame_count, frames=[whole],
        pixel_size=one.pixel_size, description=common["description"],
    )  # fmt: skip
    movies = MovieStackSeries(id=f"{name}-movies", movie_stacks=[stack])
    collection = MovieStackCollection(imaging=imaging, movie_stack_series=[movies], gain_file=_gain(file))
    return Region(id=name, name=name, tomo_image_sets=[TomoImageSet(movie_stack_collections=[collection])])


def _exposures(session: ImportSession, files: Sequence[MdocFile]) -> list[Exposure]:
    if len(files) > 1:
        return [exposure(session, file, fields, None) for file in files for fields in file.movies[-1:]]
    (file,) = files
    images = zip(file.sections, file.numbers, strict=True)
    found = [exposure(session, file, fields, number) for fields, number in images]
    for whole in file.movies[:1]:  # one movie of all tilts
        name, count, size = movie(whole), whole.integer("NumSubFrames"), whole.number("PixelSpacing")
        for one in found:
            one.movie = one.movie or name
            one.pixel_size = one.pixel_size or positive(size)
            one.frame_count = one.frame_count or count
    return found


def _of_file(session: ImportSession, file: MdocFile) -> dict[str, Any]:
    """What a file says of its series."""
    head, image = file.head, file.head.text("ImageFile")
    program = _program(file)
    return {
        "description": "; ".join(file.titles) or None,
        "path": None if image is None else base_name(image),
        "collection_metadata_path": session.shown(file.path),
        "accelerating_voltage": head.number("Voltage"),
        "software": [] if program is None else [Software(name=program, version=_version(head))],
    }


def _version(head: Fields) -> str | None:
    """The number of the program's version; SerialEM adds when it was built."""
    text = head.text("Version")
    found = re.search(r"\d+(?:\.\w+)+", text or "")
    if text is not None and (found is None or found[0] != text):
        head.leave("Version")
    return None if found is None else found[0]


def _of_image(one: Exposure, dose_before: float | None) -> dict[str, Any]:
    width, height = one.pixels
    return {
        "frame_name": one.movie,
        "pixel_size": one.pixel_size,
        "width": width,
        "height": height,
        "stage_position": one.stage,
        "image_shift": one.shift,
        **_exposed(one, dose_before),
    }


def _exposed(one: Exposure, dose_before: float | None) -> dict[str, Any]:
    return {
        "nominal_tilt_angle": one.tilt_angle,
        "accumulated_dose": dose_before,
        "dose_convention": None if dose_before is None else "before",
        "exposure_dose": one.dose,
        "exposure_time": one.duration,
        "acquisition_time": one.time,
        "acquisition_order": one.order,
    }


def _movies(exposures: Iterable[Exposure]) -> dict[str, MovieStack]:
    """The movies by their names, each once."""
    found: dict[str, MovieStack] = {}
    for one in exposures:
        if one.movie is not None:
            found.setdefault(one.movie, MovieStack(path=one.movie, raw_frame_count=one.frame_count))
    return found


def _gain(file: MdocFile) -> GainFile | None:
    """The gain reference of the movies."""
    sections: tuple[Fields, ...] = (*file.movies, *file.sections)
    names = [name for fields in sections if (name := fields.text("GainReference"))]
    return GainFile(path=base_name(names[0])) if names else None


def _imaging(file: MdocFile, exposures: Sequence[Exposure]) -> ImagingParameters | None:
    """How the microscope was used, as far as it stayed the same."""
    defocus = [number for one in exposures if (number := one.fields.number("TargetDefocus")) is not None]
    magnification = _common([one.fields.integer("Magnification") for one in exposures])
    slit = _common([slit[0] for one in exposures if (slit := one.fields.numbers("FilterSlitAndLoss", 2))])
    for one in exposures if magnification is None else ():
        one.fields.leave("Magnification")
    microscope = next((found[0] for title in file.titles if (found := _MICROSCOPE.search(title))), None)
    imaging = ImagingParameters(
        microscope_model=microscope,
        nominal_defocus_min=rounded(-1000 * max(defocus)) if defocus else None,
        nominal_defocus_max=rounded(-1000 * min(defocus)) if defocus else None,
        nominal_magnification=magnification,
        energy_filter=f"{slit:g} eV slit" if slit else None,
    )
    return imaging if imaging != ImagingParameters() else None


def _common(values: Sequence[_Value | None]) -> _Value | None:
    """The value that all have; None if they differ."""
    return values[0] if values and all(value == values[0] for value in values) else None


def _axis(session: ImportSession, file: MdocFile, exposures: Sequence[Exposure]) -> float | None:
    """Angle of the tilt axis from the Y axis of the image, in degrees.

    SerialEM states it in a title, and its RotationAngle is that of the X axis to it: 90° more. Tomography has
    another angle in the title, and the axis as RotationAngle.
    """
    stated = next((float(found[1]) for title in file.titles if (found := _AXIS.search(title))), None)
    rotations = [one.fields.number("RotationAngle") for one in exposures]
    rotation = next((angle for angle in rotations if angle is not None), None)
    if stated is None and rotation is None:
        return None
    place = next(one.fields for one in exposures).place("RotationAngle")
    if stated is None and _is_tomography(file):
        session.tally.derived("tilt axis = size of RotationAngle, as Tomography writes it", place)
        return abs(rotation or 0.0)
    counted = None if rotation is None else rounded((rotation - 90 + 180) % 360 - 180)
    if stated is None:
        session.tally.derived("tilt axis = RotationAngle − 90°, as SerialEM writes it", place)
        return counted
    if counted is not None and not _is_tomography(file) and between_lines(stated, counted) > _SAME_AXIS:
        session.tally.conflict(
            "the tilt axis", place, kept=f"{stated:g}° of the title", other=f"{counted:g}°"
        )
    return stated


def _is_tomography(file: MdocFile) -> bool:
    return (_program(file) or "").casefold() == "tomography"


def _program(file: MdocFile) -> str | None:
    """The program that wrote a file, by its titles."""
    return next((found[1] for title in file.titles if (found := _PROGRAM.search(title))), None)
