"""The microscope, its detector, and how both were used."""

from typing import Annotated, Literal

from cetsgraph.model.base import Meanings, Reference, part, reference, term
from cetsgraph.model.objects import DataObject
from cetsgraph.model.units import (
    Degree,
    ElectronPerPixelPerSecond,
    ElectronPerSquareAngstromPerSecond,
    Fraction,
    Kelvin,
    KiloVolt,
    MicroMetre,
    MilliMetre,
    NanoMetre,
)
from cetsgraph.model.values import DateTime

__all__ = ["AcquisitionSession", "Detector", "Handedness", "ImagingParameters", "Instrument"]


Handedness = Annotated[
    Literal["right_handed", "left_handed"],
    Meanings(
        right_handed="The sign of the tilt geometry, defocus handedness, is +1.",
        left_handed="The sign of the tilt geometry, defocus handedness, is −1.",
    ),
]
"""Sense of the tilt geometry."""

TILT_AXIS_ANGLE = "Angle in the image plane from the Y axis to the tilt axis, counter-clockwise positive."


class Instrument(DataObject):
    """A microscope with its detector."""

    microscope_model: str | None = term("Maker and model of the microscope.")
    microscope_serial_number: str | None = term("Serial number of the microscope.")
    accelerating_voltage: KiloVolt | None = term(
        "Accelerating voltage of the microscope.", labels=("voltage",)
    )
    electron_source: str | None = term("Kind of electron source.")
    detector_model: str | None = term("Maker and model of the detector.")


class AcquisitionSession(DataObject):
    """What stayed the same while data were collected on one instrument."""

    indexed = True
    kind_of = "prov:Activity"

    instrument_id: Reference | None = reference(
        "Instrument on which the data were collected.", "Instrument", scope="DataSet"
    )
    start_time: DateTime | None = term("When it began.")
    end_time: DateTime | None = term("When it ended.")
    dose_rate: ElectronPerSquareAngstromPerSecond | None = term("Dose rate on the specimen.", minimum=0)
    detector_dose_rate: ElectronPerPixelPerSecond | None = term("Dose rate at the detector.", minimum=0)
    amplitude_contrast: Fraction | None = term(
        "Part of the contrast that comes from amplitude.", minimum=0, maximum=1
    )
    spherical_aberration: MilliMetre | None = term(
        "Spherical aberration (Cs) of the objective lens.", labels=("nominal_cs",)
    )
    tilt_axis_angle: Degree | None = term(TILT_AXIS_ANGLE)
    handedness: Handedness | None = term("Sense of the tilt geometry of the session.")


class Detector(DataObject):
    """The detector as it was used."""

    detector_model: str | None = term("Maker and model of the detector.")
    detective_quantum_efficiency: Fraction | None = term(
        "Detective quantum efficiency.", minimum=0, maximum=1
    )
    detector_mode: str | None = term("Mode of the detector, such as counting or super-resolution.")


class ImagingParameters(DataObject):
    """The microscope and how it was used (EMDB/PDB category em_imaging)."""

    indexed = True

    microscope_model: str | None = term("Maker and model of the microscope.")
    microscope_serial_number: str | None = term("Serial number of the microscope.")
    specimen_holder_type: str | None = term("Type of the specimen holder.")
    specimen_holder_model: str | None = term("Model of the specimen holder.")
    accelerating_voltage: KiloVolt | None = term(
        "Accelerating voltage of the microscope.", labels=("voltage",)
    )
    illumination_mode: str | None = term("Mode of illumination, such as flood beam.")
    imaging_mode: str | None = term("Mode of imaging, such as bright field.", labels=("mode",))
    spherical_aberration: MilliMetre | None = term(
        "Spherical aberration (Cs) of the objective lens.", labels=("nominal_cs",)
    )
    amplitude_contrast: Fraction | None = term(
        "Part of the contrast that comes from amplitude.", minimum=0, maximum=1
    )
    nominal_defocus_min: NanoMetre | None = term("Smallest defocus that was aimed at.")
    nominal_defocus_max: NanoMetre | None = term("Largest defocus that was aimed at.")
    nominal_magnification: int | None = term("Magnification that the microscope shows.", above=0)
    electron_source: str | None = term("Kind of electron source.")
    temperature: Kelvin | None = term("Temperature of the specimen in the microscope.", above=0)
    detector_distance: MilliMetre | None = term("Camera length or distance of the detector.")
    alignment_procedure: str | None = term("How the microscope was aligned.")
    c2_aperture_diameter: MicroMetre | None = term("Diameter of the C2 condenser aperture.", above=0)
    cryogen: str | None = term("Coolant of the specimen holder.")
    objective_aperture: MicroMetre | None = term("Diameter of the objective aperture.", above=0)
    energy_filter: str | None = term("Energy filter that was used.")
    phase_plate: str | None = term("Phase plate that was used.")
    tilt_axis_angle: Degree | None = term(TILT_AXIS_ANGLE)
    detector: Detector | None = part("Detector that recorded the images.", "detector", relation=None)
