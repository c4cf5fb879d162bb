"""The importer of CTFFIND's files."""

from cetsgraph.importers.importer import Importer
from cetsgraph.importers.tilt_series import FAMILY
from cetsgraph.importers.tilt_series.bundles import gather
from cetsgraph.importers.tilt_series.ctffind import CTFFIND
from cetsgraph.importers.tilt_series.regions import regions

__all__ = ["IMPORTER"]

IMPORTER = Importer(
    name="ctffind",
    mapping=1,
    evidence="a first line # Output from CTFFind version, and columns that begin with a micrograph number",
    recognise=CTFFIND.recognise,
    gather=gather,
    regions=regions,
    family=FAMILY,
    partners=("imod", "mdoc"),
    mapped={
        "defocus 1": "CTFMetadata.defocus_u",
        "azimuth": "CTFMetadata.defocus_angle",
        "phase shift": "CTFMetadata.phase_shift",
        "correlation": "CTFMetadata.fit_score",
        "spacing": "CTFMetadata.fit_resolution",
        "Pixel size": "TiltSeriesMicrograph.pixel_size",
        "acceleration voltage": "TiltSeriesMicrographStack.accelerating_voltage",
    },
)
