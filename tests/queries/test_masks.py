"""Masks by the size of their voxels."""

import pytest
from queries.example_documents import (
    CELL,
    CELL_REGION,
    CELL_TOMOGRAM,
    HIV,
    HIV_TOMOGRAM,
    MEMBRANE,
    NOTHING,
    PORTAL,
    RUN,
    RUN_TOMOGRAM,
    Row,
    store_of,
    tuples,
    with_tomogram,
)

from cetsgraph import queries
from cetsgraph.store import LocalStore

MASK_OF_HIV = (
    HIV,
    f"{HIV_TOMOGRAM}/annotation/membrane",
    "membrane",
    "Annotations/membrane.mrc",
    HIV_TOMOGRAM,
    *MEMBRANE,
    True,
    *[10.8] * 3,
)


MASK_OF_RUN = (
    RUN,
    f"{RUN_TOMOGRAM}/annotation/69545",
    "membrane-1",
    f"{PORTAL}/Reconstructions/VoxelSpacing4.990/Annotations/100/membrane-1.0_segmentationmask.mrc",
    RUN_TOMOGRAM,
    *MEMBRANE,
    False,
    *[4.99] * 3,
)


MASK_OF_CELL = (
    CELL,
    f"{CELL_REGION}/annotation/mitochondria",
    "mitochondria",
    "masks/TS_006_mitochondria.mrc",
    CELL_TOMOGRAM,
    *NOTHING,
    None,
    *[13.7] * 3,
)


@pytest.mark.parametrize(
    ("minimum", "maximum", "expected"),
    [
        (0, 1e6, [MASK_OF_RUN, MASK_OF_CELL, MASK_OF_HIV]),  # by data set; carbon is a flat mask
        (4.99, 4.99, [MASK_OF_RUN]),
        (4.99 * (1 + 5e-7), 10.8 * (1 - 5e-7), [MASK_OF_RUN, MASK_OF_HIV]),
        (4.99 * (1 + 2e-6), 10.8 * (1 - 2e-6), []),
        (10.9, 1e6, [MASK_OF_CELL]),
        (1, 1.37, []),
    ],
)
def test_masks_by_voxel_size(
    examples: LocalStore, minimum: float, maximum: float, expected: list[Row]
) -> None:
    assert tuples(queries.masks_by_voxel_size(examples, minimum=minimum, maximum=maximum)) == expected


@pytest.mark.parametrize(
    ("mask", "tomogram", "expected"),
    [
        ({"voxel_size": 5.0}, {"voxel_size": 10.0}, (5.0, 5.0, 5.0)),
        ({}, {"voxel_size": 10.0}, (10.0, 10.0, 10.0)),
        ({}, {"voxel_size_x": 10.0, "voxel_size_y": 11.0, "voxel_size_z": 12.0}, (10.0, 11.0, 12.0)),
        (
            {"voxel_size_x": 5.0, "voxel_size_y": 6.0, "voxel_size_z": 7.0},
            {"voxel_size": 10.0},
            (5.0, 6.0, 7.0),
        ),
        ({"voxel_size_x": 5.0, "voxel_size_y": 5.0}, {"voxel_size": 10.0}, None),
        ({"voxel_size_y": 5.0}, {"voxel_size": 10.0}, None),
        ({"voxel_size_z": 5.0}, {"voxel_size": 10.0}, None),
        ({"pixel_size": 5.0}, {"voxel_size": 10.0}, None),
        ({"pixel_size_y": 5.0}, {"voxel_size": 10.0}, None),
        ({"voxel_size": 5.0, "voxel_size_z": 500.0}, {}, None),
        ({}, {}, None),
    ],
)
def test_voxel_size_of_a_mask(
    mask: dict[str, float], tomogram: dict[str, float], expected: Row | None
) -> None:
    masks = [{"type": kind, **mask} for kind in ("SegmentationMask", "ProbabilityMap")]
    with store_of(**with_tomogram(*masks, **tomogram)) as store:
        rows = queries.masks_by_voxel_size(store, minimum=1, maximum=100)
    assert [row[-3:] for row in tuples(rows)] == ([expected] if expected else [])


def test_true_masks_come_first_then_small_voxels() -> None:
    masks = [
        {"type": "SegmentationMask", "id": name, "voxel_size": size, **truth}
        for name, size, truth in (
            ("unknown", 2.0, {}),
            ("false", 1.0, {"ground_truth": False}),
            ("coarse", 9.0, {"ground_truth": True}),
            ("fine", 8.0, {"ground_truth": True}),
            ("beside", 8.0, {"ground_truth": True}),
        )
    ]
    with store_of(**with_tomogram(*masks)) as store:
        rows = queries.masks_by_voxel_size(store, minimum=0, maximum=10)
    assert [row.name for row in rows] == ["beside", "fine", "coarse", "false", "unknown"]
