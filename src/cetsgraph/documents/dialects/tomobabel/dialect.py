"""Dialect A (`tomobabel`): nested objects without ids; coordinates in angstrom from the image centre.

A `MovieStackSet` holds the movies of one tilt series, gain and defect file, and the tilt series made from
them, which hold their tomograms. The model has these side by side, joined by references; so what is said by
nesting here is a reference to a place there (`#/regions/0/…`), and back. Facts: the classes published in
TomoBabel/TomoBabel, `src/tomobabel/models`.
"""

from cetsgraph.documents.dialects.mapping import Dialect, tables_in
from cetsgraph.documents.dialects.tomobabel import annotations, images, imaging, nesting, regions
from cetsgraph.documents.dialects.tomobabel.fragments import read_root, recognise, write_root
from cetsgraph.documents.dialects.tomobabel.regions import DATA_SET

__all__ = ["TOMOBABEL"]

TOMOBABEL = Dialect(
    "tomobabel",
    recognise,
    read_root,
    write_root,
    root=lambda: DATA_SET,
    tables=lambda: tables_in(regions, images, imaging, nesting, annotations),
)
