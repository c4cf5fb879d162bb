"""The stores that commands open."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cetsgraph.store import Store

__all__ = ["changing", "loaded_into", "reading"]


@contextmanager
def reading(location: str) -> "Iterator[Store]":
    """A store that is open for reading until the block ends."""
    from cetsgraph.store import open_store

    with open_store(location) as store:
        yield store


@contextmanager
def changing(location: str, update_url: str | None = None) -> "Iterator[Store]":
    """The store that is there, open to be changed; none is made."""
    from cetsgraph.store import open_store

    open_store(location, update_url=update_url).close()
    with open_store(location, "w", update_url=update_url) as store:
        yield store


@contextmanager
def loaded_into(
    location: str, dry_run: bool, *, base: str | None, archive: str | None, update_url: str | None
) -> "Iterator[Store]":
    """The store to load into; for a dry run the one that is there, or an empty one."""
    from cetsgraph.errors import StoreNotFound
    from cetsgraph.store import LocalStore, open_store

    mode: Literal["r", "w"] = "r" if dry_run else "w"
    try:
        opened = open_store(location, mode, base=base, archive=archive, update_url=update_url)
    except StoreNotFound:
        opened = LocalStore.memory(base=base, archive=archive)
    with opened as store:
        yield store
