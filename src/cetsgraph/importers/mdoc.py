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
)
