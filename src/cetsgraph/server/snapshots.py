"""The newest state of a store, by its folder: kept from removal for as long as somebody uses it."""

import os
import weakref
from dataclasses import dataclass
from pathlib import Path

from cetsgraph.store import Settings
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
        self.location = str(directory)
        self._named = directory / "format.json"
        self._stamp: tuple[int, int] | None = None
        self._newest: Snapshot | None = None

    def newest(self) -> Snapshot:
        """The newest state. Cheap where nothing has changed.

        Raises:
            StoreError: the store is gone, damaged, or of another version.
        """
        stamp = self._look()
        if self._newest is None or stamp != self._stamp:
            self._newest, self._stamp = self._leased(stamp), stamp
        return self._newest

    def _leased(self, stamp: tuple[int, int] | None) -> Snapshot:
        settings = self._directory.record().settings
        path, lease = self._directory.lease_snapshot()
        inode, changed = stamp or (0, 0)
        snapshot = Snapshot(str(path), f"{changed:x}-{inode:x}", settings)
        weakref.finalize(snapshot, lease.release)
        return snapshot

    def _look(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self._named)
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns
