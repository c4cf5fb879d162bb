"""Tomograms without annotations, annotations without a target."""

from typing import Any

import pytest
from queries.example_documents import (
    CELL,
    CELL_REGION,
    CELL_SWAPPED,
    CURATED,
    CURATED_IMAGING,
    HIV,
    HIV_TOMOGRAMS,
    POINT,
    PORTAL,
    RUN,
    RUN_TOMOGRAMS,
    SMALL,
    Row,
    particle,
    store_of,
    tuples,
    with_tomogram,
)

from cetsgraph import queries
from cetsgraph.store import LocalStore


def test_unannotated(examples: LocalStore, curated: LocalStore) -> None:
    assert tuples(queries.unannotated(examples)) == [
        *(
            (
                RUN,
                f"{RUN_TOMOGRAMS}/{name}",
                "Tomogram",
                name,
                f"{PORTAL}/Reconstructions/{path}",
                "annotations",
            )
            for name, path in (
                ("18954", "VoxelSpacing10.012/Tomograms/102/TS_105_5.mrc"),
                ("18955", "VoxelSpacing10.012/Tomograms/103/TS_105_5.mrc"),
                ("18957", "VoxelSpacing4.990/Tomograms/101/TS_105_5.mrc"),
            )
        ),
        (
            CELL,
            CELL_SWAPPED,
            "Tomogram",
            "Control_TS_006_swapped",
            "tomograms/TS_006_zyx.mrc",
            "annotations",
        ),
        *(
            (CELL, f"{CELL_REGION}/annotation/{id_}", kind, id_.replace("_", " "), path, "target")
            for id_, kind, path in (
                ("carbon", "SegmentationMask", "masks/TS_006_carbon.mrc"),
                ("drift", "PointSet", None),
                ("fiducials", "PointSet", None),
                ("grid_bar", "Spline", None),
                ("holes", "SphereSet", None),
                ("ice", "ProbabilityMap", "masks/TS_006_ice.mrc"),
                ("lattice", "PointSet", None),
                ("picked_squares", "CuboidSet", None),
            )
        ),
        (
            HIV,
            f"{HIV_TOMOGRAMS}/TS_01_5.4A",
            "Tomogram",
            "TS_01_5.4A",
            "Reconstructions/VoxelSpacing5.400/TS_01.mrc",
            "annotations",
        ),
    ]
    again = f"{CURATED_IMAGING}/tomogram-set/~0/tomogram/again"
    assert tuples(queries.unannotated(curated)) == [
        (CURATED, again, "Tomogram", "again", "again.mrc", "annotations"),
        (CURATED, f"{SMALL}/annotation/lost", "PointSet", "lost", None, "target"),
    ]


@pytest.mark.parametrize(
    ("annotation", "on_region", "expected"),
    [
        ({"type": "Text"}, True, []),
        (POINT, True, [("Point", "a")]),
        (POINT, False, []),
        ({**POINT, "source_tomogram_id": "t"}, True, []),
        ({**POINT, "source_tomogram_id": "gone"}, True, [("Point", "a")]),
        ({**POINT, "target_id": "gone"}, False, [("Point", "a")]),
        ({**POINT, "target_id": "gone", "source_tomogram_id": "t"}, True, [("Point", "a")]),
        ({"type": "Text", "target_id": "gone"}, False, [("Text", "a")]),
        ({"type": "AnnotationSet", "members": [POINT, {"type": "Text"}]}, True, [("Point", None)]),
        ({"type": "ParticleSet", "particles": [particle()]}, True, [("Particle", None)]),
        ({"type": "ParticleSet", "target_id": "gone"}, False, [("ParticleSet", "a")]),
    ],
)
def test_what_lacks_a_target(annotation: dict[str, Any], on_region: bool, expected: list[Row]) -> None:
    named = {"id": "a", **annotation}
    imaging = with_tomogram({"type": "Text"}, *([] if on_region else [named]))
    region = {"id": "r", "annotations": [named] if on_region else [], "tomo_image_sets": [imaging]}
    with store_of({"regions": [region]}) as store:
        rows = queries.unannotated(store)
    assert [(row.kind, row.name) for row in rows] == expected
    assert {row.missing for row in rows} <= {"target"}
