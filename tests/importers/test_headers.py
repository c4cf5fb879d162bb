"""Sessions of OSC-EM, info files of EMAN2, and headers of images: MRC and OME-Zarr."""

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from cetsgraph.archive import load
from cetsgraph.documents import Document
from cetsgraph.importers import claims, import_from
from cetsgraph.model import DataSet, Tomogram
from cetsgraph.store import LocalStore
from cetsgraph.validation import validate


def imported(*paths: Path, importer: str | None = None) -> Document:
    found = import_from(*paths, importer=importer)
    assert not found.failures
    (document,) = found.documents
    return document


def tomograms(dataset: DataSet) -> list[Tomogram]:
    sets = [
        one for region in dataset.regions for images in region.tomo_image_sets for one in images.tomogram_sets
    ]
    return [tomogram for one in sets for tomogram in one.tomograms]


def test_a_session_of_osc_em(shared_data: Path) -> None:
    document = imported(shared_data / "import/osc-em/example_valid_cellular_tomo.yaml")
    found = document.dataset
    assert [(one.name, one.affiliation) for one in found.authors] == [
        ("John Doe", "University of Blub"),
        ("Jane Doe", "University of Blub"),
    ]
    assert (found.organism, found.funding[0].grant) == ("Mus Musculus", "SNF321")
    (images,) = found.regions[0].tomo_image_sets
    assert images.imaging is not None
    assert (images.imaging.accelerating_voltage, images.imaging.spherical_aberration) == (300, 2.7)
    assert images.imaging.c2_aperture_diameter == 70, "µm, not the SI value beside it"
    series = images.tilt_series_sets[0].tilt_series[0]
    assert (series.tilt_range_min, series.tilt_range_max, series.tilt_step) == (-70.1, 56.4, 1.01)
    assert (series.pixel_size, series.tilt_axis_angle) == (1.2, 180)
    shown = "".join(str(finding) for finding in document.findings)
    assert "someone@" not in shown and "+4132112312" not in shown
    assert validate(document).conforms


def test_the_info_of_eman2(shared_data: Path) -> None:
    document = imported(shared_data / "import/eman2")
    (images,) = document.dataset.regions[0].tomo_image_sets
    series = images.tilt_series_sets[0].tilt_series[0]
    assert (series.path, series.pixel_size, series.accelerating_voltage) == (
        "tiltseries/TS_01.hdf",
        2.62,
        300,
    )
    assert [image.ctf_metadata.defocus_u for image in series.micrographs if image.ctf_metadata] == [
        31000,
        30000,
        32000,
    ]
    first = images.alignments[0].projection_alignments[0]
    assert (first.x_tilt, first.y_tilt, first.z_rotation) == (-0.3, 60, 4.1)
    assert first.shift is not None and first.shift.translation == pytest.approx([1.5 * 2.62, -2 * 2.62])
    (points,) = images.tomogram_sets[0].tomograms[0].annotations
    assert points.annotated_object_name == "ribosome"
    assert points.coordinates[0] == [262, -131, 52.4]  # type: ignore[attr-defined]
    assert validate(document).conforms


def test_maps_by_their_headers(shared_data: Path) -> None:
    document = imported(shared_data / "import/mrc")
    crystal, average = document.dataset.map_sets[0].maps
    assert (average.width, average.height, average.depth, average.voxel_size) == (20, 20, 20, 11.4)
    # Columns, rows and sections are Z, X and Y; the cell has other intervals than the file has voxels.
    assert (crystal.depth, crystal.width, crystal.height) == (73, 43, 25)
    sides = (crystal.voxel_size_x, crystal.voxel_size_y, crystal.voxel_size_z)
    assert sides == pytest.approx((17.93 / 40, 4.71 / 12, 33.03 / 72))
    assert validate(document).conforms


def header(size: tuple[int, int, int], *, spacing: float = 2.0, group: int = 1, intervals: int = 0) -> bytes:
    data = bytearray(1024)
    struct.pack_into("<3i", data, 0, *size)
    sampled = (*size[:2], intervals or size[2])
    struct.pack_into("<3i3f", data, 28, *sampled, *(spacing * number for number in sampled))
    struct.pack_into("<3i", data, 64, 1, 2, 3)
    struct.pack_into("<i", data, 88, group)
    data[208:214] = b"MAP DD"
    return bytes(data)


def test_volumes_stacks_and_images_of_a_folder(tmp_path: Path) -> None:
    written = {
        "TS_01.rec": header((8, 9, 4)),
        "TS_01.st": header((8, 9, 41), group=0, intervals=1),
        "TS_02_Vol.mrc": header((8, 9, 4), spacing=10),
        "grid.mrc": header((8, 9, 1)),
    }
    for name, data in written.items():
        (tmp_path / name).write_bytes(data)
    found = imported(tmp_path, importer="mrc").dataset
    assert [(one.id, one.path, one.depth, one.voxel_size) for one in tomograms(found)] == [
        ("TS_01.rec", "TS_01.rec", 4, 2),
        ("TS_02", "TS_02_Vol.mrc", 4, 10),
    ]
    (series,) = found.regions[0].tomo_image_sets[0].tilt_series_sets[0].tilt_series
    assert (series.tilt_count, series.pixel_size, series.width) == (41, 2, 8)
    (image,) = found.regions[-1].non_tomo_image_sets[0].images
    assert image.path == "grid.mrc"


def test_images_beside_what_describes_them_are_no_data_set(tmp_path: Path) -> None:
    (tmp_path / "TS_01.rec").write_bytes(header((8, 9, 4)))
    (tmp_path / "TS_02.mdoc").write_text("[ZValue = 0]\nTiltAngle = 0\n")
    found = claims([tmp_path])
    assert [claim.importer for claim in found.claims] == ["mdoc"]
    assert [path.name for path in found.others] == ["TS_01.rec"]
    assert [one.importer for one in claims([tmp_path, tmp_path / "TS_01.rec"]).claims] == ["mdoc", "mrc"]


WRONG = {
    "no size": header((0, 9, 4)),
    "cut": header((8, 9, 4))[:500],
    "a cell that is no number": header((8, 9, 4), spacing=float("nan")),
    "a cell below zero": header((8, 9, 4), spacing=-2),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_header_that_is_wrong_is_refused_and_others_are_not(case: str, tmp_path: Path) -> None:
    (tmp_path / "bad.mrc").write_bytes(WRONG[case])
    (tmp_path / "good.mrc").write_bytes(header((8, 9, 4)))
    loading = load(LocalStore.memory(), tmp_path, importer="mrc")
    assert len(loading.data_sets) == 1
    named = [Path(one.path).name for one in loading.failures] + [path.name for path in loading.passed_over]
    assert named == ["bad.mrc"]


def image(scale: float, **axis: str) -> dict[str, Any]:
    axes = [{"name": name, "type": "space", **axis} for name in "zyx"]
    factors = [{"type": "scale", "scale": [2 * scale, scale, scale]}]
    return {"axes": axes, "datasets": [{"path": "0", "coordinateTransformations": factors}]}


ZARR: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "0.4": (
        {".zattrs": {"multiscales": [{**image(1.0, unit="nanometer"), "version": "0.4"}]}},
        {"0/.zarray": {"zarr_format": 2, "shape": [4, 9, 8]}},
    ),
    "0.5": (
        {
            "zarr.json": {
                "zarr_format": 3,
                "node_type": "group",
                "attributes": {"ome": {"version": "0.5", "multiscales": [image(10.0, unit="angstrom")]}},
            }
        },
        {"0/zarr.json": {"zarr_format": 3, "node_type": "array", "shape": [4, 9, 8]}},
    ),
}


@pytest.mark.parametrize("version", ZARR)
def test_ome_zarr_by_what_describes_it(version: str, tmp_path: Path) -> None:
    group, array = ZARR[version]
    for name, data in {**group, **array}.items():
        path = tmp_path / "images" / "TS_01.zarr" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data))
    for given in (tmp_path / "images", tmp_path / "images" / "TS_01.zarr"):
        document = imported(given)
        (found,) = tomograms(document.dataset)
        assert (found.id, found.path, found.width, found.height, found.depth) == (
            "TS_01",
            "TS_01.zarr",
            8,
            9,
            4,
        )
        assert (found.voxel_size_x, found.voxel_size_y, found.voxel_size_z) == (10, 10, 20)
        assert validate(document).conforms


@pytest.mark.parametrize("name", ["../../secret", "/etc", "nothing"])
def test_arrays_elsewhere_are_not_read(name: str, tmp_path: Path) -> None:
    described = image(1.0, unit="nanometer")
    described["datasets"][0]["path"] = name
    (tmp_path / "TS_01.zarr").mkdir()
    (tmp_path / "TS_01.zarr" / ".zattrs").write_text(json.dumps({"multiscales": [described]}))
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / ".zarray").write_text('{"shape": [1, 2, 3]}')
    found = import_from(tmp_path / "TS_01.zarr")
    rules = [finding.rule for document in found.documents for finding in document.findings]
    assert ("import-part-missing" if name == "nothing" else "value-type") in rules


def test_what_an_array_is_made_of_is_never_listed(tmp_path: Path) -> None:
    """A store with a folder of chunks that cannot be listed is read all the same."""
    group, array = ZARR["0.4"]
    for name, data in {**group, **array}.items():
        path = tmp_path / "TS_01.zarr" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data))
    chunks = tmp_path / "TS_01.zarr" / "0" / "0"
    chunks.mkdir()
    chunks.chmod(0)
    try:
        loading = load(LocalStore.memory(), tmp_path)
    finally:
        chunks.chmod(0o700)
    assert (len(loading.data_sets), loading.failures, loading.passed_over) == (1, (), ())
