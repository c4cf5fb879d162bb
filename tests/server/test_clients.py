"""Other people's clients get the same rows: curl, rdflib and SPARQLWrapper, in every form and way."""

import csv
import io
import json
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import GET, JSON, POST, POSTDIRECTLY, URLENCODED, SPARQLWrapper

from cetsgraph.store import LocalStore

QUERY = "SELECT DISTINCT ?class WHERE { ?object a ?class } ORDER BY ?class"
FORMS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}


@pytest.fixture(scope="module")
def classes(store: Path) -> list[str]:
    with LocalStore.open(store) as opened:
        return [row["class"].value for row in opened.select(QUERY)]


def curl(*arguments: str) -> bytes:
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is not installed")
    return subprocess.run([program, "--silent", "--fail", *arguments], check=True, capture_output=True).stdout


@pytest.mark.parametrize("media_type", FORMS)
@pytest.mark.parametrize("how", ["GET", "form", "direct", "gzip"])
def test_curl(endpoint: str, classes: list[str], media_type: str, how: str) -> None:
    sent = {
        "GET": ["--get", "--data-urlencode", f"query={QUERY}"],
        "form": ["--data-urlencode", f"query={QUERY}"],
        "direct": ["--header", "Content-Type: application/sparql-query", "--data-binary", QUERY],
        "gzip": ["--compressed", "--get", "--data-urlencode", f"query={QUERY}"],
    }[how]
    body = curl(*sent, "--header", f"Accept: {media_type}", f"{endpoint}/sparql")
    rows = ox.parse_query_results(body, format=FORMS[media_type])
    assert [row["class"].value for row in rows] == classes  # type: ignore[union-attr]


def test_csv_by_curl(endpoint: str, classes: list[str]) -> None:
    body = curl("--get", "--data-urlencode", f"query={QUERY}", "-H", "Accept: text/csv", f"{endpoint}/sparql")
    assert [row["class"] for row in csv.DictReader(io.StringIO(body.decode()))] == classes


def test_rdflib(endpoint: str, store: Path, classes: list[str]) -> None:
    with LocalStore.open(store) as opened:
        name, *_ = opened.graphs()
        triples = len(list(opened.quads(name)))
    for method in ("GET", "POST"):
        remote = SPARQLStore(f"{endpoint}/sparql", method=method)
        assert [str(row[0]) for row in remote.query(QUERY)] == classes  # type: ignore[index]
        assert len(Graph(remote, URIRef(name))) == triples


@pytest.mark.parametrize(("method", "how"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)])
def test_sparqlwrapper(endpoint: str, classes: list[str], method: str, how: str) -> None:
    client = SPARQLWrapper(f"{endpoint}/sparql")
    client.setQuery(QUERY)
    client.setMethod(method)
    client.setRequestMethod(how)
    client.setReturnFormat(JSON)
    rows = client.query().convert()["results"]["bindings"]
    assert [row["class"]["value"] for row in rows] == classes


@pytest.mark.parametrize(
    ("media_type", "rdf_format"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ],
)
def test_triples_in_every_form(
    endpoint: str, classes: list[str], media_type: str, rdf_format: ox.RdfFormat
) -> None:
    query = "CONSTRUCT { ?object a ?class } WHERE { ?object a ?class }"
    accept = f"Accept: text/html;q=0.1, {media_type};q=0.9"
    body = curl("--get", "--data-urlencode", f"query={query}", "-H", accept, f"{endpoint}/sparql")
    assert {quad.object.value for quad in ox.parse(body, format=rdf_format)} == set(classes)  # type: ignore[union-attr]


def test_an_unchanged_store_is_not_sent_again(endpoint: str) -> None:
    arguments = ["--get", "--data-urlencode", f"query={QUERY}", f"{endpoint}/sparql"]
    lines = curl("--head", *arguments).decode().splitlines()
    tag = next(line.partition(": ")[2] for line in lines if line.lower().startswith("etag:"))
    for _ in range(2):
        assert curl("-H", f"If-None-Match: {tag}", "-w", "%{http_code}", *arguments) == b"304"


def test_a_page_of_another_site_may_ask(endpoint: str) -> None:
    asks = ["-H", "Origin: https://example.org", "-H", "Access-Control-Request-Method: POST",
            "-H", "Access-Control-Request-Headers: x-of-a-client"]  # fmt: skip
    head = curl("-i", "-X", "OPTIONS", *asks, f"{endpoint}/sparql").decode().lower()
    assert "access-control-allow-origin: *" in head
    assert "access-control-allow-headers: x-of-a-client" in head
    assert "post" in next(
        line for line in head.splitlines() if line.startswith("access-control-allow-methods")
    )
    answer = curl("-i", "--get", "--data-urlencode", "query=ASK {}", "-H", "Origin: https://example.org",
                  f"{endpoint}/sparql").decode().lower()  # fmt: skip
    assert answer.count("access-control-allow-origin: *") == 1


def counted(endpoint: str, status: int) -> float:
    text = curl(f"{endpoint}/metrics").decode()
    return float(next(line.split()[1] for line in text.splitlines() if f'status="{status}"' in line))


def test_metrics_count_what_was_asked(endpoint: str) -> None:
    before = counted(endpoint, 200)
    for _ in range(5):
        curl("--get", "--data-urlencode", "query=ASK {}", f"{endpoint}/sparql")
    assert counted(endpoint, 200) >= before + 5


def test_metrics_say_what_the_server_has(endpoint: str) -> None:
    lines = curl(f"{endpoint}/metrics").decode().splitlines()
    gauges = dict(line.split() for line in lines if line.startswith(("cetsgraph_store", "cetsgraph_workers")))
    assert int(gauges["cetsgraph_store_bytes"]) > 10_000
    if Path("/proc/self/statm").exists():
        assert gauges["cetsgraph_workers"] == "2"
        assert 2 * 10**7 < int(gauges["cetsgraph_workers_memory_bytes"]) < 10**9


def test_metrics_count_clients_that_left(endpoint: str) -> None:
    before = counted(endpoint, 499)
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    query = urllib.parse.urlencode({"query": endless})
    with pytest.raises(TimeoutError), urllib.request.urlopen(f"{endpoint}/sparql?{query}", timeout=0.5):
        pass
    until = time.monotonic() + 10
    while counted(endpoint, 499) == before and time.monotonic() < until:
        time.sleep(0.1)
    assert counted(endpoint, 499) == before + 1


def test_health(endpoint: str) -> None:
    assert json.loads(curl(f"{endpoint}/health")) == {"status": "ok"}
