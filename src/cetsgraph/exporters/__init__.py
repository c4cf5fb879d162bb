"""Exporters: alignments of a data set in the files of the programs that work with them.

>>> from cetsgraph.model import DataSet
>>> export(DataSet(name="A"), "imod").files
{}
"""

from cetsgraph.exporters.exporting import EXPORTERS, Exported, export

__all__ = ["EXPORTERS", "Exported", "export"]
