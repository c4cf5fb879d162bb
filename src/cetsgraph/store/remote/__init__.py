"""A store behind a SPARQL 1.1 endpoint.

Raises ExtraNotInstalled on import where the packages of the extra `remote` are missing.
"""

from cetsgraph.errors import ExtraNotInstalled

try:
    from cetsgraph.store.remote.store import RemoteStore
except ModuleNotFoundError as error:
    if error.name not in ("httpx", "SPARQLWrapper"):
        raise
    raise ExtraNotInstalled(package=error.name, extra="remote") from error

__all__ = ["RemoteStore"]
