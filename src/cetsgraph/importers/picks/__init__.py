"""Points of tomograms: portal, copick, Dynamo, STOPGAP, TOM, PEET, IMOD, and coordinates as text."""

from cetsgraph.extras import importing_extras
from cetsgraph.importers.importer import Importer
from cetsgraph.importers.picks.evidence import recognise
from cetsgraph.importers.picks.folders import gather
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import DataSet

__all__ = ["IMPORTER"]


def _dataset(session: ImportSession) -> DataSet:
    """The data set of a claim, which needs NumPy.

    Raises:
        DocumentError: a file cannot be read.
        ExtraNotInstalled: the packages of the extra `frames` are missing.
    """
    with importing_extras():
        from cetsgraph.importers.picks.dataset import dataset
    return dataset(session)


IMPORTER = Importer(
    name="picks",
    mapping=1,
    evidence="lines of JSON with a type of point, pickable_object_name, IMODV1.2, _motl_idx, "
    "26 columns of numbers in a .tbl, columns x, y, z",
    recognise=recognise,
    gather=gather,
    dataset=_dataset,
    partners=("relion",),
)
