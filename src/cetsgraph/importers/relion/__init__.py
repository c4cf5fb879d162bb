"""STAR files of RELION 3, 4 and 5 and of WarpTools: tilt series, tomograms, particles, optimisation sets."""

from cetsgraph.importers.importer import Importer
from cetsgraph.importers.relion.dataset import dataset
from cetsgraph.importers.relion.projects import gather, recognise

__all__ = ["IMPORTER"]

IMPORTER = Importer(
    name="relion",
    mapping=1,
    evidence="a STAR column such as _rlnTomoTiltSeriesStarFile, _rlnTomoYTilt or _rlnCoordinateZ",
    recognise=recognise,
    gather=gather,
    dataset=dataset,
)
