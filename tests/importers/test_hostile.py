"""Files that would fill the memory, or say what is no number, are refused; nothing beside them is lost."""

import json
import struct
from pathlib import Path

import pytest
from hostile_files import SAMPLES, write

from cetsgraph.archive import get, load, records
from cetsgraph.importers import Options, claims, import_from
from cetsgraph.importers.registry import importer_called
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import Image2D
from cetsgraph.store import LocalStore


def zarr_group(scale: list[float], array: str) -> bytes:
    """The description of an image of 10 Å, y first, with factors on top."""

    def factors(numbers: list[float]) -> list[object]:
        return [{"type": "scale", "scale": numbers}]

    axes = [{"name": name, "type": "space", "unit": "angstrom"} for name in "yx"]
    arrays = [{"path": array, "coordinateTransformations": factors([10, 10])}]
    image = {"axes": axes, "datasets": arrays, "coordinateTransformations": factors(scale)}
    return json.dumps({"multiscales": [image]}).encode()


@pytest.mark.parametrize("kind", SAMPLES)
def test_hostile_files_are_refused_with_their_lines_and_the_good_one_is_loaded(
    kind: str, tmp_path: Path
) -> None:
    bad = write(kind, tmp_path / "all")
    store = LocalStore.memory()
    loading = load(store, tmp_path / "all")
    said = {Path(failure.path).name: failure.line for failure in loading.failures}  # type: ignore[union-attr]
    assert set(said) == bad
    assert {name for name, line in said.items() if line is None} <= {f"gz-{SAMPLES[kind][0]}.gz"}
    (good,) = loading.data_sets
    (alone,) = import_from(tmp_path / "all" / SAMPLES[kind][0]).documents
    assert get(store, good.record.name).dataset.regions == alone.dataset.regions
    assert loading.passed_over == ()


def test_a_folder_of_everything_is_sorted_out(tmp_path: Path) -> None:
    """Files of all kinds in one folder: each is one importer's, refused, or counted."""
    folder = tmp_path / "all"
    folder.mkdir()
    bad: set[str] = set()
    for kind in SAMPLES:
        bad |= {f"{kind}-{name}" for name in write(kind, tmp_path / kind)}
        for path in (tmp_path / kind).iterdir():
            path.rename(folder / f"{kind}-{path.name}")
    (folder / "notes.txt").write_text("nothing")
    found = claims([folder])
    claimed = [path for claim in found.claims for path in claim.files]
    assert len(claimed) == len(set(claimed))
    store, alone = LocalStore.memory(), LocalStore.memory()
    loading = load(store, folder)
    assert {Path(str(failure.path)).name for failure in loading.failures} == bad
    assert [path.name for path in loading.passed_over] == ["notes.txt"]
    load(alone, *(folder / f"{kind}-{name}" for kind, (name, _) in SAMPLES.items()))
    assert region_ids(store) == region_ids(alone)


LONG = "v" * 300
MRC_HEADER = struct.pack("<10i", 4, 4, 4, 2, 0, 0, 0, 4, 4, 4).ljust(208, b"\0") + b"MAP DD\0\0"
ROW = b"1 " * 35 + b"\n"
LONG_NAMES = {
    "a volume of Dynamo": {"a.tbl": ROW, "a.doc": f"1 {LONG}.mrc\n".encode()},
    "a volume beside": {f"{LONG[:249]}.tbl": ROW, f"{LONG[:249]}.mrc": MRC_HEADER.ljust(1024, b"\0")},
    "an array": {"a.zarr/.zattrs": zarr_group([1, 1], LONG)},
}
"""Files whose names, or names in them, become longer than those of files can be."""


@pytest.mark.parametrize("case", LONG_NAMES)
def test_names_that_no_file_can_have_are_those_of_files_that_are_not_there(case: str, tmp_path: Path) -> None:
    (tmp_path / "a.zarr").mkdir()
    for name, content in LONG_NAMES[case].items():
        (tmp_path / name).write_bytes(content)
    found = import_from(tmp_path)
    assert len(found.documents) == 1 and not found.failures


@pytest.mark.parametrize("scale", [[-1, 1], [0, 1]])
def test_a_size_that_no_pixel_has_is_a_finding(scale: list[float], tmp_path: Path) -> None:
    (folder := tmp_path / "a.zarr").mkdir()
    (folder / ".zattrs").write_bytes(zarr_group(scale, "0"))
    (document,) = import_from(tmp_path, lenient=True).documents
    image = next(one for one in document.dataset.walk() if isinstance(one, Image2D))
    assert (image.pixel_size_x, image.pixel_size_y) == (10, None)
    assert [one.pointer for one in document.skipped] == ["/multiscales/0/axes/0/unit"] * (scale[0] != 0)


BROKEN = {
    "picks": ("{}.mod", b"IMODV1.2" + b"\0" * 100),
    "mrc": ("{}.mrc", struct.pack("<3i", 0, 4, 4) + MRC_HEADER[12:].ljust(1012, b"\0")),
    "eman2": ("{}_info.json", b'{"tlt_params": 5, "apix_unbin": 1, "tlt_params": [[1, 2, 3, 4, 5]]'),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_all_broken_files_are_found_when_they_are_read_once(kind: str, tmp_path: Path) -> None:
    name, content = BROKEN[kind]
    for number in range(5):
        (tmp_path / name.format(number)).write_bytes(content)
    (claim,) = claims([tmp_path], importer=kind).claims
    session = ImportSession(claim, Options(), "")
    importer_called(kind).dataset(session)
    assert {Path(error.path).name for error in session.broken} == {name.format(number) for number in range(5)}


def region_ids(store: LocalStore) -> list[str | None]:
    """Of all data sets of a store."""
    return sorted(region.id for one in records(store) for region in get(store, one.name).dataset.regions)
