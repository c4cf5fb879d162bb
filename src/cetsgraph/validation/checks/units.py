"""Checks on numbers that are unlikely in the unit of their field, and the unit that they look like."""

import re
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cetsgraph.findings import Severity
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import (
    AcquisitionSession,
    Alignment,
    CTFMetadata,
    DataSet,
    Entity,
    FitMap,
    ImagingParameters,
    Instrument,
    Map,
    MovieFrame,
    MovieStackSeries,
    SampleSupport,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    Vitrification,
)
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import ctfs_of, kept
from cetsgraph.validation.checks.surroundings import has_phase_plate, is_overfocused
from cetsgraph.validation.checks.views import numbers_as_text

__all__ = [
    "angles_are_in_degrees",
    "defocus_is_in_angstrom",
    "defocus_is_likely",
    "exposure_is_in_seconds",
    "fit_has_a_likely_resolution",
    "nominal_defocus_is_in_order",
    "numbers_are_likely",
    "refined_angles_are_in_degrees",
    "specimen_is_cooled",
    "stage_is_in_micrometres",
]


@dataclass(frozen=True, slots=True)
class _Likely:
    """What numbers a field can be expected to have.

    `units` are others that a number outside may be in: name → factor to the unit of the field. `exempt` are
    intervals outside that are right, too, such as exactly 0.
    """

    unit: str
    low: float
    high: float
    units: Mapping[str, float]
    exempt: tuple[tuple[float, float], ...] = ()
    impossible_below: float | None = None

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high or any(low <= value <= high for low, high in self.exempt)

    def looks_like(self, value: float) -> str | None:
        """The unit in which the number would be likely."""
        usual = [unit for unit, factor in self.units.items() if self.low <= value * factor <= self.high]
        other = (unit for unit, factor in self.units.items() if self.holds(value * factor))
        return usual[0] if usual else next(other, None)

    def mend(self, value: float) -> str | None:
        """What to write if the number is in that unit."""
        unit = self.looks_like(value)
        if unit is not None:
            return f"Write {value * self.units[unit]:.10g}, if {value:.10g} is meant as {unit}."
        if self.unit == "K" and self.holds(value + _KELVIN):
            return f"Write {value + _KELVIN:.10g}, if it is {value:.10g} °C."
        return None


_DEFOCUS = _Likely("nm", 50, 20_000, {"µm": 1000, "Å": 0.1, "m": 1e9}, exempt=((0, 0), (-20_000, -50)))
_LIKELY: Mapping[str, _Likely] = {
    "accelerating_voltage": _Likely(
        "kV", 60, 400, {"V": 1e-3, "MV": 1e3}, ((1000, 1300),), impossible_below=0
    ),
    # A corrector of aberrations leaves a few µm, of either sign (Haider et al., Nature 392, 768, 1998).
    "spherical_aberration": _Likely(
        "mm", 0.4, 10, {"µm": 1e-3, "m": 1e3, "nm": 1e-6, "Å": 1e-7}, ((-0.1, 0.001), (0.005, 0.1))
    ),
    "amplitude_contrast": _Likely("", 0.01, 0.3, {"tenths": 0.1, "%": 0.01}, ((0, 0),)),
    "nominal_defocus_min": _DEFOCUS,
    "nominal_defocus_max": _DEFOCUS,
    "temperature": _Likely("K", 60, 320, {}),
    "chamber_temperature": _Likely("K", 200, 330, {}),
    "cryogen_temperature": _Likely("K", 50, 210, {}),
    "humidity": _Likely("%", 1.0000001, 100, {"a fraction": 100}, ((0, 0),)),
    "nominal_magnification": _Likely("×", 500, 3_000_000, {"thousands": 1000}),
    "c2_aperture_diameter": _Likely("µm", 1, 1000, {"mm": 1e3, "m": 1e6}),
    "objective_aperture": _Likely("µm", 1, 1000, {"mm": 1e3, "m": 1e6}),
    "specimen_thickness": _Likely("Å", 200, 50_000, {"nm": 10, "µm": 1e4}),
    "resolution": _Likely("Å", 0.5, 200, {"nm": 10}),
    "fit_resolution": _Likely("Å", 1.5, 500, {"nm": 10}, ((0, 0),)),
    "ctf_pixel_size": _Likely("Å", 0.3, 60, {"nm": 10}),
    "particle_count": _Likely("particles", 1, 1e10, {}),
    "grid_mesh_size": _Likely("per inch", 50, 2500, {"hundreds": 100}),
    "tilt_axis_angle": _Likely("°", -360, 360, {}),
    "tilt_offset": _Likely("°", -60, 60, {}),
    "tilt_step": _Likely("°", 0.1, 30, {}),
    "defocus_slope": _Likely("", 0.2, 5, {}),
    "x_rotation_offset": _Likely("°", -60, 60, {}),
    "dose_rate": _Likely("e⁻/Å²/s", 0.001, 500, {}, ((0, 0),)),
    "detector_dose_rate": _Likely("e⁻/pixel/s", 0.001, 2000, {}, ((0, 0),)),
}
_BEYOND_FOCUS = 1000  # nm: no series goes through focus so far
_HELIUM = "hel"
_COLDEST_NITROGEN = 60.0  # K
_DEFOCI = ("nominal_defocus_min", "nominal_defocus_max")

_KELVIN = 273.15
_RADIAN = 57.29577951308232  # degrees
_LARGEST_RADIAN = 1.58  # 90° and a little


@check(
    "unit-plausible",
    ImagingParameters,
    AcquisitionSession,
    Instrument,
    Vitrification,
    TiltSeriesMicrographStack,
    Alignment,
    Map,
    FitMap,
    SampleSupport,
)
def numbers_are_likely(place: Place, placement: Placement) -> Iterator[Fault]:
    """Voltage, Cs, contrast, defocus, temperatures, humidity and dose rates are likely in their units."""
    values = place.entity.__dict__
    for field, likely in _LIKELY.items():
        value = values.get(field)
        if value is None or likely.holds(value) or _is_excused(field, place, placement):
            continue
        yield _unlikely(field, value, likely)


def _unlikely(field: str, value: float, likely: _Likely) -> Fault:
    impossible = likely.impossible_below is not None and value <= likely.impossible_below
    return Fault(
        field,
        found=value,
        expected=_range(likely),
        message=_message(value, likely.unit, likely.looks_like(value), field),
        severity=Severity.VIOLATION if impossible else Severity.WARNING,
        hint=likely.mend(value),
    )


@check("unit-plausible", ImagingParameters, given="cryogen")
def specimen_is_cooled(place: Place, placement: Placement) -> Iterator[Fault]:
    """A specimen that is cooled while it is imaged is not at room temperature."""
    values = place.entity.__dict__
    temperature, cryogen = values["temperature"], values["cryogen"]
    if temperature is not None and _WARM < temperature < _HOT and _COOLING.search(cryogen):
        yield Fault(
            "temperature",
            found=temperature,
            expected=f"a temperature of {cryogen.lower()}",
            message=f"a specimen that is cooled with {cryogen.lower()} is not at {temperature:.10g} K",
            severity=Severity.WARNING,
            hint="Write the temperature of the specimen while it was imaged, or take the cryogen out.",
        )


_WARM, _HOT = 200.0, 320.0  # K; beyond, `numbers_are_likely` asks
_COOLING = re.compile("nitrogen|helium", re.IGNORECASE)


@check("unit-plausible", TiltSeriesMicrograph, MovieFrame, given="exposure_time")
def exposure_is_in_seconds(place: Place, placement: Placement) -> Iterator[Fault]:
    """No image is exposed for more than ten minutes."""
    time = place.entity.__dict__["exposure_time"]
    if time > _LONGEST_EXPOSURE:
        yield Fault(
            "exposure_time",
            found=time,
            expected=f"at most {_LONGEST_EXPOSURE:g} s",
            message=f"the exposure time of {time:.10g} s is unlikely: it looks like ms",
            severity=Severity.WARNING,
            hint=f"Write {time / 1000:.10g}, if it is {time:.10g} ms.",
        )


_LONGEST_EXPOSURE = 600.0


@check("unit-plausible", TiltSeriesMicrograph, given="stage_position")
@check("unit-plausible", TiltSeriesMicrograph, given="image_shift")
def stage_is_in_micrometres(place: Place, placement: Placement) -> Iterator[Fault]:
    """A stage moves by no more than the size of a grid, and a beam by less."""
    for field, most in _REACH.items():
        numbers = place.entity.__dict__[field] or ()
        if max(map(abs, numbers), default=0.0) > most:
            yield Fault(
                field,
                found=numbers_as_text(numbers),
                expected=f"at most {most:g} µm",
                message=f"this {field.replace('_', ' ')} is unlikely in µm: it looks like nm",
                severity=Severity.WARNING,
                hint=f"Write {numbers_as_text([number / 1000 for number in numbers])}, if it is in nm.",
            )


_REACH = {"stage_position": 3000.0, "image_shift": 100.0}  # µm


@check("unit-plausible", CTFMetadata, given="fit_resolution")
def fit_has_a_likely_resolution(place: Place, placement: Placement) -> Iterator[Fault]:
    """No contrast transfer function is fitted beyond 1.5 Å, or only below 500 Å."""
    value = place.entity.__dict__["fit_resolution"]
    likely = _LIKELY["fit_resolution"]
    if not likely.holds(value):
        yield _unlikely("fit_resolution", value, likely)


@check("unit-plausible", ImagingParameters)
def nominal_defocus_is_in_order(place: Place, placement: Placement) -> Iterator[Fault]:
    """The smallest defocus aimed at is not above the largest, with either sign for underfocus."""
    low, high = (place.entity.__dict__[field] for field in _DEFOCI)
    if low is None or high is None:
        return
    if min(abs(low), abs(high)) >= _BEYOND_FOCUS and low * high < 0:
        message = f"the nominal defoci have different signs ({low:.10g} and {high:.10g} nm)"
        yield Fault(_DEFOCI[low > 0], min(low, high), "one sign for both", message, Severity.WARNING)
    elif low > high and (low > 0 or high > 0):
        yield Fault(
            "nominal_defocus_max",
            found=high,
            expected=f"at least the smallest defocus, {low:.10g} nm",
            message=f"the largest nominal defocus ({high:.10g} nm) is below the smallest ({low:.10g} nm)",
            severity=Severity.WARNING,
            hint=f"Swap the two: the smallest is {high:.10g} nm, and the largest {low:.10g} nm.",
        )


@check("defocus-range", DataSet)
def defocus_is_likely(place: Place, placement: Placement) -> Iterator[Fault]:
    """A defocus is from 500 to 200,000 Å, except with a phase plate, with which images are taken in focus."""
    least = 20 if _are_out_of_focus(placement) else 0
    for there in placement.of(CTFMetadata):
        ctf = there.entity
        for field in ("defocus_u", "defocus_v"):
            value = ctf.__dict__[field]
            if value is None or 500 <= value <= 200_000:
                continue
            if (has_phase_plate(placement) or _is_shifted(ctf)) and least <= abs(value) < 10_000:
                continue
            if -200_000 <= value <= -500 and is_overfocused(placement):
                continue
            unit = "µm" if 0 < abs(value) <= 20 else None
            message = unit and _message(value, "Å", unit, field)
            yield Fault(field, found=value, message=message, entity=ctf, hint=_defocus_in_angstrom(value))


def _are_out_of_focus(placement: Placement) -> bool:
    """Whether most images are far from focus, or all so near that their defocus may be in µm."""
    known = (there.entity.defocus_u for there in placement.of(CTFMetadata))
    defoci = [abs(defocus) for defocus in known if defocus is not None]
    return not defoci or max(defoci) <= 20 or statistics.median(defoci) > _IN_FOCUS


_IN_FOCUS = 5000.0  # Å


def _defocus_in_angstrom(value: float) -> str | None:
    """What to write instead of a defocus that is in another unit, or negative."""
    if 500 <= -value <= 200_000:
        return f"Write {-value:.10g}, if it is underfocus: that is positive here."
    if 0 < abs(value) <= 20:
        return f"Write {abs(value) * 10_000:.10g}, if it is {abs(value):.10g} µm."
    return f"Write {value * 10:.10g}, if it is {value:.10g} nm." if 50 <= value < 500 else None


@check("unit-plausible", TiltSeriesMicrographStack, MovieStackSeries)
def defocus_is_in_angstrom(place: Place, placement: Placement) -> Iterator[Fault]:
    """The defoci of a series are not all so small that they look like nanometres."""
    ctfs = ctfs_of(place.entity)
    defoci = [ctf.defocus_u for ctf in ctfs if ctf.defocus_u is not None]
    if not defoci or max(defoci) > 8000 or statistics.median(defoci) < 1000 or any(map(_is_shifted, ctfs)):
        return
    if not has_phase_plate(placement):
        first = next(ctf for ctf in ctfs if ctf.defocus_u is not None)
        yield Fault(
            "defocus_u",
            found=first.defocus_u,
            expected="some 10,000 to 80,000 Å",
            message=f"the defoci of the series are all below {max(defoci) + 1:.0f} Å: they look like nm",
            hint="Multiply both defoci of all images of the series by 10, if they are in nm.",
            severity=Severity.WARNING,
            entity=first,
        )


@check("unit-plausible", TiltSeriesMicrographStack, MovieStackSeries)
def angles_are_in_degrees(place: Place, placement: Placement) -> Iterator[Fault]:
    """The tilt angles of a series, and its angles of astigmatism, do not look like radians."""
    images = kept(place.entity)
    for field in ("nominal_tilt_angle", "refined_tilt_angle"):
        yield from _radians(images, field)
    ctfs = [image.ctf_metadata for image in images if image.ctf_metadata is not None]
    angles = [ctf.defocus_angle for ctf in ctfs if ctf.defocus_angle is not None]
    if angles and max(map(abs, angles)) <= 3.15 and len({round(angle, 3) for angle in angles}) >= 8:
        yield _in_radians(ctfs[0], "defocus_angle", ctfs[0].defocus_angle)


@check("unit-plausible", Alignment, given="tilt_angle_observations")
def refined_angles_are_in_degrees(place: Place, placement: Placement) -> Iterator[Fault]:
    """The tilts that an alignment has found do not look like radians."""
    yield from _radians(place.entity.__dict__["tilt_angle_observations"], "tilt_angle")


def _radians(images: Sequence[Entity], field: str) -> Iterator[Fault]:
    values = [angle for image in images if (angle := image.__dict__.get(field)) is not None]
    if len(values) < 2 or max(map(abs, values)) > _LARGEST_RADIAN:
        return
    span = max(values) - min(values)
    many = len(values) >= 10 and span >= 0.5
    steps = span >= 0.1 and _are_steps([angle * _RADIAN for angle in values]) and not _are_steps(values)
    if many or steps:
        first = next(image for image in images if image.__dict__[field])
        yield _in_radians(first, field, first.__dict__[field])


def _in_radians(entity: Entity, field: str, angle: float | None) -> Fault:
    name = field.replace("_", " ")
    return Fault(
        field,
        found=angle,
        expected="degrees",
        message=f"the values of {name} in this series look like radians: all are within ±{_LARGEST_RADIAN:g}"
        if field.endswith("tilt_angle")
        else f"the values of {name} in this series look like radians",
        severity=Severity.WARNING,
        entity=entity,
        hint="Multiply the values of all images of the series, and of its movies, by 57.29578.",
    )


def _are_steps(angles: Sequence[float]) -> bool:
    """Whether angles are multiples of half a degree, as stages are set to."""
    return all(abs(angle * 2 - round(angle * 2)) < 0.06 for angle in angles)


def _is_shifted(ctf: CTFMetadata) -> bool:
    return ctf.phase_shift is not None and abs(ctf.phase_shift) >= 10


def _is_excused(field: str, place: Place, placement: Placement) -> bool:
    value = place.entity.__dict__[field]
    if field == "temperature" and 0 < value < _COLDEST_NITROGEN:
        cryogen = str(place.entity.__dict__.get("cryogen") or "").lower()
        return _HELIUM in cryogen or (not cryogen and value < 15)
    if field in _DEFOCI or field == "amplitude_contrast":
        return _is_out_of_bounds(field, value) or (abs(value) < 500 and has_phase_plate(placement))
    return _is_out_of_bounds(field, value)


def _is_out_of_bounds(field: str, value: float) -> bool:
    """Whether the bounds of the field, which shapes ask for, exclude the number already."""
    if field.endswith("temperature"):
        return value <= 0
    limits = {"amplitude_contrast": (0, 1), "humidity": (0, 100)}
    low, high = limits.get(field, (value, value))
    return not low <= value <= high


def _range(likely: _Likely) -> str:
    low = 0 if likely.unit == "%" else likely.low
    return f"{low:g} to {likely.high:g} {likely.unit}".strip()


def _message(value: float, unit: str, looks_like: str | None, field: str) -> str:
    name = field.replace("_", " ")
    unlikely = f"the {name} of {value:.10g} {unit}".rstrip() + " is unlikely"
    if field.endswith("temperature") and looks_like is None and -60 <= value < 60:
        looks_like = "°C"
    return unlikely if looks_like is None else f"{unlikely}: it looks like {looks_like}"
