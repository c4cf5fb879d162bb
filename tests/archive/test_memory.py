"""Memory of a load stays flat, however many documents come."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

resource = pytest.importorskip("resource", reason="the system does not tell how much memory was used")

LOAD = """
import resource, sys
from cetsgraph import archive
loading = archive.load(sys.argv[1], sys.argv[2])
assert not loading.failures
print(len(loading.data_sets), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _documents(folder: Path, count: int) -> Path:
    folder.mkdir()
    images = [{"id": f"image-{number}", "nominal_tilt_angle": float(number)} for number in range(4)]
    for number in range(count):
        region = {"id": "TS_01", "tilt_series": [{"id": "TS_01", "images": images}]}
        (folder / f"{number:03}.json").write_text(json.dumps({"name": f"S{number:03}", "regions": [region]}))
    return folder


def _peak_of_loading(store: Path, folder: Path, count: int) -> int:
    command = [sys.executable, "-c", LOAD, str(store), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded, peak = map(int, done.stdout.split())
    assert loaded == count
    return peak


def test_many_documents_take_no_more_memory_than_some(tmp_path: Path) -> None:
    some, many = (
        _peak_of_loading(tmp_path / f"store-{count}", _documents(tmp_path / f"{count}", count), count)
        for count in (50, 500)
    )
    assert many < 1.2 * some
