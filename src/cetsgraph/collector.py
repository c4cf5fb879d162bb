"""Python's collector of cycles, paused while something is built that has none, or that stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["lasting", "without_collector"]


@contextmanager
def without_collector() -> Iterator[None]:
    """Build a tree without the collector: looking for cycles in it takes longer than building it.

    >>> with without_collector():
    ...     gc.isenabled()
    False
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def lasting() -> Iterator[None]:
    """Import modules without the collector, which never looks at them again: they stay to the end."""
    with without_collector():
        yield
        gc.freeze()
