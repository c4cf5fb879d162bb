"""The questions that ship with the package: one `.rq` file and one typed function each.

    for row in tomograms_by_voxel_size(store, minimum=10, maximum=14):
        print(row.tomogram, row.voxel_size_x)

`run` runs the same query by name and gives dictionaries, for commands and for queries of one's own.
"""

from cetsgraph.queries import typed
from cetsgraph.queries.file import Column, Parameter, Query, RowClass, load, names, parse
from cetsgraph.queries.rows import Row, RowPage, Rows, paged, run
from cetsgraph.queries.terms import Cell, Value, ValueKind
from cetsgraph.queries.typed import *  # noqa: F403  its names are derived, and all public

__all__ = [
    "Cell",
    "Column",
    "Parameter",
    "Query",
    "Row",
    "RowClass",
    "RowPage",
    "Rows",
    "Value",
    "ValueKind",
    "load",
    "names",
    "paged",
    "parse",
    "run",
]
__all__ += typed.__all__
