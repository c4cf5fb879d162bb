"""One mistake in a real document, as a depositor makes it, is found at its place."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cetsgraph.validation import validate

JSON = Any
PORTAL = "cets-converters/portal-profile/10445.cets.json"
NON_RIGID = "cets-converters/nonrigid/exchange.cets.json"
SESSIONS = "cets-converters/proposed/pr35.json"
MOVIES = "tomobabel/ctf_all_movie_cols_gain_defect.json"
SERIES = "tomobabel/ctf_all_tilt_series.json"


def movies_with_series(folder: Path) -> JSON:
    """The movies of a series and the series that was made of them, which have two files."""
    movies, series = (json.loads((folder / name).read_bytes())["TS_01"] for name in (MOVIES, SERIES))
    return {"movie_stacks": movies["movie_stacks"], "tilt_series": [series]}


def mask(document: JSON) -> JSON:
    return next(one for one in document["regions"][0]["annotations"] if "mask" in one["annotation_type"])


def half_a_mask(document: JSON) -> None:
    mask(document)["depth"] = 184


def binned_by_four(document: JSON) -> None:
    for one in document["regions"][0]["annotations"]:
        if one["annotation_type"] == "point_matrix_set_3D":
            one["origin3D"] = [[4 * number for number in row] for row in one["origin3D"]]


def excluded_and_aligned(document: JSON) -> None:
    (alignment,) = document["regions"][0]["alignments"]
    aligned = alignment["projection_alignments"][0]["tilt_image_id"]
    alignment["exclusions"][0]["tilt_image_id"] = aligned


def counts_for_a_rate(document: JSON) -> None:
    document["acquisition_sessions"][0]["dose_rate"] = 8000.0


def another_tilt(document: JSON) -> None:
    for frame in document["movie_stacks"][7]["frame_images"]:
        frame["nominal_tilt_angle"] = 45.0


def less_than_the_movie(document: JSON) -> None:
    document["tilt_series"][0]["micrographs"][6]["total_accumulated_dose"] = 0.1


@pytest.mark.parametrize(
    ("name", "mistake", "rule", "pointer"),
    [
        (PORTAL, half_a_mask, "mask-size", "/regions/0/annotations/{mask}/depth"),
        (PORTAL, binned_by_four, "points-inside", "/regions/0/annotations/{points}/origin3D"),
        (
            NON_RIGID,
            excluded_and_aligned,
            "alignment-target",
            "/regions/0/alignments/0/exclusions/0/tilt_image_id",
        ),
        (SESSIONS, counts_for_a_rate, "unit-plausible", "/acquisition_sessions/0/dose_rate"),
        (MOVIES, another_tilt, "movie-tilt-agree", "/tilt_series/0/micrographs/7/nominal_tilt_angle"),
        (
            MOVIES,
            less_than_the_movie,
            "dose-total-consistent",
            "/tilt_series/0/micrographs/6/total_accumulated_dose",
        ),
    ],
)
def test_the_mistake_is_found_at_its_place(
    name: str, mistake: Callable[[JSON], None], rule: str, pointer: str, shared_data: Path
) -> None:
    found = (
        movies_with_series(shared_data) if name == MOVIES else json.loads((shared_data / name).read_bytes())
    )
    wrong = copy.deepcopy(found)
    mistake(wrong)
    if name == PORTAL:
        kinds = [one["annotation_type"] for one in found["regions"][0]["annotations"]]
        pointer = pointer.format(
            mask=kinds.index("segmentation_mask_3D"), points=kinds.index("point_matrix_set_3D")
        )
    said = [{(one.rule, one.pointer) for one in validate(document).findings} for document in (found, wrong)]
    assert (rule, pointer) in said[1] - said[0]
