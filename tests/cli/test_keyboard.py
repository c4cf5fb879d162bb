"""What makes commands easy to type and their answers easy to read and to pass on."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from commands import EMPIAR, EXAMPLES, IRI, run


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("keyboard") / "store"
    assert run("load", EMPIAR, store=directory).returncode == 0
    return directory


def test_the_number_of_rows_is_no_data(store: Path) -> None:
    done = run("datasets", store=store)
    assert "1 row" not in done.stdout and done.stderr == "1 row\n"


def test_a_data_set_is_named_where_an_iri_is_asked_for(store: Path) -> None:
    shown = json.loads(run("show", "EMPIAR-12104", "--format", "json", store=store).stdout)
    assert {"property": "cets:name", "value": "EMPIAR-12104"} in shown
    by_name, by_iri = (
        run("query", "file_manifest", "--dataset", name, "--format", "tsv", store=store).stdout
        for name in ("EMPIAR-12104", IRI)
    )
    assert by_name == by_iri and by_name.startswith("dataset\tkind\t") and IRI in by_name


def test_sparql_is_asked_as_it_is_typed(store: Path, tmp_path: Path) -> None:
    asked = "SELECT * { ?z a cets:DataSet ; cets:name ?a }"
    inline = run("query", asked, "--format", "csv", store=store)
    assert inline.stdout == f"z,a\n{IRI},EMPIAR-12104\n"
    assert run("query", "--file", "-", "--format", "csv", stdin=asked, store=store).stdout == inline.stdout
    out = tmp_path / "rows.csv"
    assert run("query", asked, "--format", "csv", "-o", out, store=store).stdout == ""
    assert out.read_text() == inline.stdout


def test_constructed_triples_are_turtle(store: Path) -> None:
    made = run(
        "query", "CONSTRUCT { ?t a cets:DataSet } { ?t a cets:DataSet }", "--format", "turtle", store=store
    )
    (triple,) = ox.parse(made.stdout, format=ox.RdfFormat.TURTLE)
    assert triple.subject.value == IRI
    refused = run("query", "SELECT * { ?s ?p ?o }", "--format", "turtle", store=store)
    assert refused.returncode == 2 and refused.stdout == ""


def test_a_prefix_that_is_not_declared_is_named(store: Path) -> None:
    done = run("query", "SELECT * { ?t a foo:Tomogram }", store=store)
    assert done.returncode == 2
    assert "query:1:" in done.stderr and "prefix foo: is not declared" in done.stderr
    assert "expected one of" not in done.stderr


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["SELECT * { ?s ?p ?o"], "it ends too early\nIt has 1 { and 0 }."),
        (["SELECT * { ?s ?p ?o BIND(1 AS ?s) }"], "somewhere before its end\nBIND and AS set variables"),
        (["SELECT * { ?s ?p ?o FILTER(FOO(?s)) }"], "somewhere before its end"),
        (["SELECT * { ?s ?p ?o } GROUP BY ?s"], "SELECT * is not authorized with GROUP BY"),
        (["SELEC * { ?s ?p ?o }"], "Did you mean 'SELECT'?"),
        (["SELECT * { ?s ?p ?o } LIMIT ten"], "query:1:29: this is not SPARQL from 'ten' on"),
        (["SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }"], "The SELECT contains a variable that is unbound"),
        ([EMPIAR], f"`--file {EMPIAR}` asks it"),
        (["tilt_schemes", "--columns", "tilt_serie"], "Did you mean 'tilt_series'"),
    ],
)
def test_what_cannot_be_asked_is_said_with_what_was_meant(store: Path, asked: list[str], said: str) -> None:
    done = run("query", *asked, store=store)
    assert done.returncode == 2 and said in done.stderr


def test_a_command_whose_output_was_closed_meanwhile_ends_well(store: Path) -> None:
    command = [sys.executable, "-m", "cetsgraph", "mcp", "--store", store]
    done = subprocess.run(command, input=b"", capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


def test_several_data_sets_are_removed_or_none(tmp_path: Path) -> None:
    directory = tmp_path / "store"
    for name in ("one", "two", "three"):
        assert run("load", "--as", name, EMPIAR, store=directory).returncode == 0
    assert run("remove", "one", "absent", store=directory).returncode == 2
    assert len(json.loads(run("datasets", "--format", "json", store=directory).stdout)) == 3
    assert run("remove", "one", "two", "one", store=directory).returncode == 0
    (row,) = json.loads(run("datasets", "--format", "json", store=directory).stdout)
    assert row["name"] == "three"


def test_a_name_with_gz_is_written_compressed(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.ttl.gz"
    assert run("export", "EMPIAR-12104", "--to", "turtle", "-o", out, store=store).returncode == 0
    assert gzip.decompress(out.read_bytes()).decode().startswith("@prefix")
    assert run("load", "--dry-run", "--as", "again", out, store=store).stderr.startswith("would be added")


def test_jsonld_is_compact_with_its_context(store: Path) -> None:
    document = json.loads(run("export", "EMPIAR-12104", "--to", "jsonld", store=store).stdout)
    assert document["@context"]["name"] == "cets:name"
    names = [node["@id"] for node in document["@graph"]]
    assert len(names) == len(set(names)) and IRI in names


def test_compacting_reports_the_newest_state(tmp_path: Path) -> None:
    directory = tmp_path / "store"
    run("load", EMPIAR, store=directory)
    said = run("compact", store=directory).stderr.split()
    before, after = int(said[0]), int(said[3])
    assert 0 < after <= 1.1 * before


def test_search_without_any_source_that_answers_is_a_failure(store: Path, tmp_path: Path) -> None:
    absent = f"absent={tmp_path / 'absent'}"
    assert run("search", "--source", absent, "dataset_summary").returncode == 3
    assert run("search", "--source", absent, "--source", f"here={store}", "dataset_summary").returncode == 0


@pytest.mark.parametrize(
    ("words", "begun", "completed"),
    [
        ("cetsgraph query", "tilt_sch", "tilt_schemes"),
        ("cetsgraph export --store {store}", "EMP", "EMPIAR-12104"),
        ("cetsgraph load --validate", "depo", "deposition"),
        ("cetsgraph rules", "dose-con", "dose-convention"),
    ],
)
def test_shells_complete_names(store: Path, words: str, begun: str, completed: str) -> None:
    environment = os.environ | {
        "_CETSGRAPH_COMPLETE": "bash_complete",
        "COMP_WORDS": f"{words.format(store=store)} {begun}",
        "COMP_CWORD": str(len(words.split())),
    }
    command = [sys.executable, "-m", "cetsgraph"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.stdout.split() == [f"plain,{completed}"]


def test_the_hook_takes_files_that_say_they_are_cets() -> None:
    import re

    import yaml

    root = EXAMPLES.parent
    (hook,) = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    names = ["a.cets.json", "b.cets.yml.gz", "package.json", "a.json", "cets.yaml"]
    assert [name for name in names if re.search(hook["files"], name)] == ["a.cets.json", "b.cets.yml.gz"]
