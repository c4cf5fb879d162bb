"""Objects, graphs, the ontology and what the server says of itself, over real HTTP."""

import json
import re
import socket
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, FOAF, RDF, SH, VOID, Graph, Namespace, URIRef
from rdflib.term import Node
from serving import EXAMPLES, load, serving

from cetsgraph.resources import folder
from cetsgraph.store import LocalStore
from cetsgraph.versions import ONTOLOGY_VERSION

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


def get(
    url: str, accept: str | None = None, method: str = "GET", **more: str
) -> tuple[int, dict[str, str], bytes]:
    headers = {**({"Accept": accept} if accept else {}), **more}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers, method=method)) as response:
            return response.status, {k.lower(): v for k, v in response.headers.items()}, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def graph(body: bytes, media_type: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(body, format=FORMATS[media_type])}


@pytest.mark.parametrize("media_type", FORMATS)
def test_a_graph_whole(endpoint: str, store: Path, data_set: str, media_type: str) -> None:
    status, headers, body = get(f"{endpoint}/graphs?graph={quote(data_set, safe='')}", media_type)
    assert status == 200 and headers["content-type"].startswith(media_type)
    with LocalStore.open(store) as opened:
        assert graph(body, media_type) == {quad.triple for quad in opened.quads(data_set)}


@pytest.mark.parametrize("media_type", FORMATS)
def test_an_object_as_triples(endpoint: str, data_set: str, media_type: str) -> None:
    status, _, body = get(f"{endpoint}/data/local/EMD-3782", media_type)
    assert status == 200
    subjects = {triple.subject.value for triple in graph(body, media_type)}
    assert data_set in subjects


def test_an_object_as_a_page(endpoint: str) -> None:
    status, headers, body = get(f"{endpoint}/data/local/EMD-3782", "text/html,*/*;q=0.1")
    assert status == 200 and b"<h1>" in body and "default-src 'none'" in headers["content-security-policy"]
    assert get(f"{endpoint}/", "text/html")[0] == 200


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        ("/data/local/nothing", "text/turtle", 404),
        ("/data/local/%3Cscript%3E", "text/html", 404),
        ("/data/local/a%zz", "text/turtle", 404),
        ("/data/local/EMD-3782?property=title", None, 404),
        ("/data/local/EMD-3782", "image/png", 406),
        ("/graphs", "text/turtle", 400),
        ("/graphs?graph=urn:none", "text/turtle", 404),
        ("/graphs?default&graph=urn:none", "text/turtle", 400),
        ("/ontology/Nothing", None, 404),
        ("/ontology/0.0.9", None, 404),
        ("/nowhere", None, 404),
    ],
)
def test_what_is_not_there(endpoint: str, path: str, accept: str | None, status: int) -> None:
    assert get(endpoint + path, accept)[0] == status


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_nothing_can_be_written(endpoint: str, method: str) -> None:
    assert get(f"{endpoint}/graphs?graph=urn:x", method=method)[0] == 405
    assert get(f"{endpoint}/data/local/EMD-3782", method=method)[0] == 405


def test_a_tag_spares_what_has_not_changed(endpoint: str) -> None:
    url = f"{endpoint}/sparql?query=ASK%7B%7D"
    _, headers, _ = get(url)
    assert get(url, **{"If-None-Match": headers["etag"]})[0] == 304
    assert get(url, method="HEAD")[2] == b""


def test_large_arrays_are_linked(tmp_path: Path) -> None:
    points = [[float(i), 1.0, 2.0] for i in range(1000)]
    document = {
        "$schema": "https://w3id.org/cetsgraph/schema/cets.json",
        "name": "many",
        "annotations": [{"type": "PointSet", "id": "picks", "name": "<script>", "coordinates": points}],
    }
    (tmp_path / "many.json").write_text(json.dumps(document))
    load(tmp_path / "store", tmp_path / "many.json")
    with serving(tmp_path / "store", "--workers", "1") as address:
        url = f"{address}/data/local/many/annotation/picks"
        _, _, body = get(url, "application/n-triples")
        link = next(
            triple.object.value
            for triple in graph(body, "application/n-triples")
            if triple.predicate.value.endswith("#seeAlso")
        )
        assert json.loads(get(link)[2]) == points
        assert b"<script>" not in get(url, "text/html")[2]


@pytest.fixture(scope="module")
def described(endpoint: str) -> Graph:
    """The service description with its statistics, read by another library."""
    return Graph().parse(data=get(f"{endpoint}/.well-known/void", "text/turtle")[2], format="turtle")


def test_the_service_description_conforms(endpoint: str, described: Graph) -> None:
    """What the W3C's tests of service descriptions ask for: RDF comes back, with sd:endpoint in it,
    and conforms to the schema."""
    service = URIRef(f"{endpoint}/sparql")
    assert (service, RDF.type, SD.Service) in described
    assert (service, SD.endpoint, service) in described
    assert (service, SD.feature, SD.UnionDefaultGraph) in described
    assert set(described.objects(service, SD.supportedLanguage)) == {SD.SPARQL11Query}
    (dataset,) = described.objects(service, SD.defaultDataset)
    assert (dataset, RDF.type, SD.Dataset) in described
    (default,) = described.objects(dataset, SD.defaultGraph)
    assert (default, RDF.type, SD.Graph) in described
    for named in described.objects(dataset, SD.namedGraph):
        assert (named, RDF.type, SD.NamedGraph) in described
        (graph,) = described.objects(named, SD.graph)
        assert (graph, RDF.type, SD.Graph) in described
        assert len(list(described.objects(named, SD.name))) == 1
    alone = Graph().parse(data=get(f"{endpoint}/sparql", "text/turtle")[2], format="turtle")
    counted = {VOID.triples, VOID.entities, VOID.classPartition, VOID.propertyPartition}
    assert set(alone.predicates()) <= set(described.predicates()) - counted
    assert (dataset, FOAF.isPrimaryTopicOf, URIRef(f"{endpoint}/.well-known/void")) in alone


def test_statistics_are_those_of_the_data(store: Path, described: Graph) -> None:
    with LocalStore.open(store) as opened:
        graphs = {name: list(opened.quads(name)) for name in opened.graphs()}
    named = {str(name) for name in described.objects(None, SD.name)}
    assert named == graphs.keys() and len(named) == len(EXAMPLES) + 2
    (whole,) = described.subjects(RDF.type, SD.Dataset)
    everything = [quad for quads in graphs.values() for quad in quads]
    for name, quads in ((str(whole), everything), *graphs.items()):
        node = URIRef(name)
        subjects = {quad.subject for quad in quads}
        kinds = Counter(str(quad.object.value) for quad in quads if quad.predicate.value == str(RDF.type))
        properties = Counter(quad.predicate.value for quad in quads)

        def number(of: Node, name: str) -> int:
            return int(str(described.value(of, VOID[name])))

        def parts(kind: str, count: str, node: Node = node) -> dict[str, int]:
            found = described.objects(node, VOID[f"{kind}Partition"])
            return {str(described.value(part, VOID[kind])): number(part, count) for part in found}

        assert number(node, "triples") == len(quads)
        assert number(node, "distinctSubjects") == number(node, "entities") == len(subjects)
        assert number(node, "classes") == len(kinds) and number(node, "properties") == len(properties)
        of_whole = name == str(whole)
        assert parts("class", "entities") == (kinds if of_whole else {})
        assert parts("property", "triples") == (properties if of_whole else {})


def test_dumps_licences_and_examples_are_said(endpoint: str, described: Graph, data_set: str) -> None:
    node = URIRef(data_set)
    licences = list(described.objects(node, DCTERMS.license))
    assert licences == [URIRef("https://creativecommons.org/publicdomain/zero/1.0/")]
    (dump,) = described.objects(node, VOID.dataDump)
    assert len(Graph().parse(data=get(str(dump), "text/turtle")[2])) == int(
        str(described.value(node, VOID.triples))
    )
    examples = set(described.subjects(RDF.type, SH.SPARQLExecutable))
    assert examples and all(described.value(example, SH.select) for example in examples)


def test_graphs_are_written_by_holders_of_a_token(tmp_path: Path) -> None:
    load(tmp_path / "store", EXAMPLES[0])
    (tmp_path / "token").write_text("sesame")
    options = ("--workers", "1", "--writable", "--token-file", str(tmp_path / "token"))
    with serving(tmp_path / "store", *options) as address:
        url = f"{address}/graphs?graph=urn:x"

        def send(method: str, body: bytes = b"", **headers: str) -> int:
            asked = urllib.request.Request(
                url, body, {"Content-Type": "text/turtle", **headers}, method=method
            )
            try:
                with urllib.request.urlopen(asked) as response:
                    return int(response.status)
            except urllib.error.HTTPError as error:
                error.close()
                return error.code

        held = {"Authorization": "Bearer sesame"}
        assert send("PUT", b"<urn:a> <urn:b> 1 .") == 401
        assert send("PUT", b"<urn:a> <urn:b> 1 .", Authorization="Bearer open") == 401
        assert send("PUT", b"<urn:a> <urn:b> 1 .", **held) == 204
        assert send("POST", b"<urn:a> <urn:b> 2 .", **held) == 204
        assert len(graph(get(url, "text/turtle")[2], "text/turtle")) == 2
        assert send("PUT", b"not turtle", **held) == 400
        assert send("DELETE", **held) == 204
        assert send("DELETE", **held) == 404
        assert get(url, "text/turtle")[0] == 404


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("turtle", "text/turtle"),
        ("ntriples", "application/n-triples"),
        ("rdfxml", "application/rdf+xml"),
        ("jsonld", "application/ld+json"),
        ("html", "text/html"),
        ("", "text/html"),  # as a form sends what nobody has chosen
        ("application/ld%2Bjson", "application/ld+json"),
        ("application/ld+json", "application/ld+json"),  # of a form, a space
        ("docx", None),
    ],
)
@pytest.mark.parametrize("path", ["/data/local/EMD-3782", "/ontology", f"/ontology/{ONTOLOGY_VERSION}"])
def test_a_browser_can_name_the_form(endpoint: str, path: str, name: str, media_type: str | None) -> None:
    status, headers, _ = get(f"{endpoint}{path}?format={name}", "text/html")
    assert status == (406 if media_type is None else 200)
    assert media_type is None or headers["content-type"].startswith(media_type)


def test_the_ontology_is_the_same_in_every_form(endpoint: str) -> None:
    sizes = {len(graph(get(f"{endpoint}/ontology", kind)[2], kind)) for kind in FORMATS}
    assert len(sizes) == 1 and sizes.pop() > 1000
    page = get(f"{endpoint}/ontology", "text/html")[2]
    assert b'id="Tomogram"' in page and b'id="voxelSizeX"' in page


@pytest.mark.parametrize("version", ["0.1.0", "0.2.0"])
def test_a_released_version_is_there_for_good_and_the_same_in_every_form(endpoint: str, version: str) -> None:
    released = (folder("ontology") / "releases" / f"{version}.ttl").read_text(encoding="utf-8")
    kept = graph(released.encode(), "text/turtle")
    for kind in FORMATS:
        status, headers, body = get(f"{endpoint}/ontology/{version}", kind)
        assert status == 200 and headers["content-type"].startswith(kind)
        assert len(graph(body, kind)) == len(kept), kind
    accept = "application/rdf+xml;q=0.3, text/turtle"
    assert get(f"{endpoint}/ontology/{version}", accept)[1]["content-type"].startswith("text/turtle")
    page = get(f"{endpoint}/ontology/{version}", "text/html")[2]
    assert f"CETS ontology {version}".encode() in page and b'id="Tomogram"' in page


@pytest.mark.parametrize("path", ["/", "/data/local/EMD-3782", "/graphs?default", "/.well-known/void"])
def test_what_has_not_changed_is_not_sent_again(endpoint: str, path: str) -> None:
    status, headers, _ = get(endpoint + path)
    assert status == 200
    assert get(endpoint + path, **{"If-None-Match": headers["etag"]})[0] == 304
    status, _, body = get(endpoint + path, method="HEAD")
    assert status == 200 and body == b""


def test_graphs_by_their_own_addresses(endpoint: str, data_set: str) -> None:
    direct = graph(get(f"{endpoint}/graphs/local/EMD-3782", "text/turtle")[2], "text/turtle")
    indirect = graph(
        get(f"{endpoint}/graphs?graph={quote(data_set, safe='')}", "text/turtle")[2], "text/turtle"
    )
    assert direct == indirect and direct
    assert get(f"{endpoint}/graphs/local/nothing")[0] == 404


def test_a_graph_may_be_larger_than_any_answer(tmp_path: Path) -> None:
    count = 45_000
    with LocalStore.open(tmp_path / "store", "w") as store, store.writing() as writing:
        writing.add(b"".join(b'<urn:s%d> <urn:p> "%d" <urn:g> .\n' % (i, i) for i in range(count)))
    with serving(tmp_path / "store", "--workers", "1", "--max-bytes", "1000") as address:
        url = f"{address}/graphs?graph=urn:g"
        for media_type in ("text/turtle", "application/n-triples"):
            assert len(graph(get(url, media_type)[2], media_type)) == count
        status, _, said = get(url, "application/rdf+xml")
        assert status == 503 and b"1000 bytes" in said


def test_a_graph_comes_whole_each_time(endpoint: str) -> None:
    sizes = {len(get(f"{endpoint}/graphs?default", "application/n-triples")[2]) for _ in range(20)}
    assert len(sizes) == 1 and min(sizes) > 100_000


def test_many_large_graphs_at_once_and_clients_that_leave(tmp_path: Path) -> None:
    count = 40_000
    with LocalStore.open(tmp_path / "store", "w") as store, store.writing() as writing:
        writing.add(b"".join(b"<urn:s%d> <urn:p> <urn:o> <urn:g> .\n" % i for i in range(count)))
    with serving(tmp_path / "store", "--workers", "2") as address:
        url = f"{address}/graphs?graph=urn:g"
        server = urlsplit(address)
        for _ in range(40):
            with socket.create_connection((server.hostname, server.port)) as client:
                client.sendall(b"GET /graphs?graph=urn:g HTTP/1.1\r\nHost: x\r\nAccept: text/turtle\r\n\r\n")
                assert client.recv(100).startswith(b"HTTP/1.1 ")
        with ThreadPoolExecutor(8) as clients:
            answers = list(clients.map(lambda _: get(url, "application/n-triples"), range(8)))
        assert [(status, body.count(b" .\n")) for status, _, body in answers] == [(200, count)] * 8


def test_the_first_page_shows_data_sets_and_questions(endpoint: str) -> None:
    page = get(f"{endpoint}/", "text/html")[2].decode()
    assert 'href="/data/local/EMD-3782"' in page and "Tomograms with fitted maps" in page
    assert not re.search(
        r"<script(?! [^>]*src=)|src=\"(?!/static/)|@import|url\(|<link (?![^>]*href=\"/static/)", page
    )
