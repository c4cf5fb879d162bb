"""The specimen and the microscope of an entry of EMDB."""

from cetsgraph.importers.emdb.values import listed, measure, text
from cetsgraph.importers.fields import Fields
from cetsgraph.model import (
    Detector,
    ImagingParameters,
    SamplePreparation,
    SampleSupport,
    TiltSeriesMicrographStack,
    Vitrification,
)

__all__ = ["imaging", "preparation", "tilt_series"]


def imaging(microscopy: Fields) -> ImagingParameters:
    """The microscope and its settings."""
    optics = microscopy.part("specialist_optics")
    temperature = microscopy.part("temperature")
    return ImagingParameters(
        microscope_model=text(microscopy, "microscope"),
        specimen_holder_model=text(microscopy, "specimen_holder_model"),
        accelerating_voltage=measure(microscopy, "acceleration_voltage", "kV"),
        illumination_mode=text(microscopy, "illumination_mode"),
        imaging_mode=text(microscopy, "imaging_mode"),
        spherical_aberration=measure(microscopy, "nominal_cs", "mm"),
        nominal_defocus_min=measure(microscopy, "nominal_defocus_min", "nm"),
        nominal_defocus_max=measure(microscopy, "nominal_defocus_max", "nm"),
        nominal_magnification=_positive(microscopy, "nominal_magnification"),
        electron_source=text(microscopy, "electron_source"),
        temperature=measure(temperature, "temperature_average", "K"),
        alignment_procedure=_procedure(microscopy.part("alignment_procedure")),
        c2_aperture_diameter=measure(microscopy, "c2_aperture_diameter", "μm"),
        cryogen=text(microscopy, "cooling_holder_cryogen"),
        energy_filter=text(optics.part("energy_filter"), "name"),
        phase_plate=text(optics, "phase_plate"),
        detector=_detector(microscopy),
    )


def _positive(fields: Fields, key: str) -> int | None:
    """A whole number above zero; zero stands for none."""
    return fields.integer(key) or None


def _procedure(fields: Fields) -> str | None:
    """How the microscope was aligned: the name of the element that says it."""
    return next((name.replace("_", " ") for name in fields), None)


def _detector(microscopy: Fields) -> Detector | None:
    recordings = listed(microscopy.part("image_recording_list"), "image_recording")
    if not recordings:
        return None
    return Detector(
        detector_model=text(recordings[0], "film_or_detector_model"),
        detector_mode=text(recordings[0], "detector_mode"),
    )


def tilt_series(microscopy: Fields) -> TiltSeriesMicrographStack:
    """The tilt series as a whole: the first axis of the first one."""
    axis = next(iter(microscopy.parts("tilt_series")), microscopy.part("tilt_series")).part("axis1")
    return TiltSeriesMicrographStack(
        id="tilt-series",
        tilt_range_min=measure(axis, "min_angle", "deg"),
        tilt_range_max=measure(axis, "max_angle", "deg"),
        tilt_step=measure(axis, "angle_increment", "deg"),
    )


def preparation(fields: Fields) -> SamplePreparation | None:
    """The grid, and how the specimen was frozen on it."""
    found = SamplePreparation(
        description=text(fields, "details"),
        sample_support=_support(fields.part("grid")) if "grid" in fields else None,
        vitrification=_vitrification(fields.part("vitrification")) if "vitrification" in fields else None,
    )
    return found if found != SamplePreparation() else None


def _support(grid: Fields) -> SampleSupport:
    films = listed(grid, "support_film")
    treated = grid.part("pretreatment")
    return SampleSupport(
        name=text(grid, "model"),
        grid_material=text(grid, "material"),
        grid_mesh_size=_positive(grid, "mesh"),
        film_material=text(films[0], "film_material") if films else None,
        pretreatment=treated.text("type_" if "type_" in treated else "type"),
    )


def _vitrification(fields: Fields) -> Vitrification:
    return Vitrification(
        description=text(fields, "details"),
        cryogen_name=text(fields, "cryogen_name"),
        humidity=measure(fields, "chamber_humidity", "%"),
        chamber_temperature=measure(fields, "chamber_temperature", "K"),
        vitrification_instrument=text(fields, "instrument"),
        vitrification_method=text(fields, "method"),
    )
