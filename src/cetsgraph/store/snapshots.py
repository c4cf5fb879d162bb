"""The newest state of a store, by its folder: kept from removal while it is in use."""

import os
import weakref
from dataclasses import dataclass
from pathlib import Path

from cetsgraph.store.base import Settings
from cetsgraph.store.directory import StoreDirectory

__all__ = ["Snapshot", "Snapshots"]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One committed state."""

    path: str
    """The folder that the engine opens."""
    tag: str
    """What tells this state from others, for as long as the store is at its place."""
    settings: Settings


class Snapshots:
    """Gives the store as it was committed last."""

    def __init__(self, directory: Path) -> None:
        self._directory = StoreDirectory(directory)
        self._named = os.fspath(directory / "format.json")
        self._newest: Snapshot | None = None
        self._state: tuple[int, int] | None = None

    def newest(self) -> Snapshot:
        """The newest state. Cheap where nothing has changed.

        Raises:
            StoreError: the store is gone, damaged, or of another version.
        """
        try:
            status = os.stat(self._named)
            state = (status.st_mtime_ns, status.st_ino)
        except FileNotFoundError:
            state = None
        if self._newest is None or self._state != state:
            settings = self._directory.record().settings
            path, lease = self._directory.lease_snapshot()
            self._newest = Snapshot(str(path), "-".join(f"{number:x}" for number in state or ()), settings)
            self._state = state
            weakref.finalize(self._newest, lease.release)
        return self._newest
