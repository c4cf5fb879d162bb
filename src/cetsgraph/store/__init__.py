"""Stores of named graphs that answer SPARQL: a directory, memory, or an endpoint behind one interface."""

from typing import TYPE_CHECKING, Any

from cetsgraph.store.base import QueryAnswer, Settings, Solutions, Store, Triples, Writing
from cetsgraph.store.local import LocalStore
from cetsgraph.store.opening import open_store

if TYPE_CHECKING:
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


def __getattr__(name: str) -> Any:
    """Import what speaks HTTP only where it is asked for."""
    if name == "RemoteStore":
        from cetsgraph.store.remote import RemoteStore

        return RemoteStore
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
