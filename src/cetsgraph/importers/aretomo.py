"""The importer of AreTomo's files."""

from cetsgraph.importers.importer import Importer
from cetsgraph.importers.tilt_series import FAMILY
from cetsgraph.importers.tilt_series.aretomo import ARETOMO
from cetsgraph.importers.tilt_series.bundles import gather
from cetsgraph.importers.tilt_series.regions import regions

__all__ = ["IMPORTER"]

IMPORTER = Importer(
    name="aretomo",
    mapping=1,
    evidence="a first line # AreTomo Alignment, or # Columns: #1 micrograph number in a file _CTF.txt",
    recognise=ARETOMO.recognise,
    gather=gather,
    regions=regions,
    family=FAMILY,
    partners=("imod", "mdoc"),
)
