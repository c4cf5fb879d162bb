"""A store by where it is: a directory, or the URL of an endpoint."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Literal

from cetsgraph.errors import StoreError
from cetsgraph.store.base import Store
from cetsgraph.store.local import LocalStore

if TYPE_CHECKING:
    import httpx

__all__ = ["open_store"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def open_store(
    location: str | os.PathLike[str],
    mode: Literal["r", "w"] = "r",
    *,
    base: str | None = None,
    archive: str | None = None,
    update_url: str | None = None,
    transport: httpx.BaseTransport | None = None,
) -> Store:
    """Open the store in a directory, or behind the http or https URL of a SPARQL 1.1 endpoint.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, open_store(folder, "w") as store:
    ...     store.graphs()
    []

    Args:
        location: directory or URL.
        mode: `w` to change it. An endpoint decides on each request whether it may change it.
        base: what IRIs of data sets start with; fixed when the store is created.
        archive: name of the archive; fixed when the store is created.
        update_url: where an endpoint takes updates, if not at the address for queries.
        transport: what carries requests to an endpoint instead of the network, such as
            `httpx.MockTransport` in a test.

    Raises:
        StoreError: as :meth:`LocalStore.open` and :class:`RemoteStore` say; a URL that is not http or https,
            or no name at all.
    """
    place = os.fspath(location)
    if not place:
        raise StoreError("there is no name of a store", location="''", expected="a directory or a URL")
    if _SCHEME.match(place) is None:
        if update_url is not None:
            raise StoreError("a directory has no address for updates", location=place, found=update_url)
        return LocalStore.open(place, mode, base=base, archive=archive)
    from cetsgraph.store.remote import RemoteStore

    return RemoteStore(place, base=base, archive=archive, update_url=update_url, transport=transport)
