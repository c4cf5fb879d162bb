"""The W3C tests of the SPARQL 1.1 Protocol, each request of each test sent to the real server."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node
from serving import serving

from cetsgraph.store import LocalStore

DATA = Path(__file__).resolve().parents[3] / "shared/data/w3c/sparql11-protocol"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the W3C tests are not at {DATA}"),
]


@dataclass
class Sent:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: set[int]
    boolean: bool | None
    kind: str | None


@dataclass
class Case:
    name: str
    data: dict[str, str] = field(default_factory=dict)
    requests: list[Sent] = field(default_factory=list)


@cache
def cases() -> dict[str, Case]:
    if not DATA.is_dir():
        return {}
    manifest = Graph().parse(DATA / "manifest.ttl", publicID=(DATA / "manifest.ttl").as_uri())
    first = manifest.value(predicate=RDF.type, object=MF.Manifest)
    assert first is not None
    entries = manifest.value(first, MF.entries)
    assert entries is not None
    return {str(entry).rpartition("#")[2]: case(manifest, entry) for entry in Collection(manifest, entries)}


def case(manifest: Graph, entry: Node) -> Case:
    found = Case(str(manifest.value(entry, MF.name)))
    for data in manifest.objects(entry, UT.graphData):
        file = Path(urlsplit(str(manifest.value(data, UT.graph))).path)
        found.data[str(manifest.value(data, RDFS.label))] = file.read_text(encoding="utf-8")
    action = manifest.value(entry, MF.action)
    requests = manifest.value(action, HT.requests)
    assert requests is not None
    found.requests = [sent(manifest, request) for request in Collection(manifest, requests)]
    return found


def sent(manifest: Graph, request: Node) -> Sent:
    headers = {}
    listed = manifest.value(request, HT.headers)
    for header in Collection(manifest, listed) if listed is not None else ():
        headers[str(manifest.value(header, HT.fieldName))] = str(manifest.value(header, HT.fieldValue))
    body = None
    content = manifest.value(request, HT.body)
    if content is not None:
        encoding = str(manifest.value(content, CNT.characterEncoding) or "UTF-8")
        body = str(manifest.value(content, CNT.chars)).encode(encoding)
    response = manifest.value(request, HT.resp)
    boolean = manifest.value(response, MF.expectedBoolean)
    kind = manifest.value(response, MF.expectedFormat)
    return Sent(
        method=str(manifest.value(request, HT.methodName)),
        path=str(manifest.value(request, HT.absolutePath)),
        headers=headers,
        body=body,
        statuses=set(statuses(manifest, response)),
        boolean=None if boolean is None else bool(boolean.toPython()),  # type: ignore[attr-defined]
        kind=None if kind is None else str(kind),
    )


def statuses(manifest: Graph, response: Node | None) -> Iterator[int]:
    for status in manifest.objects(response, MF.expectedStatus):
        name = str(status).rpartition("StatusCode")[2]
        assert isinstance(status, URIRef)
        yield from range(int(name[0]) * 100, int(name[0]) * 100 + 100) if "x" in name else [int(name)]


@pytest.fixture(scope="module")
def read_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A store, and the address of a server that only reads it."""
    store = tmp_path_factory.mktemp("read") / "store"
    LocalStore.open(store, "w").close()
    with serving(store, "--workers", "1") as address:
        yield store, address


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A store, and the address of a server that takes updates."""
    folder = tmp_path_factory.mktemp("written")
    LocalStore.open(folder / "store", "w").close()
    (folder / "token").write_text("let-me-write\n")
    options = ("--writable", "--token-file", str(folder / "token"))
    with serving(folder / "store", "--workers", "1", *options) as address:
        yield folder / "store", address


@pytest.mark.parametrize("name", cases())
def test_protocol(name: str, request: pytest.FixtureRequest) -> None:
    directory, address = request.getfixturevalue("writable" if "update" in name else "read_only")
    found = cases()[name]
    fill(directory, found.data)
    for one in found.requests:
        check(address, one)


def fill(directory: Path, data: dict[str, str]) -> None:
    """Have a store hold these graphs and nothing else."""
    with LocalStore.open(directory, "w") as store, store.writing() as writing:
        for graph in store.graphs():
            writing.remove(graph)
        for graph, text in data.items():
            quads = (
                ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(graph))
                for triple in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)
            )
            writing.add(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")


def check(address: str, request: Sent) -> None:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
    headers = {**request.headers, "Authorization": "Bearer let-me-write"}
    try:
        connection.request(request.method, request.path, request.body, headers)
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    assert response.status in request.statuses, body
    media = response.headers.get("content-type", "").partition(";")[0]
    if request.boolean is not None:
        assert json.loads(body)["boolean"] is request.boolean
    if request.kind == "RDF":
        assert media in ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json")
        list(ox.parse(body, format=ox.RdfFormat.from_media_type(media)))
    elif request.kind in ("tabular", "boolean"):
        assert media in (
            "application/sparql-results+json",
            "application/sparql-results+xml",
            "text/csv",
            "text/tab-separated-values",
        )
