"""The importer of mdoc files of SerialEM and Tomography."""

from cetsgraph.importers.importer import Importer
from cetsgraph.importers.tilt_series import FAMILY
from cetsgraph.importers.tilt_series.bundles import gather
from cetsgraph.importers.tilt_series.mdoc import MDOC
from cetsgraph.importers.tilt_series.regions import regions

__all__ = ["IMPORTER"]

IMPORTER = Importer(
    name="mdoc",
    mapping=1,
    evidence="a line [ZValue = 0] or [FrameSet = 0]",
    recognise=MDOC.recognise,
    gather=gather,
    regions=regions,
    family=FAMILY,
    mapped={
        "PixelSpacing": "TiltSeriesMicrograph.pixel_size",
        "ImageSize": "TiltSeriesMicrograph.width",
        "ImageFile": "TiltSeriesMicrographStack.path",
        "Voltage": "TiltSeriesMicrographStack.accelerating_voltage",
        "Tilt axis angle": "TiltSeriesMicrographStack.tilt_axis_angle",
        "RotationAngle": "TiltSeriesMicrographStack.tilt_axis_angle",
        "ZValue": "TiltSeriesMicrograph.section",
        "TiltAngle": "TiltSeriesMicrograph.nominal_tilt_angle",
        "ExposureDose": "TiltSeriesMicrograph.exposure_dose",
        "PriorRecordDose": "TiltSeriesMicrograph.accumulated_dose",
        "ExposureTime": "TiltSeriesMicrograph.exposure_time",
        "DateTime": "TiltSeriesMicrograph.acquisition_time",
        "StagePosition": "TiltSeriesMicrograph.stage_position",
        "ImageShift": "TiltSeriesMicrograph.image_shift",
        "SubFramePath": "MovieStack.path",
        "NumSubFrames": "MovieStack.raw_frame_count",
        "GainReference": "GainFile.path",
        "TargetDefocus": "ImagingParameters.nominal_defocus_min",
        "Magnification": "ImagingParameters.nominal_magnification",
        "FilterSlitAndLoss": "ImagingParameters.energy_filter",
    },
)
