"""Points of every format: the facts of samples, from shared/data/import/README.md, and hostile files."""

import gzip
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from commands import run
from imported_series import points

from cetsgraph.documents import Document
from cetsgraph.importers import Options, claims, import_from, read
from cetsgraph.model import PointSet, SegmentationMask, Tomogram
from cetsgraph.validation import validate

PICKS = "import/picks"
MODELS = "import/imod/models"


def imported(*paths: Path, options: Options | None = None) -> Document:
    (claim,) = claims(paths, importer="picks").claims
    return read(claim, options)


def tomograms(document: Document) -> list[Tomogram]:
    return [one for one in document.dataset.walk() if isinstance(one, Tomogram)]


def attributes(found: PointSet) -> dict[str | None, list[object] | None]:
    return {one.name: one.values for one in found.point_attributes}


def written(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


FACTS = {
    # file: tomograms, numbers of points, unit, origin, the first position as it is in the file
    "picks/copick.json": (["copick"], [4], "angstrom", "corner", [40, 20, 30]),
    "picks/copick_instance.json": (["Position_94_Vol"], [6], "angstrom", "corner", [10, 20, 30]),
    "picks/points.csv": (["points"], [3], "pixel", "corner", [1, 2, 3]),
    "picks/points_with_header.csv": (["points_with_header"], [3], "pixel", "corner", [1, 2, 3]),
    "picks/points_with_header_pipe_delim.csv": (
        ["points_with_header_pipe_delim"], [3], "pixel", "corner", [1, 2, 3]),
    "picks/tardis.csv": (["tardis"], [6], "angstrom", "corner", [4, 8, 12]),
    "picks/points.mod": (["points"], [3], "pixel", "corner", [1, 2, 3]),
    "picks/stopgap_star.star": (
        ["tomo_1", "tomo_2", "tomo_3"], [2, 3, 1], "pixel", "corner", [4 - 1.2, 8 - 2.4, 12 - 3.2]),
    "picks/portal_point_constructed.ndjson": (
        ["portal_point_constructed"], [2], "pixel", "corner", [10.5, 20, 30.25]),
    "picks/t_complex.tbl": (
        ["tomo_ts01"], [20], "pixel", "corner",
        [1018.9 - 1.4197 - 1, 759.36 + 0.57826 - 1, 641.59 + 1.5785 - 1]),
    "imod/models/two_contour_example.mod": (
        ["two_contour_example"], [25], "angstrom", "centre",
        [(64.333336 - 64) * 4.48, (64.666664 - 64) * 4.48, (80 - 64) * 4.48]),
    "imod/models/slicer_angle_example.mod": (
        ["slicer_angle_example"], [4], "angstrom", "centre",
        [(235.42159 - 478) * 16.14545, (682.9125 - 462) * 16.14545, (301.95468 - 250) * 16.14545]),
}  # fmt: skip


@pytest.mark.parametrize("sample", FACTS)
def test_the_points_of_a_sample(sample: str, shared_data: Path) -> None:
    names, counts, unit, origin, first = FACTS[sample]
    document = imported(shared_data / "import" / sample)
    found = points(document)
    assert [one.name for one in tomograms(document)] == names
    assert [len(one.coordinates or []) for one in found] == counts
    assert {(one.unit, one.origin, one.path) for one in found} == {(unit, origin, Path(sample).name)}
    np.testing.assert_allclose((found[0].coordinates or [])[0], first, atol=2e-4)
    assert validate(document, profile="core").conforms and document.representable


def test_orientations_of_the_same_picks_are_the_same_in_copick_and_stopgap(shared_data: Path) -> None:
    """Both are of A(90, 45, 180), STOPGAP with phi, psi, theta and so another matrix of the same angles."""
    (copick,) = points(imported(shared_data / PICKS / "copick.json"))
    first = points(imported(shared_data / PICKS / "stopgap_star.star"))[0]
    c = np.sqrt(0.5)
    np.testing.assert_allclose((copick.rotations or [])[0], [[0, -c, c], [1, 0, 0], [0, c, c]], atol=1e-8)
    # Rz(180)·Rx(45)·Rz(90)
    np.testing.assert_allclose((first.rotations or [])[0], [[0, 1, 0], [-c, 0, c], [c, 0, c]], atol=1e-8)


def test_a_table_of_dynamo_is_of_the_tomograms_that_its_map_names(shared_data: Path) -> None:
    document = imported(shared_data / PICKS / "t_complex.tbl")
    (found,), (tomogram,) = points(document), tomograms(document)
    assert (tomogram.path, tomogram.voxel_size) == ("tomo_ts01.mrc_15.00Apx.mrc", 15)
    assert (found.point_ids or [])[:3] == ["2", "4", "6"]
    assert (attributes(found)["cc"] or [])[:2] == [0.052575, 0.050439]
    # Rz(-tdrot)·Rx(-tilt)·Rz(-narot)
    t, u, v = np.radians([-44.606, 4.5303, -14.579])
    expected = turn("z", -t) @ turn("x", -u) @ turn("z", -v)
    np.testing.assert_allclose((found.rotations or [])[0], expected, atol=1e-8)
    assert "47 values" in next(one.message for one in document.findings if "without points" in one.message)


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_a_list_of_volumes_names_the_tomograms_of_a_table(
    ending: str, shared_data: Path, tmp_path: Path
) -> None:
    """The first volume has an index, 3, and the second is the second; a .doc of another kind has no names."""
    row = ["1"] * 23 + ["10", "20", "30"]
    rows = [[*row[:19], number, *row[20:]] for number in ("3", "2", "7")]
    text = "\n".join(map(" ".join, rows)).encode()
    path = written(tmp_path / f"a.tbl{ending}", gzip.compress(text) if ending else text)
    written(tmp_path / "names.vll", (shared_data / PICKS / "dynamo_constructed.vll").read_bytes())
    written(tmp_path / "letter.doc", b"\xd0\xcf\x11\xe0 not a map")
    found = import_from(path, importer="picks")
    (document,) = found.documents
    assert [(one.name, one.path) for one in tomograms(document)] == [
        ("TS_01", "TS_01.mrc"), ("TS_02", "TS_02.mrc"), ("tomo_7", None)
    ]  # fmt: skip
    assert points(document)[0].coordinates == [[10, 20, 30]]
    assert not found.failures


def turn(axis: str, angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]] if axis == "z" else [[1, 0, 0], [0, c, -s], [0, s, c]])


def test_of_a_model_contours_sizes_and_angles_of_the_slicer_are_kept(shared_data: Path) -> None:
    (contours,) = points(imported(shared_data / MODELS / "two_contour_example.mod"))
    assert attributes(contours)["contour"] == [0] * 17 + [1] * 8
    first, second = points(imported(shared_data / MODELS / "multiple_objects_example.mod"))
    assert (first.annotated_object_name, attributes(first)["sphere_radius"]) == ("chemo-array", [9, 9, 9])
    assert attributes(second)["sphere_radius"] == [10, 10, 10]
    (turned,) = points(imported(shared_data / MODELS / "slicer_angle_example.mod"))
    x, z = np.radians([13.1, -30.2])
    np.testing.assert_allclose((turned.rotations or [])[0], turn("z", -z) @ turn("x", -x), atol=1e-6)


def test_a_motivelist_of_peet_has_the_points_of_the_model_beside_it(
    shared_data: Path, tmp_path: Path
) -> None:
    motl = (shared_data / PICKS / "peet_constructed_MOTL.csv").read_text()
    (alone,) = points(imported(written(tmp_path / "alone_MOTL.csv", motl)))
    assert (alone.point_count, alone.coordinates) == (1, None)
    head, row = motl.split()
    path = written(tmp_path / "TS_01_MOTL.csv", "\n".join([head, row, row, row]))
    written(tmp_path / "TS_01.mod", (shared_data / PICKS / "points.mod").read_bytes())
    document = imported(path)
    (found,) = points(document)
    assert found.coordinates == [[1.5, 1.5, 3], [2.5, 1.5, 2], [0.5, 2.5, 0]]
    phi, psi, theta = np.radians([30, 60, 45])
    expected = turn("z", psi) @ turn("x", theta) @ turn("z", phi)
    np.testing.assert_allclose((found.rotations or [])[0], expected, atol=1e-8)
    assert tomograms(document)[0].depth == 4


def test_a_motivelist_of_tom(tmp_path: Path) -> None:
    rows = [[0.5, 0, 0, 7, 3, 0, 0, 11, 21, 31, 0.5, 0, 0, 0, 0, 0, 30, 60, 45, 1]]
    data = bytes([6, 0, 0, 5]) + struct.pack("<3i", 20, 1, 1) + bytes(496) + struct.pack("<20f", *rows[0])
    document = imported(written(tmp_path / "motl.em", data))
    (found,) = points(document)
    assert (tomograms(document)[0].name, found.coordinates) == ("tomo_3", [[10.5, 20, 30]])
    assert (found.point_ids, attributes(found)) == (["7"], {"1": [0.5], "20": [1]})
    (failure,) = import_from(written(tmp_path / "cut.em", data[:-4]), importer="picks").failures
    assert "cut" in str(failure)


def test_a_project_of_copick(shared_data: Path, tmp_path: Path) -> None:
    config = (shared_data / PICKS / "copick_config_constructed.json").read_text()
    written(tmp_path / "copick_config.json", config)
    picks = (shared_data / PICKS / "copick.json").read_text()
    path = tmp_path / "overlay" / "ExperimentRuns" / "TS_01" / "Picks" / "user_1_ribosome.json"
    written(path, picks.replace('"voxel_spacing": null', '"voxel_spacing": 10'))
    (claim,) = claims([tmp_path]).claims
    document = read(claim)
    (found,), (tomogram,) = points(document), tomograms(document)
    assert (document.dataset.name, document.dataset.description) == ("project", "A copick project")
    assert (tomogram.name, tomogram.voxel_size) == ("TS_01", 10)
    assert (found.annotated_object_name, found.annotated_object) == ("ribosome", "GO:0022626")
    assert [(one.database, one.accession) for one in found.cross_references] == [("PDB", "4V9D")]
    assert attributes(found)["score"] == [1.0] * 4


def zarr(folder: Path, files: Path, shape: tuple[int, int, int]) -> None:
    """What describes an OME-Zarr image: that of a sample with another shape, x first as its axes are."""
    written(folder / ".zattrs", (files / ".zattrs").read_bytes())
    array = json.loads((files / "0" / ".zarray").read_text())
    written(folder / "0" / ".zarray", json.dumps(array | {"shape": shape}))


@pytest.mark.parametrize("kind", ["membrane", "painting-multilabel"])
def test_tomograms_and_segmentations_of_copick(kind: str, shared_data: Path, tmp_path: Path) -> None:
    tomogram_files = "portal-files/RUN1/Reconstructions/VoxelSpacing12.300/Tomograms/100/RUN1.zarr"
    files = shared_data / "import" / tomogram_files
    run_folder = tmp_path / "ExperimentRuns" / "TS_01"
    config = (shared_data / PICKS / "copick_config_constructed.json").read_bytes()
    written(tmp_path / "copick_config.json", config)
    written(run_folder / "Picks/u_1_ribosome.json", (shared_data / PICKS / "copick.json").read_bytes())
    zarr(run_folder / "VoxelSpacing12.300" / "wbp.zarr", files, (100, 80, 40))
    zarr(run_folder / "Segmentations" / f"12.300_u_1_{kind}.zarr", files, (100, 80, 40))
    (claim,) = claims([tmp_path]).claims
    document = read(claim)
    (tomogram,), (found,) = tomograms(document), points(document)
    (mask,) = [one for one in document.dataset.walk() if isinstance(one, SegmentationMask)]
    voxel = tomogram.voxel_size or 0
    assert (tomogram.width, tomogram.height, tomogram.depth) == (100, 80, 40)
    assert tomogram.path == "ExperimentRuns/TS_01/VoxelSpacing12.300/wbp.zarr"
    np.testing.assert_allclose(
        (found.coordinates or [])[0], [40 - 50 * voxel, 20 - 40 * voxel, 30 - 20 * voxel], atol=1e-6
    )
    assert (mask.depth, mask.voxel_size, mask.label_kind) == (40, voxel, "semantic")
    labels = [(one.value, one.annotated_object, one.annotated_object_name) for one in mask.mask_labels]
    assert (
        labels
        == {
            "membrane": [(1, "GO:0016020", "membrane")],
            "painting-multilabel": [(1, "GO:0022626", "ribosome"), (2, "GO:0016020", "membrane")],
        }[kind]
    )
    assert validate(document, profile="core").conforms


def test_points_of_the_portal_know_their_run_object_and_size(shared_data: Path, tmp_path: Path) -> None:
    spacing = tmp_path / "30001" / "RUN1" / "Reconstructions" / "VoxelSpacing12.300"
    files = shared_data / "import/portal-files/RUN1/Reconstructions/VoxelSpacing12.300"
    for name in ("Annotations/100/foo-1.0.json", "Tomograms/100/tomogram_metadata.json"):
        written(spacing / name, (files / name).read_bytes())
    points_file = shared_data / PICKS / "portal_point_constructed.ndjson"
    path = written(spacing / "Annotations/100/foo-1.0_point.ndjson", points_file.read_bytes())
    document = imported(path)
    (found,), (tomogram,) = points(document), tomograms(document)
    assert (tomogram.name, tomogram.width, tomogram.voxel_size) == ("RUN1", 4, 12.3)
    np.testing.assert_allclose(found.coordinates, [[8.5 * 12.3, 18 * 12.3, 28.25 * 12.3], [-24.6] * 3])
    assert (found.annotated_object, found.annotated_object_name) == ("GO:000000", "foo")
    assert (found.method, found.ground_truth, len(found.authors)) == ("hybrid", True, 3)


def volume(nx: int, ny: int, nz: int, voxel: float) -> bytes:
    head = struct.pack("<10i", nx, ny, nz, 2, 0, 0, 0, nx, ny, nz)
    head += struct.pack("<6f", nx * voxel, ny * voxel, nz * voxel, 90, 90, 90) + struct.pack("<3i", 1, 2, 3)
    return head + bytes(208 - len(head)) + b"MAP \x44\x44\0\0" + bytes(808)


def test_coordinates_beside_their_volume_are_known_and_counted_from_its_centre(tmp_path: Path) -> None:
    written(tmp_path / "TS_01.csv", "x;y;z;score\n10;20;30;0.5\n")
    written(tmp_path / "TS_01.mrc", volume(20, 30, 40, 10.0))
    written(tmp_path / "TS_02.csv", "x;y;z\n1;2;3\n")
    (claim,) = claims([tmp_path]).claims
    document = read(claim)
    (found,), (tomogram,) = points(document), tomograms(document)
    assert (tomogram.name, tomogram.path, tomogram.depth) == ("TS_01", "TS_01.mrc", 40)
    assert (found.unit, found.coordinates) == ("angstrom", [[0, 50, 100]])
    assert attributes(found) == {"score": [0.5]}


def test_what_no_file_says_is_stated_by_options(tmp_path: Path) -> None:
    path = written(tmp_path / "picks.csv", "10,20,30\n")
    options = Options(
        tomogram="TS_01.mrc", size=(20, 30, 40), voxel_size=10, object="GO:0022626", unit="angstrom"
    )
    document = imported(path, options=options)
    (found,) = points(document)
    assert (tomograms(document)[0].name, found.annotated_object) == ("TS_01", "GO:0022626")
    assert found.coordinates == [[10 - 100, 20 - 150, 30 - 200]]
    named = imported(path, options=Options(tomogram="TS_02", voxel_size=5.0, object="ribosome"))
    assert (tomograms(named)[0].name, tomograms(named)[0].voxel_size) == ("TS_02", 5)
    assert points(named)[0].annotated_object_name == "ribosome"


def test_a_name_is_for_the_only_number_of_a_file(shared_data: Path, tmp_path: Path) -> None:
    options = Options(tomogram="TS_05", size=(20, 30, 40), voxel_size=10)
    several = imported(shared_data / PICKS / "stopgap_star.star", options=options)
    assert [(one.name, one.depth) for one in tomograms(several)] == [
        ("tomo_1", 40), ("tomo_2", 40), ("tomo_3", 40)
    ]  # fmt: skip
    row = " ".join(["1"] * 26)
    one = imported(written(tmp_path / "a.tbl", row), options=options)
    assert tomograms(one)[0].name == "TS_05"
    written(tmp_path / "TS_07.mrc", volume(20, 30, 40, 10.0))
    beside = imported(written(tmp_path / "TS_07_class1.tbl", row))
    assert [(one.name, one.path) for one in tomograms(beside)] == [("TS_07", "TS_07.mrc")]


def test_the_command_reads_the_header_of_the_tomogram_that_is_given(tmp_path: Path) -> None:
    path = written(tmp_path / "picks.csv", "10,20,30\n")
    mrc = written(tmp_path / "volumes" / "TS_01_10.00Apx.mrc", volume(20, 30, 40, 10.0))
    done = run("import", "picks", path, "--tomogram", mrc, "--unit", "pixel")
    assert done.returncode == 0, done.stderr
    (tomogram,) = json.loads(done.stdout)["regions"][0]["tomo_image_sets"][0]["tomogram_sets"][0]["tomograms"]
    assert (tomogram["name"], tomogram["path"], tomogram["depth"]) == ("TS_01", "TS_01_10.00Apx.mrc", 40)
    assert tomogram["annotations"][0]["coordinates"] == [[0, 50, 100]]
    wrong = run("import", "picks", path, "--tomogram", path)
    assert wrong.returncode == 1 and "no MRC file" in wrong.stderr


COLUMNS = {
    "x,y,z\n1,2,3\n": ("pixel", [[1, 2, 3]]),
    "X [A]\tY [A]\tZ [A]\n1\t2\t3\n": ("angstrom", [[1, 2, 3]]),
    "z (nm);y (nm);x (nm)\n3;2;1\n": ("angstrom", [[10, 20, 30]]),
    "x_px|y_px|z_px\n1|2|3\n": ("pixel", [[1, 2, 3]]),
    "index,axis-0,axis-1,axis-2\n0.0,3,2,1\n": ("pixel", [[1, 2, 3]]),
    "# exported\n1 2 3\n 4 5 6\n": ("pixel", [[1, 2, 3], [4, 5, 6]]),
    "coord_x, coord_y, coord_z, score\r\n1, 2, 3, 0.5\r\n": ("pixel", [[1, 2, 3]]),
    "\ufeffx,y,z\n1,2,3": ("pixel", [[1, 2, 3]]),
    "x,y,z,\n1,2,3,\n,,,\n": ("pixel", [[1, 2, 3]]),
    "x,y,z\n1,2,3,,\n4,5,6\n": ("pixel", [[1, 2, 3], [4, 5, 6]]),
}


@pytest.mark.parametrize("text", COLUMNS)
def test_coordinates_are_read_by_the_names_of_their_columns(text: str, tmp_path: Path) -> None:
    (found,) = points(imported(written(tmp_path / "picks.csv", text)))
    assert (found.unit, found.coordinates) == COLUMNS[text]


def test_files_of_one_tomogram_are_of_the_volume_whose_name_they_begin_with(tmp_path: Path) -> None:
    written(tmp_path / "TS_01.mrc", volume(20, 30, 40, 10.0))
    for name in ("TS_01_ribosome.ndjson", "TS_01-proteasome.ndjson", "TS_010.ndjson"):
        written(tmp_path / name, ndjson(POINT))
    document = imported(tmp_path)
    assert {one.name: len(one.annotations) for one in tomograms(document)} == {"TS_01": 2, "TS_010": 1}
    assert {one.unit for one in points(document)} == {"angstrom", "pixel"}


def test_a_stack_of_images_is_no_tomogram(shared_data: Path, tmp_path: Path) -> None:
    """Files of a tilt series are left to their importer, and say nothing of the size of a tomogram."""
    for path in (shared_data / "import/imod/etomo").iterdir():
        written(tmp_path / path.name, path.read_bytes())
    stack = (shared_data / "import/imod/etomo/TS_001.st").read_bytes()
    written(tmp_path / "TS_001.ndjson", ndjson(POINT))
    written(tmp_path / "TS_002.mrc", stack)
    written(tmp_path / "TS_002.mrc.mdoc", "[ZValue = 0]\nTiltAngle = 0\n[ZValue = 1]\nTiltAngle = 3\n")
    written(tmp_path / "TS_002.ndjson", ndjson(POINT))
    found = claims([tmp_path])
    assert not found.refused
    (picks,) = [read(claim) for claim in found.claims if claim.importer == "picks"]
    assert [(one.name, one.depth) for one in tomograms(picks)] == [("TS_001", None), ("TS_002", None)]


def test_a_file_without_points_says_so(tmp_path: Path) -> None:
    empty = '{"pickable_object_name": "ribosome", "run_name": "TS_01", "points": []}'
    document = imported(written(tmp_path / "a.json", empty))
    (found,) = points(document)
    assert (found.point_count, found.annotated_object_name) == (0, "ribosome")
    assert tomograms(document)[0].name == "TS_01"


def ndjson(*values: object) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


POINT = {"type": "point", "location": {"x": 1, "y": 2, "z": 3}}
HOSTILE = {
    "nan.ndjson": (ndjson(POINT, POINT | {"location": {"x": float("nan"), "y": 2, "z": 3}}), 2),
    "far.ndjson": (ndjson(POINT, POINT | {"location": {"x": 1e308, "y": 2, "z": 3}}), 2),
    "many.ndjson": (ndjson(POINT, POINT | {str(number): 1 for number in range(300)}), 2),
    "without_z.ndjson": (ndjson(POINT, {"type": "point", "location": {"x": 1, "y": 2}}), 2),
    "unturned.ndjson": (ndjson({**POINT, "type": "orientedPoint"}), 1),
    "cut.ndjson": (ndjson(POINT) + '{"type": "point", "loc', 2),
    "other.ndjson": (ndjson(POINT, {"type": "sphere"}), 2),
    "long.ndjson": (ndjson(POINT) + '{"a": "' + "x" * 2**20 + '"}', 2),
    "columns.csv": ("x [A],y [A],z [A]\n1,2,3\n1,2\n", 3),
    "words.csv": ("x [A],y [A],z [A]\n1,2,3\n1,2,three\n", 3),
    "infinite.tbl": ((" ".join(["1"] * 26) + "\n") * 2 + " ".join(["1"] * 25 + ["inf"]), 3),
    "narrow.tbl": ((" ".join(["1"] * 26) + "\n") * 2 + " ".join(["1"] * 25), 3),
    "wide.tbl": ((" ".join(["1"] * 26) + "\n\0"), 2),
    "nan.star": ("data_\nloop_\n_motl_idx\n_tomo_num\n_orig_x\n_orig_y\n_orig_z\n1 1 nan 1 1\n", 8),
    "nan.json": ('{"pickable_object_name": "a", "points": [\n{"location": {"x": NaN, "y": 1, "z": 2}}]}', 2),
    "list.json": ('{"pickable_object_name": "a",\n"points": 3}', 2),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_with_their_line_and_cost_no_other(name: str, tmp_path: Path) -> None:
    text, line = HOSTILE[name]
    written(tmp_path / name, text)
    written(tmp_path / "good.ndjson", ndjson(POINT))
    found = import_from(tmp_path)
    (failure,) = found.failures
    assert (Path(failure.path).name, failure.line) == (name, line)
    (document,) = found.documents
    assert [one.coordinates for one in points(document)] == [[[1, 2, 3]]]


@pytest.mark.parametrize("length", [100, 240, 300, 430, 460, 500])
def test_a_model_that_is_cut_is_refused(length: int, shared_data: Path, tmp_path: Path) -> None:
    whole = (shared_data / PICKS / "points.mod").read_bytes()
    found = import_from(written(tmp_path / "cut.mod", whole[:length]), importer="picks")
    assert not found.documents and "cut" in str(found.failures[0])
