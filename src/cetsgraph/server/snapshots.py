"""The newest state of a store, opened once and changed when a writer commits another."""

import os
from pathlib import Path

from cetsgraph.store import LocalStore

__all__ = ["Snapshots"]


class Snapshots:
    """Gives the store as it was committed last; what was handed out stays readable until it is let go."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._named = directory / "format.json"
        self._stamp: tuple[int, int] | None = None
        self._store: LocalStore | None = None
        self.version = 0
        """Grows with every change that was seen; with `stamp` it names a state."""

    def newest(self) -> LocalStore:
        """The store in its newest state.

        Raises:
            StoreError: the store is gone, or damaged.
        """
        stamp = self._look()
        if self._store is None or stamp != self._stamp:
            opened = LocalStore.open(self._directory)
            self._store, self._stamp = opened, stamp
            self.version += 1
        return self._store

    @property
    def tag(self) -> str:
        """What tells this state from others, for as long as the store is at its place."""
        inode, changed = self._stamp or (0, 0)
        return f"{changed:x}-{inode:x}"

    def _look(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self._named)
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns
