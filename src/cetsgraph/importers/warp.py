"""The importer of Warp's files."""

from cetsgraph.importers.importer import Importer
from cetsgraph.importers.tilt_series import FAMILY
from cetsgraph.importers.tilt_series.bundles import gather
from cetsgraph.importers.tilt_series.regions import regions
from cetsgraph.importers.tilt_series.warp import WARP

__all__ = ["IMPORTER"]

IMPORTER = Importer(
    name="warp",
    mapping=1,
    evidence="XML with <TiltSeries and <Angles>, or a STAR column _wrpMovieName",
    recognise=WARP.recognise,
    gather=gather,
    regions=regions,
    family=FAMILY,
    partners=("mdoc",),
    mapped={
        "Angles": "ProjectionAlignment.y_tilt",
        "Dose": "TiltSeriesMicrograph.accumulated_dose",
        "UseTilt": "TiltSeriesMicrograph.excluded",
        "AxisAngle": "ProjectionAlignment.z_rotation",
        "AxisOffsetX": "ProjectionAlignment.shift",
        "@LevelAngleX": "ProjectionAlignment.x_tilt",
        "MoviePath": "MovieStack.path",
        "CTF/PixelSize": "TiltSeriesMicrograph.pixel_size",
        "CTF/Voltage": "TiltSeriesMicrographStack.accelerating_voltage",
        "CTF/Cs": "TiltSeriesMicrographStack.spherical_aberration",
        "CTF/Amplitude": "TiltSeriesMicrographStack.amplitude_contrast",
        "GridCTF": "CTFMetadata.defocus_u",
        "GridCTFDefocusAngle": "CTFMetadata.defocus_angle",
        "GridCTFPhase": "CTFMetadata.phase_shift",
        "wrpMovieName": "MovieStack.path",
        "wrpDose": "TiltSeriesMicrograph.accumulated_dose",
    },
)
