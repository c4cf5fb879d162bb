"""Questions about tilt images and how to process them, against rows worked out from the documents."""

from typing import Any

import pytest
from queries.example_documents import (
    CELL,
    CELL_SERIES,
    CURATED,
    HIV,
    HIV_SERIES,
    ONCE,
    RUN,
    RUN_SERIES,
    SERIES,
    TWICE,
    VLP,
    VLP_SERIES,
    all_series,
    store_of,
    tilt_series,
    tuples,
)

from cetsgraph import queries
from cetsgraph.store import LocalStore

EMPIAR = "https://ftp.ebi.ac.uk/empiar/world_availability/12104/data/Control"
PORTAL = "https://files.cryoetdataportal.cziscience.com/10445/TS_105_5"


def test_tilt_images_say_what_the_documents_say(examples: LocalStore) -> None:
    rows = queries.tilt_images(examples)
    assert len(rows) == sum(len(images) for images in all_series().values()) == 5 * 41 + 50 + 5 + 31
    for series, images in all_series().items():
        found = [row for row in rows if row.tilt_series == series]
        assert [row.position for row in found] == list(range(len(images)))
        for row, image in zip(found, images, strict=True):
            ctf = image.get("ctf_metadata") or {}
            assert row.nominal_tilt_angle == image["nominal_tilt_angle"]
            assert (row.section, row.acquisition_order) == (
                image.get("section"),
                image.get("acquisition_order"),
            )
            assert (row.defocus_u, row.defocus_v) == (ctf.get("defocus_u"), ctf.get("defocus_v"))
            assert row.refined_tilt_angle == image.get("refined_tilt_angle")
            assert (row.excluded, row.exclusion_reason) == (
                image.get("excluded"),
                image.get("exclusion_reason"),
            )


@pytest.mark.parametrize(
    ("series", "position", "expected"),
    [
        # dose, exposure dose, exposure time, excluded, reason, file of the movie
        (HIV_SERIES, 0, (12.0, 3.0, 1.6, None, None, None)),
        (HIV_SERIES, 4, (15.0, 3.0, 1.6, True, "grid bar", None)),
        (
            RUN_SERIES,
            15,
            (3.87075, 3.87075, None, None, None, f"{PORTAL}/Frames/24mar08a_Position_105_5_001.eer"),
        ),
        (CELL_SERIES, 0, (3.956, None, None, None, None, f"{EMPIAR}/frames/TS_006_00001_0.0.tif")),
        (VLP_SERIES[0], 1, (6.0, None, None, None, None, None)),
        (ONCE, 4, (10.0, None, None, None, None, None)),
    ],
)
def test_a_tilt_image(everything: LocalStore, series: str, position: int, expected: tuple[Any, ...]) -> None:
    row = queries.tilt_images(everything, tilt_series=series)[position]
    assert (row.tilt_series, row.position) == (series, position)
    found = (
        row.dose,
        row.exposure_dose,
        row.exposure_time,
        row.excluded,
        row.exclusion_reason,
        row.movie_path,
    )
    assert found == expected


# voltage, aberration, contrast, pixel size, axis, dose per tilt, handedness, gain, movies
READY = {
    RUN_SERIES: (300, 2.7, None, 1.54, -96, 3.87075, None, "corrected", 31),
    VLP_SERIES[0]: (300, 2.7, None, 1.35, None, 3, "left_handed", "gain/CountRef.mrc", 3),
    **dict.fromkeys(VLP_SERIES[1:4], (300, 2.7, None, 1.35, None, 3, None, None, 0)),
    VLP_SERIES[4]: (300, 2.7, None, 1.35, None, 3, "left_handed", None, 0),
    CELL_SERIES: (None, None, None, 1.37, None, 2.25492, "left_handed", f"{EMPIAR}/gain.tif", 3),
    HIV_SERIES: (300, 2.7, 0.07, 5.4, 85.3, 3, "left_handed", None, 0),
    ONCE: (300, None, None, 1.25, None, 2, None, None, 0),
    TWICE: (300, None, None, 1.25, None, None, "right_handed", None, 1),
}
FACTS = [
    "voltage",
    "spherical aberration",
    "amplitude contrast",
    "pixel size",
    "tilt axis",
    "dose per tilt",
    "handedness",
    "gain",
    "movies",
]


def test_reprocessing_ready(everything: LocalStore) -> None:
    rows = queries.reprocessing_ready(everything)
    assert [row.tilt_series for row in rows] == sorted(READY)
    for row, found in zip(rows, tuples(rows), strict=True):
        expected = READY[row.tilt_series]
        for value, wanted in zip(found[6:], expected, strict=True):
            assert value == (pytest.approx(wanted) if isinstance(wanted, int | float) else wanted)
        lacking = [name for name, value in zip(FACTS, expected, strict=True) if value in (None, 0)]
        assert (row.ready, row.lacks) == (False, ", ".join(lacking))


def test_what_one_imaging_lacks_another_may_state() -> None:
    imaging = {"accelerating_voltage": 300.0, "amplitude_contrast": 0.1}
    collections = [
        {"imaging": {"spherical_aberration": 2.7, "accelerating_voltage": 200.0}},
        {"imaging": {"spherical_aberration": 2.6}},
        {"imaging": {"detector": {"detector_model": "K3"}}},
    ]
    series = {"id": "s", "micrographs": [{"id": "i"}]}
    with store_of(imaging=imaging, movie_stack_collections=collections, **tilt_series(series)) as store:
        (row,) = queries.reprocessing_ready(store)
    found = (row.accelerating_voltage, row.spherical_aberration, row.amplitude_contrast, row.tilt_axis_angle)
    assert found == (300, 2.6, 0.1, None)


def test_a_series_that_lacks_nothing_is_ready() -> None:
    series = {
        "id": "s",
        "accelerating_voltage": 300.0,
        "spherical_aberration": 2.7,
        "amplitude_contrast": 0.1,
        "tilt_axis_angle": 84.0,
        "defocus_handedness": -1,
        "movie_stack_series_id": "m",
        "micrographs": [{"id": "i", "pixel_size": 1.5, "exposure_dose": 2.5}],
    }
    movies = {"id": "m", "movie_stacks": [{"id": "0", "path": "0.tif"}, {"id": "1", "path": "1.tif"}]}
    collection = {"gain_file": {"path": "gain.mrc"}, "movie_stack_series": [movies]}
    with store_of(movie_stack_collections=[collection], **tilt_series(series)) as store:
        (row,) = queries.reprocessing_ready(store)
    assert (row.ready, row.lacks, row.gain, row.movies, row.dose_per_tilt) == (True, None, "gain.mrc", 2, 2.5)


def test_excluded_tilts(examples: LocalStore) -> None:
    alignment = f"{RUN}/region/17687/tomo-image-set/~0/alignment/18924"
    tilt_30, ts_04 = f"{RUN_SERIES}/micrograph/tilt-30", f"{HIV_SERIES}/micrograph/TS_01_04"
    assert tuples(queries.excluded_tilts(examples)) == [
        (RUN, RUN_SERIES, "TS_105_5", tilt_30, 30, "tilt-30", 45, alignment, "dark"),
        (HIV, HIV_SERIES, "TS_01", ts_04, 4, "TS_01_04", 6, None, "grid bar"),
    ]


def test_exposure_per_tilt(examples: LocalStore) -> None:
    rows = queries.exposure_per_tilt(examples)
    assert len(rows) == 31 + 5 + 3  # 12104 has movies of three images
    assert {row.exposure_dose for row in rows if row.dataset == RUN} == {3.87075}
    assert {(row.exposure_dose, row.exposure_time) for row in rows if row.dataset == HIV} == {(3.0, 1.6)}
    assert [(row.frames, row.dose_per_frame) for row in rows if row.dataset == CELL] == [(2, None)] * 3
    assert [row.frames for row in rows if row.dataset == RUN and row.frames] == [1]  # the one that is listed


@pytest.mark.parametrize(
    ("movie", "frames"),
    [
        ({"raw_frame_count": 10, "frames": [{"source_frame_count": 4}]}, 10),
        ({"frames": [{"source_frame_count": 4}, {"source_frame_count": 4}]}, 8),
        ({"frames": [{}, {}, {}, {}]}, 4),
    ],
)
def test_dose_of_a_frame(movie: dict[str, Any], frames: int) -> None:
    series = {"id": "s", "micrographs": [{"id": "i", "exposure_dose": 4.0, "movie_stack_id": "0"}]}
    movies = [{"movie_stack_series": [{"id": "m", "movie_stacks": [{"id": "0", **movie}]}]}]
    with store_of(movie_stack_collections=movies, **tilt_series(series)) as store:
        (row,) = queries.exposure_per_tilt(store)
    assert row.tilt_series == f"{SERIES}/s"
    assert (row.frames, row.dose_per_frame) == (frames, 4.0 / frames)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, [RUN_SERIES, *VLP_SERIES, CELL_SERIES, HIV_SERIES, ONCE, TWICE]),
        ({"minimum": 1.3, "maximum": 1.37}, [*VLP_SERIES, CELL_SERIES]),
        ({"minimum": 1.35000001, "maximum": 1.36}, VLP_SERIES),  # within the tolerance
        ({"voltage": 200}, []),
        ({"voltage": 300, "minimum": 1.4}, [RUN_SERIES, HIV_SERIES]),
        ({"detector": "k2"}, [HIV_SERIES]),
        ({"detector": "super-resolution"}, VLP_SERIES),
        ({"phase_plate": "volta"}, [ONCE, TWICE]),
        ({"energy_filter": "gif"}, []),
    ],
)
def test_tilt_series_by_optics(everything: LocalStore, given: dict[str, Any], expected: list[str]) -> None:
    rows = queries.tilt_series_by_optics(everything, **given)
    assert [row.tilt_series for row in rows] == expected


def test_optics_of_a_series(everything: LocalStore) -> None:
    rows = {row.tilt_series: row for row in queries.tilt_series_by_optics(everything)}
    hiv, once = rows[HIV_SERIES], rows[ONCE]
    assert (hiv.dataset, hiv.microscope_model, hiv.detector_model) == (
        HIV,
        "FEI TITAN KRIOS",
        "GATAN K2 SUMMIT (4k x 4k)",
    )
    assert (once.dataset, once.microscope_model, once.phase_plate_used) == (
        CURATED,
        "JEOL CRYO ARM 300",
        "VOLTA PHASE PLATE",
    )
    assert rows[RUN_SERIES].detector_mode == "electron-event representation"
    assert {rows[series].detector_mode for series in VLP_SERIES} == {"SUPER-RESOLUTION"}
    assert {rows[series].dataset for series in VLP_SERIES} == {VLP}
