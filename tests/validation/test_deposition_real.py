"""Real documents with one thing taken out or spoiled: the rules of deposition say which, and where."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cetsgraph.validation import Validator

Json = dict[str, Any]
Place = tuple[str, str, str]


def entry(shared_data: Path) -> Json:
    """EMPIAR-12104 with the ids that it lacks."""
    document: Json = json.loads(
        (shared_data / "cets-data-model/EMPIAR-12104.json").read_text(encoding="utf-8")
    )
    for index, image in enumerate(document["regions"][0]["tilt_series"][0]["images"]):
        image["id"] = f"image-{index}"
    return document


def region(document: Json) -> Json:
    found: Json = document["regions"][0]
    return found


def series(document: Json) -> Json:
    found: Json = region(document)["tilt_series"][0]
    return found


def tomogram(document: Json) -> Json:
    found: Json = region(document)["tomograms"][0]
    return found


def taken_from_images(field: str) -> Callable[[Json], None]:
    def take(document: Json) -> None:
        for image in series(document)["images"]:
            del image[field]

    return take


def flat(document: Json) -> None:
    for index, image in enumerate(series(document)["images"]):
        image["nominal_tilt_angle"] = index * 0.5


SERIES, IMAGE, TOMOGRAM = (
    "/regions/0/tilt_series/0",
    "/regions/0/tilt_series/0/images/7",
    "/regions/0/tomograms/0",
)
SEEDS: dict[str, tuple[Callable[[Json], object], set[Place]]] = {
    "no name": (lambda d: d.pop("name"), {("dataset-named", "violation", "")}),
    "no region": (lambda d: d.pop("regions"), {("dataset-named", "violation", "")}),
    "no images": (
        lambda d: [region(d).pop(key) for key in ("tilt_series", "tomograms")],
        {("region-imaged", "violation", "/regions/0")},
    ),
    "no width": (lambda d: tomogram(d).pop("width"), {("tomogram-sampling", "violation", TOMOGRAM)}),
    "no scale": (
        lambda d: tomogram(d).pop("coordinate_transformations"),
        {("tomogram-sampling", "violation", TOMOGRAM)},
    ),
    "no series": (
        lambda d: tomogram(d).pop("tilt_series_id"),
        {("tomogram-provenance", "warning", TOMOGRAM)},
    ),
    "no angle": (
        lambda d: series(d)["images"][7].pop("nominal_tilt_angle"),
        {("series-angles", "violation", IMAGE)},
    ),
    "no dose": (
        lambda d: series(d)["images"][7].pop("accumulated_dose"),
        {("series-dose", "warning", IMAGE)},
    ),
    "no dose anywhere": (taken_from_images("accumulated_dose"), {("series-dose", "warning", SERIES)}),
    "no movie": (
        lambda d: series(d)["images"][7].pop("movie_stack_id"),
        {("tilt-has-movie", "warning", IMAGE)},
    ),
    "no movie anywhere": (taken_from_images("movie_stack_id"), {("tilt-has-movie", "warning", SERIES)}),
    "few images": (
        lambda d: series(d).update(images=series(d)["images"][:9]),
        {("series-length", "warning", SERIES)},
    ),
    "gain file": (
        lambda d: region(d)["movie_stack_collection"].update(gain_file={"path": "gain.mrc"}),
        set(),
    ),
}
ANYWAY = {
    ("authors", "warning", ""),
    ("licence", "warning", ""),
    ("movies-gain", "warning", "/regions/0/movie_stack_collection"),
    ("voltage-cs", "warning", SERIES),
}
"""What the entry lacks as it is."""
GONE = {
    "no region": {"movies-gain", "voltage-cs"},
    "no images": {"voltage-cs"},
    "gain file": {"movies-gain"},
}
CORE = {"section-gap", "dose-convention"}
"""What the core says of the entry, for information."""


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_missing_is_said_where_it_is_missing(seed: str, shared_data: Path, tmp_path: Path) -> None:
    spoil, expected = SEEDS[seed]
    document = copy.deepcopy(entry(shared_data))
    spoil(document)
    file = tmp_path / "EMPIAR-12104.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    (report,) = Validator("deposition").file(file)
    found = {(one.rule, str(one.severity), one.pointer) for one in report.findings if one.rule not in CORE}
    anyway = {place for place in ANYWAY if place[0] not in GONE.get(seed, set())}
    assert found == anyway | expected


def test_a_series_that_hardly_tilts(shared_data: Path, tmp_path: Path) -> None:
    document = entry(shared_data)
    flat(document)
    del region(document)["movie_stack_collection"]
    taken_from_images("movie_stack_id")(document)
    del series(document)["movie_stack_series_id"]
    file = tmp_path / "flat.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    (report,) = Validator("deposition").file(file)
    (finding,) = (one for one in report.findings if one.rule == "series-length")
    assert (finding.pointer, finding.found, finding.expected) == (SERIES, "24.5°", "at least 30°")
