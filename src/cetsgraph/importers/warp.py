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
)
