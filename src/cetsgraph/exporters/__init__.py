"""Exporters: alignments and points of a data set in the files of the programs that work with them.

>>> from cetsgraph.model import DataSet
>>> export(DataSet(name="A"), "imod").files
{}
"""

from cetsgraph.exporters.exporting import EXPORTERS, Exported, export
from cetsgraph.exporters.options import PointOptions

__all__ = ["EXPORTERS", "Exported", "PointOptions", "export"]
