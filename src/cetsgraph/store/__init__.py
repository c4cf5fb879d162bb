"""Stores of named graphs that answer SPARQL: a directory, memory, or an endpoint behind one interface."""

from cetsgraph.store.base import QueryAnswer, Settings, Solutions, Store, Triples, Writing
from cetsgraph.store.local import LocalStore

__all__ = ["Store", "LocalStore", "Settings", "Writing", "QueryAnswer", "Solutions", "Triples"]
