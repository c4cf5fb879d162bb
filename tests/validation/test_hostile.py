"""Documents and shapes made to break validation: each is a finding or an error that says what is wrong."""

import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import pyoxigraph as ox
import pytest

from cetsgraph.documents import read
from cetsgraph.errors import CetsGraphError
from cetsgraph.graph import encode
from cetsgraph.model import DataSet
from cetsgraph.namespaces import CETS, RDF_JSON, XSD
from cetsgraph.validation import FORMATS, Report, Validator, render, rule_book, validate, validate_files
from cetsgraph.validation.engines import load_engine
from cetsgraph.validation.engines.rust import RustEngine
from cetsgraph.validation.killable import KillableProcesses

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples/empiar-12104.cets-data-model.json"
GOOD = ROOT / "tests/data/valid/tilt-angle-range.json"
PREFIXES = f"@prefix cets: <{CETS}> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
DATA = "https://w3id.org/cetsgraph/data/x"


def every_form(reports: list[Report]) -> None:
    for form in FORMATS:
        assert render(reports, form)


def typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(datatype))


IMAGE = {"id": "image_0", "path": "1.mrc", "section": 0, "nominal_tilt_angle": 0.0}
ROW = {"id": "row", "tilt_image_id": "image_0", "sequence": []}
PLANE = {"name": "array", "axes": [{"name": "x", "axis_type": "array"}, {"name": "y", "axis_type": "array"}]}
SPACE = {"name": "space", "axes": [{"name": name, "axis_type": "space"} for name in "xyz"]}
SCALE = {"type": "scale", "transformation_type": "scale", "input": "array", "output": "space"}
ODD_REGIONS = {
    "id-that-is-empty": {
        "tilt_series": [{"id": "TS_01", "path": "TS_01.st", "images": [IMAGE]}],
        "alignments": [{"tilt_series_id": "", "projection_alignments": [ROW]}],
    },
    "array-of-too-few-axes": {
        "tomograms": [
            {
                "id": "tomogram",
                "path": "t.mrc",
                "coordinate_systems": [PLANE, SPACE],
                "coordinate_transformations": [{**SCALE, "scale": [10.0, 10.0, 20.0]}],
            }
        ]
    },
}


@pytest.mark.parametrize("region", ODD_REGIONS.values(), ids=ODD_REGIONS)
def test_a_region_with_what_cannot_be_meant_is_validated(region: dict[str, object]) -> None:
    report = validate({"name": "TS_01", "regions": [{"id": "region", **region}]})
    every_form([report])


ODD_VALUES = {
    "literal-with-a-language": ox.Literal("x", language="en"),
    "blank-node": ox.BlankNode("b"),
    "iri-of-nothing": ox.NamedNode("https://example.org/x"),
    "triple": ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c")),
    "integer-that-is-none": typed("abc", f"{XSD}integer"),
    "integer-of-5000-digits": typed("9" * 5000, f"{XSD}integer"),
    "superscript-integer": typed("²", f"{XSD}integer"),
    "infinite-double": typed("INF", f"{XSD}double"),
    "no-date": typed("2020-13-45", f"{XSD}date"),
    "deep-json": typed("[" * 5000 + "]" * 5000, RDF_JSON),
    "json-that-is-none": typed("[[1, NaN]", RDF_JSON),
}


@cache
def quads() -> list[ox.Quad]:
    return list(ox.parse(encode(read(EXAMPLE).dataset, DATA), format=ox.RdfFormat.N_QUADS))


@pytest.mark.parametrize("value", ODD_VALUES.values(), ids=ODD_VALUES)
@pytest.mark.parametrize("predicate", ["position", "hasRegion", "label", "matrix", "width", "inDataSet"])
def test_a_value_that_no_document_has_is_a_finding_and_the_next_file_is_validated(
    predicate: str, value: ox.Literal, tmp_path: Path
) -> None:
    spoilt = [
        ox.Quad(quad.subject, quad.predicate, value, quad.graph_name)
        if quad.predicate.value == f"{CETS}{predicate}"
        else quad
        for quad in quads()
    ]
    if spoilt == quads():
        subject = ox.NamedNode(DATA)
        spoilt.append(ox.Quad(subject, ox.NamedNode(f"{CETS}{predicate}"), value, subject))
    file = tmp_path / "spoilt.nq"
    file.write_bytes(ox.serialize(spoilt, format=ox.RdfFormat.N_QUADS) or b"")
    first, second = validate_files([file, GOOD], processes=1)
    assert not first.conforms and second.conforms
    every_form([first, second])


@pytest.mark.parametrize(
    "region",
    [
        '{"id": "r", "a\\u0000b": 1}',
        '{"id": "r", "\\ud800": {"\\ud800": 1}}',
        '{"id": "r\\u0000"}',
        '{"id": "r", "tomo_image_sets": [{"tomogram_sets": [{"tomograms": [{"annotations": [{'
        '"annotation_type": "PointSet", "dimension": 4, "coordinates": [[1, 2, 3, 4]]}]}]}]}]}',
    ],
    ids=["nul-in-a-name", "half-a-character", "nul-in-an-id", "four-dimensions"],
)
def test_a_document_that_no_graph_holds_is_a_finding_and_the_next_file_is_validated(
    region: str, tmp_path: Path
) -> None:
    file = tmp_path / "odd.json"
    file.write_text(f'{{"name": "x", "regions": [{region}]}}', encoding="utf-8")
    first, second = validate_files([file, GOOD], processes=1)
    assert not first.conforms and second.conforms
    every_form([first, second])


def frames(number: int) -> dict[str, object]:
    images = [{"section": n, "nominal_tilt_angle": 999.0, "accumulated_dose": -1.0} for n in range(number)]
    images[-1]["width"] = -1
    stacks = [{"id": "movie", "path": "movie.tif", "images": images}]
    series = {"movie_stacks": [{"id": "series", "stacks": stacks}]}
    return {"name": "x", "regions": [{"id": "r", "movie_stack_collection": series}]}


def test_shapes_that_every_object_breaks_hide_no_other_and_are_said_to_be_uncounted() -> None:
    validator = Validator()
    validator.judge.engine = RustEngine(rule_book().texts_of_documents, most=100)
    try:
        from cetsgraph.documents import read_data

        report = validator.document(read_data(frames(300)))
    finally:
        validator.judge.engine = load_engine(rule_book().texts_of_documents)
    assert report.uncounted == {"tilt-angle-range", "dose-nonnegative"}
    assert report.counts["image-size-positive"] == 1
    angles = report.counts["tilt-angle-range"]
    assert 90 < angles <= 100 and 90 < report.counts["dose-nonnegative"] <= 100
    for form in ("text", "html"):
        assert f"more than {angles} times" in render([report], form)
    every_form([report])
    whole = validate(frames(300))
    assert whole.counts["tilt-angle-range"] == 300 and not whole.uncounted


SHAPES = {
    "endless": (
        "sh:targetClass cets:DataSet ; sh:sparql [ a sh:SPARQLConstraint ; sh:select "
        '"SELECT $this (COUNT(*) AS ?value) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } GROUP BY $this" ]',
        "no result within 1 s",
    ),
    "deep": (
        "sh:targetClass cets:DataSet ; sh:sparql [ a sh:SPARQLConstraint ; sh:select "
        f'"SELECT $this {{ {"{" * 50_000} $this ?p ?o {"}" * 50_000} }}" ]',
        "ended without a result",
    ),
    "recursive": ("sh:and _:l . _:l rdf:first <urn:s> ; rdf:rest _:l", "not shapes that the engine takes"),
}


@pytest.mark.parametrize(("shape", "message"), SHAPES.values(), ids=SHAPES)
def test_shapes_that_never_end_or_end_the_engine_end_the_command_with_status_3(
    shape: str, message: str, tmp_path: Path
) -> None:
    file, timeout = tmp_path / "own.ttl", "1" if "within 1 s" in message else "60"
    rdf = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    file.write_text(f"{PREFIXES}{rdf}<urn:s> a sh:NodeShape ; {shape} .")
    command = [sys.executable, "-m", "cetsgraph", "validate", EXAMPLE, "--shapes", file, "--timeout", timeout]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert (ended.returncode, message in ended.stderr) == (3, True), ended.stderr
    assert "Traceback" not in ended.stderr


def test_shapes_are_not_read_beyond_a_limit(tmp_path: Path) -> None:
    with (tmp_path / "own.ttl").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(CetsGraphError, match="the shapes cannot be read"):
        validate(EXAMPLE, shapes=tmp_path / "own.ttl")


def test_a_call_that_is_killed_does_not_end_the_next_one() -> None:
    with KillableProcesses(1, seconds=5) as executor:
        assert executor.submit(sum, [1, 2]).result() == 3
        with pytest.raises(CetsGraphError, match=r"no result within 5 s"):
            executor.submit(time.sleep, 60).result()
        with pytest.raises(CetsGraphError, match=r"exit status 4"):
            executor.submit(os._exit, 4).result()
        assert executor.submit(sum, [1, 2]).result() == 3


def test_any_executor_gives_the_same_reports() -> None:
    paths = sorted((ROOT / "tests/data/valid").glob("t*.json"))
    alone = list(validate_files(paths, processes=1))
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(1, get_context("spawn")) as processes:
        for executor in (threads, processes):
            assert list(validate_files(paths, executor=executor)) == alone


def test_validation_runs_where_there_is_only_what_every_system_has(tmp_path: Path) -> None:
    """As on macOS and Windows, as far as one system can show that."""
    lacking = (
        "import os, sys\n"
        "for name in ('fork', 'sched_getaffinity', 'link'): delattr(os, name)\n"
        "sys.modules['fcntl'] = sys.modules['resource'] = None\n"
        "from cetsgraph.validation import validate_files\n"
        "if __name__ == '__main__':\n"
        "    reports = list(validate_files(sys.argv[1:], processes=2))\n"
        "    print(len(reports), all(report.conforms for report in reports))\n"
    )
    script = tmp_path / "lacking.py"
    script.write_text(lacking)
    paths = sorted((ROOT / "tests/data/valid").glob("d*.json"))[:8]
    ended = subprocess.run([sys.executable, script, *paths], capture_output=True, text=True, timeout=120)
    assert (ended.stdout.strip(), ended.returncode) == ("8 True", 0), ended.stderr


def of_regions(number: int) -> DataSet:
    """So many regions, in each of which checks look for what belongs to the same tilt series."""
    values = {
        "tilt_series_sets": [{"tilt_series": [{"id": "s", "tilt_axis_angle": 5.0, "micrographs": [IMAGE]}]}],
        "alignments": [{"id": "a", "tilt_series_id": "s", "volume_dimensions": SIZE, "volume_offset": SIZE}],
        "tomogram_sets": [{"tomograms": [{"id": "t", "tilt_series_id": "s", "alignment_id": "a"}]}],
    }
    regions = [{"id": f"r{index}", "tomo_image_sets": [values]} for index in range(number)]
    return DataSet.model_validate({"name": "many", "regions": regions})


IMAGE = {"id": "i", "nominal_tilt_angle": 0.0, "ctf_metadata": {"defocus_u": -30_000.0, "phase_shift": 90.0}}
SIZE = {"x": 1000.0, "y": 1000.0, "z": 300.0}


def test_judging_takes_time_by_the_number_of_regions() -> None:
    validator, times = Validator(), []
    for number in (100, 800):
        data_set = of_regions(number)
        started = time.process_time()
        validator.document(data_set)
        times.append(time.process_time() - started)
    assert times[1] < 24 * times[0]
