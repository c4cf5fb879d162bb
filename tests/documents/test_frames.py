"""Positions and placements in another dialect: the same places, recomputed here by hand."""

from typing import Any

import pytest

from cetsgraph.documents import read_data, write
from cetsgraph.graph import encode
from cetsgraph.model import (
    Coordinates,
    DataSet,
    FitMap,
    Region,
    Sphere,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
    Transformation,
)

A, B = "tomobabel", "cets-data-model"
SIZES = {"width": 101, "height": 100, "depth": 50, "voxel_size": 8.0}
# unit, origin, and where the point (60, 70, 80) of such a frame is in Å from voxel (50, 50, 25) of 8 Å
PLACES = (
    ("angstrom", "centre", (60.0, 70.0, 80.0), 1.0),
    ("nanometre", "centre", (600.0, 700.0, 800.0), 10.0),
    ("pixel", "centre", (480.0, 560.0, 640.0), 8.0),
    ("angstrom", "corner", (-340.0, -330.0, -120.0), 1.0),
    ("nanometre", "corner", (200.0, 300.0, 600.0), 10.0),
    ("pixel", "corner", (80.0, 160.0, 440.0), 8.0),
)


def data_set(annotation: Any, **sizes: Any) -> DataSet:
    tomogram = Tomogram(id="t", path="t.mrc", annotations=[annotation], **sizes)
    image_set = TomoImageSet(
        tilt_series_sets=[TiltSeriesSet(tilt_series=[TiltSeriesMicrographStack(id="s")])],
        tomogram_sets=[TomogramSet(tilt_series_id="s", tomograms=[tomogram])],
    )
    return DataSet(name="X", regions=[Region(id="r", tomo_image_sets=[image_set])])


def annotations(written: Any) -> list[Any]:
    """Annotations of the tomogram in a document of dialect A."""
    (image_set,) = written["regions"][0]["tomo_imaging"]
    (series,) = image_set["raw_movies"]["tilt_series"]
    found: list[Any] = series["Tomograms"][0]["tomograms"][0].get("annotations", [])
    return found


@pytest.mark.parametrize(("unit", "origin", "place", "factor"), PLACES)
def test_positions_are_converted_into_angstrom_from_the_centre(
    unit: str, origin: str, place: tuple[float, ...], factor: float
) -> None:
    sphere = Sphere(unit=unit, origin=origin, center=Coordinates(x=60, y=70, z=80), radius=5)
    (found,) = annotations(write(data_set(sphere, **SIZES), A).data)
    assert [found["center"][axis] for axis in "xyz"] == pytest.approx(place, rel=1e-12)
    assert found["radius"] == pytest.approx(5 * factor)


@pytest.mark.parametrize(
    ("unit", "origin", "sizes"),
    [
        (None, None, SIZES),
        (None, "centre", SIZES),
        ("angstrom", None, SIZES),
        ("pixel", "corner", {}),
        ("pixel", "centre", {}),
        ("angstrom", "corner", {"voxel_size": 8.0}),
    ],
)
def test_positions_of_an_unknown_frame_are_left_out_and_that_is_reported(
    unit: str | None, origin: str | None, sizes: dict[str, Any]
) -> None:
    sphere = Sphere(id="b", unit=unit, origin=origin, center=Coordinates(x=60, y=70, z=80), radius=5)
    written = write(data_set(sphere, **sizes), A)
    assert annotations(written.data) == []
    place = "/regions/0/tomo_image_sets/0/tomogram_sets/0/tomograms/0/annotations/0"
    lost = [finding for finding in written.findings if finding.pointer == place]
    assert [finding.rule for finding in lost] == ["not-representable"]
    assert "not known" in lost[0].message


MATRIX = [[0.0, -1.0, 0.0, 10.0], [1.0, 0.0, 0.0, 20.0], [0.0, 0.0, 1.0, 30.0], [0.0, 0.0, 0.0, 1.0]]


def test_the_place_of_a_map_survives_both_ways() -> None:
    fitted = FitMap(
        path="m.mrc",
        unit="angstrom",
        origin="centre",
        center=Coordinates(x=1.0, y=2.0, z=3.0),
        transformation=Transformation(transformation_type="affine", matrix=MATRIX),
    )
    there = read_data(write(data_set(fitted, **SIZES), B).data)
    (held,) = there.dataset.regions[0].annotations
    assert isinstance(held, FitMap)
    assert held.rotations == [[[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]]
    assert (held.unit, held.origin) == ("angstrom", "centre")
    back = write(there, A)
    (found,) = annotations(back.data)
    assert found["transformation"] == {"transform_type": "affine", "trans_matrix": MATRIX}
    assert found["center"] == {"x": 1.0, "y": 2.0, "z": 3.0}
    assert found["file"] == "m.mrc"


def test_annotations_that_were_moved_are_no_loss() -> None:
    sphere = FitMap(id="f", path="m.mrc")
    written = write(data_set(sphere, **SIZES), B)
    assert [one["id"] for one in written.data["regions"][0]["annotations"]] == ["f"]
    assert "not-representable" not in {finding.rule for finding in written.findings}


def axes(names: str, unit: str | None, kind: str | None) -> list[dict[str, Any]]:
    return [{"name": name, "axis_unit": unit, "axis_type": kind} for name in names]


def voxel_size(array: Any, space: Any, *transformations: dict[str, Any]) -> Any:
    systems = [{"name": "array", "axes": array}, {"name": "physical", "axes": space}]
    tomogram = {
        "id": "t",
        "coordinate_systems": systems,
        "coordinate_transformations": [
            {"input": "array", "output": "physical", **one} for one in transformations
        ],
    }
    document = read_data({"regions": [{"id": "r", "tomograms": [tomogram]}]}, dialect=B)
    found = document.dataset.regions[0].tomo_image_sets[0].tomogram_sets[0].tomograms[0]
    return found.voxel_size


ARRAY, SPACE = axes("xyz", "pixel", "array"), axes("xyz", "angstrom", "space")
DOUBLE = [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 2.0]]
SCALE = {"transformation_type": "scale", "scale": [8.5, 8.5, 8.5]}
BACK = {"transformation_type": "scale", "scale": [0.1, 0.1, 0.1], "input": "physical", "output": "array"}
TWICE = {
    "transformation_type": "sequence",
    "sequence": [SCALE, {"transformation_type": "affine", "affine": DOUBLE}],
}
SHEAR = [[2.0, 1.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 2.0]]


@pytest.mark.parametrize(
    ("array", "space", "transformation", "size"),
    [
        (ARRAY, SPACE, SCALE, 8.5),
        (ARRAY, axes("xyz", "nanometer", "space"), SCALE, 85.0),
        (ARRAY, axes("xyz", "ANGSTROM", "space"), SCALE, 8.5),
        (axes("xyz", "pixel", None), axes("xyz", "angstrom", None), SCALE, 8.5),
        (ARRAY, SPACE, BACK, 10.0),
        (ARRAY, SPACE, {"transformation_type": "affine", "affine": DOUBLE}, 2.0),
        (ARRAY, SPACE, TWICE, 17.0),
        (ARRAY, SPACE, {"transformation_type": "affine", "affine": SHEAR}, None),
        (ARRAY, axes("xyz", "furlong", "space"), SCALE, None),
    ],
)
def test_the_size_of_a_voxel_is_derived_from_what_transforms_it(
    array: Any, space: Any, transformation: dict[str, Any], size: float | None
) -> None:
    found = voxel_size(array, space, transformation)
    assert found == (None if size is None else pytest.approx(size, rel=1e-12))


def test_sizes_that_disagree_are_none() -> None:
    other = {"transformation_type": "scale", "scale": [34.0, 34.0, 34.0]}
    assert voxel_size(ARRAY, SPACE, SCALE, other) is None


def test_columns_are_the_axes_that_they_are_called() -> None:
    system = {"name": "array", "axes": axes("zyx", "pixel", "array")}
    points = {
        "annotation_type": "point_set_3D",
        "id": "p",
        "coordinate_systems": [system],
        "origin3D": [[1, 2, 3], [4, 5, 9]],
    }
    dataset = read_data({"regions": [{"id": "r", "annotations": [points]}]}, dialect=B).dataset
    graph = encode(dataset, "urn:a").decode()
    for name, value in {"minX": 3.0, "maxX": 9.0, "minZ": 1.0, "maxZ": 4.0}.items():
        assert f'<https://w3id.org/cetsgraph/ontology#{name}> "{value}"' in graph.replace("E0", "")
