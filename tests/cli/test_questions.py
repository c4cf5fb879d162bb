"""Data sets, questions, queries and objects as commands show them."""

import csv
import json
from pathlib import Path

import pytest
from commands import EMPIAR, IRI, ROOT, ok, run


def test_datasets_are_listed_as_json_with_plain_values(store: Path) -> None:
    rows = json.loads(ok("datasets", "--store", store, "--format", "json"))
    assert len(rows) == 5
    (row,) = [row for row in rows if row["name"] == "EMPIAR-12104"]
    assert list(row) == ["dataset", "name", "dialect", "importer", "source", "triples", "loaded"]
    assert (row["dataset"], row["dialect"], row["source"]) == (IRI, "cets-data-model", EMPIAR.name)
    assert isinstance(row["triples"], int)


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_a_question_gives_its_rows_in_each_form(store: Path, form: str) -> None:
    text = ok("query", "tomograms_by_voxel_size", "--store", store, "-p", "minimum=13", "-p", "maximum=14",
              "--format", form)  # fmt: skip
    if form == "json":
        assert [row["voxel_size_x"] for row in json.loads(text)] == [13.7]
    elif form == "csv":
        assert [row["voxel_size_x"] for row in csv.DictReader(text.splitlines())] == ["13.7"]
    else:
        assert "13.7" in text and "voxel_size_x (Å)" in text and "1 row" not in text


@pytest.mark.parametrize(
    "command",
    [
        ["query", "tomograms_by_annotated_object", "-p", "object=ribosome"],
        ["picks", "--object", "ribosome", "--format", "csv"],
    ],
)
def test_an_object_that_nothing_is_called_leads_to_the_list_of_objects(
    store: Path, command: list[str]
) -> None:
    found = run(*command, "--store", store)
    assert found.returncode == 0
    assert found.stderr.startswith("0 ")
    assert "`cetsgraph query annotated_objects`" in found.stderr
    named = run(*(part.replace("ribosome", "ribosomes") for part in command), "--store", store)
    assert "annotated_objects" not in named.stderr


def test_a_query_of_ones_own(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.rq"
    file.write_text("SELECT (COUNT(*) AS ?count) { ?s a <https://w3id.org/cetsgraph/ontology#DataSet> }")
    assert json.loads(ok("query", "--file", file, "--store", store, "--format", "json")) == [{"count": 5}]
    file.write_text("ASK { ?s ?p ?o }")
    assert json.loads(ok("query", "--file", file, "--store", store, "--format", "json")) == [{"answer": True}]


def test_an_object_is_shown_by_its_iri(store: Path) -> None:
    rows = json.loads(ok("show", "--store", store, IRI, "--format", "json"))
    assert {"property": "cets:name", "value": "EMPIAR-12104"} in rows
    assert run("show", "--store", store, f"{IRI}/nothing").returncode == 2


def test_questions_are_listed_and_shown() -> None:
    names = [row["name"] for row in json.loads(ok("queries", "--format", "json"))]
    assert names == sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
    for name in names:
        assert ok("queries", name) == (ROOT / "queries" / f"{name}.rq").read_text()


def test_a_question_as_json_has_its_parts() -> None:
    (maximum,) = json.loads(ok("queries", "tilt_series_by_dose", "--format", "json"))["parameters"]
    assert (maximum["name"], maximum["kind"], maximum["unit"]) == ("maximum", "number", "e⁻/Å²")


def test_pages_of_rows(store: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.rq"
    own.write_text((ROOT / "queries" / "tilt_schemes.rq").read_text())
    for question in (["tilt_schemes"], ["--file", own]):
        whole = json.loads(ok("query", *question, "--store", store, "--format", "json"))
        page = ok("query", *question, "--store", store, "--format", "json", "--limit", "2", "--offset", "3")
        assert json.loads(page) == whole[3:5]
    own.write_text("SELECT * { ?s ?p ?o } LIMIT 1")
    done = run("query", "--file", own, "--store", store, "--limit", "2")
    assert done.returncode == 2
    assert "LIMIT or OFFSET of its own" in done.stderr
    assert run("query", "tilt_schemes", "--store", store, "--limit", "-1").returncode == 2
