"""Questions as forms, answers as tables and for programs."""

import csv
import io
import json
import re
import shlex
import subprocess
import sys
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from commands import ok
from pages import Page, fetch, page, query

from cetsgraph import queries


@pytest.mark.parametrize("name", queries.names())
def test_each_question_has_a_page_and_an_answer_for_programs(site: str, name: str) -> None:
    question = queries.load(name)
    needed = {
        one.name: one.example.strip('"<>').replace('" "', "\n")
        for one in question.parameters
        if not one.optional
    }
    shown = page(f"{site}/queries/{name}?{query(**needed)}")
    assert question.title in shown.text and not shown.all("p", **{"class": "notice bad"})
    assert {one.name for one in question.parameters} <= {one.get("id") for _, one in shown.elements}
    status, headers, text = fetch(f"{site}/queries/{name}?{query(**needed, format='json')}")
    assert (status, headers["content-type"]) == (200, "application/json"), text
    rows = json.loads(text)
    left_out = [
        name for said in re.findall("left out: (.*?)[.] CSV", shown.text) for name in said.split(", ")
    ]
    table = [cells for cells in shown.cells if len(cells) == len(question.columns) - len(left_out)]
    assert len(table) - bool(rows) == min(len(rows), 25)
    stated = {name for row in rows[:25] for name, value in row.items() if value not in (None, "")}
    repeated = len(left_out) - len(question.columns) + len(stated)
    assert not rows or 0 <= repeated <= 2, left_out  # a name that a link says, and no more


def test_an_answer_is_that_of_the_command(site: str, store: Path) -> None:
    address = f"{site}/queries/tomograms_by_voxel_size?minimum=10&maximum=14"
    given = ["tomograms_by_voxel_size", "-p", "minimum=10", "-p", "maximum=14", "--store", str(store)]
    for form in ("json", "csv", "tsv"):
        assert fetch(f"{address}&format={form}")[2] == ok("query", *given, "--format", form)
    for accept, form in (("text/csv", "csv"), ("application/json", "json"), ("*/*", "json"), (None, "json")):
        assert fetch(address, accept)[2] == fetch(f"{address}&format={form}")[2]


def test_rows_come_in_pages(site: str) -> None:
    whole = json.loads(fetch(f"{site}/queries/tilt_images?format=json")[2])
    assert len(whole) > 50
    shown, found = page(f"{site}/queries/tilt_images"), 0
    while True:
        found += len([cells for cells in shown.cells[1:] if cells])
        more = [link for link in shown.links if "offset" in link and f"offset={found}" in link]
        if not more:
            break
        shown = page(site + more[0])
    assert found == len(whole)
    part = json.loads(fetch(f"{site}/queries/tilt_images?format=json&limit=7&offset=3")[2])
    assert part == whole[3:10]


def test_a_data_set_that_is_chosen_by_its_iri_stays_chosen(site: str) -> None:
    iri = "https://w3id.org/cetsgraph/data/local/EMPIAR-12104"
    for address in (
        f"/queries/file_manifest?{query(dataset=iri)}",
        "/queries/file_manifest?dataset=EMPIAR-12104",
    ):
        (chosen,) = [one for one in page(site + address).all("option") if "selected" in one]
        assert chosen["value"] == "EMPIAR-12104"
    asked = query(query="SELECT * { ?s a cets:Region }", **{"default-graph-uri": iri})
    (chosen,) = [one for one in page(f"{site}/sparql?{asked}").all("option") if "selected" in one]
    assert chosen["value"] == iri


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("tilt_images?format=csv&angle=3", 400, "no such parameter"),
        ("tomograms_by_voxel_size?format=csv&minimum=wide&maximum=3", 400, "a number"),
        ("tomograms_by_voxel_size?format=csv", 400, "no value"),
        ("tilt_images?format=csv&limit=-1", 400, "limit is no whole number"),
        ("tilt_images?format=csv&dataset=none", 404, "none"),
        ("tilt_image?format=csv", 404, "tilt_images"),
        ("tilt_images?format=docx", 406, "csv"),
    ],
)
def test_what_is_wrong_is_said(site: str, address: str, status: int, says: str) -> None:
    found, _, text = fetch(f"{site}/queries/{address}", "*/*")
    assert found == status and says in text


def test_an_object_that_nothing_is_called_leads_to_the_list_of_objects(site: str) -> None:
    def leads(**values: str) -> bool:
        shown = page(f"{site}/queries/tomograms_by_annotated_object?{urlencode(values)}")
        return bool(shown.all("a", href="/queries/annotated_objects"))

    assert leads(object="ribosome")
    assert not leads(object="ribosomes")
    assert not leads(author="Nobody")


def test_a_part_of_a_name_leads_to_the_object(site: str) -> None:
    shown = page(f"{site}/queries/tomograms_with_fitmap?object=GAG")
    (link,) = [link for link in shown.links if "object=Gag+polyprotein" in link]
    assert page(site + link).text.count("TS_01_10.8A") == 1
    assert "Did you mean" not in page(f"{site}/queries/tomograms_with_fitmap?object=membrane").text


def test_a_wrong_value_is_said_at_its_field(site: str) -> None:
    shown = page(f"{site}/queries/tomograms_by_voxel_size?minimum=wide&maximum=14")
    (field,) = shown.all("input", id="minimum")
    assert field["aria-invalid"] == "true" and field["value"] == "wide"
    assert field["aria-describedby"] == "minimum-hint" and "Here goes a number" in shown.text


def test_hostile_values_are_text(site: str) -> None:
    hostile = '"><script>alert(1)</script><a href="javascript:alert(1)">'
    for address in (
        f"/queries/tomograms_by_annotated_object?{query(object=hostile)}",
        f"/queries/tilt_images?{query(dataset=hostile)}",
        f"/sparql?{query(query=hostile)}",
        f"/sparql?{query(draft=hostile)}",
        f"/sparql?{query(query='SELECT * {}', **{'default-graph-uri': hostile})}",
        f"/data/{query(a=hostile)}",
    ):
        _, headers, text = fetch(site + address)
        assert headers["content-security-policy"].startswith("default-src 'none'")
        shown = Page(text)
        assert not shown.foreign_scripts and not [
            link for link in shown.links if link.lower().startswith("javascript:")
        ]


def test_a_browser_gets_a_table_and_a_program_what_it_asks_for(site: str) -> None:
    asked = query(query="SELECT ?t ?path { ?t a cets:Tomogram ; cets:path ?path } ORDER BY ?path")
    shown = page(f"{site}/sparql?{asked}")
    rows = [*csv.reader(io.StringIO(fetch(f"{site}/sparql?{asked}", "text/csv")[2]))]
    long = [row[1] for row in rows if len(row[1]) > 60]
    short = {one: f"{urlsplit(one).netloc}/…/{one.rpartition('/')[2]}" for one in long}
    assert long and [cells[1] for cells in shown.cells] == [short.get(row[1], row[1]) for row in rows]
    assert {*long} <= {*shown.links}
    assert all(f"/data/{iri.split('/data/')[1]}" in shown.links for iri, _ in rows[1:])
    assert fetch(f"{site}/sparql?{asked}", None)[1]["content-type"] == "application/sparql-results+json"
    assert fetch(f"{site}/sparql?{asked}&format=csv")[1]["content-type"].startswith("text/csv")


@pytest.mark.parametrize(
    ("sparql", "cells"),
    [
        ("ASK {}", [["answer"], ["yes"]]),
        ("SELECT (1.50 AS ?x) (<urn:a> AS ?y) {}", [["x", "y"], ["1.5", "urn:a"]]),
        (
            "CONSTRUCT { <urn:s> rdfs:label 'l' } {}",
            [["subject", "predicate", "object"], ["urn:s", "rdfs:label", "l"]],
        ),
        ("SELECT ?x { FILTER(false) }", []),
    ],
)
def test_each_form_of_answer_is_a_table(site: str, sparql: str, cells: list[list[str]]) -> None:
    assert page(f"{site}/sparql?{query(query=sparql)}").cells == cells


def test_a_query_that_is_none_stays_in_the_page(site: str) -> None:
    graph = "https://w3id.org/cetsgraph/data/local/EMD-3782"
    asked = query(query="SELECT * {\n  ?s ?p\n}", **{"default-graph-uri": graph})
    shown = page(f"{site}/sparql?{asked}", 400)
    assert "SELECT * {\n  ?s ?p\n}" in shown.text
    assert "Line 3, column 2: Something is missing before “}”" in shown.text and "}\n ^" in shown.text
    assert shown.all("input", type="hidden", name="default-graph-uri", value=graph)


def test_a_graph_is_had_in_the_forms_of_graphs(site: str) -> None:
    shown = page(f"{site}/sparql?{query(query='CONSTRUCT WHERE { ?s a cets:Tomogram }')}")
    forms = [link for link in shown.links if "&format=" in link]
    assert [fetch(site + form)[1]["content-type"].partition(";")[0] for form in forms] == [
        "text/turtle",
        "application/ld+json",
        "application/n-triples",
        "application/rdf+xml",
    ]


def test_a_page_has_at_most_a_thousand_rows_and_says_so(site: str) -> None:
    shown = page(f"{site}/sparql?{query(query='SELECT * { ?s ?p ?o }')}")
    assert "The first 1000 rows" in shown.text and len(shown.cells) == 1001


def test_a_question_can_be_changed_as_sparql(site: str) -> None:
    shown = page(f"{site}/queries/tomograms_by_voxel_size?minimum=11&maximum=14")
    (draft,) = [link for link in shown.links if link.startswith("/sparql?draft=")]
    assert '"11.0"^^<http://www.w3.org/2001/XMLSchema#double>' in page(site + draft).text
    assert queries.load("tilt_images").text.strip() in page(f"{site}/sparql?draft=tilt_images").text


def code_of(site: str, address: str) -> dict[str, str]:
    """The code that a page shows, by language."""
    text = fetch(site + address)[2]
    found = re.findall(r'aria-label="Code for (\w+)"><code>(.*?)</code>', text, re.DOTALL)
    return {name: unescape(code) for name, code in found}


def test_code_of_a_page_gives_its_rows(site: str) -> None:
    given = query(object="membrane", dataset="CryoET-Data-Portal-10445")
    code = code_of(site, f"/queries/tomograms_by_annotated_object?{given}")
    command, _, *arguments = shlex.split(code["shell"])
    rows = list(csv.reader(io.StringIO(ok("query", *arguments))))
    assert command == "cetsgraph" and len(rows) > 1
    (url,) = re.findall(r'"(.*)"', code["R"])
    assert shlex.split(code["curl"]) == ["curl", url]
    assert list(csv.reader(io.StringIO(fetch(url, "*/*")[2]))) == rows
    done = subprocess.run([sys.executable, "-c", code["Python"]], capture_output=True, text=True, timeout=60)
    assert done.stdout.count("\n") == len(rows) - 1, done.stderr
    asked = query(query='SELECT ?t { ?t a cets:Tomogram ; cets:name "it\'s" }')
    code = code_of(site, f"/sparql?{asked}")
    assert fetch(shlex.split(code["curl"])[1], "*/*")[2].strip() == "t"
    compile(code["Python"], "code", "exec")


def test_programs_with_language_models_find_what_is_here(site: str) -> None:
    status, headers, text = fetch(f"{site}/llms.txt", "*/*")
    assert status == 200 and headers["content-type"].startswith("text/markdown") and len(text) < 10_000
    assert all(f"- {name}" in text for name in queries.names())
    for url in re.findall(r"\]\((http.+?)\)", text):
        assert fetch(url, "*/*")[0] == 200, url
