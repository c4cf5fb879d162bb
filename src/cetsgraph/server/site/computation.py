"""What a query process makes of the store by a function: a page, a description, an array."""

from collections.abc import Callable, Sequence
from typing import Any

import pyoxigraph as ox

from cetsgraph.server.query_process import Output
from cetsgraph.store import LocalStore, Settings

__all__ = ["Make", "compute"]

Make = Callable[..., str | bytes]
"""A function of a module, which gets a :class:`cetsgraph.store.Store` first."""


def compute(
    engine: ox.Store, output: Output, settings: Settings, media_type: str, make: Make, given: Sequence[Any]
) -> None:
    """What a function makes of the store and other arguments."""
    output.begin(media_type)
    made = make(LocalStore(engine, settings), *given)
    output.write(made.encode() if isinstance(made, str) else made)
