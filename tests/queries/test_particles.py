"""Particles with an orientation."""

from typing import Any

import pytest
from queries.example_documents import (
    CELL,
    CELL_REGION,
    CELL_TOMOGRAM,
    FERRITIN,
    GAG,
    HIV,
    HIV_TOMOGRAM,
    IDENTITY,
    MAP,
    MAP_TOMOGRAM,
    NOTHING,
    RUN,
    RUN_TOMOGRAM,
    SHIFT,
    TURN,
    VLP,
    VLP_TOMOGRAM,
    particle,
    store_of,
    tuples,
    with_tomogram,
)

from cetsgraph import queries
from cetsgraph.store import LocalStore


def test_oriented_particles(examples: LocalStore, curated: LocalStore) -> None:
    # name, target, object, orientation, points
    assert tuples(queries.oriented_particles(examples)) == [
        (
            RUN,
            f"{RUN_TOMOGRAM}/annotation/175505",
            "apo-ferritin-octopi-1",
            RUN_TOMOGRAM,
            *FERRITIN,
            "rotations",
            2,
        ),
        (
            MAP,
            f"{MAP_TOMOGRAM}/annotation/hexamers",
            "capsid hexamers",
            MAP_TOMOGRAM,
            *GAG,
            "transformations",
            1,  # of two
        ),
        (
            VLP,
            f"{VLP_TOMOGRAM}/annotation/~6",
            "capsid hexamers",
            VLP_TOMOGRAM,
            *NOTHING,
            "transformations",
            2,  # of three
        ),
        *(
            (CELL, f"{CELL_REGION}/annotation/{name}", name.replace("_", " "), target, *NOTHING, how, points)
            for name, target, how, points in (
                ("ATP_synthases", CELL_TOMOGRAM, "rotations", 3),
                ("drift", CELL_REGION, "directions", 1),
                ("lattice", CELL_REGION, "rotations", 1),
                ("membrane_proteins", CELL_TOMOGRAM, "directions", 2),
            )
        ),
        (
            HIV,
            f"{HIV_TOMOGRAM}/annotation/hexamers",
            "capsid hexamers",
            HIV_TOMOGRAM,
            *GAG,
            "rotations",
            4,
        ),
    ]
    assert tuples(queries.oriented_particles(curated)) == []


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ({"type": "PointSet", "coordinates": [[0.0] * 3]}, None),
        ({"type": "PointSet", "coordinates": [[0.0] * 3], "rotations": [IDENTITY]}, ("rotations", 1)),
        (
            {
                "type": "PointSet",
                "coordinates": [[0.0] * 3],
                "rotations": [IDENTITY],
                "vectors": [[0.0, 0.0, 1.0]],
            },
            ("rotations", 1),
        ),
        ({"type": "PointSet", "coordinates": [], "rotations": []}, None),
        ({"type": "ParticleSet", "particles": [particle(), particle()]}, None),
        (
            {"type": "ParticleSet", "particles": [particle(TURN), particle(), particle(TURN, SHIFT)]},
            ("transformations", 2),
        ),
        (
            {
                "type": "ParticleSet",
                "particles": [particle(TURN)],
                "members": [{"type": "Particle", **particle(TURN)}],
            },
            ("transformations", 2),
        ),
        (
            {"type": "AnnotationSet", "members": [{"type": "Particle", **particle(TURN)}]},
            ("transformations", 1),
        ),
        ({"type": "Particle", **particle(TURN)}, None),  # no set
        ({"type": "CuboidSet", "coordinates": [[0.0] * 3], "rotations": [IDENTITY]}, None),
    ],
)
def test_what_carries_orientations(annotation: dict[str, Any], expected: tuple[str, int] | None) -> None:
    with store_of(**with_tomogram(annotation)) as store:
        rows = queries.oriented_particles(store)
    assert [row[-2:] for row in tuples(rows)] == ([expected] if expected else [])
