"""Peak memory of loading, as the number of documents grows; each measured in a process of its own."""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from corpus import load
from documents import tomobabel, write
from measures import Measure

__all__ = ["memory"]


def memory(few: int = 20, many: int = 200) -> Iterator[Measure]:
    """Peak memory of loading many documents of one size, against few of them."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(write(Path(folder), tomobabel(index))) for index in range(many)]
        peaks = [_peak(paths[:number]) for number in (few, many)]
    ratio = peaks[1] / peaks[0]
    what = f"peak memory of loading {many} documents"
    yield Measure(f"{many} documents", what, f"{few} documents", ratio, target="≤ 1.5", met=ratio <= 1.5)


def _peak(paths: list[str]) -> int:
    loading = subprocess.run(
        [sys.executable, __file__], input=json.dumps(paths), capture_output=True, text=True, check=True
    )
    return int(loading.stdout)


def _load_and_report(paths: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        load(Path(folder, "store"), map(Path, paths))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    _load_and_report(json.load(sys.stdin))
