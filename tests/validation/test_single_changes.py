"""One change to a document: each mistake is found at its place, and nothing is said of unusual practice.

`mistakes.tsv` has the document, the place that is changed, its new value in JSON (empty takes it out), the
rule, and the place that the finding has to name; `practices.tsv` has changes that are right. `{series}`
and the like stand for places in the complete document.
"""

import copy
import csv
import json
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from complete import complete
from complete_cets_data_model import complete_cets_data_model

from cetsgraph.findings import Severity
from cetsgraph.validation import Report, validate

HERE = Path(__file__).parent
SET = "/regions/0/tomo_image_sets/0"
PLACES = {
    "images": SET,
    "series": f"{SET}/tilt_series_sets/0/tilt_series/0",
    "tomogram": f"{SET}/tomogram_sets/0/tomograms/0",
    "alignment": f"{SET}/alignments/0",
    "movies": f"{SET}/movie_stack_collections/0/movie_stack_series/0/movie_stacks",
}


WHOLE: dict[str, Callable[[], Any]] = {
    "complete": complete,
    "complete-cets-data-model": complete_cets_data_model,
}


def table(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def place(text: str) -> str:
    return text.format_map(PLACES)


@cache
def document(name: str) -> Any:
    if name in WHOLE:
        return WHOLE[name]()
    return json.loads((HERE.parents[1] / f"examples/{name}.json").read_text(encoding="utf-8"))


@cache
def said_before(name: str) -> frozenset[tuple[str, str, str]]:
    return said(validate(document(name), "deposition"))


def said(report: Report) -> frozenset[tuple[str, str, str]]:
    return frozenset((one.rule, one.pointer, one.message) for one in report.findings)


def changed(name: str, pointer: str, value: str) -> Any:
    whole = copy.deepcopy(document(name))
    *steps, last = pointer.split("/")[1:]
    holder = whole
    for step in steps:
        holder = holder[int(step)] if isinstance(holder, list) else holder[step]
    key: Any = int(last) if isinstance(holder, list) else last
    if value:
        holder[key] = json.loads(value)
    else:
        del holder[key]
    return whole


@pytest.mark.parametrize("row", table("mistakes.tsv"), ids=lambda row: f"{row['rule']} {row['place']}")
def test_the_mistake_is_found_at_its_place(row: dict[str, str]) -> None:
    report = validate(changed(row["document"], place(row["place"]), row["value"]), "deposition")
    new = said(report) - said_before(row["document"])
    assert (row["rule"], place(row["pointer"])) in {(rule, pointer) for rule, pointer, _ in new}


MENDS = [
    ("complete", "{images}/imaging/accelerating_voltage", "300000.0", "Write 300, if 300000 is meant as V."),
    ("complete", "{images}/imaging/spherical_aberration", "2700.0", "Write 2.7, if 2700 is meant as µm."),
    ("complete", "{images}/imaging/temperature", "-193.0", "Write 80.15, if it is -193 °C."),
    ("complete", "/acquisition_sessions/0/amplitude_contrast", "7.0", "Write 0.07, if it is 7 %."),
    ("complete", "{series}/micrographs/7/ctf_metadata/defocus_v", "3.2", "Write 32000, if it is 3.2 µm."),
    ("complete", "{series}/micrographs/5/movie_stack_id", '"m00"', "Name m31, which is the movie of -45°."),
    (
        "complete",
        "{series}/micrographs/5/nominal_tilt_angle",
        "45.0",
        "Write -45, the tilt angle of that movie.",
    ),
    (
        "complete",
        "{tomogram}/annotations/0/point_count",
        "60",
        "Write 3, or add the points that are missing.",
    ),
    (
        "complete",
        "{series}/micrographs/5/ctf_metadata/defocus_u",
        "-32000.0",
        "Write 32000, if it is underfocus",
    ),
    ("complete", "{series}/micrographs/5/width", '"5,760"', "without quotes and unit: 5760."),
    ("complete", "{series}/micrographs/5/tilt_angle", "3.0", "'nominal_tilt_angle' or 'refined_tilt_angle'"),
    ("complete", "{series}/spherical_aberration", "0.0027", "Write 2.7, if 0.0027 is meant as m."),
    ("complete", "{tomogram}/annotations", '{"a": {"type": "Text"}}', "each with its name as `id`"),
    ("complete", "/deposition_date", '"2022/3/1"', "Write 2022-03-01, if there is such a day."),
    ("complete", "/map_sets/0/maps/0/resolution", "1.5", "Write 15, if 1.5 is nm"),
    (
        "complete",
        "{tomogram}/annotations/0/rotations",
        "[[1.0, 2.0, 3.0]]",
        "as a list of its rows; angles are none",
    ),
    ("complete", "{tomogram}/path", '"/home/anna/t.mrc"', "from its top folder: t.mrc, if it is there."),
    (
        "complete",
        "{tomogram}/annotations/2/transformation/matrix",
        "[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [200.0, 300.0, 100.0, 1]]",
        "Transpose it, so that the shift is in the last column: [[1.0, 0.0, 0.0, 200.0], ",
    ),
    (
        "complete-cets-data-model",
        "/regions/0/alignments/0/projection_alignments/5/tilt_image_id",
        '"t06"',
        "Name another image in one of the two, or take it out. Without a row: t05.",
    ),
    (
        "complete-cets-data-model",
        "/regions/0/tomograms/0/coordinate_transformations/0/output",
        '"phys"',
        "Write array or physical, or describe the coordinate system.",
    ),
    (
        "complete-cets-data-model",
        "/averages/0/particle_maps/0/coord_index",
        "7",
        "Points are counted from 0.",
    ),
    ("complete-cets-data-model", "/regions/0/annotations/5/depth", "100", "Correct the size"),
    (
        "complete-cets-data-model",
        "/regions/0/annotations/5/annotation_type",
        '"probability_map_2D"',
        "Write probability_map_3D in `annotation_type`, which has this field, or take it out.",
    ),
]


@pytest.mark.parametrize(("name", "where", "value", "mend"), MENDS, ids=[mend for *_, mend in MENDS])
def test_the_hint_says_what_to_write(name: str, where: str, value: str, mend: str) -> None:
    found = validate(changed(name, place(where), value), "core").findings
    assert any(mend in (one.hint or "") for one in found)


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("coordinate_transformations/0/input", '"arr"', "a transformation names arr, which is none of its"),
        ("coordinate_transformations/0/scale", "[13.7, 13.7]", "the scale has 2 numbers for three axes"),
        (
            "coordinate_systems/1/axes/0/axis_unit",
            '"furlong"',
            "furlong is no unit that can be turned into Å",
        ),
        ("coordinate_systems/0/axes", "[]", "no coordinate system counts voxels"),
        (
            "coordinate_transformations/0/transformation_type",
            '"identity"',
            "none of its transformations is a",
        ),
    ],
)
def test_it_is_said_why_a_voxel_size_cannot_be_derived(field: str, value: str, why: str) -> None:
    whole = changed("empiar-12104.cets-data-model", f"/regions/0/tomograms/0/{field}", value)
    if field.endswith("type"):
        del whole["regions"][0]["tomograms"][0]["coordinate_transformations"][0]["scale"]
    found = validate(whole, "deposition").findings
    (missing,) = [one for one in found if one.rule == "tomogram-sampling"]
    assert f"no voxel size: {why}" in missing.message and missing.pointer == "/regions/0/tomograms/0"


@pytest.mark.parametrize("row", table("practices.tsv"), ids=lambda row: row["practice"])
def test_nothing_is_said_of_the_practice(row: dict[str, str]) -> None:
    assert warnings(changed("complete", place(row["place"]), row["value"])) == []


def warnings(whole: Any) -> list[str]:
    found = validate(whole, "deposition").findings
    return [str(one) for one in found if one.severity is not Severity.INFO]


def images_of(whole: Any) -> list[dict[str, Any]]:
    images: list[dict[str, Any]] = series_of(whole)["micrographs"]
    return images


def set_of(whole: Any) -> dict[str, Any]:
    found: dict[str, Any] = whole["regions"][0]["tomo_image_sets"][0]
    return found


def series_of(whole: Any) -> dict[str, Any]:
    found: dict[str, Any] = set_of(whole)["tilt_series_sets"][0]["tilt_series"][0]
    return found


def without_movies(whole: Any) -> None:
    del set_of(whole)["movie_stack_collections"], series_of(whole)["movie_stack_series_id"]
    for image in images_of(whole):
        del image["movie_stack_id"]


def taken_in(whole: Any, angles: list[float]) -> None:
    """Another scheme of 41 tilts, in the order of exposures."""
    without_movies(whole)
    series_of(whole).update(tilt_range_min=min(angles), tilt_range_max=max(angles), tilt_step=None)
    rows = set_of(whole)["alignments"][0]["projection_alignments"]
    for image, row, angle in zip(images_of(whole), rows, sorted(angles), strict=True):
        order = angles.index(angle)
        image.update(nominal_tilt_angle=angle, refined_tilt_angle=angle, acquisition_order=order)
        image["accumulated_dose"] = 3.0 * order
        row["y_tilt"] = angle


UP = [3.0 * step for step in range(-20, 21)]
SCHEMES: dict[str, list[float]] = {
    "continuous from -60": UP,
    "continuous from +60": UP[::-1],
    "bidirectional": [*UP[20:], *UP[:20][::-1]],
    "bidirectional from -21": [*UP[13:], *UP[:13][::-1]],
    "symmetric about a pre-tilt": [12 + (-1) ** step * 3.0 * ((step + 1) // 2) for step in range(41)],
    "one side": [1.5 * step for step in range(41)],
    "unequal steps": [
        round(math.copysign(60 * (abs(step) / 20) ** 0.85, step), 2) for step in range(-20, 21)
    ],
}


@pytest.mark.parametrize("name", SCHEMES)
def test_nothing_is_said_of_the_scheme(name: str) -> None:
    whole = complete()
    taken_in(whole, SCHEMES[name])
    assert warnings(whole) == []


def including(whole: Any) -> None:
    for image in images_of(whole):
        image.update(accumulated_dose=image["accumulated_dose"] + 3.0, dose_convention="including")


def pre_exposed(whole: Any) -> None:
    for image in images_of(whole):
        image["accumulated_dose"] += 10.0


def more_dose_at_high_tilts(whole: Any) -> None:
    dose, series_of(whole)["total_dose"] = 0.0, None
    for image in sorted(images_of(whole), key=lambda image: image["acquisition_order"]):
        exposure = 3.0 / math.cos(math.radians(image["nominal_tilt_angle"]))
        image.update(accumulated_dose=dose, exposure_dose=exposure)
        dose += exposure


def in_focus(whole: Any) -> None:
    set_of(whole)["imaging"].update(phase_plate="VOLTA PHASE PLATE", nominal_defocus_min=0.0)
    set_of(whole)["imaging"]["nominal_defocus_max"] = 0.0
    for image in images_of(whole):
        image["ctf_metadata"].update(defocus_u=510.0, defocus_v=480.0, phase_shift=95.0)


def in_a_stem(whole: Any) -> None:
    without_movies(whole)
    set_of(whole)["imaging"] = {
        "accelerating_voltage": 300.0,
        "imaging_mode": "STEM",
        "tilt_axis_angle": 84.7,
    }
    session = whole["acquisition_sessions"][0]
    del session["amplitude_contrast"], session["handedness"]
    del series_of(whole)["amplitude_contrast"], series_of(whole)["defocus_handedness"]
    for image in images_of(whole):
        del image["ctf_metadata"]


def in_super_resolution(whole: Any) -> None:
    for movie in set_of(whole)["movie_stack_collections"][0]["movie_stack_series"][0]["movie_stacks"]:
        for frame in movie["frames"]:
            frame.update(width=11520, height=8184, pixel_size=0.675)


def binned(whole: Any) -> None:
    for image in images_of(whole):
        image.update(width=2880, height=2046, pixel_size=2.7)


def turned(whole: Any) -> None:
    for image in images_of(whole):
        image.update(width=image["height"], height=image["width"])


def about_two_axes(whole: Any) -> None:
    other = copy.deepcopy(series_of(whole))
    other.update(id="tsb", path="ts/b.mrc", even_path="ts/be.mrc", odd_path="ts/bo.mrc", tilt_axis_angle=-4.7)
    other.update(movie_stack_series_id=None, total_dose=246.0)
    for image in other["micrographs"]:
        image.update(movie_stack_id=None, accumulated_dose=image["accumulated_dose"] + 123.0)
    set_of(whole)["tilt_series_sets"][0]["tilt_series"].append(other)
    set_of(whole)["tomogram_sets"][0]["tomograms"][0]["tilt_series_id"] = ["ts", "tsb"]


def counted_the_other_way(whole: Any) -> None:
    for image in images_of(whole):
        image["refined_tilt_angle"] *= -1


def dose_of_the_whole_alone(whole: Any) -> None:
    for image in images_of(whole):
        del image["accumulated_dose"], image["exposure_dose"], image["dose_convention"]


def partial(whole: Any) -> None:
    for image in images_of(whole)[:4]:
        image.update(excluded=True, exclusion_reason="blocked by the grid bar", nominal_tilt_angle=None)
        image.update(accumulated_dose=None, refined_tilt_angle=None, ctf_metadata=None)


def tomogram_alone(whole: Any) -> None:
    for name in ("movie_stack_collections", "tilt_series_sets", "alignments"):
        del set_of(whole)[name]
    tomogram = set_of(whole)["tomogram_sets"][0]["tomograms"][0]
    del tomogram["tilt_series_id"], tomogram["alignment_id"]


def aligned_in_a_virtual_volume(whole: Any) -> None:
    set_of(whole)["alignments"][0]["reference_volume_id"] = "reference"
    volume = {"id": "reference", "width": 5760, "height": 4092, "depth": 2000, "voxel_size": 1.35}
    set_of(whole)["tomogram_sets"][0]["tomograms"].append({**volume, "tilt_series_id": "ts"})


PRACTICES: list[Callable[[Any], None]] = [
    including, pre_exposed, more_dose_at_high_tilts, in_focus, in_a_stem, in_super_resolution, binned, turned,
    about_two_axes, counted_the_other_way, dose_of_the_whole_alone, partial, tomogram_alone,
    aligned_in_a_virtual_volume,
]  # fmt: skip


@pytest.mark.parametrize("practice", PRACTICES, ids=lambda practice: practice.__name__)
def test_nothing_is_said_of_what_is_done_throughout(practice: Callable[[Any], None]) -> None:
    whole = complete()
    practice(whole)
    assert warnings(whole) == []
