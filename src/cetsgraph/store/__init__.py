"""Stores of named graphs that answer SPARQL: a directory, memory, or an endpoint behind one interface."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cetsgraph.store.base import QueryAnswer, Settings, Solutions, Store, Triples, Writing
    from cetsgraph.store.local import LocalStore
    from cetsgraph.store.opening import open_store
    from cetsgraph.store.remote import RemoteStore

__all__ = [
    "Store",
    "LocalStore",
    "RemoteStore",
    "open_store",
    "Settings",
    "Writing",
    "QueryAnswer",
    "Solutions",
    "Triples",
]

_HOMES = {"LocalStore": "local", "RemoteStore": "remote", "open_store": "opening"}


def __getattr__(name: str) -> Any:
    """Import what is asked for: a query process starts with nothing but the reading of queries."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'base')}"), name)
