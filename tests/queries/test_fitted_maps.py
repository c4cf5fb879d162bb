"""Where fitted maps are, in every form in which documents state it; matrices are recomputed with numpy."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from queries.example_documents import D, store_of

from cetsgraph import queries
from cetsgraph.graph.fitted_maps import placement_matrices
from cetsgraph.model import FitMap, Transformation

Array = NDArray[np.float64]

TURN = [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
"""A quarter about Z: X goes to Y."""
CENTRE = {"x": 10.0, "y": -20.0, "z": 30.0}
WHOLE = [[0.0, -1.0, 0.0, 1.0], [1.0, 0.0, 0.0, 2.0], [0.0, 0.0, 1.0, 3.0], [0.0, 0.0, 0.0, 1.0]]
IDENTITY = np.eye(4).tolist()


def at(x: float, y: float, z: float, linear: Any = None) -> list[list[float]]:
    """The matrix with this linear part and shift."""
    matrix = np.eye(4)
    matrix[:3, :3] = np.eye(3) if linear is None else linear
    matrix[:3, 3] = x, y, z
    found: list[list[float]] = matrix.tolist()
    return found


def placed(**fields: Any) -> list[list[list[float]]] | None:
    """What the question says of a tomogram with one fitted map."""
    fit = {"type": "FitMap", "id": "f", "path": "m.mrc", "unit": "angstrom", "origin": "centre", **fields}
    with store_of(tomogram_sets=[{"tomograms": [{"id": "t", "annotations": [fit]}]}]) as store:
        (row,) = queries.tomograms_with_fitmap(store)
    assert (row.dataset, row.unit, row.origin) == (D, fit["unit"], fit["origin"])
    return row.placements


def of_type(kind: str, **fields: Any) -> dict[str, Any]:
    return {"transformation_type": kind, **fields}


SHIFT = of_type("translation", translation=[1.0, 2.0, 3.0])
SCALE = of_type("scale", scale=[2.0, 2.0, 4.0])
ROTATION = of_type("rotation", matrix=TURN)


@pytest.mark.parametrize(
    ("transformation", "matrix"),
    [
        (of_type("affine", matrix=WHOLE), WHOLE),
        (of_type("affine", matrix=WHOLE[:3]), WHOLE),
        (of_type("affine", matrix=TURN), at(0, 0, 0, TURN)),
        (of_type("affine", matrix=TURN, translation=[1.0, 2.0, 3.0]), WHOLE),
        (of_type("rotation", matrix=[row[:2] for row in TURN[:2]]), at(0, 0, 0, TURN)),
        (of_type("identity"), IDENTITY),
        (of_type("identity", matrix=WHOLE), WHOLE),  # what is stated beside the default type
        (of_type("flip", matrix=np.diag([-1.0, 1.0, 1.0]).tolist()), at(0, 0, 0, np.diag([-1, 1, 1]))),
        (SHIFT, at(1, 2, 3)),
        (of_type("translation", translation=[1.0, 2.0]), at(1, 2, 0)),
        (of_type("translation", matrix=at(1, 2, 3)), at(1, 2, 3)),
        (SCALE, at(0, 0, 0, np.diag([2, 2, 4]))),
        (of_type("scale", scale=[2.0]), at(0, 0, 0, np.diag([2, 2, 2]))),
        (of_type("sequence", sequence=[SCALE, SHIFT]), at(1, 2, 3, np.diag([2, 2, 4]))),
        (of_type("sequence", sequence=[SHIFT, SCALE]), at(2, 4, 12, np.diag([2, 2, 4]))),
        (of_type("sequence", sequence=[SHIFT, ROTATION]), at(-2, 1, 3, TURN)),
        (of_type("sequence", sequence=[ROTATION, SHIFT, ROTATION]), at(-2, 1, 3, np.diag([-1, -1, 1]))),
        (
            of_type(
                "map_axis",
                map_axis=[
                    {"axis1_name": "z", "axis2_name": "x"},
                    {"axis1_name": "y", "axis2_name": "y"},
                    {"axis1_name": "x", "axis2_name": "z"},
                ],
            ),
            at(0, 0, 0, [[0, 0, 1], [0, 1, 0], [1, 0, 0]]),
        ),
        (of_type("affine", matrix=WHOLE, input="tomogram", output="map"), np.linalg.inv(WHOLE).tolist()),
        (of_type("affine", matrix=WHOLE, input="map", output="tomogram"), WHOLE),
        # what states no matrix
        (of_type("affine"), None),
        (of_type("flip"), None),
        (of_type("affine", matrix=[[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), None),
        (of_type("affine", matrix=[[1.0, 0.0, 0.0], [0.0, 1.0], [0.0, 0.0, 1.0]]), None),
        (of_type("sequence", sequence=[SHIFT, of_type("affine")]), None),
        (of_type("map_axis", map_axis=[{"axis1_name": "a", "axis2_name": "b"}]), None),
        (of_type("affine", matrix=np.zeros((4, 4)).tolist(), input="tomogram", output="map"), None),
    ],
)
def test_a_transformation(transformation: dict[str, Any], matrix: list[list[float]] | None) -> None:
    found = placed(transformation=transformation)
    assert (found is None) == (matrix is None)
    if found is not None and matrix is not None:
        np.testing.assert_allclose(found, [matrix], rtol=0, atol=1e-9)


ARRAY = {"name": "array", "axes": [{"name": axis, "axis_type": "array"} for axis in "xyz"]}
SPACE = {"name": "physical", "axes": [{"name": axis, "axis_type": "space"} for axis in "xyz"]}
SAMPLING = of_type("scale", scale=[5.0, 5.0, 5.0], input="array", output="physical")
TO_TOMOGRAM = {"input": "physical", "output": "tomogram"}


@pytest.mark.parametrize(
    ("fields", "matrices"),
    [
        ({}, None),
        ({"center": CENTRE}, [at(10, -20, 30)]),
        ({"center": {"x": 10.0, "y": -20.0}}, [at(10, -20, 0)]),
        ({"center": CENTRE, "transformation": ROTATION}, [at(10, -20, 30, TURN)]),
        ({"center": CENTRE, "transformation": of_type("affine", matrix=WHOLE)}, [WHOLE]),
        ({"rotations": [np.eye(3).tolist(), TURN]}, [IDENTITY, at(0, 0, 0, TURN)]),
        (
            {"rotations": [np.eye(3).tolist(), TURN], "center": CENTRE},
            [at(10, -20, 30), at(10, -20, 30, TURN)],
        ),
        ({"rotations": [TURN, TURN], "transformation": SHIFT}, [WHOLE, WHOLE]),
        ({"rotations": [TURN], "transformation": SCALE}, [at(0, 0, 0, np.diag([2, 2, 4]) @ np.array(TURN))]),
        ({"coordinate_transformations": [SHIFT]}, [at(1, 2, 3)]),
        ({"coordinate_transformations": [SHIFT | TO_TOMOGRAM], "rotations": [TURN]}, [WHOLE]),
        (
            {
                "coordinate_systems": [ARRAY, SPACE],
                "coordinate_transformations": [SAMPLING, SHIFT | TO_TOMOGRAM],
                "rotations": [TURN],
            },
            [WHOLE],
        ),
        # the size of the voxels alone places nothing
        ({"coordinate_systems": [ARRAY, SPACE], "coordinate_transformations": [SAMPLING]}, None),
        (
            {
                "coordinate_systems": [ARRAY, SPACE],
                "coordinate_transformations": [SAMPLING],
                "rotations": [TURN],
            },
            [at(0, 0, 0, TURN)],
        ),
        # steps, whichever comes first in the list
        (
            {
                "coordinate_transformations": [
                    SCALE | {"input": "between", "output": "tomogram"},
                    SHIFT | {"input": "physical", "output": "between"},
                ]
            },
            [at(2, 4, 12, np.diag([2, 2, 4]))],
        ),
        # several from and to the same are placements
        (
            {"coordinate_transformations": [SHIFT | TO_TOMOGRAM, SCALE | TO_TOMOGRAM]},
            [at(1, 2, 3), at(0, 0, 0, np.diag([2, 2, 4]))],
        ),
        (
            {
                "coordinate_transformations": [SHIFT | TO_TOMOGRAM] * 2,
                "rotations": [TURN, np.eye(3).tolist()],
            },
            [WHOLE, at(1, 2, 3)],
        ),
        (
            {
                "coordinate_transformations": [SHIFT | TO_TOMOGRAM] * 2,
                "rotations": [TURN, TURN, TURN],
            },
            None,
        ),
        # from voxels of the map, whose size is known or not
        (
            {
                "voxel_size": 5.0,
                "coordinate_transformations": [
                    of_type(
                        "affine", matrix=at(1, 2, 3, np.diag([5, 5, 5])), input="array", output="tomogram"
                    )
                ],
            },
            [at(1, 2, 3)],
        ),
        (
            {
                "coordinate_transformations": [
                    of_type(
                        "affine", matrix=at(1, 2, 3, np.diag([5, 5, 5])), input="array", output="tomogram"
                    )
                ],
            },
            None,
        ),
    ],
)
def test_placements(fields: dict[str, Any], matrices: list[list[list[float]]] | None) -> None:
    found = placed(**fields)
    assert (found is None) == (matrices is None)
    if found is not None and matrices is not None:
        np.testing.assert_allclose(found, matrices, rtol=0, atol=1e-9)


numbers = st.floats(-1e3, 1e3)
vectors = st.lists(numbers, min_size=3, max_size=3)
linear = st.lists(vectors, min_size=3, max_size=3)


def embedded(matrix: list[list[float]]) -> Array:
    whole = np.eye(4)
    whole[:3, :3] = matrix
    return whole


@settings(max_examples=60)
@given(st.lists(st.one_of(vectors, linear), min_size=1, max_size=4), st.lists(linear, min_size=1, max_size=3))
def test_sequences_with_rotations(steps: list[Any], rotations: list[list[list[float]]]) -> None:
    """Steps are applied one after the other to what the rotation gives."""
    sequence, whole = [], np.eye(4)
    for step in steps:
        if isinstance(step[0], list):
            sequence.append(Transformation(transformation_type="affine", matrix=step))
            whole = embedded(step) @ whole
        else:
            sequence.append(Transformation(transformation_type="translation", translation=step))
            whole = np.array(at(step[0], step[1], step[2])) @ whole
    # A rotation that the matrix has already is not applied again.
    assume(not any(np.allclose(whole[:3, :3], rotation, rtol=0, atol=1e-3) for rotation in rotations))
    moving = Transformation(transformation_type="sequence", sequence=sequence)
    found = placement_matrices(FitMap(transformation=moving, rotations=rotations))
    expected = [whole @ embedded(rotation) for rotation in rotations]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-6)
