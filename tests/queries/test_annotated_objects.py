"""What is annotated, how, and what is not yet."""

from typing import Any

import pytest
from queries.example_documents import (
    AMYLASE,
    CELL,
    CURATED,
    FERRITIN,
    GAG,
    HIV,
    MAP,
    MEMBRANE,
    POINT,
    RUN,
    VLP,
    Row,
    store_of,
    tuples,
    with_tomogram,
)

from cetsgraph import queries
from cetsgraph.store import LocalStore


def test_annotated_objects(examples: LocalStore) -> None:
    # term, name, data sets, tomograms, points
    assert tuples(queries.annotated_objects(examples)) == [
        (*GAG, 2, 2, 4 + 2),  # a fitted map beside the points of one, particles in the other
        (*MEMBRANE, 2, 2, 0),
        (None, "ribosomes", 1, 1, 4),
        (*FERRITIN, 1, 1, 2 + 2),
        (None, "ATP synthases", 1, 1, 3),
        (None, "capsid hexamers", 1, 1, 3),
        (None, "virus-like particles", 1, 1, 3),
        (None, "membrane proteins", 1, 1, 2),
        (*AMYLASE, 1, 1, 2),
        (None, "virus-like particle", 1, 1, 1),
        (None, "virus-like particle 1", 1, 1, 1),  # a set, with the point that is one of its members
        *(
            (None, name, 1, 1, 0)
            for name in (
                "EMD-3782",
                "actin filament",
                "envelope",
                "figure legend",
                "fitted ribosome",
            )
        ),
        (None, "ice", 2, 1, 0),  # a label of a mask in one, a map of the whole region in the other
        *(
            (None, name, 1, 1, 0)
            for name in (
                "lumen",
                "microtubules",
                "mitochondria",
                "outer mitochondrial membrane",
                "ribosome scores",
                "training boxes",
                "vesicles",
            )
        ),
        (None, "fiducials", 1, 0, 2),  # in no tomogram
        (None, "drift", 1, 0, 1),
        (None, "lattice", 1, 0, 1),
        *((None, name, 1, 0, 0) for name in ("carbon", "grid bar", "holes", "picked squares")),
    ]


def test_annotated_objects_to_be_curated(curated: LocalStore) -> None:
    assert tuples(queries.annotated_objects(curated)) == [(None, "ribosomes", 1, 1, 2 + 2)]


POINTS_OF_CELL = {"name": "cells", "type": "PointSet", "coordinates": [[0.0, 0.0, 0.0]] * 3}


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (POINTS_OF_CELL, [(None, "cells", 3)]),
        ({**POINTS_OF_CELL, "annotated_object": "CL:1"}, [("CL:1", None, 3)]),
        ({**POINTS_OF_CELL, "annotated_object_name": "cell"}, [(None, "cell", 3)]),
        ({**POINTS_OF_CELL, "coordinates": []}, [(None, "cells", 0)]),
        (POINT, []),
        ({"type": "AnnotationSet", "name": "picks", "members": [POINT, POINT]}, [(None, "picks", 2)]),
        (
            {"type": "ParticleSet", "name": "picks", "particles": [{"location": POINT["location"]}]},
            [(None, "picks", 1)],
        ),
        (
            {
                "type": "SegmentationMask",
                "mask_labels": [
                    {"value": 1, "annotated_object": "GO:1", "annotated_object_name": "one"},
                    {"value": 2, "annotated_object": "GO:2"},
                    {"value": 3, "name": "three"},
                ],
            },
            [(None, "three", 0), ("GO:1", "one", 0), ("GO:2", None, 0)],
        ),
    ],
)
def test_what_tells_the_annotated_object(annotation: dict[str, Any], expected: list[Row]) -> None:
    with store_of(**with_tomogram(annotation)) as store:
        rows = queries.annotated_objects(store)
    assert tuples(rows) == [(term, name, 1, 1, points) for term, name, points in expected]


def test_annotations_by_method(examples: LocalStore, curated: LocalStore) -> None:
    # name, method, ground truth, annotations, tomograms
    of_vlp = 1 + 5 + 1 + 2 + 7 + 7  # of the data set, regions, other images, CTF of two frames, tomograms
    assert tuples(queries.annotations_by_method(examples)) == [
        (RUN, "CryoET-Data-Portal-10445", "automated", False, 2, 1),
        (RUN, "CryoET-Data-Portal-10445", "hybrid", True, 2, 1),
        (MAP, "EMD-3782", None, None, 1, 1),
        (MAP, "EMD-3782", "hybrid", None, 1, 1),
        (VLP, "EMPIAR-10164", None, None, of_vlp, 2),
        (CELL, "EMPIAR-12104", None, None, 19, 1),
        (HIV, "HIV-1 VLP annotations", None, None, 3, 1),  # a text, a set, a fitted map
        (HIV, "HIV-1 VLP annotations", "automated", False, 1, 1),
        (HIV, "HIV-1 VLP annotations", "manual", True, 1, 1),
    ]
    assert tuples(queries.annotations_by_method(curated)) == [
        (CURATED, "To be curated", None, None, 2, 1),
        (CURATED, "To be curated", "manual", True, 1, 1),
    ]


def test_a_member_that_states_its_method_counts_beside_its_set() -> None:
    members = [POINT, {**POINT, "method": "manual"}, {**POINT, "ground_truth": False}]
    with store_of(
        **with_tomogram({"type": "AnnotationSet", "method": "hybrid", "members": members})
    ) as store:
        rows = queries.annotations_by_method(store)
    assert [row[2:] for row in tuples(rows)] == [
        (None, False, 1, 1),
        ("hybrid", None, 1, 1),
        ("manual", None, 1, 1),
    ]
