"""What the server has at the moment, in Prometheus text format: its store, web workers and their memory.

Workers and memory are said where the system tells of processes in `/proc`, as Linux does.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cetsgraph.archive.counts import directory_size
from cetsgraph.errors import StoreError
from cetsgraph.store.snapshots import Snapshots

__all__ = ["gauges"]

_RESIDENT = 1  # place in statm of the pages that are in memory


def gauges(counts: Path, snapshots: Snapshots) -> str:
    """Bytes of a store, web workers that run, and bytes that these have in memory.

    Args:
        counts: folder that has files of each worker, by the number of its process.
        snapshots: the store; nothing is said of one that cannot be read.
    """
    lines: list[str] = []
    with suppress(StoreError):
        size = directory_size(Path(snapshots.newest().path))
        lines += _gauge("store_bytes", "Size of the store's newest state.", size)
    if Path("/proc/self/statm").exists():
        memory = [*_memory(counts)]
        lines += _gauge("workers", "Web workers that run.", len(memory))
        lines += _gauge("workers_memory_bytes", "Memory of the web workers.", sum(memory))
    return "".join(lines)


def _gauge(name: str, meaning: str, number: int) -> Iterator[str]:
    yield f"# HELP cetsgraph_{name} {meaning}\n# TYPE cetsgraph_{name} gauge\n"
    yield f"cetsgraph_{name} {number}\n"


def _memory(counts: Path) -> Iterator[int]:
    """Bytes in memory of each worker that runs."""
    for file in counts.glob("histogram_*.db"):
        try:
            pages = (
                Path(f"/proc/{file.stem.removeprefix('histogram_')}/statm")
                .read_text(encoding="ascii")
                .split()[_RESIDENT]
            )
        except (OSError, IndexError):
            continue  # it has ended
        yield int(pages) * os.sysconf("SC_PAGE_SIZE")
