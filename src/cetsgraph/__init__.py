"""Cryo-electron tomography metadata (CETS) as one knowledge graph that can be searched.

>>> import cetsgraph
>>> document = cetsgraph.read(b'{"name": "A", "regions": [{"id": "TS_01", "tilt_series": []}]}')
>>> store = cetsgraph.LocalStore.memory()
>>> cetsgraph.archive.put(store, document).record.dataset
'https://w3id.org/cetsgraph/data/local/A'
>>> cetsgraph.queries.tomograms_by_voxel_size(store, minimum=10, maximum=14)[:]
[]

The functions here are the usual ways in: `read`, `write` and `convert` documents, `import_from` files of
programs and archives, `load` all of these into a store, `validate` them, `describe` an object of a store,
`search` several archives. The modules `archive`, `queries`, `ontologies`, `picks`, `importers`, `geometry`,
`model` and `errors` have the rest.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from cetsgraph.versions import __version__

if TYPE_CHECKING:
    from cetsgraph import archive, errors, geometry, importers, model, ontologies, picks, queries
    from cetsgraph.archive import Loading, load
    from cetsgraph.documents import Document, Written, convert, read, write
    from cetsgraph.errors import CetsGraphError
    from cetsgraph.federation import Federation, Source, search
    from cetsgraph.findings import Finding, Severity
    from cetsgraph.graph import decode, encode
    from cetsgraph.importers import import_from
    from cetsgraph.model import DataSet
    from cetsgraph.queries import Rows
    from cetsgraph.queries.describe import describe
    from cetsgraph.store import LocalStore, RemoteStore, Store, open_store
    from cetsgraph.validation import Report, validate

__all__ = [
    "read",
    "write",
    "convert",
    "import_from",
    "load",
    "validate",
    "describe",
    "search",
    "open_store",
    "encode",
    "decode",
    "archive",
    "queries",
    "ontologies",
    "picks",
    "importers",
    "geometry",
    "model",
    "errors",
    "Document",
    "Written",
    "DataSet",
    "Finding",
    "Severity",
    "Loading",
    "Report",
    "Rows",
    "Store",
    "LocalStore",
    "RemoteStore",
    "Federation",
    "Source",
    "CetsGraphError",
    "__version__",
]

_MODULES = ("archive", "errors", "geometry", "importers", "model", "ontologies", "picks", "queries")
_HOMES = {
    "read": "documents",
    "write": "documents",
    "convert": "documents",
    "Document": "documents",
    "Written": "documents",
    "import_from": "importers",
    "load": "archive",
    "Loading": "archive",
    "validate": "validation",
    "Report": "validation",
    "describe": "queries.describe",
    "Rows": "queries",
    "search": "federation",
    "Federation": "federation",
    "Source": "federation",
    "open_store": "store",
    "Store": "store",
    "LocalStore": "store",
    "RemoteStore": "store",
    "encode": "graph",
    "decode": "graph",
    "DataSet": "model",
    "Finding": "findings",
    "Severity": "findings",
    "CetsGraphError": "errors",
}
"""The module that each name is imported from when it is first used: who converts does not import a store."""


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"cetsgraph.{name}")
    if name in _HOMES:
        return getattr(import_module(f"cetsgraph.{_HOMES[name]}"), name)
    # With these, Python says which name is nearest.
    raise AttributeError(
        f"module 'cetsgraph' has no attribute {name!r}", name=name, obj=sys.modules[__name__]
    )


def __dir__() -> list[str]:
    return sorted(__all__)
