"""Regions that wait on disk, so that a data set of thousands takes the memory of one."""

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack

from cetsgraph.model import Region

__all__ = ["RegionSpool"]

_IN_MEMORY = 8 * 2**20
"""Bytes up to which nothing is written to disk."""


class RegionSpool:
    """Regions one after the other, which can be gone through any number of times until it is closed.

    >>> spool = RegionSpool([Region(id="TS_01"), Region(id="TS_02")])
    >>> [region.id for _ in range(2) for region in spool]
    ['TS_01', 'TS_02', 'TS_01', 'TS_02']
    >>> spool.close()
    """

    def __init__(self, regions: Iterable[Region]) -> None:
        self._count = 0
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed by `close`
        with ExitStack() as unfinished:
            unfinished.callback(self.close)
            for region in regions:
                pickle.dump(region, self._file, pickle.HIGHEST_PROTOCOL)
                self._count += 1
            unfinished.pop_all()

    def __iter__(self) -> Iterator[Region]:
        place = 0
        for _ in range(self._count):
            self._file.seek(place)
            region: Region = pickle.load(self._file)
            place = self._file.tell()
            yield region

    def close(self) -> None:
        """Give back the space."""
        self._file.close()
