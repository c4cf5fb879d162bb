"""A store behind a SPARQL 1.1 endpoint."""

from cetsgraph.store.remote.store import RemoteStore

__all__ = ["RemoteStore"]
