"""Geometry is the same in both dialects and in the graph, whichever of them a document is in at first.

Positions, boxes, sizes and placements are computed by `independent_geometry`, from the JSON of both dialects.
"""

from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from independent_geometry import (
    JSON,
    Floats,
    angles,
    at,
    close,
    documents_of_a,
    geometry_of_a,
    geometry_of_b,
    movies_of_a,
    positive,
    regions_of_b,
    rotation,
    row,
    rows,
    series_of_a,
    to_angstrom_of,
    tomogram_of_a,
    tomogram_of_b,
)
from numpy.typing import ArrayLike

from cetsgraph import archive, queries
from cetsgraph.documents import read_data, write
from cetsgraph.store import LocalStore

A, B = "tomobabel", "cets-data-model"

# --- the same in the other dialect, and back ---------------------------------------------------------------


def same(found: dict[str, list[list[Floats]]], expected: dict[str, list[list[Floats]]]) -> None:
    assert found.keys() == expected.keys()
    for kind, annotations in expected.items():
        for arrays, others in zip(annotations, found[kind], strict=True):
            for array, other in zip(arrays, others, strict=True):
                close(other, array)


@given(regions_of_b())
def test_geometry_of_dialect_b_is_the_same_in_dialect_a_and_back(region: JSON) -> None:
    written = write(read_data(region, dialect=B).dataset, A)
    tomogram, source = tomogram_of_a(written.data), region["tomograms"][0]
    for name in ("width", "height", "depth"):
        assert tomogram[name] == source[name]
    close(tomogram["voxel_size"], source["coordinate_transformations"][0]["scale"][0])
    tilts = [one["nominal_tilt_angle"] for one in region["tilt_series"][0]["images"]]
    assert [one["nominal_tilt_angle"] for one in series_of_a(written.data)["micrographs"]] == tilts
    expected = geometry_of_b(region)
    (back,) = write(read_data(written.data, dialect=A).dataset, B).data["regions"]
    again = geometry_of_b(back)
    # A cylinder has a placement of its own there: a set of them becomes as many sets.
    lines = [np.concatenate(arrays) for arrays in zip(*again.pop("cylinder_set"), strict=True)]
    same({**again, "cylinder_set": [lines]}, expected)
    same(geometry_of_a(tomogram["annotations"]), expected)


@given(documents_of_a())
def test_geometry_of_dialect_a_is_the_same_in_dialect_b_and_back(document: JSON) -> None:
    source = tomogram_of_a(document)
    expected = geometry_of_a(source["annotations"])
    written = write(read_data(document, dialect=A).dataset, B)
    (region,) = written.data["regions"]
    same(geometry_of_b(region), expected)
    (tomogram,), (series,) = region["tomograms"], region["tilt_series"]
    for name in ("width", "height", "depth"):
        assert tomogram[name] == source[name]
    close(tomogram["coordinate_transformations"][0]["scale"], [source["voxel_size"]] * 3)
    micrographs = series_of_a(document)["micrographs"]
    assert [one["nominal_tilt_angle"] for one in series["images"]] == [
        one["nominal_tilt_angle"] for one in micrographs
    ]
    stacks = region["movie_stack_collection"]["movie_stacks"][0]["stacks"]
    doses = [[frame["accumulated_dose"] for frame in stack["images"]] for stack in stacks]
    assert doses == [
        [frame["accumulated_dose"] for frame in stack["frame_images"]]
        for stack in movies_of_a(document)["movie_stacks"]
    ]
    back = write(read_data(written.data, dialect=B).dataset, A).data
    same(geometry_of_a(tomogram_of_a(back)["annotations"]), expected)
    assert movies_of_a(back)["movie_stacks"] == movies_of_a(document)["movie_stacks"]


# --- the same in the graph ---------------------------------------------------------------------------------

NAMES = ("low_x", "high_x", "low_y", "high_y", "low_z", "high_z")
BOXES = """
    PREFIX cets: <https://w3id.org/cetsgraph/ontology#>
    SELECT ?annotation ?place ?low_x ?high_x ?low_y ?high_y ?low_z ?high_z WHERE {
      ?annotation cets:centredMinX ?low_x ; cets:centredMaxX ?high_x ;
        cets:centredMinY ?low_y ; cets:centredMaxY ?high_y ; cets:position ?place .
      OPTIONAL { ?annotation cets:centredMinZ ?low_z ; cets:centredMaxZ ?high_z }
      FILTER NOT EXISTS { ?set cets:hasMember ?annotation }
    } ORDER BY ?place"""


def boxes(store: LocalStore) -> list[list[float]]:
    """Smallest and largest position of each annotation along each axis, as a graph has them."""
    return [
        [float(found[name].value) for name in NAMES if found[name] is not None]
        for found in store.query(BOXES)
    ]


def expected_boxes(geometry: list[list[Floats]]) -> list[list[float]]:
    found = []
    for arrays in geometry:
        ends = np.concatenate([array for array in arrays if array.ndim == 2 and len(array)])
        found.append([limit for column in ends.T for limit in (column.min(), column.max())])
    return found


def positions_of_a(one: JSON) -> Iterator[list[float]]:
    """All positions of an annotation, wherever in it they stand."""
    if isinstance(one, dict) and "x" in one:
        yield at(one)
    for inner in one.values() if isinstance(one, dict) else one if isinstance(one, list) else ():
        yield from positions_of_a(inner)


@given(documents_of_a())
def test_the_graph_of_a_document_of_dialect_a_has_its_boxes_placements_and_tilts(document: JSON) -> None:
    with LocalStore.memory() as store:
        archive.put(store, read_data(document, dialect=A))
        annotations = tomogram_of_a(document)["annotations"]
        boxed = [[np.array([*positions_of_a(one)])] for one in annotations if one.get("type") != "fit_map"]
        for found, expected in zip(boxes(store), expected_boxes(boxed), strict=True):
            close(found, expected)
        placed = [
            one["transformation"]["trans_matrix"] for one in annotations if one.get("type") == "fit_map"
        ]
        found_placements = sorted(fit.placements[0] for fit in queries.tomograms_with_fitmap(store))
        close(found_placements or [], sorted(placed))
        (scheme,) = queries.tilt_schemes(store)
        micrographs = series_of_a(document)["micrographs"]
        tilts = [one["nominal_tilt_angle"] for one in micrographs]
        close([scheme.tilts, scheme.minimum, scheme.maximum], [len(tilts), min(tilts), max(tilts)])
        (series,) = queries.tilt_series_by_dose(store, maximum=1e9)
        close(series.dose, micrographs[-1]["total_accumulated_dose"])


@given(regions_of_b())
def test_the_graph_of_a_document_of_dialect_b_has_its_boxes_placements_and_tilts(region: JSON) -> None:
    expected = geometry_of_b(region)
    with LocalStore.memory() as store:
        archive.put(store, read_data({"name": "b", "regions": [region]}, dialect=B))
        listed = [[arrays[0]] for kind in expected for arrays in expected[kind] if len(arrays[0])]
        for found, box in zip(boxes(store), expected_boxes(listed), strict=True):
            close(found, box)
        (fit,) = queries.tomograms_with_fitmap(store)
        factor, shift = to_angstrom_of(region, region["annotations"][-1])
        assert fit.placements is not None
        found = np.array(fit.placements[0])
        found[:3, 3] = found[:3, 3] * factor + shift
        close(found, expected["density_map"][0][1])
        images = region["tilt_series"][0]["images"]
        tilts = [one["nominal_tilt_angle"] for one in images]
        (scheme,) = queries.tilt_schemes(store)
        close([scheme.tilts, scheme.minimum, scheme.maximum], [len(tilts), min(tilts), max(tilts)])
        (series,) = queries.tilt_series_by_dose(store, maximum=1e9)
        close(series.dose, images[-1]["accumulated_dose"])


@given(rows, angles, positive, row, st.sampled_from(["array", "space"]))
def test_positions_in_a_frame_of_their_own_are_where_a_transformation_takes_them(
    positions: list[list[float]], degrees: ArrayLike, factor: float, by: list[float], into: str
) -> None:
    size, voxel = [500, 401, 120], 7.5
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = factor * rotation(degrees), by
    own = {
        "name": "picked",
        "axes": [{"name": axis, "axis_unit": "pixel", "axis_type": "array"} for axis in "xyz"],
    }
    leading = {"transformation_type": "affine", "input": "picked", "output": into, "affine": matrix.tolist()}
    points = {
        "id": "p",
        "annotation_type": "point_set_3D",
        "source_tomogram_id": "t",
        "origin3D": positions,
        "coordinate_systems": [own],
        "coordinate_transformations": [leading],
    }
    region = {"id": "r", "tomograms": [tomogram_of_b(size, voxel)], "annotations": [points]}
    moved = np.array(positions) @ matrix[:3, :3].T + by
    in_voxels = moved if into == "array" else moved / voxel
    with LocalStore.memory() as store:
        archive.put(store, read_data({"name": "b", "regions": [region]}, dialect=B))
        (found,) = boxes(store)
        (expected,) = expected_boxes([[(in_voxels - np.array(size) // 2) * voxel]])
        close(found, expected)
