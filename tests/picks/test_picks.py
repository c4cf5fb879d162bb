"""Picks in every unit and from every origin, against numbers worked out by hand."""

import io
import json
from pathlib import Path

import numpy as np
import polars
import pytest
from click.testing import CliRunner

from cetsgraph import LocalStore, load, queries
from cetsgraph.cli import cetsgraph
from cetsgraph.errors import ParameterError
from cetsgraph.geometry import ANGLES, matrices_of
from cetsgraph.picks import read_picks, write_picks
from cetsgraph.picks.arrays import numbers

TURNED = [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
# A tomogram of 101 × 200 × 50 voxels of 10 Å: its centre is the voxel (50, 100, 25).
SETS = {
    "pixel-corner": ([51, 99, 25], [10, -10, 0], [51, 99, 25]),
    "angstrom-corner": ([510, 990, 250], [10, -10, 0], [51, 99, 25]),
    "nanometre-corner": ([51, 99, 25], [10, -10, 0], [51, 99, 25]),
    "pixel-centre": ([1, -1, 0], [10, -10, 0], [51, 99, 25]),
    "angstrom-centre": ([10, -10, 0], [10, -10, 0], [51, 99, 25]),
    "nanometre-centre": ([1, -1, 0], [10, -10, 0], [51, 99, 25]),
    "pixel-": ([1, 2, 3], [None] * 3, [None] * 3),
    "-centre": ([1, 2, 3], [None] * 3, [None] * 3),
}


def point_set(name: str, at: list[float], **more: object) -> dict[str, object]:
    unit, _, origin = name.partition("-")
    stated = {"unit": unit, "origin": origin}
    known = {key: value for key, value in stated.items() if value}
    return {"type": "PointSet", "id": name, "coordinates": [at], **known, **more}


def document() -> bytes:
    sized = {"id": "sized", "width": 101, "height": 200, "depth": 50, "voxel_size": 10.0}
    more = {
        "annotated_object_name": "Ribosome",
        "rotations": [TURNED],
        "point_ids": ["p7"],
        "point_attributes": [{"name": "score", "values": [0.5]}, {"name": "class", "values": ["a"]}],
    }
    single = {
        "type": "Point",
        "id": "q",
        "unit": "pixel",
        "origin": "corner",
        "location": {"x": 51, "y": 99, "z": 25},
    }
    tomograms = [
        {**sized, "annotations": [*(point_set(name, at) for name, (at, _, _) in SETS.items()), single]},
        {
            "id": "unsized",
            "voxel_size": 10.0,
            "annotations": [point_set("pixel-corner", [51, 99, 25], **more)],
        },
    ]
    sets = [{"tomogram_sets": [{"tomograms": tomograms}]}]
    return json.dumps({"name": "d", "regions": [{"id": "r", "tomo_image_sets": sets}]}).encode()


@pytest.fixture(scope="module")
def store() -> LocalStore:
    made = LocalStore.memory()
    assert not load(made, document()).failures
    return made


@pytest.fixture(scope="module")
def frame(store: LocalStore) -> polars.DataFrame:
    return read_picks(store).to_polars()


@pytest.mark.parametrize("name", SETS)
def test_positions_in_angstrom_from_the_centre_and_in_voxels(frame: polars.DataFrame, name: str) -> None:
    (row,) = frame.filter(
        polars.col("annotation").cast(str).str.ends_with(f"/sized/annotation/{name}")
    ).to_dicts()
    stated, centred, voxels = SETS[name]
    for kind, expected in (("stated_", stated), ("", centred), ("voxel_", voxels)):
        assert [row[f"{kind}{axis}"] for axis in "xyz"] == expected


def test_axes_in_another_order_are_put_in_theirs() -> None:
    turned = np.arange(9.0).reshape(3, 3)
    axes = [{"name": name, "axis_unit": "voxel", "axis_type": "array"} for name in "zyx"]
    points = {
        "id": "p",
        "annotation_type": "point_matrix_set_3D",
        "source_tomogram_id": "t",
        "origin3D": [[25, 99, 51]],
        "matrix3D": [turned[::-1, ::-1].tolist()],
        "coordinate_systems": [{"name": "array", "axes": axes}],
    }
    region = {"id": "r", "tomograms": [{"id": "t"}], "annotations": [points]}
    made = LocalStore.memory()
    assert not load(made, json.dumps({"name": "d", "regions": [region]}).encode()).failures
    (row,) = read_picks(made).to_polars().to_dicts()
    assert [row[f"stated_{axis}"] for axis in "xyz"] == [51, 99, 25]
    assert row["rotation"] == turned.ravel().tolist()
    (stated,) = queries.point_coordinates(made, annotation=row["annotation"])
    assert (stated.coordinates, stated.axes) == ([[25, 99, 51]], "zyx")


def test_what_the_size_is_needed_for_is_missing_without_it(store: LocalStore) -> None:
    (row,) = read_picks(store, object="ribosome").to_polars().to_dicts()
    assert [row[name] for name in ("x", "y", "z", "voxel_x", "voxel_y", "voxel_z")] == [
        None,
        None,
        None,
        51,
        99,
        25,
    ]
    assert (row["object"], row["id"]) == ("Ribosome", "p7")
    assert json.loads(row["attributes"]) == {"score": 0.5, "class": "a"}
    assert row["rotation"] == [cell for line in TURNED for cell in line]


def test_single_points_are_picks(frame: polars.DataFrame) -> None:
    (row,) = frame.filter(polars.col("annotation").cast(str).str.ends_with("/annotation/q")).to_dicts()
    assert [row["x"], row["y"], row["z"]] == [10, -10, 0]


def test_numpy_and_pandas_have_the_same_rows(store: LocalStore, frame: polars.DataFrame) -> None:
    arrays, table = read_picks(store).to_numpy(), read_picks(store).to_pandas()
    assert len(table) == len(frame) == len(SETS) + 2
    np.testing.assert_array_equal(arrays["voxel_x"], table["voxel_x"].to_numpy())
    assert arrays["rotation"].shape == (len(frame), 3, 3)
    assert np.isnan(arrays["rotation"][:, 0, 0]).sum() == len(frame) - 1


def test_angles_take_the_place_of_matrices(store: LocalStore) -> None:
    (row,) = read_picks(store, object="Ribosome", angles="relion").to_polars().to_dicts()
    assert [row["rot"], row["tilt"], row["psi"]] == pytest.approx([-90, 0, 0])
    with pytest.raises(ParameterError, match="dynamo"):
        read_picks(store, angles="relino")


@pytest.mark.parametrize("program", ANGLES)
def test_angles_of_every_program_have_columns_of_their_own(store: LocalStore, program: str) -> None:
    chosen = read_picks(store, object="Ribosome", angles=program)
    (row,) = chosen.to_polars().to_dicts()
    turned = [row[name] for name in ANGLES[program].names]
    np.testing.assert_allclose(matrices_of([turned], program), [TURNED], atol=1e-12)
    assert len(chosen.to_numpy()["x"]) == 1
    assert write_picks(chosen, io.BytesIO(), "csv") == 1
    with pytest.raises(ParameterError, match="matrices"):
        write_picks(chosen, io.BytesIO(), "ndjson")


def test_files_have_the_same_rows(store: LocalStore, frame: polars.DataFrame) -> None:
    written = {}
    for form in ("parquet", "csv", "ndjson"):
        written[form] = io.BytesIO()
        assert write_picks(read_picks(store), written[form], form) == len(frame)
        written[form].seek(0)
    assert polars.read_parquet(written["parquet"])["x"].to_list() == frame["x"].to_list()
    assert polars.read_csv(written["csv"])["voxel_z"].to_list() == frame["voxel_z"].to_list()
    lines = [json.loads(line) for line in written["ndjson"]]
    assert {line["type"] for line in lines} == {"point", "orientedPoint"}
    (oriented,) = [line for line in lines if line["type"] == "orientedPoint"]
    assert oriented["location"] == {"x": 51, "y": 99, "z": 25}
    assert oriented["xyz_rotation_matrix"] == TURNED and oriented["instance_id"] == "p7"


@pytest.mark.parametrize("count", [1, 7, 60_000])  # the last is longer than one piece of text
@pytest.mark.parametrize("shape", [(2,), (3,), (3, 3)])
def test_arrays_are_read_whole(count: int, shape: tuple[int, ...]) -> None:
    whole = np.random.default_rng(count).normal(size=(count, *shape))
    np.testing.assert_array_equal(numbers(json.dumps(whole.tolist(), indent=1), len(shape) + 1), whole)


def test_a_set_longer_than_one_table_is_whole() -> None:
    random = np.random.default_rng(0)
    whole, matrices = random.normal(size=(40_000, 3)), random.normal(size=(40_000, 3, 3))
    many = point_set("angstrom-centre", [], coordinates=whole.tolist(), rotations=matrices.tolist())
    tomograms = [{"id": "t", "annotations": [many, point_set("pixel-centre", [], coordinates=[])]}]
    regions = [{"tomo_image_sets": [{"tomogram_sets": [{"tomograms": tomograms}]}]}]
    store = LocalStore.memory()
    assert not load(store, json.dumps({"name": "d", "regions": regions}).encode()).failures
    found = read_picks(store).to_numpy()
    np.testing.assert_array_equal(np.column_stack([found["x"], found["y"], found["z"]]), whole)
    np.testing.assert_array_equal(found["rotation"], matrices)
    assert found["pick"].tolist() == [*range(40_000)]


def test_picks_at_the_keyboard(tmp_path: Path) -> None:
    file, place, out = tmp_path / "d.json", str(tmp_path / "store"), tmp_path / "picks.parquet"
    file.write_bytes(document())
    for arguments in (
        ["load", "--store", place, str(file)],
        ["picks", "--store", place, "--dataset", "d", "-o", str(out)],
    ):
        ended = CliRunner().invoke(cetsgraph, arguments)
        assert ended.exit_code == 0, ended.output
    assert len(polars.read_parquet(out)) == len(SETS) + 2
    assert "10 picks" in ended.output
    assert CliRunner().invoke(cetsgraph, ["picks", "--store", place]).exit_code == 2
