"""What differs between Linux, macOS and Windows: processors, locks, links, priorities, forks.

What one of them lacks is imported only where it is used, and each function works without it.
"""

import importlib
import os
import random
import secrets
import shutil
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol, Self

__all__ = [
    "CLAIMS",
    "LEASE",
    "Lock",
    "after_fork_in_child",
    "can_fork",
    "cpu_count",
    "link_or_copy",
    "lock",
    "lower_priority",
    "sync_folder",
]

LEASE, CLAIMS = ".lease", ".claims"
"""How names end of what stands beside a locked path, where the system does not lock the path itself."""

_SHARERS = 2**20
_TRIES = 5


def cpu_count() -> int:
    """How many processors this process may use.

    >>> cpu_count() >= 1
    True
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_fork() -> bool:
    """Whether the system makes a process as a copy of another."""
    return hasattr(os, "fork")


def after_fork_in_child(act: Callable[[], None]) -> None:
    """Call `act` in each process that is forked from this one."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=act)


def link_or_copy(source: Path, target: Path) -> None:
    """Give a file a second name, or copy it where the system or the disk has no hard links.

    Raises:
        OSError: neither can be done.
    """
    if hasattr(os, "link"):
        with suppress(OSError):
            os.link(source, target)
            return
    shutil.copyfile(source, target)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can say so."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lower_priority(process: int = 0, by: int = 10) -> bool:
    """Make a process, by default this one, less urgent to the system; False where that is not possible.

    Args:
        process: its number.
        by: steps of niceness, of which there are 20.
    """
    if not hasattr(os, "setpriority"):
        return False
    try:
        niceness = os.getpriority(os.PRIO_PROCESS, process)
        os.setpriority(os.PRIO_PROCESS, process, min(niceness + by, 19))
    except OSError:
        return False
    return True


class Lock(Protocol):
    """A lock that is held."""

    def release(self) -> None:
        """Let others have it."""

    def forget(self) -> None:
        """In a forked child: let go of it without ending the parent's lock."""


def lock(path: Path, *, shared: bool = False) -> Lock | None:
    """Lock a file or a folder, without waiting; None where others hold it.

    A lock ends with its process, however that ends.

    Args:
        path: a folder or file that is there.
        shared: hold it together with others that share it.

    Raises:
        OSError: the path is not there or cannot be opened, or its disk has no locks.
    """
    if _module("fcntl") is not None:
        return _Flock.take(path, shared)
    path.stat()
    if _module("msvcrt") is not None:
        return _ByteLock.take(path, shared)
    return _Claim.take(path, shared)


class _Flock:
    """A lock of Linux and macOS."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path, shared: bool) -> Self | None:
        """Take the lock of `flock`, which the system gives back with the process; None where it is held."""
        fcntl = _module("fcntl")
        try:
            descriptor = os.open(path, os.O_RDONLY if shared else os.O_RDWR)
        except IsADirectoryError:
            descriptor = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except OSError:
            os.close(descriptor)
            raise
        return cls(descriptor)

    def release(self) -> None:
        os.close(self._descriptor)

    forget = release  # the lock lasts until every process has closed it


class _ByteLock:
    """A lock of Windows, which locks bytes and not files: one of many to share, all of them to have it alone.

    Folders cannot be opened there, and of what is locked nothing can be read: a file beside it stands for it.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path, shared: bool) -> Self | None:
        """Lock one byte for sharing or all of them alone; None where that is held."""
        msvcrt = _module("msvcrt")
        start, size = (random.randrange(_SHARERS), 1) if shared else (0, _SHARERS)
        descriptor = os.open(path.with_name(f"{path.name}{LEASE}"), os.O_RDWR | os.O_CREAT, 0o666)
        os.lseek(descriptor, start, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, size)
        except OSError:
            os.close(descriptor)
            return None
        return cls(descriptor)

    def release(self) -> None:
        os.close(self._descriptor)  # Windows unlocks what a closed file had locked

    forget = release


class _Claim:
    """A lock where the system has none: files beside the path that name the processes which want it.

    Each process writes its claim before it reads those of others. So of two at once at least one gives way,
    and a claim of a process that has ended counts for nothing.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    @classmethod
    def take(cls, path: Path, shared: bool) -> Self | None:
        """Leave a file as a claim, and take it back where another process has one that excludes it."""
        claims = path.with_name(f"{path.name}{CLAIMS}")
        for _ in range(_TRIES if shared else 1):  # two that share may both have given way to one that left
            claims.mkdir(exist_ok=True)
            kind = "shared" if shared else "alone"
            file = claims / f"{kind}-{os.getpid()}-{socket.gethostname()}-{secrets.token_hex(8)}"
            file.touch(exist_ok=False)
            others = [other for other in claims.iterdir() if other != file and _alive(other)]
            if not any(not shared or other.name.startswith("alone") for other in others):
                return cls(file)
            file.unlink()
            time.sleep(random.uniform(0, 0.02))
        return None

    def release(self) -> None:
        self._file.unlink(missing_ok=True)

    def forget(self) -> None:
        pass


def _alive(claim: Path) -> bool:
    """Whether the process of a claim runs; a claim without one is removed."""
    process, _, host = claim.name.partition("-")[2].rpartition("-")[0].partition("-")
    if host != socket.gethostname():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        claim.unlink(missing_ok=True)
        return False
    except OSError:
        pass
    return True


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
