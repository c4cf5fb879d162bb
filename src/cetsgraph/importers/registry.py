"""The importers by name. A module is loaded when its importer is first needed."""

from functools import cache
from importlib import import_module

from cetsgraph.errors import UnknownName
from cetsgraph.importers.importer import Importer
from cetsgraph.texts import did_you_mean, nearest

__all__ = ["IMPORTERS", "importer_called", "importers"]

_MODULES = {
    "mdoc": "mdoc",
    "imod": "imod",
    "aretomo": "aretomo",
    "warp": "warp",
    "ctffind": "ctffind",
    "relion": "relion",
    "portal": "portal",
    "portal-files": "portal_files",
    "portal-config": "portal_config",
    "empiar": "empiar",
    "emdb": "emdb",
    "osc-em": "osc_em",
    "eman2": "eman2",
    "mrc": "mrc",
    "picks": "picks",
}
"""Name of each importer → module of this package that has it as `IMPORTER`."""

IMPORTERS = tuple(_MODULES)
"""Names of all importers."""


@cache
def importer_called(name: str) -> Importer:
    """The importer of a name.

    >>> importer_called("mdoc").version
    'mdoc/1'

    Raises:
        UnknownName: there is none.
    """
    if name not in _MODULES:
        raise UnknownName(
            f"there is no importer {name!r}",
            expected=", ".join(IMPORTERS),
            hint=did_you_mean(nearest(name, IMPORTERS)),
        )
    found: Importer = import_module(f"cetsgraph.importers.{_MODULES[name]}").IMPORTER
    return found


def importers() -> list[Importer]:
    """All importers."""
    return [importer_called(name) for name in IMPORTERS]
