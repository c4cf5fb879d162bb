"""Cryo-electron tomography metadata (CETS) as one knowledge graph that can be searched.

from cetsgraph import LocalStore, archive, queries, read

with LocalStore.open("my-store", "w") as store:
    archive.put(store, read("EMPIAR-12104.json"))
    rows = queries.tomograms_by_voxel_size(store, minimum=10, maximum=14)
"""

from typing import TYPE_CHECKING, Any

from cetsgraph.versions import __version__

if TYPE_CHECKING:
    from cetsgraph import archive, errors, model, queries
    from cetsgraph.archive import Loading
    from cetsgraph.documents import Document, read, write
    from cetsgraph.federation import Federation, Source
    from cetsgraph.graph import decode, encode
    from cetsgraph.store import LocalStore, RemoteStore, Store, open_store
    from cetsgraph.validation import Report, validate

__all__ = [
    "Document",
    "Federation",
    "Loading",
    "LocalStore",
    "RemoteStore",
    "Report",
    "Source",
    "Store",
    "__version__",
    "archive",
    "decode",
    "encode",
    "errors",
    "model",
    "open_store",
    "queries",
    "read",
    "validate",
    "write",
]

_MODULES = ("archive", "errors", "model", "queries")
_HOMES = {
    "decode": "graph",
    "encode": "graph",
    "Federation": "federation",
    "Source": "federation",
    "Loading": "archive",
    "Document": "documents",
    "read": "documents",
    "write": "documents",
    "Report": "validation",
    "validate": "validation",
    "LocalStore": "store",
    "RemoteStore": "store",
    "Store": "store",
    "open_store": "store",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for: one who only converts documents does not wait for the store."""
    from importlib import import_module

    if name in _MODULES:
        return import_module(f"cetsgraph.{name}")
    if name in _HOMES:
        return getattr(import_module(f"cetsgraph.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'cetsgraph' has no attribute {name!r}")
