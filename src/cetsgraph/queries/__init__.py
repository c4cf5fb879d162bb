"""The questions that ship with the package: one `.rq` file and one typed function each.

    for row in tomograms_by_voxel_size(store, minimum=10, maximum=14):
        print(row.tomogram, row.voxel_size_x)

`run` runs the same query by name and gives dictionaries, for commands and for queries of one's own.
"""

import sys
from typing import TYPE_CHECKING, Any

from cetsgraph.queries import typed
from cetsgraph.queries.file import load, names, parse
from cetsgraph.queries.pages import RowPage, paged
from cetsgraph.queries.question import Column, Parameter, Query, RowClass, Scope
from cetsgraph.queries.rows import Row, Rows, run
from cetsgraph.queries.scope import ScopedPage
from cetsgraph.queries.terms import Cell, Value, ValueKind

if TYPE_CHECKING:
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
    "Scope",
    "ScopedPage",
    "Value",
    "ValueKind",
    "load",
    "names",
    "paged",
    "parse",
    "run",
]
__all__ += typed.__all__


def __getattr__(name: str) -> Any:
    """The typed functions and their rows are imported when they are first used."""
    if name in typed.__all__:
        return getattr(typed, name)
    # With these, Python says which name is nearest.
    raise AttributeError(
        f"module {__name__!r} has no attribute {name!r}", name=name, obj=sys.modules[__name__]
    )


def __dir__() -> list[str]:
    return sorted({*globals(), *typed.__all__})
