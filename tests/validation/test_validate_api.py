"""Validation as programs and people ask for it: exit status, forms, stores, several files, other engines."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import commands
import pytest
import yaml
from commands import Ended

import cetsgraph
from cetsgraph import archive
from cetsgraph.errors import InvalidDeposition, UnknownProfile, UnknownRule
from cetsgraph.iris import DEFAULT_BASE
from cetsgraph.store import LocalStore
from cetsgraph.validation import Validator, validate, validate_files, validate_store

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples/empiar-12104.cets-data-model.json"
CASES = ROOT / "tests/data/invalid"
BAD = CASES / "tilt-angle-range/beyond-90.json"
WARNED = CASES / "defocus-order/swapped.json"


def run(*arguments: object, stdin: str = "", store: Path | None = None) -> Ended:
    return commands.run("validate", *arguments, stdin=stdin, store=store)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ((EXAMPLE,), 0),
        ((BAD,), 1),
        ((WARNED,), 0),
        ((WARNED, "--fail-on", "warning"), 1),
        ((EXAMPLE, BAD), 1),
        ((ROOT / "examples",), 0),
        ((), 2),
        ((EXAMPLE, "--profile", "depositon"), 2),
        ((EXAMPLE, "--format", "word"), 2),
        ((EXAMPLE, "--limit", "0"), 2),
        (("--store", ROOT / "no-store"), 3),
        ((EXAMPLE, "--shapes", ROOT / "no.ttl"), 3),
        ((EXAMPLE, "--engine", "none"), 2),
        ((BAD, "--skip", "tilt-angle-range=stage of a dual-tilt holder"), 0),
        ((BAD, "--skip", "tilt-angle-range"), 2),
        ((BAD, "--skip", "readable=no"), 2),
        ((ROOT / "no-such-file.json",), 3),
        ((ROOT / "no-such-file.json", BAD), 3),
    ],
)
def test_exit_status(arguments: tuple[str | Path, ...], status: int) -> None:
    ended = run(*arguments)
    assert ended.returncode == status, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_unknown_profile_is_answered_with_the_known_ones() -> None:
    with pytest.raises(
        UnknownProfile, match=r"core, deposition, best-practice(.|\n)*Did you mean 'deposition'"
    ):
        validate(EXAMPLE, profile="depositon")


def test_a_rule_that_is_skipped_is_not_asked_and_the_report_says_why() -> None:
    report = validate(BAD, skip={"tilt-angle-range": "dual-tilt holder", "licence": "of another profile"})
    assert report.conforms and report.skipped == {"tilt-angle-range": "dual-tilt holder"}
    with pytest.raises(UnknownRule, match=r"no rule 'tilt-angle' to skip\nDid you mean 'tilt-angle-range'"):
        validate(BAD, skip={"tilt-angle": "typed in haste"})


@pytest.mark.parametrize("arguments", [(), ("EMPIAR-12104",), (BAD,)])
def test_the_variable_names_the_store_of_what_is_not_on_disk(
    arguments: tuple[str | Path, ...], tmp_path: Path
) -> None:
    with LocalStore.open(tmp_path / "store", "w") as store:
        archive.put(store, cetsgraph.read(EXAMPLE))
    ended = run(*arguments, "--format", "json", store=tmp_path / "store")
    (judged,) = json.loads(ended.stdout)["documents"]
    assert judged["file"] == (str(BAD) if BAD in arguments else f"{DEFAULT_BASE}local/EMPIAR-12104")


def test_the_report_is_one_object_with_a_list_of_documents() -> None:
    whole = json.loads(run(BAD, "--format", "json").stdout)
    assert whole["conforms"] is False
    (one,) = whole["documents"]
    assert {"file", "conforms", "findings"} <= set(one)
    names = (
        "rule",
        "severity",
        "pointer",
        "line",
        "message",
        "hint",
        "found",
        "expected",
        "kind",
        "id",
        "help",
    )
    assert set(names) <= set(one["findings"][0])
    several = json.loads(run(BAD, EXAMPLE, "--format", "json").stdout)
    assert [report["conforms"] for report in several["documents"]] == [False, True]


def test_standard_input() -> None:
    ended = run("-", "--format", "json", stdin=BAD.read_text(encoding="utf-8"))
    assert ended.returncode == 1 and json.loads(ended.stdout)["documents"][0]["file"] == "standard input"


def test_bytes_and_streams_are_judged_as_the_file_is() -> None:
    data = BAD.read_bytes()
    assert validate(data).counts == validate(BytesIO(data)).counts == validate(BAD).counts


def test_from_python() -> None:
    assert cetsgraph.validate(EXAMPLE).conforms
    report = cetsgraph.validate(json.loads(BAD.read_text(encoding="utf-8")))
    assert [finding.rule for finding in report.findings] == ["tilt-angle-range"]
    with pytest.raises(InvalidDeposition) as raised:
        report.raise_for_violations()
    assert raised.value.report is report and "tilt-angle-range" in str(raised.value)
    assert cetsgraph.validate(cetsgraph.read(EXAMPLE).dataset).conforms


def test_ids_of_objects_outside_of_a_region_are_in_other_documents() -> None:
    series = {"id": "t", "path": "t.mrc", "acquisition_session_id": "s", "movie_stack_series_id": "m"}
    region = {"id": "r", "tilt_series": [series]}
    dangling = {
        form: {one.pointer for one in validate(data).findings if one.rule == "reference-resolves"}
        for form, data in {"region": region, "whole": {"name": "A", "regions": [region]}}.items()
    }
    assert dangling == {
        "region": {"/tilt_series/0/movie_stack_series_id"},
        "whole": {
            "/regions/0/tilt_series/0/movie_stack_series_id",
            "/regions/0/tilt_series/0/acquisition_session_id",
        },
    }


def test_a_store_gives_places_as_its_dialect_does(tmp_path: Path) -> None:
    document = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    document["regions"][0]["tilt_series"][0]["images"][1]["nominal_tilt_angle"] = 120.0
    (tmp_path / "spoilt.json").write_text(json.dumps(document))
    with LocalStore.open(tmp_path / "store", "w") as store:
        archive.put(store, cetsgraph.read(tmp_path / "spoilt.json"))
    with LocalStore.open(tmp_path / "store") as store:
        (report,) = validate_store(store)
    (finding,) = [one for one in report.findings if one.rule == "tilt-angle-range"]
    assert finding.pointer == "/regions/0/tilt_series/0/images/1/nominal_tilt_angle"
    assert finding.line is None and finding.found == 120.0
    ended = run("--store", tmp_path / "store", "EMPIAR-12104", "--format", "json")
    assert ended.returncode == 1 and "tilt-angle-range" in ended.stdout
    refused = commands.run(
        "load", "--validate", "core", "--store", tmp_path / "other", tmp_path / "spoilt.json"
    )
    assert refused.returncode == 1 and "tilt-angle-range" in refused.stderr
    with LocalStore.open(tmp_path / "other") as store:
        assert not archive.list(store)


def test_one_process_and_many_say_the_same() -> None:
    paths = sorted(CASES.rglob("*.json"))[:40]
    paths = [path for path in paths if ".expected." not in path.name]
    alone = list(validate_files(paths, processes=1))
    assert list(validate_files(paths, processes=3)) == alone
    assert [report.file for report in alone] == [str(path) for path in paths]


def test_without_the_fast_engine_the_other_serves_and_says_so() -> None:
    code = "import sys; sys.modules['shacl'] = None; from cetsgraph.cli import main; main()"
    command = [sys.executable, "-c", code, "validate", BAD]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 1 and "pySHACL serves" in ended.stderr and "tilt-angle-range" in ended.stdout
    ended = subprocess.run([*command, "--engine", "shacl"], capture_output=True, timeout=120)
    assert ended.returncode == 3


def test_a_bounded_report_says_how_much_more_there_is(tmp_path: Path) -> None:
    frames = [{"section": number, "nominal_tilt_angle": 999.0} for number in range(5000)]
    stacks = [{"id": "movie", "path": "movie.tif", "images": frames}]
    series = {"movie_stacks": [{"id": "series", "stacks": stacks}]}
    document = {"name": "x", "regions": [{"id": "r", "movie_stack_collection": series}]}
    (tmp_path / "many.json").write_text(json.dumps(document))
    report = validate(tmp_path / "many.json")
    assert report.counts["tilt-angle-range"] == 5000
    assert len(report.findings) == 100 and report.omitted == 4900
    assert len(Validator(limit=7).file(tmp_path / "many.json")[0].findings) == 7


def test_shapes_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text(
        """
        @prefix cets: <https://w3id.org/cetsgraph/ontology#> .
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        <https://example.org/shapes#named> a sh:PropertyShape ; sh:targetClass cets:Tomogram ;
            sh:path cets:reconstructionMethod ; sh:minCount 1 ; sh:message "say how" .
        """
    )
    for engine in ("shacl", "pyshacl"):
        report = validate(EXAMPLE, shapes=tmp_path / "own.ttl", engine=engine)
        assert "named" in report.counts and not report.conforms
    (tmp_path / "broken.ttl").write_text("this is no Turtle")
    assert run(EXAMPLE, "--shapes", tmp_path / "broken.ttl").returncode == 3


def test_the_hook_runs_the_command() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    command, verb = hook["entry"].split()
    ended = subprocess.run([Path(sys.executable).with_name(command), verb, EXAMPLE, BAD], capture_output=True)
    assert ended.returncode == 1
    assert hook["language"] == "python" and hook["files"]


def test_a_foreign_class_in_rdf_is_reported(tmp_path: Path) -> None:
    (tmp_path / "foreign.ttl").write_text(
        """
        @prefix cets: <https://w3id.org/cetsgraph/ontology#> .
        <https://example.org/d> a cets:DataSet, <https://schema.org/Dataset> ; cets:name "D" .
        """
    )
    report = validate(tmp_path / "foreign.ttl")
    assert report.conforms
    (finding,) = report.findings
    assert finding.severity == "warning" and "https://schema.org/Dataset" in finding.message


OWN = """
@prefix cets: <https://w3id.org/cetsgraph/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix own: <https://example.org/shapes#> .
"""


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ("own:a cets:name 'not a shape' .", "there is no shape in this file"),
        ("", "there is no shape in this file"),
        (
            "own:a a sh:NodeShape ; sh:targetClass cets:Tomogram ; sh:property [ sh:minCount 1 ] .",
            "a property shape has no path",
        ),
        (
            "own:a a sh:NodeShape ; sh:targetClass cets:Tomogram ;"
            " sh:sparql [ sh:select 'SELECT $this WHERE { broken' ] .",
            "these are not shapes that the engine takes",
        ),
    ],
)
def test_shapes_that_are_none_are_refused(engine: str, shapes: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text(OWN + shapes)
    ended = run(EXAMPLE, "--shapes", tmp_path / "own.ttl", "--engine", engine)
    assert ended.returncode == 3 and message in ended.stderr, ended.stderr


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_two_bounds_on_one_path_are_two_results_in_their_own_words(engine: str, tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text(
        OWN
        + "own:voxel a sh:NodeShape ; sh:targetClass cets:Tomogram ; sh:property"
        + " [ sh:path cets:voxelSize ; sh:maxInclusive 10 ; sh:message 'too coarse' ] ,"
        + " [ sh:path cets:voxelSize ; sh:maxInclusive 5 ; sh:severity sh:Warning ; sh:message 'coarse' ] ."
    )
    report = validate(EXAMPLE, shapes=tmp_path / "own.ttl", engine=engine)
    said = {
        (finding.severity.value, finding.message) for finding in report.findings if finding.rule == "voxel"
    }
    assert said == {("violation", "too coarse"), ("warning", "coarse")}


@pytest.mark.parametrize("subject", ["<https://example.org/d/r>", "_:r"])
@pytest.mark.parametrize("size", ["10.012", "10", '"10.0"^^<http://www.w3.org/2001/XMLSchema#float>'])
def test_rdf_is_judged_as_it_is_loaded(subject: str, size: str, tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text(
        f"""
        @prefix cets: <https://w3id.org/cetsgraph/ontology#> .
        <https://example.org/d> a cets:DataSet ; cets:name "D" ; cets:hasRegion {subject} .
        {subject} a cets:Region ; cets:id "r" ; cets:position 0 ; cets:hasTomoImageSet _:images .
        _:images a cets:TomoImageSet ; cets:position 0 ; cets:hasTomogramSet _:set .
        _:set a cets:TomogramSet ; cets:position 0 ; cets:hasTomogram <https://example.org/d/t> .
        <https://example.org/d/t> a cets:Tomogram ; cets:position 0 ; cets:voxelSize {size} ; cets:width 0 .
        """
    )
    report = validate(tmp_path / "own.ttl")
    assert {(one.rule, one.pointer) for one in report.findings if one.severity == "violation"} == {
        ("image-size-positive", "https://example.org/d/t")
    }


def test_two_fields_of_rdf_with_one_wrong_value_are_two_findings(tmp_path: Path) -> None:
    tomogram = {"type": "Tomogram", "id": "t", "width": -3, "height": -3}
    images = {"tomogram_sets": [{"tomograms": [tomogram]}]}
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps({"name": "A", "regions": [{"tomo_image_sets": [images]}]}))
    cetsgraph.convert(path, tmp_path / "wrong.ttl", dialect="cetsgraph")
    for file in ("wrong.json", "wrong.ttl"):
        assert validate(tmp_path / file).counts["image-size-positive"] == 2


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ((), 0, "dose-coherent"),
        (("defocus-range",), 0, "whitepaper"),
        (("defocus-rnage",), 2, "defocus-range"),
    ],
)
def test_rules_say_what_they_ask(arguments: tuple[str, ...], status: int, said: str) -> None:
    ended = commands.run("rules", *arguments)
    assert ended.returncode == status and said in ended.stdout + ended.stderr
