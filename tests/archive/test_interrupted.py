"""A load that is killed, and readers beside a load: every data set is absent or whole."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from cetsgraph import archive
from cetsgraph.namespaces import ONTOLOGY
from cetsgraph.store import LocalStore

LOADER = """
import sys
from cetsgraph import archive
from cetsgraph.model import DataSet, Region, TiltSeriesMicrograph, TiltSeriesMicrographStack, TiltSeriesSet
from cetsgraph.model import TomoImageSet
from cetsgraph.documents import Document
from cetsgraph.store import LocalStore

def document(index, version):
    images = [TiltSeriesMicrograph(section=k, nominal_tilt_angle=float(version)) for k in range(24)]
    series = TiltSeriesSet(tilt_series=[TiltSeriesMicrographStack(micrographs=images)])
    imaging = TomoImageSet(tilt_series_sets=[series])
    dataset = DataSet(name=f"set-{index}", regions=[Region(tomo_image_sets=[imaging])])
    return Document(dataset=dataset, dialect="cetsgraph", form="DataSet")

with LocalStore.open(sys.argv[1], "w") as store:
    print("open", flush=True)
    for version in range(1000):
        archive.put_all(store, (document(index, version) for index in range(20)))
        print(version, flush=True)
"""


def loader(directory: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", LOADER, str(directory)],
        stdout=subprocess.PIPE,
        text=True,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def killed(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def check_whole(store: LocalStore) -> int:
    """Every graph has a record and as many triples as it says, all of one version of its data set."""
    records = archive.list(store)
    assert store.graphs() == sorted(
        [kept.dataset for kept in records] + ([archive.CATALOGUE, ONTOLOGY] if records else [])
    )
    for kept in records:
        assert kept.triples == sum(1 for _ in store.quads(kept.dataset))
        series = (
            archive.get(store, kept.dataset)
            .dataset.regions[0]
            .tomo_image_sets[0]
            .tilt_series_sets[0]
            .tilt_series
        )
        images = series[0].micrographs
        assert [image.section for image in images] == list(range(24))
        assert len({image.nominal_tilt_angle for image in images}) == 1
    return len(records)


def test_a_killed_load_leaves_each_data_set_absent_or_whole(tmp_path: Path) -> None:
    moments = random.Random(20261123)
    found = []
    for attempt in range(6):
        directory = tmp_path / f"store-{attempt % 3}"  # some are killed again and again
        process = loader(directory)
        if attempt % 3 == 2:
            assert process.stdout is not None
            assert process.stdout.readline() == "0\n"  # all data sets are there, and are being replaced
        time.sleep(moments.uniform(0, 0.6))
        killed(process)
        with LocalStore.open(directory) as store:
            found.append(check_whole(store))
        with LocalStore.open(directory, "w") as store:
            assert check_whole(store) == found[-1]
    assert found[2::3] == [20] * 2


def test_readers_beside_a_long_load_never_fail_and_see_whole_data_sets(tmp_path: Path) -> None:
    process = loader(tmp_path / "store")
    try:
        counts = []
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            with LocalStore.open(tmp_path / "store") as store:
                counts.append(check_whole(store))
        assert process.poll() is None
    finally:
        killed(process)
    assert counts == sorted(counts)
    assert counts[-1] == 20
