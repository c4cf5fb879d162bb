"""Questions about samples, benchmarks, maps and coverage, against rows worked out from the documents."""

from typing import Any

import pytest
from queries.example_documents import (
    CELL,
    CELL_TOMOGRAM,
    CURATED,
    CURATED_IMAGING,
    HIV,
    HIV_TOMOGRAMS,
    MAP,
    MAP_TOMOGRAM,
    RUN,
    RUN_TOMOGRAMS,
    TOMOGRAM,
    VLP,
    VLP_TOMOGRAM,
    store_of,
    tuples,
)

from cetsgraph import queries
from cetsgraph.store import LocalStore

RUN_TOMOGRAM, HIV_TOMOGRAM = f"{RUN_TOMOGRAMS}/18956", f"{HIV_TOMOGRAMS}/TS_01_10.8A"
OF_HIV = [MAP_TOMOGRAM, HIV_TOMOGRAM, f"{HIV_TOMOGRAMS}/TS_01_5.4A"]
OF_RUN = [f"{RUN_TOMOGRAMS}/{number}" for number in (18954, 18955, 18956, 18957)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"organism": "immunodeficiency"}, OF_HIV),
        ({"taxon": 11676}, OF_HIV),
        ({"taxon": 9606}, []),
        ({"sample_type": "VIRUS"}, OF_HIV),
        ({"sample_type": "in vitro"}, OF_RUN),
        ({"preparation": "vitrobot"}, [VLP_TOMOGRAM]),
        ({"preparation": "glow"}, [VLP_TOMOGRAM]),
        ({"preparation": "leica", "sample_type": "vitro"}, OF_RUN),
        ({"tissue": "lung"}, []),
    ],
)
def test_tomograms_by_sample(examples: LocalStore, given: dict[str, Any], expected: list[str]) -> None:
    rows = queries.tomograms_by_sample(examples, **given)
    assert [row.tomogram for row in rows] == expected


@pytest.mark.parametrize(
    "given",
    [{"tissue": "lung"}, {"tissue": "uberon:0002048"}, {"cell_type": "T cell"}, {"strain": "hek"}, {}],
)
def test_a_sample_is_found_by_names_and_terms(given: dict[str, str]) -> None:
    of_dataset = {
        "tissue": {"id": "UBERON:0002048", "name": "Lung"},
        "cell_type": {"name": "CD8 T cell"},
        "cell_strain": {"name": "HEK293"},
    }
    with store_of(of_dataset, tomogram_sets=[{"tomograms": [{"id": "t"}]}]) as store:
        (row,) = queries.tomograms_by_sample(store, **given)
    assert (row.tissue_name, row.cell_type_name, row.strain_name) == ("Lung", "CD8 T cell", "HEK293")


def test_particle_density(examples: LocalStore) -> None:
    rows = {row.tomogram: row for row in queries.particle_density(examples)}
    sizes = {
        RUN_TOMOGRAM: (6, 1260 * 1260 * 368 * 4.99**3, 368 * 0.499),
        MAP_TOMOGRAM: (2, 3838 * 3710 * 1200 * 1.35**3, 162),
        VLP_TOMOGRAM: (7, 480 * 464 * 150 * 10.8**3, 162),
        CELL_TOMOGRAM: (9, 1022 * 1440 * 500 * 13.7**3, 685),
        HIV_TOMOGRAM: (5, 480 * 464 * 150 * 10.8**3, 162),
    }
    assert rows.keys() == sizes.keys()
    for tomogram, (points, volume, thickness) in sizes.items():
        row = rows[tomogram]
        assert row.points == points
        assert row.volume == pytest.approx(volume * 1e-12)
        assert row.thickness == pytest.approx(thickness)
        assert row.density == pytest.approx(points / (volume * 1e-12))
    (row,) = queries.particle_density(examples, object="GO:0070288")
    assert (row.tomogram, row.points) == (RUN_TOMOGRAM, 4)


def test_annotated_twice(everything: LocalStore) -> None:
    small = f"{CURATED_IMAGING}/tomogram-set/~0/tomogram/small"
    ferritin, octopi = f"{RUN_TOMOGRAM}/annotation/69546", f"{RUN_TOMOGRAM}/annotation/175505"
    inside, outside = f"{small}/annotation/inside", f"{small}/annotation/outside"
    in_run, in_small = (RUN, RUN_TOMOGRAM, "ferritin complex"), (CURATED, small, "ribosomes")
    assert tuples(queries.annotated_twice(everything)) == [
        (*in_run, octopi, "apo-ferritin-octopi-1", "PointSet", "automated", None, False, 2),
        (*in_run, ferritin, "ferritin-complex-1", "PointSet", "hybrid", None, True, 2),
        (*in_small, inside, "ribosomes", "PointSet", None, None, None, 2),
        (*in_small, outside, "ribosomes", "PointSet", "manual", None, True, 2),
    ]


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ({}, {}, False),
        ({"method": "manual"}, {"method": "automated"}, True),
        ({"method": "manual"}, {}, False),
        ({"ground_truth": True}, {}, True),
        ({"ground_truth": False}, {}, False),
        ({"authors": [{"name": "A"}]}, {"authors": [{"name": "B"}]}, True),
        ({"authors": [{"name": "A"}, {"name": "B"}]}, {"authors": [{"name": "B"}, {"name": "A"}]}, False),
        ({"method": "manual", "name": "p"}, {"method": "automated", "name": "q"}, False),
    ],
)
def test_annotations_that_can_be_compared(one: dict[str, Any], other: dict[str, Any], differ: bool) -> None:
    annotations = [{"type": "PointSet", "name": "ribosome", **stated} for stated in (one, other)]
    tomogram = {"id": "t", "annotations": annotations}
    with store_of(tomogram_sets=[{"tomograms": [tomogram]}]) as store:
        rows = queries.annotated_twice(store)
    found = [f"{TOMOGRAM}/t/annotation/~{index}" for index in range(2)] if differ else []
    assert [row.annotation for row in rows] == found


def test_maps_by_resolution(examples: LocalStore) -> None:
    boxes, of_map = f"{MAP_TOMOGRAM}/sub-tomogram-set/hexamer-boxes", f"{MAP}/map-set/~0/map/emd_3782"
    rows = {row.map: row for row in queries.maps_by_resolution(examples)}
    found = {iri: (row.voxel_size, row.particles, row.picks, row.tomogram) for iri, row in rows.items()}
    assert found == {
        of_map: (1.35, 2, f"{MAP_TOMOGRAM}/annotation/hexamers", MAP_TOMOGRAM),
        f"{MAP_TOMOGRAM}/map-set/~0/map/~0": (1.35, 1, boxes, MAP_TOMOGRAM),
        f"{VLP_TOMOGRAM}/map-set/~0/map/~0": (5.4, 2, f"{VLP_TOMOGRAM}/sub-tomogram-set/~0", VLP_TOMOGRAM),
        f"{CELL}/map-set/~0/map/~0": (
            4.1,
            4,
            f"{CELL}/region/Control_TS_006/annotation/ribosomes",
            CELL_TOMOGRAM,
        ),
    }
    assert queries.maps_by_resolution(examples, maximum=100) == []  # none states a resolution


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, [3.4, 8.0]),
        ({"maximum": 3.4}, [3.4]),
        ({"minimum": 3.41}, [8.0]),
        ({"maximum": 3.3999999}, [3.4]),
    ],
)
def test_maps_in_a_range_of_resolution(given: dict[str, float], expected: list[float]) -> None:
    fine = {
        "id": "a",
        "resolution": 3.4,
        "resolution_method": "FSC 0.143",
        "symmetry": "C6",
        "particle_count": 9,
    }
    maps = [{"maps": [{"id": "b", "resolution": 8.0}, fine]}]
    with store_of({"map_sets": maps}) as store:
        rows = queries.maps_by_resolution(store, **given)
    assert [row.resolution for row in rows] == expected
    if expected[0] == 3.4:
        assert (rows[0].resolution_method, rows[0].symmetry, rows[0].particles) == ("FSC 0.143", "C6", 9)


def test_correlative_regions(examples: LocalStore) -> None:
    region, image = f"{VLP}/region/~0", f"{VLP}/region/~0/non-tomo-image-set/~0/image"
    beside = (VLP, region, None, VLP_TOMOGRAM, "tomograms/TS_01_bin8.mrc")
    assert tuples(queries.correlative_regions(examples)) == [
        (*beside, f"{image}/~0", "Image2D", None, None, 25.9),
        (*beside, f"{image}/~1", "Image3D", None, None, 1040),
    ]  # frames of a run are no other images


def test_a_collection_of_other_images_counts() -> None:
    collections = [{"name": "CLEM", "path": "clem/"}, {"name": "m", "category": "micrographs - multiframe"}]
    imaging = [{"tomogram_sets": [{"tomograms": [{"id": "t"}]}]}]
    region = {"id": "r", "image_collections": collections, "tomo_image_sets": imaging}
    with store_of({"regions": [region]}) as store:
        (row,) = queries.correlative_regions(store)
    assert (row.kind, row.name, row.path, row.region_name) == ("ImageCollection", "CLEM", "clem/", "r")


CC0 = [
    (RUN, "10.1101/2024.11.04.621686"),
    (MAP, "10.1016/j.jsb.2017.07.007"),
    (HIV, "10.1126/science.aaf9620"),
]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"licence": "cc0"}, CC0),
        ({"licence": "CC-BY"}, []),
        ({"author": "ada"}, CC0[2:]),
        ({"author": "0000-0002-1825-0097", "licence": "CC0-1.0"}, CC0[2:]),
        ({"author": "nobody"}, []),
        ({}, [*CC0[:2], (VLP, None), (CELL, None), CC0[2]]),
    ],
)
def test_data_by_author_or_licence(
    examples: LocalStore, given: dict[str, str], expected: list[tuple[str, str | None]]
) -> None:
    rows = queries.data_by_author_or_licence(examples, **given)
    assert [(row.dataset, row.doi) for row in rows] == expected
    for row in rows:
        ada = ("Ada Example", "0000-0002-1825-0097", "Institute of Examples", 0)
        author = (row.author_name, row.orcid, row.affiliation, row.position)
        assert author == (ada if row.dataset == HIV else (None,) * 4)


@pytest.mark.parametrize(
    ("kind", "field", "objects", "stating"),
    [
        ("DataSet", "license", 5, 3),
        ("DataSet", "hasAuthor", 5, 1),
        ("DataSet", "hasTissue", 5, 0),
        ("Tomogram", "voxelSize", 11, 11),
        ("Tomogram", "processing", 11, 6),
        ("Tomogram", "tiltSeries", 11, 10),
        ("TiltSeriesMicrographStack", "acceleratingVoltage", 8, 2),
        ("TiltSeriesMicrographStack", "exposureDose", 8, 2),
        ("TiltSeriesMicrographStack", "hasCtfMetadata", 8, 4),
        ("Map", "resolution", 4, 0),
        ("Map", "voxelSize", 4, 4),
    ],
)
def test_coverage(examples: LocalStore, kind: str, field: str, objects: int, stating: int) -> None:
    rows = queries.coverage(examples)
    (row,) = [row for row in rows if (row.kind, row.field) == (kind, field)]
    assert (row.archive, row.objects, row.stating) == ("local", objects, stating)
