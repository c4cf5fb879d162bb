"""The importers by name. A module is loaded when its importer is first needed."""

import re
from functools import cache
from importlib import import_module

from cetsgraph.errors import CetsGraphError, did_you_mean, nearest
from cetsgraph.importers.importer import Importer

__all__ = ["IMPORTERS", "OF_JSON", "importer_called", "importers", "importers_of_json"]

_MODULES = {
    "mdoc": "mdoc",
    "imod": "imod",
    "aretomo": "aretomo",
    "warp": "warp",
    "relion": "relion",
    "portal-config": "portal_config",
    "empiar": "empiar",
    "emdb": "emdb",
}
"""Name of each importer → module of this package that has it as `IMPORTER`."""

IMPORTERS = tuple(_MODULES)
"""Names of all importers."""

OF_JSON = {
    "aretomo": re.compile('"AreTomo'),
    "empiar": re.compile(r'\A\s*\{\s*"EMPIAR-|"experiment_type"|"num_images_or_tilt_series"'),
    "emdb": re.compile('"emdb_id"'),
}
"""Those that files of JSON can belong to, and what each file has near its beginning that one recognises."""


@cache
def importer_called(name: str) -> Importer:
    """The importer of a name.

    >>> importer_called("mdoc").version
    'mdoc/1'

    Raises:
        CetsGraphError: there is none.
    """
    if name not in _MODULES:
        raise CetsGraphError(
            f"there is no importer {name!r}",
            expected=", ".join(IMPORTERS),
            hint=did_you_mean(nearest(name, IMPORTERS)),
        )
    found: Importer = import_module(f"cetsgraph.importers.{_MODULES[name]}").IMPORTER
    return found


def importers() -> list[Importer]:
    """All importers."""
    return [importer_called(name) for name in IMPORTERS]


def importers_of_json(text: str) -> list[Importer]:
    """The importers that a file of JSON can belong to; others are not loaded for one.

    >>> [importer.name for importer in importers_of_json('{"AreTomo3": ')], importers_of_json("{}")
    (['aretomo'], [])

    Args:
        text: its beginning.
    """
    return [importer_called(name) for name, mark in OF_JSON.items() if mark.search(text)]
