"""Questions that follow relations of several objects, and facts of series whose images are not listed."""

from typing import Any

import pytest
from queries.example_documents import D, store_of, tilt_series

from cetsgraph import queries
from cetsgraph.store import LocalStore

REGION = f"{D}/region/r/tomo-image-set/~0"
SERIES = f"{REGION}/tilt-series-set/~0/tilt-series"
TOMOGRAM = f"{REGION}/tomogram-set/~0/tomogram"


def images(*angles: float) -> list[dict[str, Any]]:
    return [{"nominal_tilt_angle": angle} for angle in angles]


@pytest.fixture
def dual_axis() -> LocalStore:
    return store_of(
        tilt_series_sets=[{"tilt_series": [{"id": "a"}, {"id": "b"}]}],
        alignments=[{"id": "joint"}],
        tomogram_sets=[
            {
                "tomograms": [
                    {"id": "both", "tilt_series_id": ["a", "b"], "alignment_id": "joint", "voxel_size": 10.0},
                    {"id": "clean", "derived_from": "both", "processing": "denoised"},
                    {"id": "part", "derived_from": ["clean", "both"]},
                ]
            }
        ],
    )


@pytest.mark.parametrize("series", ["a", "b"])
def test_a_dual_axis_tomogram_is_a_reconstruction_of_both_its_series(
    dual_axis: LocalStore, series: str
) -> None:
    rows = queries.reconstructions_of_series(dual_axis, tilt_series=[f"{SERIES}/{series}"])
    assert [(row.tilt_series, row.tomogram) for row in rows] == [(f"{SERIES}/{series}", f"{TOMOGRAM}/both")]


def test_the_lineage_of_a_tomogram_names_series_alignments_and_tomograms(dual_axis: LocalStore) -> None:
    def lineage(name: str) -> set[tuple[int, str, str]]:
        rows = queries.tomogram_lineage(dual_axis, tomogram=[f"{TOMOGRAM}/{name}"])
        return {(row.level, row.kind, row.object) for row in rows}

    assert lineage("both") == {
        (1, "TiltSeriesMicrographStack", f"{SERIES}/a"),
        (1, "TiltSeriesMicrographStack", f"{SERIES}/b"),
        (1, "Alignment", f"{REGION}/alignment/joint"),
    }
    assert lineage("clean") == {(1, "Tomogram", f"{TOMOGRAM}/both")}
    assert lineage("part") == {
        (1, "Tomogram", f"{TOMOGRAM}/clean"),
        (1, "Tomogram", f"{TOMOGRAM}/both"),
        (2, "Tomogram", f"{TOMOGRAM}/both"),  # from which the denoised one was made
    }


STATED = {"tilt_range_min": -60.0, "tilt_range_max": 60.0, "tilt_step": 3.0, "tilt_count": 41}


@pytest.mark.parametrize(
    ("series", "scheme"),
    [
        (STATED, (41, -60.0, 60.0, 3.0)),
        ({"tilt_range_min": -60.0}, (0, -60.0, None, None)),
        ({}, (0, None, None, None)),
        ({**STATED, "micrographs": images(-2.0, 0.0, 2.0)}, (3, -2.0, 2.0, 2.0)),  # what is listed counts
        ({**STATED, "micrographs": [{}, {}]}, (2, -60.0, 60.0, 3.0)),
    ],
)
def test_the_scheme_of_a_series_is_what_its_images_show_or_it_states(
    series: dict[str, Any], scheme: tuple[int, float | None, float | None, float | None]
) -> None:
    (row,) = queries.tilt_schemes(store_of(**tilt_series({"id": "s", **series})))
    assert (row.tilts, row.minimum, row.maximum, row.step) == scheme


@pytest.mark.parametrize(
    ("series", "dose"),
    [
        ({"total_dose": 122.0}, 122.0),
        ({"total_dose": 122.0, "micrographs": [{"accumulated_dose": 117.0}]}, 117.0),
        ({"total_dose": 122.0, "micrographs": [{}]}, 122.0),
        ({"total_dose": 500.0}, None),
    ],
)
def test_the_dose_of_a_series_is_what_its_images_state_or_it_states(
    series: dict[str, Any], dose: float | None
) -> None:
    rows = queries.tilt_series_by_dose(store_of(**tilt_series({"id": "s", **series})), maximum=130)
    assert [row.dose for row in rows] == ([] if dose is None else [dose])


def test_a_map_comes_from_each_of_its_picks() -> None:
    points = {"type": "PointSet", "dimension": 3, "coordinates": [[1.0, 2.0, 3.0]]}
    elsewhere = "https://example.org/data/other/set/region/x/annotation/p"
    store = store_of(
        {"map_sets": [{"maps": [{"id": "m", "source_annotation_id": ["p0", "p1", elsewhere]}]}]},
        tomogram_sets=[
            {"tomograms": [{"id": name, "annotations": [{**points, "id": f"p{name}"}]} for name in "01"]}
        ],
    )
    rows = queries.map_provenance(store)
    assert {(row.picks, row.tomogram) for row in rows} == {
        (f"{TOMOGRAM}/0/annotation/p0", f"{TOMOGRAM}/0"),
        (f"{TOMOGRAM}/1/annotation/p1", f"{TOMOGRAM}/1"),
        (elsewhere, None),
    }


def test_files_of_their_own_are_in_the_manifest_and_software_of_provenance_is_used() -> None:
    store = store_of(
        tomogram_sets=[
            {
                "tomograms": [
                    {
                        "id": "t",
                        "path": "t.mrc",
                        "files": [{"path": "t.zarr"}, {"path": "even.mrc", "half": "even"}],
                        "provenance": {"software": [{"name": "AreTomo3", "version": "2"}]},
                        "cross_references": [{"database": "EMDB", "accession": "EMD-1"}],
                        "annotations": [{"type": "SegmentationMask", "path": "m.mrc", "depth": 3}],
                    }
                ]
            }
        ]
    )
    files = {(row.kind, row.part, row.path) for row in queries.file_manifest(store, dataset=[D])}
    assert files == {
        ("Tomogram", "whole", "t.mrc"),
        ("Tomogram", "whole", "t.zarr"),
        ("Tomogram", "even", "even.mrc"),
        ("SegmentationMask", "whole", "m.mrc"),
    }
    used = [(row.kind, row.software, row.version) for row in queries.software_used(store)]
    assert used == [("Tomogram", "AreTomo3", "2")]
    assert [(row.kind, row.accession) for row in queries.cross_archive_links(store)] == [
        ("Tomogram", "EMD-1")
    ]


@pytest.mark.parametrize(
    ("series", "image", "state"),
    [(None, None, ["unknown"]), (1, None, []), (1, 1, []), (-1, 1, ["conflicting"]), (None, -1, [])],
)
def test_a_series_may_state_its_handedness(series: int | None, image: int | None, state: list[str]) -> None:
    stated = {"defocus_handedness": series, "micrographs": [{"ctf_metadata": {"defocus_handedness": image}}]}
    rows = queries.unknown_handedness(store_of(**tilt_series({"id": "s", **stated})))
    assert [row.state for row in rows] == state
