"""What carries the requests of a remote store can be replaced: the protocol without sockets."""

import json
from collections.abc import Callable, Iterable
from urllib.parse import parse_qs

import httpx
import pytest

from cetsgraph.errors import EndpointStatus, EndpointUnreachable
from cetsgraph.federation import Federation, Source, State
from cetsgraph.store import RemoteStore, Store, open_store

URL = "https://example.org/sparql"
QUERY = "SELECT ?s FROM <http://example.org/g> { ?s ?p ?o }"
ANSWER = {
    "head": {"vars": ["s"]},
    "results": {"bindings": [{"s": {"type": "uri", "value": "http://example.org/s"}}]},
}
JSON = "application/sparql-results+json"


def rows(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, headers={"Content-Type": JSON}, content=json.dumps(ANSWER).encode())


def endpoint(environ: dict[str, object], start: Callable[..., object]) -> Iterable[bytes]:
    """An endpoint as a WSGI application, which says what it was asked."""
    asked = parse_qs(str(environ["QUERY_STRING"]))
    start("200 OK", [("Content-Type", JSON), ("X-Asked", asked["query"][0][:6])])
    return [json.dumps(ANSWER).encode()]


@pytest.mark.parametrize("transport", [httpx.MockTransport(rows), httpx.WSGITransport(app=endpoint)])
@pytest.mark.parametrize(
    "opened",
    [
        lambda transport: RemoteStore(URL, transport=transport),
        lambda transport: open_store(URL, transport=transport),
    ],
    ids=["RemoteStore", "open_store"],
)
def test_a_store_answers_over_any_transport(
    transport: httpx.BaseTransport, opened: Callable[[httpx.BaseTransport], Store]
) -> None:
    with opened(transport) as store:
        for _ in range(2):
            assert [row["s"].value for row in store.select(QUERY)] == ["http://example.org/s"]


def test_a_search_asks_over_any_transport() -> None:
    def by_host(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404) if request.url.host == "absent.example" else rows(request)

    sources = [Source("one", "http://one.example/"), Source("absent", "http://absent.example/")]
    found = Federation(sources, transport=httpx.MockTransport(by_host)).search("dataset_summary", timeout=10)
    states = {answer.source: answer.state for answer in found.answers}
    assert states["absent"] is State.HTTP_ERROR
    assert states["one"] is not State.HTTP_ERROR


def test_requests_are_those_of_the_protocol() -> None:
    seen: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        empty = json.dumps({"head": {"vars": ["base", "archive"]}, "results": {"bindings": []}})
        return httpx.Response(200, headers={"Content-Type": JSON}, content=empty.encode())

    store = RemoteStore(f"{URL}?key=1", transport=httpx.MockTransport(note), user_agent="tester/1")
    with store.writing() as writing:
        writing.remove("http://example.org/g")
    catalogue, removal = seen
    assert (catalogue.method, removal.method) == ("GET", "POST")
    assert catalogue.url.params["key"] == "1"
    assert removal.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(removal.content.decode()) == {
        "key": ["1"],
        "update": ["DROP SILENT GRAPH <http://example.org/g>"],
    }
    assert {request.headers["User-Agent"] for request in seen} == {"tester/1"}


def test_failures_of_a_transport_are_those_of_an_endpoint() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(EndpointUnreachable, match="refused"):
        RemoteStore(URL, transport=httpx.MockTransport(refuse)).query(QUERY)


@pytest.mark.parametrize(
    ("sent", "challenge", "hint"),
    [
        ("user", "Bearer", "takes a token"),
        ("user", 'Digest realm="r", nonce="1", qop="auth", algorithm="MD5"', "does not know"),
        ("user", 'Digest realm="r", nonce="1", qop="auth", algorithm="SHA3"', "does not know"),
        ("user", 'Digest realm="r"', "does not know"),
        ("user", "Digest nonsense", "does not know"),
        ("user", 'Digest realm="r", nonce="1", qop="auth-int"', "does not know"),
        ("user", 'Basic realm="r"', "does not know"),
        ("user", "", "does not know"),
        ("token", 'Basic realm="r"', "takes a user and password"),
        ("token", "Bearer", "does not know"),
        ("nothing", "Bearer", "Set CETSGRAPH_USER"),
    ],
)
def test_credentials_that_are_refused_are_said_to_be(
    monkeypatch: pytest.MonkeyPatch, sent: str, challenge: str, hint: str
) -> None:
    monkeypatch.setenv("NETRC", "/nowhere")
    for name, value in {"user": "USER", "token": "TOKEN"}.items():
        monkeypatch.setenv(f"CETSGRAPH_{value}", "secret") if name == sent else monkeypatch.delenv(
            f"CETSGRAPH_{value}", raising=False
        )
    monkeypatch.setenv("CETSGRAPH_PASSWORD", "hush")
    seen: list[httpx.Request] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(401, headers={"WWW-Authenticate": challenge} if challenge else {})

    with pytest.raises(EndpointStatus, match=hint) as caught:
        RemoteStore(URL, transport=httpx.MockTransport(refuse)).query(QUERY)
    assert caught.value.status == 401
    assert len(seen) <= 2
    assert "hush" not in str(caught.value)
