"""Hints speak the dialect of the document: a depositor who follows them alone gets it clean."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cetsgraph.documents import DIALECTS, REVISIONS, field_name, read_data, template, write
from cetsgraph.findings import Finding, Severity
from cetsgraph.model import Entity
from cetsgraph.namespaces import SHAPES
from cetsgraph.pointers import follow
from cetsgraph.validation import PROFILES, rule_book, validate
from cetsgraph.validation.dialect_words import DialectWords, fields_named
from cetsgraph.validation.wording import Wording
from cetsgraph.vocabulary import vocabulary

ROOT = Path(__file__).resolve().parents[2]
BOOK = rule_book(PROFILES[-1])
WORDINGS = {rule.id: rule.wording for rule in BOOK.rules.values()} | {
    shape: wording
    for text in BOOK.texts
    for shape in re.findall(r"(?m)^shape:([\w-]+) a ", text)
    if (wording := BOOK.wording(f"{SHAPES}{shape}", "", None)).rule in BOOK.rules
}
WORDS = [
    *(DialectWords(dialect) for dialect in DIALECTS if dialect != "cets-data-model"),
    *(DialectWords("cets-data-model", revision) for revision in REVISIONS),
]
FIELD = re.compile(r"(?<![\w.{|])[a-z]+(?:_[a-z]+)+(?!\w)")
"""A name such as `voxel_size` that is not in a slot."""
CLASSES = [term.model for term in vocabulary().concrete()]


def texts(wording: Wording) -> Iterator[str]:
    yield from filter(None, (wording.hint, wording.otherwise, wording.expected))


def known_to(words: DialectWords, name: str) -> bool:
    """Whether the dialect has a field of this name in some class."""
    names = (
        field_name(words.dialect, words.revision, term.model, prop.field)
        for term in vocabulary().concrete()
        for prop in term.properties
    )
    return name in names


@pytest.mark.parametrize("name", WORDINGS)
def test_texts_name_fields_that_the_model_has_and_only_in_slots(name: str) -> None:
    for text in texts(WORDINGS[name]):
        assert not FIELD.findall(text), "a dialect may call this otherwise"
        for slot in re.findall(r"\{(\w+\.[\w.|]+)\}", text):
            for owner, field in fields_named(slot):
                classes = CLASSES if owner is Entity else [cls for cls in CLASSES if issubclass(cls, owner)]
                assert any(field in cls.model_fields for cls in classes), (owner, field)


@pytest.mark.parametrize("words", WORDS, ids=lambda words: f"{words.dialect} {words.revision or ''}")
def test_hints_name_fields_of_the_dialect_or_the_command_that_leaves_it(words: DialectWords) -> None:
    for name, wording in WORDINGS.items():
        said = words.wording(wording, None)
        assert said.hint and "[[" not in said.hint and "." not in "".join(re.findall(r"\{(.*?)\}", said.hint))
        if "has no field for this" not in said.hint:
            for field in re.findall(r"`([a-z_]+)`", said.hint + (said.expected or "")):
                assert known_to(words, field), (name, field)


def test_the_canonical_dialect_has_a_field_for_everything() -> None:
    for wording in WORDINGS.values():
        assert "has no field" not in str(DialectWords("cetsgraph").wording(wording, None).hint)


def test_classes_are_called_as_the_dialect_calls_them() -> None:
    whole = json.loads((ROOT / "examples/empiar-12104.cets-data-model.json").read_text(encoding="utf-8"))
    images = whole["regions"][0]["tilt_series"][0]["images"]
    images[3]["id"] = images[4]["id"]
    doubled = next(one for one in validate(whole).findings if one.rule == "id-unique")
    assert doubled.message == "another TiltImage has the same id"


NAMED = re.compile(r"`([A-Za-z_]\w+)`")


class Depositor:
    """One who does what hints say, with what is known of the data, and nothing else.

    Args:
        known: values by the name of the field.
    """

    def __init__(self, whole: Any, known: dict[str, Any]) -> None:
        self.whole = whole
        self.known = known

    def follow(self, finding: Finding) -> bool:
        """Fill or correct the fields that are named, at the place that is named, where values are known."""
        there = follow(self.whole, finding.pointer)
        names = [*NAMED.findall(finding.hint or ""), str(finding.expected)]
        named = {name: self.known[name] for name in names if name in self.known}
        if not isinstance(there, dict):
            holder, _, last = finding.pointer.rpartition("/")
            there, named = follow(self.whole, holder), {last: self.known[last]} if last in self.known else {}
        new = {name: value for name, value in named.items() if there.get(name) != value}
        if new:
            there.update(new)
        return bool(new)


def clean_after(whole: Any, known: dict[str, Any], profile: str) -> list[str]:
    """What is left to say after hints were followed, where that could be done."""
    depositor = Depositor(whole, known)
    for _ in range(6):
        report = validate(depositor.whole, profile)
        wrong = [one for one in report.findings if one.severity is not Severity.INFO]
        if any("convert --to cetsgraph" in (one.hint or "") for one in wrong):
            depositor.whole = json.loads(json.dumps(write(read_data(depositor.whole), "cetsgraph").data))
            continue
        followed = [depositor.follow(one) for one in wrong]
        if not any(followed):
            return [str(one) for one in wrong]
    raise AssertionError("hints lead in a circle")


def example(name: str) -> Any:
    return json.loads((ROOT / f"examples/{name}.json").read_text(encoding="utf-8"))


def test_a_document_of_cets_data_model_is_clean_after_its_hints() -> None:
    whole = example("empiar-12104.cets-data-model")
    region = whole["regions"][0]
    images, tomogram = region["tilt_series"][0]["images"], region["tomograms"][0]
    known: dict[str, Any] = {
        "path": "tomograms/TS_006.mrc",
        "tilt_series_id": tomogram["tilt_series_id"],
        "tilt_image_id": region["alignments"][0]["projection_alignments"][1]["tilt_image_id"],
        "width": tomogram["width"],
        "id": images[7]["id"],
        "section": 9,
        "nominal_tilt_angle": images[11]["nominal_tilt_angle"],
        "accumulated_dose": images[12]["accumulated_dose"],
        "defocus_u": images[0]["ctf_metadata"]["defocus_u"],
        "axis_unit": "pixel",
        "coord_index": 0,
        "source_tomogram_id": region["annotations"][0]["source_tomogram_id"],
    }
    del tomogram["path"], tomogram["even_path"], tomogram["odd_path"], images[7]["id"]
    tomogram["tilt_series_id"] = "Control_TS_600"
    tomogram["width"] = "1022 px"
    images[9]["section"] = 8
    images[11]["nominal_tilt_angle"] = 99.0
    images[12]["accumulated_dose"] = -1.0
    images[0]["ctf_metadata"]["defocus_u"] = 4.2
    tomogram["coordinate_systems"][0]["axes"][0]["axis_unit"] = "pixels"
    del region["alignments"][0]["projection_alignments"][1]["tilt_image_id"]
    whole["averages"][0]["particle_maps"][0]["coord_index"] = 400
    region["annotations"][0]["source_tomogram_id"] = "TS_006"
    assert len(validate(whole).findings) > 10
    assert clean_after(whole, known, "core") == []


def test_a_document_of_tomobabel_is_clean_after_its_hints() -> None:
    whole = example("empiar-10164.tomobabel")
    imaging = whole["regions"][0]["tomo_imaging"][0]
    series = imaging["raw_movies"]["tilt_series"][0]
    images, tomogram = series["micrographs"], series["Tomograms"][0]["tomograms"][0]
    parameters = imaging["imaging_parameters"]["imaging"]
    known: dict[str, Any] = {
        "file": tomogram["file"],
        "path": imaging["raw_movies"]["gain_file"]["path"],
        "nominal_cs": parameters["nominal_cs"],
        "accelerating_voltage": parameters["accelerating_voltage"],
        "nominal_defocus_min": parameters["nominal_defocus_min"],
        "nominal_tilt_angle": images[4]["nominal_tilt_angle"],
        "total_accumulated_dose": images[5]["total_accumulated_dose"],
        "pixel_size": images[6]["pixel_size"],
        "defocus_u": images[7]["ctf_metadata"]["defocus_u"],
        "voxel_size": tomogram["voxel_size"],
        "height": 3710,
        "refined_tilt_angle": images[1]["refined_tilt_angle"],
        "chamber_temperature": 288.0,
    }
    del tomogram["file"], imaging["raw_movies"]["gain_file"]["path"], images[5]["total_accumulated_dose"]
    parameters.update(nominal_cs=2700.0, accelerating_voltage=300000.0, nominal_defocus_min=1.5)
    images[4]["nominal_tilt_angle"] = 95.0
    images[6]["pixel_size"] = 0.0
    images[7]["ctf_metadata"]["defocus_u"] = 3.9
    images[1]["refined_tilt_angle"] = "3.1"
    tomogram["voxel_size"] = 1.35
    imaging["raw_movies"]["gain_file"]["height"] = "3710"
    imaging["sample_creation"]["vitrification"]["chamber_temperature"] = 15.0
    assert len(validate(whole).findings) > 10
    assert clean_after(whole, known, "core") == []


@pytest.mark.parametrize("name", ["empiar-12104.cets-data-model", "empiar-10164.tomobabel"])
def test_what_a_dialect_has_no_field_for_is_given_after_the_command_that_the_hint_names(name: str) -> None:
    known: dict[str, Any] = {
        "authors": [{"name": "Josiah Carberry", "orcid": "0000-0002-1825-0097"}],
        "license": "CC0-1.0",
        "accelerating_voltage": 300.0,
        "spherical_aberration": 2.7,
        "nominal_cs": 2.7,
        "amplitude_contrast": 0.07,
        "method": "manual",
        "method_description": "by hand",
        "mask_labels": [{"value": 1, "annotated_object_name": "membrane"}],
        "label_kind": "semantic",
    }
    left = clean_after(example(name), known, "deposition")
    # The example has the movies of three images, and positions in images without saying which.
    assert {one.rpartition("[")[2].partition("]")[0] for one in left} <= {
        "tilt-has-movie",
        "annotation-target",
    }


A = "/regions/0/tomo_imaging/0/raw_movies"
A_SERIES, A_TOMOGRAM = f"{A}/tilt_series/0", f"{A}/tilt_series/0/Tomograms/0/tomograms/0"
B_IMAGE, B_TOMOGRAM = "/regions/0/tilt_series/0/images/0", "/regions/0/tomograms/0"
MENDS = [
    # A field under the name that another dialect has for it.
    ("tomobabel", f"{A_TOMOGRAM}/path", "a.rec", "Write it `file`: that is its name in tomobabel."),
    ("tomobabel", f"{A_SERIES}/images", [], "Write it `micrographs`: that is its name in tomobabel."),
    ("cets-data-model", f"{B_TOMOGRAM}/file", "a.rec", "Write it `path`"),
    ("cets-data-model", "/regions/0/tilt_series/0/micrographs", [], "Write it `images`"),
    # A field that stands elsewhere, or nowhere, in the dialect.
    ("tomobabel", "/regions/0/tilt_series", [], "It is a field of MovieStackSet: move it there."),
    ("cets-data-model", "/regions/0/stacks", [], "It is a field of MovieStackSeries: move it there."),
    ("cets-data-model", "/authors", [], "cets-data-model has no field for this. Take it out; the document"),
    ("cets-data-model", f"{B_TOMOGRAM}/voxel_size", 6.0, '{"transformation_type": "scale", "scale": [X, Y]}'),
    # A misspelling, and what is like no field.
    ("tomobabel", f"{A_TOMOGRAM}/voxelsize", 6.0, "Did you mean 'voxel_size'?"),
    (
        "cets-data-model",
        f"{B_IMAGE}/weather",
        "fine",
        "TiltImage has the fields width, height, coo",
    ),
    ("cets-data-model", f"{B_IMAGE}/ctf", {}, "Did you mean 'ctf_metadata'?"),
    ("cets-data-model", f"{B_IMAGE}/ctf_metadata/defocus", 1.0, "Did you mean 'defocus_v' or 'defocus_u'?"),
    # Values of another type.
    (
        "tomobabel",
        f"{A_TOMOGRAM}/voxel_size",
        "6,0 Å",
        "Write the number alone, without quotes and unit: 6.0",
    ),
    ("tomobabel", f"{A_TOMOGRAM}/width", "wide", "Write a whole number, without quotes."),
    ("tomobabel", f"{A_TOMOGRAM}/width", 1000.5, "Write a whole number."),
    ("tomobabel", f"{A_TOMOGRAM}/voxel_size", float("nan"), "Use null where there is no number."),
    ("tomobabel", f"{A_TOMOGRAM}/width", float("inf"), "Use null where there is no number."),
    ("tomobabel", f"{A_TOMOGRAM}/file", ["a.rec"], "Write one text, in quotes."),
    ("tomobabel", f"{A_TOMOGRAM}/voxel_size", [6.0, 6.0, 6.0], "Write one number, without brackets: 6.0."),
    (
        "cets-data-model",
        "/regions/0/annotations/0/origin3D",
        [1, 2, 3],
        "a list of lists, in square brackets: [[1",
    ),
    ("tomobabel", f"{A_TOMOGRAM}/annotations/0/annotations/0/coords", [1, 2, 3], "with the fields x, y, z"),
    ("tomobabel", f"{A_TOMOGRAM}/annotations", {}, "Put it in square brackets, as a list of one."),
    ("cets-data-model", f"{B_TOMOGRAM}/ctf_corrected", "yes", "Write true or false, without quotes."),
    (
        "cets-data-model",
        f"{B_TOMOGRAM}/coordinate_transformations/0/scale",
        6.0,
        "Write a list, in square brackets: [6.0].",
    ),
    # Words, ids and fields that are required.
    (
        "cets-data-model",
        f"{B_TOMOGRAM}/coordinate_transformations/0/transformation_type",
        "rotation",
        "Write affine, and the matrix in the field `affine`.",
    ),
    (
        "cets-data-model",
        "/regions/0/annotations/0/annotation_type",
        None,
        "Add it; it is one of point_set",
    ),
    ("cets-data-model", f"{B_TOMOGRAM}/tilt_series_id", "ts-1", "Did you mean 'TS_01'?"),
    (
        "cets-data-model",
        f"{B_IMAGE}/movie_stack_id",
        "a.mrc",
        "Known there: 'TS_01_0', 'TS_01_1', 'TS_",
    ),
    ("cets-data-model", f"{B_TOMOGRAM}/id", None, "Add `id`: Identifier of the object"),
    (
        "tomobabel",
        f"{A_TOMOGRAM}/annotations/0/annotations/0",
        {"type": "sphere", "radius": 5.0},
        "Add `center`: Position of the centre.",
    ),
]


@pytest.mark.parametrize(
    ("dialect", "place", "value", "mend"), MENDS, ids=[f"{place} {value}" for _, place, value, _ in MENDS]
)
def test_a_hint_says_how_to_mend_this_very_value(dialect: str, place: str, value: Any, mend: str) -> None:
    whole: Any = json.loads(json.dumps(template(dialect).data))
    holder, _, last = place.rpartition("/")
    there = follow(whole, holder)
    there[int(last) if isinstance(there, list) else last] = value
    assert any(mend in (one.hint or "") for one in validate(whole).findings)


def test_a_field_that_is_misplaced_does_not_make_a_document_one_of_another_dialect() -> None:
    whole: Any = json.loads(json.dumps(template("tomobabel").data))
    movies = follow(whole, A)
    whole["regions"][0]["tilt_series"] = movies.pop("tilt_series")
    assert {one.rule for one in validate(whole).findings} == {"unknown-field"}
