"""What the questions answer about the example documents, against what their JSON says."""

import dataclasses
import json
import statistics
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
import rdflib
from queries.example_documents import (
    CELL,
    CELL_SWAPPED,
    CELL_TOMOGRAM,
    DATA,
    HIV,
    HIV_TOMOGRAMS,
    MAP,
    MAP_TOMOGRAM,
    RUN,
    RUN_SERIES,
    RUN_TOMOGRAMS,
    VLP,
    VLP_TOMOGRAM,
    all_series,
    annotations_in,
    canonical_series,
    cell,
    emdb,
    hiv,
    run_,
    vlp,
    vlp_series,
)

from cetsgraph import queries
from cetsgraph.queries import ValueKind, load
from cetsgraph.store import LocalStore


def test_tomograms_with_fitmap(examples: LocalStore) -> None:
    rows = queries.tomograms_with_fitmap(examples)
    found = {(row.tomogram, row.tomogram_path, row.map_path, row.name) for row in rows}
    center = (512.5, -340.2, 61.0)
    assert len(rows) == 4
    assert found == {
        (
            VLP_TOMOGRAM,
            "tomograms/TS_01_bin8.mrc",
            "emd_3782.map",
            "Capsid lattice EMD-3782 placed in the tomogram",
        ),
        (
            CELL_TOMOGRAM,
            cell["regions"][0]["tomograms"][0]["path"],
            "maps/ribosome_13.7A.mrc",
            "fitted ribosome",
        ),
        (MAP_TOMOGRAM, "tomograms/TS_01.mrc", "emd_3782.map", "EMD-3782"),
        (
            f"{HIV_TOMOGRAMS}/TS_01_10.8A",
            "Reconstructions/VoxelSpacing10.800/TS_01.mrc",
            "https://ftp.ebi.ac.uk/pub/databases/emdb/structures/EMD-3782/map/emd_3782.map.gz",
            "EMD-3782",
        ),
    }
    matrices = {row.dataset: row.matrix for row in rows}
    centers = {row.dataset: (row.center_x, row.center_y, row.center_z) for row in rows}
    rotations = {row.dataset: row.rotations for row in rows}
    assert matrices[CELL] is None and centers[CELL] == (None, None, None)
    assert rotations[CELL] == [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
    ]
    for dataset in (VLP, MAP, HIV):
        matrix = matrices[dataset]
        assert matrix is not None and matrix[0] == [0.866025404, -0.5, 0.0, 512.5]
        assert centers[dataset] == center and rotations[dataset] is None


@pytest.mark.parametrize(("name", "found"), [("gag POLYPROTEIN", 1), ("membrane", 0), ("", 0)])
def test_tomograms_with_fitted_maps_of_an_object(examples: LocalStore, name: str, found: int) -> None:
    assert len(queries.tomograms_with_fitmap(examples, object=[name])) == found


@pytest.mark.parametrize(
    ("object_", "minimum", "expected"),
    [
        ("GO:0070288", 1, {f"{RUN_TOMOGRAMS}/18956": 4}),
        ("http://purl.obolibrary.org/obo/GO_0070288", 4, {f"{RUN_TOMOGRAMS}/18956": 4}),
        ("GO:0070288", 5, {}),
        ("Ferritin Complex", 4, {f"{RUN_TOMOGRAMS}/18956": 4}),
        (["GO:0070288", "ferritin complex", "beta-amylase"], 1, {f"{RUN_TOMOGRAMS}/18956": 6}),
        ("ferritin", 1, {}),
        (
            "capsid hexamers",
            2,
            {VLP_TOMOGRAM: 3, MAP_TOMOGRAM: 2, f"{HIV_TOMOGRAMS}/TS_01_10.8A": 4},
        ),
        ("Gag polyprotein", 1, {MAP_TOMOGRAM: 2, f"{HIV_TOMOGRAMS}/TS_01_10.8A": 4}),
        ("virus-like particle", 1, {VLP_TOMOGRAM: 2, f"{HIV_TOMOGRAMS}/TS_01_10.8A": 1}),
        ("virus-like particles", 1, {VLP_TOMOGRAM: 3}),
        ("gold fiducial", 1, {VLP_TOMOGRAM: 1}),
        ("ribosomes", 4, {CELL_TOMOGRAM: 4}),
        ("fiducials", 1, {}),  # marked in no tomogram
        ("vesicles", 1, {}),  # spheres, not points
    ],
)
def test_tomograms_by_point_count(
    examples: LocalStore, object_: str | list[str], minimum: int, expected: dict[str, int]
) -> None:
    rows = queries.tomograms_by_point_count(examples, object=object_, minimum=minimum)
    assert {row.tomogram: row.points for row in rows} == expected
    assert len(rows) == len(expected)


def test_tilt_schemes(examples: LocalStore) -> None:
    rows = {row.tilt_series: row for row in queries.tilt_schemes(examples)}
    assert rows.keys() == all_series().keys()
    for iri, images in all_series().items():
        angles = sorted(image["nominal_tilt_angle"] for image in images)
        row = rows[iri]
        assert (row.tilts, row.minimum, row.maximum) == (len(images), angles[0], angles[-1])
        differences = [after - before for before, after in pairwise(angles)]
        assert row.step == pytest.approx(statistics.median(differences), rel=1e-12)
    for iri, _ in vlp_series():
        assert (rows[iri].tilts, rows[iri].minimum, rows[iri].maximum, rows[iri].step) == (41, -60, 60, 3)


@pytest.mark.parametrize("maximum", [11.9, 12, 112.746 * (1 - 5e-7), 112.7, 116.1225, 122.99, 123, 1e300])
def test_tilt_series_by_dose(examples: LocalStore, maximum: float) -> None:
    def received(image: dict[str, Any]) -> float:
        own = image.get("exposure_dose", 0.0) if image.get("dose_convention") == "before" else 0.0
        return float(image.get("total_accumulated_dose", image.get("accumulated_dose", 0.0) + own))

    doses = {iri: max(map(received, images)) for iri, images in all_series().items()}
    assert doses[RUN_SERIES] == 116.1225 + 3.87075
    rows = queries.tilt_series_by_dose(examples, maximum=maximum)
    assert {row.tilt_series: row.dose for row in rows} == {
        iri: dose for iri, dose in doses.items() if dose <= maximum * (1 + 1e-6)
    }
    assert [(row.dataset, row.dose) for row in rows] == sorted((row.dataset, row.dose) for row in rows)


def test_defocus_ranges(examples: LocalStore) -> None:
    rows = {row.tilt_series: row for row in queries.defocus_ranges(examples)}
    for iri, images in all_series().items():
        images = [image for image in images if not image.get("excluded")]
        known = [image["ctf_metadata"] for image in images if "ctf_metadata" in image]
        defoci = [ctf[key] for ctf in known for key in ("defocus_u", "defocus_v")]
        row = rows.pop(iri)
        assert (row.images, row.images_with_ctf) == (len(images), len(known))
        assert (row.minimum, row.maximum) == ((min(defoci), max(defoci)) if defoci else (None, None))
    assert not rows


@pytest.mark.parametrize(
    ("minimum", "maximum", "expected"),
    [
        (13.7, 13.7, {CELL_TOMOGRAM}),
        (13.6999999, 13.699999, {CELL_TOMOGRAM}),
        (13.71, 27.4, {CELL_SWAPPED}),
        (4.99, 5.4, {f"{RUN_TOMOGRAMS}/18956", f"{RUN_TOMOGRAMS}/18957", f"{HIV_TOMOGRAMS}/TS_01_5.4A"}),
        (0, 1.35, {MAP_TOMOGRAM}),
        (28, float("inf"), set()),
    ],
)
def test_tomograms_by_voxel_size(
    examples: LocalStore, minimum: float, maximum: float, expected: set[str]
) -> None:
    rows = queries.tomograms_by_voxel_size(examples, minimum=minimum, maximum=maximum)
    assert {row.tomogram for row in rows} == expected
    assert len(rows) == len(expected)


def test_a_tomogram_says_its_sampling_and_processing(examples: LocalStore) -> None:
    (row,) = queries.tomograms_by_voxel_size(examples, minimum=13.7, maximum=13.7)
    assert (row.width, row.height, row.depth) == (1022, 1440, 500)
    assert (row.voxel_size_x, row.voxel_size_y, row.voxel_size_z) == (13.7, 13.7, 13.7)
    assert row.name == "Control_TS_006_tomogram" and row.ctf_corrected is True and row.processing is None


@pytest.mark.parametrize(
    ("tomogram", "expected"),
    [
        # Levels: tilt series, tilt images, movies, frames.
        (VLP_TOMOGRAM, {1: 1, 2: 41, 3: 3, 4: 6}),
        (CELL_TOMOGRAM, {1: 1, 2: 50, 3: 3, 4: 6}),
        (f"{RUN_TOMOGRAMS}/18956", {1: 1, 2: 31, 3: 31, 4: 1}),
        (f"{HIV_TOMOGRAMS}/TS_01_10.8A", {1: 1, 2: 5}),
        (MAP_TOMOGRAM, {}),
        (f"{DATA}/nowhere", {}),
    ],
)
def test_tomogram_lineage(examples: LocalStore, tomogram: str, expected: dict[int, int]) -> None:
    rows = queries.tomogram_lineage(examples, tomogram=tomogram)
    assert Counter(row.level for row in rows) == expected
    made = {tomogram} | {row.object for row in rows}
    assert all(row.made_into in made and row.tomogram == tomogram for row in rows)


def test_lineage_follows_the_movie_of_each_tilt_image(examples: LocalStore) -> None:
    rows = queries.tomogram_lineage(examples, tomogram=[f"{RUN_TOMOGRAMS}/18956", MAP_TOMOGRAM])
    names = {row.object: row.name for row in rows if row.level == 2}
    movies = {names[row.made_into]: row.name for row in rows if row.level == 3}
    _, images = canonical_series(RUN, "17687", run_)
    assert movies == {image["id"]: image["movie_stack_id"] for image in images}


def test_annotation_counts(examples: LocalStore) -> None:
    of_tomobabel = {
        None: "AnnotationSet",
        "particle_coodinate": "Particle",
        "particle_coordinates": "ParticleSet",
        "fit_map": "FitMap",
    }
    of_data_model = {
        "point_set": "PointSet",
        "point_vector_set": "PointSet",
        "point_matrix_set": "PointSet",
        "circle_set": "SphereSet",
        "box_set": "CuboidSet",
        "tri_mesh": "Surface",
        "density_map": "FitMap",
    }
    expected: Counter[tuple[str, str]] = Counter()
    for annotation in annotations_in(vlp):
        kind = annotation.get("type")
        expected[VLP, of_tomobabel.get(kind) or str(kind).capitalize()] += 1
    for annotation in annotations_in(cell):
        kind = annotation["annotation_type"].removesuffix("_2D").removesuffix("_3D")
        expected[CELL, of_data_model.get(kind) or kind.title().replace("_", "")] += 1
    for dataset, data in ((HIV, hiv), (MAP, emdb), (RUN, run_)):
        for annotation in annotations_in(data):
            expected[dataset, annotation.get("type", "Particle")] += 1
    rows = queries.annotation_counts(examples)
    assert {(row.dataset, row.kind): row.annotations for row in rows} == expected
    assert {row.name for row in rows} == {
        "EMPIAR-10164",
        "EMPIAR-12104",
        "EMD-3782",
        "HIV-1 VLP annotations",
        "CryoET-Data-Portal-10445",
    }


def test_masks_and_points(examples: LocalStore) -> None:
    rows = queries.masks_and_points(examples)
    assert [(row.tomogram, row.masks, row.points) for row in rows] == [
        (f"{RUN_TOMOGRAMS}/18956", 1, 2 + 2 + 2),
        (CELL_TOMOGRAM, 1, 4 + 2 + 3),
        (f"{HIV_TOMOGRAMS}/TS_01_10.8A", 1, 4 + 1),
    ]


def test_region_completeness(examples: LocalStore) -> None:
    rows = {row.region: row for row in queries.region_completeness(examples)}
    counts = {region.removeprefix(f"{DATA}/"): dataclasses.astuple(row)[3:] for region, row in rows.items()}
    annotations = {index: len(list(annotations_in(region))) for index, region in enumerate(vlp["regions"])}
    #  movies, tilt series, tilt images, with CTF, tomograms, annotations, other images
    assert counts == {
        "EMPIAR-10164/region/~0": (3, 1, 41, 41, 1, annotations[0], 2),
        "EMPIAR-10164/region/~1": (0, 1, 41, 0, 0, 1, 0),
        "EMPIAR-10164/region/~2": (0, 1, 41, 0, 1, annotations[2], 0),
        "EMPIAR-10164/region/~3": (0, 1, 41, 0, 0, 1, 0),
        "EMPIAR-10164/region/~4": (0, 1, 41, 5, 0, 1, 0),
        "EMPIAR-12104/region/Control_TS_006": (3, 1, 50, 5, 2, 19, 0),
        "EMD-3782/region/TS_01": (0, 0, 0, 0, 1, 5, 0),
        "HIV-1-VLP-annotations/region/TS_01": (0, 1, 5, 4, 2, 8, 0),
        "CryoET-Data-Portal-10445/region/17687": (31, 1, 31, 0, 4, 4, 0),
    }
    assert rows[f"{RUN}/region/17687"].name == "TS_105_5"
    assert rows[f"{CELL}/region/Control_TS_006"].name == "Control_TS_006"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["PLACED", "emd-3782"], {f"{VLP_TOMOGRAM}/annotation/~1"}),
        (["emd-3782", "placed", "tomogram", "capsid"], {f"{VLP_TOMOGRAM}/annotation/~1"}),
        (["placed", "ribosome"], set()),
        (
            ["gag", "hexamers"],
            {f"{HIV_TOMOGRAMS}/TS_01_10.8A/annotation/hexamers", f"{MAP_TOMOGRAM}/annotation/hexamers"},
        ),
        (["beta-amylase-1"], {f"{RUN_TOMOGRAMS}/18956/annotation/69547"}),
        (["UniProtKB:P10537"], {f"{RUN_TOMOGRAMS}/18956/annotation/69547"}),
        (["ribosome_scores.mrc"], {f"{CELL}/region/Control_TS_006/annotation/ribosome_scores"}),
        (
            "ice crystal",
            {f"{VLP}/region/~2/tomo-image-set/~0/tomogram-set/~0/tomogram/~0/annotation/~6/member/~1"},
        ),
        (["particle 1", "bilayer"], {f"{VLP_TOMOGRAM}/annotation/~3"}),
        ("hiv-1 vlp annotations", {HIV}),
        ("no such words", set()),
    ],
)
def test_annotations_by_text(examples: LocalStore, words: str | list[str], expected: set[str]) -> None:
    rows = queries.annotations_by_text(examples, word=words)
    assert {row.object for row in rows} == expected
    assert len(rows) == len(expected)
    assert all(row.object.startswith(row.dataset) for row in rows)


def test_dataset_summary(examples: LocalStore) -> None:
    rows = {row.dataset: row for row in queries.dataset_summary(examples)}
    annotations = {
        dataset: len(list(annotations_in(data)))
        for dataset, data in ((VLP, vlp), (CELL, cell), (HIV, hiv), (MAP, emdb), (RUN, run_))
    }
    # regions, tilt series, tomograms
    expected = {VLP: (5, 5, 2), CELL: (1, 1, 2), HIV: (1, 1, 2), MAP: (1, 0, 1), RUN: (1, 1, 4)}
    assert rows.keys() == expected.keys()
    for dataset, row in rows.items():
        assert (row.regions, row.tilt_series, row.tomograms) == expected[dataset]
        assert row.annotations == annotations[dataset]
        assert row.triples == sum(1 for _ in examples.quads(dataset))
        assert row.source is not None and "/" not in row.source  # the name alone, not where it lay


def test_examples_have_no_dangling_references(examples: LocalStore) -> None:
    assert queries.dangling_references(examples) == []


EXAMPLE_VALUES: dict[str, dict[str, Any]] = {
    "annotations_by_text": {"word": ["emd-3782"]},
    "tilt_series_by_dose": {"maximum": 116.1225},
    "tomogram_lineage": {"tomogram": [VLP_TOMOGRAM, f"{RUN_TOMOGRAMS}/18956"]},
    "tomograms_by_point_count": {"object": ["capsid hexamers", "GO:0070288"], "minimum": 3},
    "tomograms_by_voxel_size": {"minimum": 4.99, "maximum": 13.7},
}
SLOW_IN_RDFLIB = (
    "annotated_twice",
    "coverage",
    "dose_symmetric_series",
    "file_manifest",
    "inconsistent_pixel_sizes",
    "phase_plate_data",
    "region_completeness",
    "reprocessing_ready",
    "tilt_images",
    "tilt_schemes",
    "tomograms_by_annotated_object",
    "unaligned_tilt_images",
)
"""Questions that rdflib answers in time for one data set only, which has all that they ask about."""
_OF_KIND: dict[ValueKind, Callable[[str], Any]] = {
    ValueKind.NUMBER: float,
    ValueKind.INTEGER: int,
    ValueKind.BOOLEAN: lambda text: text == "true",
    ValueKind.ARRAY: json.loads,
}


@pytest.mark.parametrize(
    ("name", "values"), [(name, None) for name in queries.names()] + list(EXAMPLE_VALUES.items())
)
def test_rdflib_gives_the_same_rows(
    everything: LocalStore,
    curated: LocalStore,
    plain: rdflib.Graph,
    plain_curated: rdflib.Graph,
    name: str,
    values: dict[str, Any] | None,
) -> None:
    query = load(name)
    store, graph = (curated, plain_curated) if name in SLOW_IN_RDFLIB else (everything, plain)
    text = query.text if values is None else query.bind(**values)
    with_engine = [
        tuple(None if term is None else term.value for term in solution) for solution in store.select(text)
    ]
    with_rdflib = [tuple(None if term is None else str(term) for term in row) for row in graph.query(text)]
    kinds = [column.kind for column in query.columns]

    def rows(answer: list[tuple[str | None, ...]]) -> Counter[str]:
        return Counter(
            repr(
                [
                    text if text is None else _OF_KIND.get(kind, str)(text)
                    for kind, text in zip(kinds, row, strict=True)
                ]
            )
            for row in answer
        )

    assert rows(with_engine) == rows(with_rdflib)
    assert with_engine
