"""The commands with a URL where a directory could stand."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import ok, run
from endpoints import Endpoint, oxigraph_server

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
EMD = EXAMPLES / "emd-3782.cetsgraph.json"
EMPIAR = EXAMPLES / "empiar-12104.cets-data-model.json"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with oxigraph_server(tmp_path_factory.mktemp("commands"), "--union-default-graph") as at:
        yield at


@pytest.fixture(scope="module")
def without_union(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with oxigraph_server(tmp_path_factory.mktemp("without_union")) as at:
        yield at


def shown(store: str, iri: str) -> list[dict[str, str]]:
    return list(json.loads(ok("show", "--store", store, "--format", "json", iri)))


def test_the_commands_do_with_an_endpoint_what_they_do_with_a_directory(
    server: Endpoint, tmp_path: Path
) -> None:
    for store in (server.url, str(tmp_path / "store")):
        loaded = run("load", "--store", store, EMPIAR, EMD)
        assert (loaded.returncode, loaded.stderr.count("added")) == (0, 2)
    answers = {}
    for store in (server.url, str(tmp_path / "store")):
        listed = json.loads(ok("datasets", "--store", store, "--format", "json"))
        answers[store] = (
            [row["name"] for row in listed],
            [row for row in shown(store, listed[1]["dataset"]) if row["property"] != "prov:generatedAtTime"],
            json.loads(ok("query", "tomograms_with_fitmap", "--store", store, "--format", "json")),
            json.loads(ok("export", "--store", store, "--to", "cets-data-model", "EMPIAR-12104")),
            run("validate", "--store", store, "EMPIAR-12104").returncode,
        )
        assert run("remove", "--store", store, "EMPIAR-12104").returncode == 0
        assert len(json.loads(ok("datasets", "--store", store, "--format", "json"))) == 1
    here, there = answers.values()
    assert here == there


def test_what_is_wrong_with_an_endpoint_is_one_message(without_union: Endpoint) -> None:
    loaded = run("load", "--store", without_union.url, EMPIAR)
    assert loaded.returncode == 0, loaded.stderr
    asked = run("query", "tomograms_with_fitmap", "--store", without_union.url)
    assert asked.returncode == 0
    assert asked.stderr.startswith(f"cetsgraph: warning: {without_union.url}: the default graph is not")
    assert asked.stderr.count("warning") == 1
    assert asked.stderr.count("\n") == 2  # and the number of rows
    refused = run("load", "--store", without_union.url, "--archive", "other", EMPIAR)
    assert (refused.returncode, "made with another archive" in refused.stderr) == (3, True)
    wrong = run("load", "--store", without_union.url, "--update-url", without_union.url, EMD)
    assert (wrong.returncode, "HTTP status" in wrong.stderr) == (3, True)
    away = run("datasets", "--store", "http://127.0.0.1:9/sparql")
    assert (away.returncode, "cannot be reached" in away.stderr, "Traceback" in away.stderr) == (
        3,
        True,
        False,
    )
    assert run("datasets", "--store", "gopher://127.0.0.1/").returncode == 3
