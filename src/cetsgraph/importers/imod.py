"""The importer of IMOD's and etomo's files."""

from cetsgraph.importers.importer import Importer
from cetsgraph.importers.tilt_series import FAMILY
from cetsgraph.importers.tilt_series.bundles import gather
from cetsgraph.importers.tilt_series.imod import IMOD
from cetsgraph.importers.tilt_series.regions import regions

__all__ = ["IMPORTER"]

IMPORTER = Importer(
    name="imod",
    mapping=1,
    evidence="Setup.DatasetName= or $tilt -StandardInput; two of .xf .tlt .rawtlt .xtilt .defocus of a stem",
    recognise=IMOD.recognise,
    gather=gather,
    regions=regions,
    family=FAMILY,
    partners=("mdoc",),
    mapped={
        ".rawtlt": "TiltSeriesMicrograph.nominal_tilt_angle",
        ".tlt": "TiltSeriesMicrograph.refined_tilt_angle",
        ".xtilt": "ProjectionAlignment.x_tilt",
        ".xf, rotation": "ProjectionAlignment.z_rotation",
        ".xf, shift": "ProjectionAlignment.shift",
        ".defocus": "CTFMetadata.defocus_u",
        "OFFSET": "ProjectionAlignment.y_tilt",
        "XAXISTILT": "ProjectionAlignment.x_tilt",
        "EXCLUDELIST": "TiltSeriesMicrograph.excluded",
        "THICKNESS": "Tomogram.depth",
        "FULLIMAGE": "Tomogram.width",
        "Setup.PixelSize": "TiltSeriesMicrograph.pixel_size",
        "Setup.ImageRotationA": "TiltSeriesMicrographStack.tilt_axis_angle",
        "Setup.AxisA.ExcludeProjections": "TiltSeriesMicrograph.excluded",
    },
)
