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
)
