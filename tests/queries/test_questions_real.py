"""The questions across real documents of two dialects, against what their JSON says."""

import json
import statistics
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from cetsgraph import queries
from cetsgraph.archive import put
from cetsgraph.documents import read
from cetsgraph.store import LocalStore

pytestmark = pytest.mark.real_data

Images = list[dict[str, Any]]


@pytest.fixture(scope="module")
def documents(shared_data: Path) -> tuple[Path, Path]:
    return (
        shared_data / "cets-data-model" / "EMPIAR-12104.json",
        shared_data / "tomobabel" / "ctf_all_tilt_series.json",
    )


@pytest.fixture(scope="module")
def store(documents: tuple[Path, Path]) -> LocalStore:
    store = LocalStore.memory()
    for path in documents:
        put(store, read(path))
    return store


@pytest.fixture(scope="module")
def series(documents: tuple[Path, Path]) -> dict[str, Images]:
    """Images of each tilt series by its id or key."""
    cell, by_name = (json.loads(path.read_text(encoding="utf-8")) for path in documents)
    found = {one["id"]: one["images"] for region in cell["regions"] for one in region["tilt_series"]}
    return found | {name: stack["micrographs"] for name, stack in by_name.items()}


def test_tilt_schemes(store: LocalStore, series: dict[str, Images]) -> None:
    rows = {row.name: row for row in queries.tilt_schemes(store)}
    assert rows.keys() == series.keys()
    for name, images in series.items():
        angles = sorted(image["nominal_tilt_angle"] for image in images)
        steps = [after - before for before, after in pairwise(angles)]
        row = rows[name]
        assert (row.tilts, row.minimum, row.maximum) == (len(images), angles[0], angles[-1])
        assert row.step == pytest.approx(statistics.median(steps), rel=1e-12)


def test_doses(store: LocalStore, series: dict[str, Images]) -> None:
    doses = {
        name: max(image.get("total_accumulated_dose") or image["accumulated_dose"] for image in images)
        for name, images in series.items()
    }
    for maximum in (*doses.values(), 120.0):
        rows = queries.tilt_series_by_dose(store, maximum=maximum)
        assert {row.name: row.dose for row in rows} == {
            name: dose for name, dose in doses.items() if dose <= maximum
        }


def test_defocus(store: LocalStore, series: dict[str, Images]) -> None:
    rows = {row.name: row for row in queries.defocus_ranges(store)}
    for name, images in series.items():
        known = [image["ctf_metadata"] for image in images if image["ctf_metadata"]]
        defoci = [ctf[key] for ctf in known for key in ("defocus_u", "defocus_v")]
        row = rows[name]
        assert (row.images, row.images_with_ctf) == (len(images), len(known))
        assert (row.minimum, row.maximum) == ((min(defoci), max(defoci)) if defoci else (None, None))


def test_a_voxel_size_of_13_7_is_found_though_written_in_single_precision(store: LocalStore) -> None:
    (row,) = queries.tomograms_by_voxel_size(store, minimum=13.7, maximum=13.7)
    assert (row.name, row.width, row.height, row.depth) == ("Control_TS_006_tomogram", 1022, 1440, 500)
    assert row.voxel_size_x == 13.699999809265137


def test_lineage(store: LocalStore) -> None:
    (tomogram,) = queries.tomograms_by_voxel_size(store, minimum=13, maximum=14)
    rows = queries.tomogram_lineage(store, tomogram=tomogram.tomogram)
    levels = [row.level for row in rows]
    assert [levels.count(level) for level in (1, 2, 3, 4)] == [1, 50, 50, 500]


def test_summary(store: LocalStore, documents: tuple[Path, Path]) -> None:
    rows = {Path(row.source or "").name: row for row in queries.dataset_summary(store)}
    cell, by_name = (rows[path.name] for path in documents)
    assert (cell.name, cell.regions, cell.tilt_series, cell.tomograms) == ("EMPIAR-12104", 1, 1, 1)
    assert (by_name.name, by_name.tilt_series, by_name.tomograms) == ("ctf_all_tilt_series", 5, 0)
    assert all(row.triples == sum(1 for _ in store.quads(row.dataset)) for row in rows.values())


def test_regions(store: LocalStore) -> None:
    rows = queries.region_completeness(store)
    assert sorted((row.movies, row.tilt_series, row.tilt_images, row.images_with_ctf) for row in rows) == [
        (0, 5, 5 * 41, 5 * 41),
        (50, 1, 50, 0),
    ]


def test_questions_about_what_is_not_there(store: LocalStore) -> None:
    assert queries.tomograms_with_fitmap(store) == []
    assert queries.masks_and_points(store) == []
    assert queries.dangling_references(store) == []
    assert queries.tomograms_by_point_count(store, object="ribosome", minimum=0) == []


def test_text(store: LocalStore, series: dict[str, Images]) -> None:
    paths = [image["path"] for image in series["TS_45"]]
    rows = queries.annotations_by_text(store, word=["FRAMES", "ts_45", ".mrc"])
    assert sorted(row.path or "" for row in rows) == sorted(paths)
