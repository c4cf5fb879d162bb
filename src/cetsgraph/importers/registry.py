"""The importers by name. A module is loaded when its importer is first needed."""

from functools import cache
from importlib import import_module

from cetsgraph.errors import CetsGraphError, did_you_mean, nearest
from cetsgraph.importers.importer import Importer

__all__ = ["IMPORTERS", "OF_JSON", "importer_called", "importers"]

_MODULES = {
    "mdoc": "mdoc",
    "imod": "imod",
    "aretomo": "aretomo",
    "warp": "warp",
    "relion": "relion",
    "portal-config": "portal_config",
}
"""Name of each importer → module of this package that has it as `IMPORTER`."""

IMPORTERS = tuple(_MODULES)
"""Names of all importers."""

OF_JSON = frozenset({"aretomo"})
"""Those that files of JSON can belong to: others are neither asked about these nor loaded."""


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


def importers(*, of_json: bool = False) -> list[Importer]:
    """All importers, or those that files of JSON can belong to.

    >>> [importer.name for importer in importers(of_json=True)]
    ['aretomo']
    """
    return [importer_called(name) for name in IMPORTERS if not of_json or name in OF_JSON]
