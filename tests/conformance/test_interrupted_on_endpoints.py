"""A change of an endpoint that stops at one of its requests: nothing half is listed; it can be repeated."""

import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from endpoints import Endpoint, oxigraph_server

from cetsgraph import archive
from cetsgraph.errors import EndpointStatus
from cetsgraph.model import DataSet, Region, Tomogram, TomogramSet, TomoImageSet
from cetsgraph.store import RemoteStore

MANY = 450  # tomograms of some seven triples each, so that several requests are needed


class Gate(ThreadingHTTPServer):
    """Passes as many updates on as it is told to, and refuses the others."""

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), Passing)
        self.target = target
        self.left = 0
        self.passed: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/update"


class Passing(BaseHTTPRequestHandler):
    server: Gate

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.left == 0:
            self.send_error(503)
            return
        self.server.left -= 1
        self.server.passed.append(body)
        headers = {"Content-Type": self.headers["Content-Type"]}
        with urllib.request.urlopen(urllib.request.Request(self.server.target, body, headers)) as answer:
            self.send_response(answer.status)
            self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with oxigraph_server(tmp_path_factory.mktemp("interrupted"), "--union-default-graph") as at:
        yield at


@pytest.fixture
def gate(endpoint: Endpoint) -> Iterator[Gate]:
    with Gate(endpoint.update_url) as gate:
        thread = threading.Thread(target=gate.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield gate
        gate.shutdown()
        thread.join()


def data_set(name: str, tomograms: int, voxel_size: float = 10.0) -> DataSet:
    held = [Tomogram(id=f"t{index}", voxel_size=voxel_size) for index in range(tomograms)]
    imaging = TomoImageSet(tomogram_sets=[TomogramSet(tomograms=held)])
    return DataSet(name=name, regions=[Region(id="r", tomo_image_sets=[imaging])])


@pytest.mark.parametrize("before", ["nothing", "another version"])
def test_a_put_that_stops_anywhere_leaves_nothing_half(endpoint: Endpoint, gate: Gate, before: str) -> None:
    new = data_set("set", MANY)
    store, limited = RemoteStore(endpoint.url), RemoteStore(endpoint.url, update_url=gate.url)
    stops = 0
    while True:
        if any(kept.name == "set" for kept in archive.list(store)):
            archive.remove(store, "set")
        if before != "nothing":
            archive.put(store, data_set("set", 3, voxel_size=5.0))
        gate.left = stops
        try:
            archive.put(limited, new)
            break
        except EndpointStatus as error:
            assert error.status == 503
        listed = [kept.name for kept in archive.list(store)]
        if listed:
            assert archive.get(store, "set").dataset == data_set("set", 3, voxel_size=5.0)
        archive.put(store, new)
        assert archive.get(store, "set").dataset == new
        stops += 1
    assert stops >= 4
    assert archive.get(store, "set").dataset == new
    assert len(archive.list(store)) == 1


def test_the_record_goes_first_and_comes_last(endpoint: Endpoint, gate: Gate) -> None:
    store = RemoteStore(endpoint.url, update_url=gate.url)
    gate.left = 100
    iri = archive.put(store, data_set("order", MANY)).record.dataset
    gate.passed.clear()
    archive.put(store, data_set("order", MANY, voxel_size=5.0))
    archive.remove(store, "order")
    kinds = [_kind(body.decode()) for body in gate.passed]
    added = kinds.count("graph in")
    assert added >= 3
    assert kinds == [
        "record out", "graph out", "settings", *["graph in"] * added, "record in", "record out", "graph out",
    ]  # fmt: skip
    assert iri not in store.graphs()


def _kind(body: str) -> str:
    catalogue = "catalogue" in body
    if "DROP" in body:
        return "graph out"
    if "uriSpace" in body:
        return "settings"
    verb = "out" if "DELETE" in body else "in"
    return f"{'record' if catalogue else 'graph'} {verb}"
