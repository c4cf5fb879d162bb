"""Where a map came from."""

from typing import Any

import pytest
from queries.example_documents import (
    CELL,
    CELL_FILES,
    CELL_REGION,
    CELL_TOMOGRAM,
    MAP,
    MAP_TOMOGRAM,
    POINT,
    VLP,
    VLP_TOMOGRAM,
    D,
    Row,
    T,
    particle,
    store_of,
    tuples,
    with_tomogram,
)

from cetsgraph import queries
from cetsgraph.store import LocalStore


def test_map_provenance(examples: LocalStore, curated: LocalStore) -> None:
    # name, path, picks, their name, points, index, tomogram, its path
    boxes = f"{MAP_TOMOGRAM}/sub-tomogram-set/hexamer-boxes"
    assert tuples(queries.map_provenance(examples)) == [
        (
            MAP,
            f"{MAP}/map-set/~0/map/emd_3782",
            "emd_3782",
            "emd_3782.map",
            f"{MAP_TOMOGRAM}/annotation/hexamers",
            "capsid hexamers",
            2,
            None,
            MAP_TOMOGRAM,
            "tomograms/TS_01.mrc",
        ),
        (
            MAP,
            f"{MAP_TOMOGRAM}/map-set/~0/map/~0",
            "average of this tomogram",
            "averages/TS_01.mrc",
            boxes,
            "hexamer-boxes",
            1,
            None,
            MAP_TOMOGRAM,
            "tomograms/TS_01.mrc",
        ),
        (
            VLP,
            f"{VLP_TOMOGRAM}/map-set/~0/map/~0",
            None,
            "averages/TS_01_hexamer_average.mrc",
            f"{VLP_TOMOGRAM}/sub-tomogram-set/~0",
            None,
            2,
            None,
            VLP_TOMOGRAM,
            "tomograms/TS_01_bin8.mrc",
        ),
        (
            CELL,
            f"{CELL}/map-set/~0/map/~0",
            "ribosome average",
            "averages/ribosome.mrc",
            f"{CELL_REGION}/annotation/ribosomes",
            "ribosomes",
            4,
            0,
            CELL_TOMOGRAM,
            f"{CELL_FILES}/tomograms/TS_006_aretomo.mrc",
        ),
    ]
    assert tuples(queries.map_provenance(curated)) == []


PICKS = {"type": "PointSet", "id": "picks", "coordinates": [[0.0] * 3] * 3}


BOXES = {"sub_tomogram_sets": [{"id": "boxes", "sub_tomograms": [{}, {}]}]}


@pytest.mark.parametrize(
    ("annotation", "map_set", "expected"),
    [
        (PICKS, {"maps": [{"source_annotation_id": "picks"}]}, [("annotation/picks", 3)]),
        (
            {
                "type": "ParticleSet",
                "id": "picks",
                "particles": [particle()] * 2,
                "members": [{"type": "Text"}],
            },
            {"maps": [{"source_annotation_id": "picks"}]},
            [("annotation/picks", 2)],
        ),
        (
            {"type": "AnnotationSet", "id": "picks", "members": [POINT, POINT, {"type": "Text"}]},
            {"maps": [{"source_annotation_id": "picks"}]},
            [("annotation/picks", 2)],
        ),
        (PICKS, {"sub_tomogram_set_id": "boxes", "maps": [{}]}, [("sub-tomogram-set/boxes", 2)]),
        (
            PICKS,
            {"sub_tomogram_set_id": "boxes", "maps": [{"source_annotation_id": "picks"}]},
            [("annotation/picks", 3), ("sub-tomogram-set/boxes", 2)],
        ),
        (PICKS, {"maps": [{}]}, [(None, None)]),
        (PICKS, {"maps": [{"source_annotation_id": "gone"}]}, []),
        (PICKS, {"sub_tomogram_set_id": "gone", "maps": [{}]}, []),
    ],
)
def test_where_a_map_of_a_tomogram_came_from(
    annotation: dict[str, Any], map_set: dict[str, Any], expected: list[Row]
) -> None:
    with store_of(**with_tomogram(annotation, **BOXES, map_sets=[map_set])) as store:
        rows = queries.map_provenance(store)
    assert [(row.picks, row.points) for row in rows] == [
        (picks and f"{T}/{picks}", points) for picks, points in expected
    ]
    assert {row.tomogram for row in rows} <= {T}


def test_a_map_of_the_data_set_that_names_nothing_has_no_provenance() -> None:
    with store_of({"map_sets": [{"maps": [{"path": "a.mrc"}]}]}) as store:
        assert queries.map_provenance(store) == []


def test_a_map_of_picks_in_no_tomogram() -> None:
    region = {"id": "r", "annotations": [PICKS], "tomo_image_sets": [with_tomogram(path="t.mrc")]}
    map_sets = [{"maps": [{"source_annotation_id": "picks"}]}]
    with store_of({"regions": [region], "map_sets": map_sets}) as store:
        rows = queries.map_provenance(store)
    picks = f"{D}/region/r/annotation/picks"
    assert tuples(rows) == [(D, f"{D}/map-set/~0/map/~0", None, None, picks, "picks", 3, None, None, None)]


def test_a_map_of_sub_tomograms_in_a_region() -> None:
    map_sets = [{"sub_tomogram_set_id": "boxes", "maps": [{"path": "a.mrc"}]}]
    imaging = with_tomogram(path="t.mrc", **BOXES)
    with store_of({"map_sets": map_sets}, **imaging) as store:
        rows = queries.map_provenance(store)
    picks = f"{T}/sub-tomogram-set/boxes"
    assert tuples(rows) == [(D, f"{D}/map-set/~0/map/~0", None, "a.mrc", picks, "boxes", 2, None, T, "t.mrc")]
