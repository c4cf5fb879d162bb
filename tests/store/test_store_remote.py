"""Endpoints that break, lie, dawdle or snoop: each becomes an error that says so, in time and in bounds."""

import gzip
import json
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from cetsgraph.errors import (
    EndpointAnswer,
    EndpointError,
    EndpointRedirect,
    EndpointStatus,
    EndpointTimeout,
    EndpointUnreachable,
    EndpointWarning,
    QueryError,
    QuerySyntaxError,
    StoreError,
)
from cetsgraph.store import LocalStore, RemoteStore, open_store
from cetsgraph.store.base import Solutions
from cetsgraph.store.remote.redirects import redirected

JSON = "application/sparql-results+json"
ROWS = json.dumps(
    {"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "literal", "value": "yes"}}]}}
).encode()
ASK = "SELECT ?s FROM <http://example.org/g> { ?s ?p ?o }"  # says its dataset, so nothing is asked before
SECRET = "hush-hush"


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def parameters(self) -> dict[str, list[str]]:
        parts = parse_qs(urlsplit(self.target).query)
        return {
            name: values for part in (parts, parse_qs(self.body.decode())) for name, values in part.items()
        }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    server: "Server"

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        sent = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append(Request(self.command, self.path, sent, self.rfile.read(length)))
        self.server.behaviour(self)

    do_GET = do_POST = answer

    def reply(self, body: bytes, media_type: str = JSON, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """A server on loopback that does one thing, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self, behaviour: Callable[[Handler], None]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviour = behaviour
        self.requests: list[Request] = []
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/sparql"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone is expected here."""


@dataclass
class Servers:
    started: ExitStack = field(default_factory=ExitStack)

    def __call__(self, behaviour: Callable[[Handler], None]) -> Server:
        return self.started.enter_context(serving(behaviour))


@contextmanager
def serving(behaviour: Callable[[Handler], None]) -> Iterator[Server]:
    server = Server(behaviour)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def serve() -> Iterator[Servers]:
    servers = Servers()
    with servers.started:
        yield servers


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials but those of the test, and no proxies."""
    for name in ("USER", "PASSWORD", "TOKEN"):
        monkeypatch.delenv(f"CETSGRAPH_{name}", raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


def good(handler: Handler) -> None:
    handler.reply(ROWS)


def values(store: RemoteStore, query: str = ASK) -> list[str]:
    return [row["s"].value for row in store.select(query)]


def failure(store: RemoteStore, query: str = ASK) -> EndpointError:
    with pytest.raises(EndpointError) as caught:
        store.query(query)
    return caught.value


# Answers that are none


@pytest.mark.parametrize(
    ("media_type", "body", "found"),
    [
        ("text/html", b"<html><title>Down</title><p>Back at <b>noon</b></p></html>", "a page for people"),
        (JSON, b"<html>Down</html>", "Down"),
        (JSON, ROWS[:-20], "line 1"),
        (JSON, ROWS[:40], "line 1"),
        (JSON, b"", "line 1"),
        (JSON, ROWS + b"\nError: the query took too long", "Error: the query took too long"),
        (JSON, b'{"error": "out of memory"}', "out of memory"),
        (JSON, b'{"head": {}, "boolean": true}', "another form"),
        ("application/sparql-results+xml", b"<sparql><head>", "sparql"),
        ("text/csv", b"s\r\nyes\r\n", "text/csv"),
        ("text/plain", ROWS, "text/plain"),
        ("", ROWS, "no media type"),
        ("nonsense", ROWS, "nonsense"),
    ],
)
def test_what_is_no_answer_under_a_status_of_success_fails(
    serve: Servers, media_type: str, body: bytes, found: str
) -> None:
    server = serve(lambda handler: handler.reply(body, media_type))
    error = failure(RemoteStore(server.url))
    assert isinstance(error, EndpointAnswer)
    assert found in str(error)
    assert server.url in str(error)


def test_an_answer_in_xml_is_one_too(serve: Servers) -> None:
    xml = (
        b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="s"/></head><results>'
        b'<result><binding name="s"><literal>yes</literal></binding></result></results></sparql>'
    )
    server = serve(lambda handler: handler.reply(xml, "application/sparql-results+xml; charset=utf-8"))
    assert values(RemoteStore(server.url)) == ["yes"]


def test_half_an_rdf_answer_fails(serve: Servers) -> None:
    server = serve(lambda handler: handler.reply(b"<http://a> <http://b> <ht", "application/n-triples"))
    error = failure(RemoteStore(server.url), "CONSTRUCT FROM <http://g> { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(error, EndpointAnswer)


NESTED = '{"type":"triple","value":{"subject":'


@pytest.mark.parametrize("key", ["value", "v\\u0061lue"])
def test_terms_within_terms_do_not_end_the_process(serve: Servers, key: str) -> None:
    rows = '{"head":{"vars":["s"]},"results":{"bindings":[{"s":' + NESTED.replace("value", key) * 100_000
    error = failure(RemoteStore(serve(lambda handler: handler.reply(rows.encode())).url))
    assert "nested" in str(error)
    triples = b"<http://a> <http://b> " + b"<<( <http://a> <http://b> " * 100_000
    for media_type in ("application/n-triples", "text/turtle"):
        server = serve(lambda handler, media_type=media_type: handler.reply(triples, media_type))
        assert "nested" in str(failure(RemoteStore(server.url), "DESCRIBE <http://a> FROM <http://g>"))


def test_entities_within_entities_are_not_read(serve: Servers) -> None:
    """A kilobyte of RDF/XML that becomes gigabytes."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{entities}]><x>&a9;</x>'.encode()
    for media_type in ("application/rdf+xml", "application/sparql-results+xml"):
        server = serve(lambda handler, media_type=media_type: handler.reply(bomb, media_type))
        for query in (ASK, "DESCRIBE <http://a> FROM <http://g>"):
            assert isinstance(failure(RemoteStore(server.url), query), EndpointAnswer)


def test_what_virtuoso_had_when_its_time_was_over_is_no_answer(serve: Servers) -> None:
    server = serve(lambda handler: handler.reply(ROWS, X_SQL_State="S1TAT", X_SQL_Message="Timed out"))
    error = failure(RemoteStore(server.url))
    assert isinstance(error, EndpointAnswer)
    assert "Timed out" in str(error)


def test_rows_that_were_cut_are_announced(serve: Servers) -> None:
    server = serve(lambda handler: handler.reply(ROWS, X_SPARQL_MaxRows="1"))
    with pytest.warns(EndpointWarning, match="gives 1 rows at most"):
        assert values(RemoteStore(server.url)) == ["yes"]
    server = serve(lambda handler: handler.reply(ROWS, X_SPARQL_MaxRows="2"))
    assert values(RemoteStore(server.url)) == ["yes"]


# Connections that fail


def test_no_server(serve: Servers) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        error = failure(RemoteStore(url))
    assert isinstance(error, EndpointUnreachable)
    assert "refused" in str(error)
    assert isinstance(failure(RemoteStore("http://no-such-host.invalid/sparql")), EndpointUnreachable)


def test_a_connection_closed_before_the_answer(serve: Servers) -> None:
    server = serve(lambda handler: handler.connection.shutdown(socket.SHUT_RDWR))
    assert isinstance(failure(RemoteStore(server.url)), EndpointUnreachable)


def test_a_connection_closed_within_the_answer(serve: Servers) -> None:
    server = serve(lambda handler: handler.reply(ROWS[:30], Content_Length=str(len(ROWS))))
    error = failure(RemoteStore(server.url))
    assert isinstance(error, EndpointAnswer)
    assert "ends too early" in str(error)


def test_what_is_not_http(serve: Servers) -> None:
    server = serve(lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"))
    assert isinstance(failure(RemoteStore(server.url)), EndpointAnswer)


@pytest.mark.parametrize("where", ["nothing", "head", "body", "gzip"])
def test_the_deadline_holds_against_a_server_that_dribbles(serve: Servers, where: str) -> None:
    def dribble(handler: Handler) -> None:
        if where == "body":
            handler.reply(b"", Content_Length="100000")
        if where == "gzip":
            name_follows = b"\x1f\x8b\x08\x08" + bytes(6)  # the name of a file, which ends with a zero
            handler.reply(name_follows, Content_Encoding="gzip", Content_Length="100000")
        if where == "head":
            handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Long: ")
        while not handler.server.ended.wait(0.05):
            if where != "nothing":
                handler.wfile.write(b" ")
                handler.wfile.flush()

    server = serve(dribble)
    begun = time.monotonic()
    error = failure(RemoteStore(server.url, timeout=0.6))
    assert isinstance(error, EndpointTimeout)
    assert error.seconds == 0.6
    assert 0.5 < time.monotonic() - begun < 3


def test_a_server_that_takes_no_connection_is_given_up_soon() -> None:
    with socket.socket() as deaf, ExitStack() as waiting:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for _ in range(3):  # the queue is full then, and the next one waits
            caller = waiting.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(deaf.getsockname())
        begun = time.monotonic()
        store = RemoteStore(f"http://127.0.0.1:{deaf.getsockname()[1]}/", connect_timeout=0.5, timeout=30)
        assert isinstance(failure(store), EndpointUnreachable)
        assert time.monotonic() - begun < 5


def test_a_name_server_that_does_not_answer_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **named: done.wait(30) and [])
    begun = time.monotonic()
    error = failure(RemoteStore("http://example.org/sparql", connect_timeout=0.5))
    done.set()
    assert isinstance(error, EndpointUnreachable)
    assert time.monotonic() - begun < 3


def test_a_name_that_no_host_can_have() -> None:
    for name in ("a" * 64, "a..b"):
        assert isinstance(failure(RemoteStore(f"http://{name}.example/")), EndpointUnreachable)


def test_requests_go_through_the_proxy_of_the_environment(
    serve: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(good)
    monkeypatch.setenv("http_proxy", proxy.url.removesuffix("/sparql"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert values(RemoteStore("http://no-such-host.invalid/sparql")) == ["yes"]
    assert proxy.requests[0].target.startswith("http://no-such-host.invalid/sparql?")
    assert values(RemoteStore(serve(good).url)) == ["yes"]
    assert len(proxy.requests) == 1


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "nonsense://x", "http://127.0.0.1:notaport"])
def test_a_proxy_that_cannot_be_used_is_said(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    error = failure(RemoteStore("http://example.org/sparql"))
    assert isinstance(error, EndpointUnreachable)
    assert "ALL_PROXY" in str(error)


# Answers that are too large


def test_an_answer_without_end_is_cut(serve: Servers) -> None:
    def endless(handler: Handler) -> None:
        handler.reply(b"", Content_Length=str(10**12))
        while not handler.server.ended.is_set():
            handler.wfile.write(b" " * 2**16)

    error = failure(RemoteStore(serve(endless).url, max_bytes=2**20))
    assert isinstance(error, EndpointAnswer)
    assert "more than 1,048,576 bytes" in str(error)


def test_a_small_answer_that_becomes_a_huge_one_is_cut(serve: Servers) -> None:
    """A quarter of a gigabyte of spaces in a quarter of a megabyte of gzip."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    bomb = b"".join([*(packer.compress(b" " * 2**20) for _ in range(256)), packer.flush()])
    server = serve(lambda handler: handler.reply(bomb, Content_Encoding="gzip"))
    begun = time.monotonic()
    error = failure(RemoteStore(server.url, max_bytes=2**22))
    assert isinstance(error, EndpointAnswer)
    assert "too large" in str(error)
    assert time.monotonic() - begun < 0.5


def test_an_error_without_end_is_read_to_where_it_says_something(serve: Servers) -> None:
    def endless(handler: Handler) -> None:
        handler.reply(b"Overloaded. ", "text/plain", 500, Content_Length=str(10**12))
        while not handler.server.ended.is_set():
            handler.wfile.write(b" " * 2**16)

    error = failure(RemoteStore(serve(endless).url))
    assert isinstance(error, EndpointStatus)
    assert error.found == "Overloaded."


def test_gzip_is_read(serve: Servers) -> None:
    server = serve(lambda handler: handler.reply(gzip.compress(ROWS), Content_Encoding="gzip"))
    assert values(RemoteStore(server.url)) == ["yes"]
    assert server.requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(gzip.compress(ROWS)[:-9], "gzip"), (ROWS, "gzip"), (b"", "gzip"), (ROWS, "br")],
    ids=["half", "plain", "empty", "unknown"],
)
def test_what_is_not_compressed_as_it_says_fails(serve: Servers, body: bytes, encoding: str) -> None:
    server = serve(lambda handler: handler.reply(body, Content_Encoding=encoding))
    assert isinstance(failure(RemoteStore(server.url)), EndpointAnswer)


# Statuses


@pytest.mark.parametrize("status", [401, 403, 404, 406, 413, 429, 500, 502, 503, 504])
def test_other_statuses_are_errors_that_quote_the_server(serve: Servers, status: int) -> None:
    server = serve(
        lambda handler: handler.reply(b"<h1>No</h1><pre>because &amp; so</pre>", "text/html", status)
    )
    error = failure(RemoteStore(server.url))
    assert isinstance(error, EndpointStatus)
    assert (error.status, error.found, error.retry_after) == (status, "No because & so", None)


@pytest.mark.parametrize("status", [429, 503])
def test_when_to_come_back_is_told(serve: Servers, status: int) -> None:
    said = "7"
    server = serve(lambda handler: handler.reply(b"", "text/plain", status, Retry_After=said))
    error = failure(RemoteStore(server.url))
    assert isinstance(error, EndpointStatus)
    assert error.retry_after == 7.0
    said = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    error = failure(RemoteStore(server.url))
    assert isinstance(error, EndpointStatus)
    assert error.retry_after is not None
    assert 55 < error.retry_after <= 60
    said = "soon"
    error = failure(RemoteStore(server.url))
    assert isinstance(error, EndpointStatus)
    assert error.retry_after is None


def test_a_refused_query_that_is_no_sparql_is_the_callers_mistake(serve: Servers) -> None:
    server = serve(lambda handler: handler.reply(b"parse error", "text/plain", 400))
    with pytest.raises(QuerySyntaxError) as caught:
        RemoteStore(server.url).query("SELECT ?s FROM <http://g>\n{ ?s ?p }")
    assert caught.value.line == 2
    assert isinstance(failure(RemoteStore(server.url)), EndpointStatus)
    deep = f"ASK FROM <http://g> {'{' * 20_000}{'}' * 20_000}"
    with pytest.raises(QueryError, match="nested too deeply"):
        RemoteStore(server.url).query(deep)


# Requests


def test_short_queries_are_got_and_long_ones_posted(serve: Servers) -> None:
    server = serve(good)
    store = RemoteStore(f"{server.url}?key=1&format=x", user_agent="tester/1")
    long = ASK + " # é" + "x" * 3_000
    assert values(store) == values(store, long) == ["yes"]
    short, posted = server.requests
    assert (short.method, short.body, posted.method) == ("GET", b"", "POST")
    assert posted.headers["content-type"] == "application/x-www-form-urlencoded"
    assert urlsplit(posted.target).query == ""
    assert posted.parameters["query"] == [long.replace("FROM <http://example.org/g>", " ")]
    for request in server.requests:
        assert request.parameters["default-graph-uri"] == ["http://example.org/g"]
        assert (request.parameters["key"], request.parameters["format"]) == (["1"], ["x"])
        assert request.headers["user-agent"] == "tester/1"
        assert request.headers["accept"].startswith(JSON)
    assert store.location == server.url


def test_the_form_of_a_query_is_not_guessed_from_words_in_it(serve: Servers) -> None:
    server = serve(lambda handler: handler.reply(b'{"head": {}, "boolean": false}'))
    store = RemoteStore(server.url)
    prologue = "PREFIX insert: <http://example.org/load#select> # DELETE\nPREFIX drop: <http://d>\n"
    assert store.query(f"{prologue}ask FROM <http://g> {{ ?add insert:load 'SELECT' }}") is False
    assert "query" in server.requests[0].parameters


def test_service_is_refused_before_anything_is_sent(serve: Servers) -> None:
    server = serve(good)
    with pytest.raises(QueryError, match="SERVICE"):
        RemoteStore(server.url).query("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert not server.requests


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.org/sparql",
        "file:///etc/passwd",
        "example.org/sparql",
        "http://",
        "http:///sparql",
        "http://example.org:notaport/",
        "http://exa mple.org/",
        "http://example.org/\r\nX: y",
        "http://[::1/",
    ],
)
def test_only_addresses_on_the_web_are_taken(url: str) -> None:
    with pytest.raises(StoreError, match="not the URL of an endpoint"):
        RemoteStore(url)


def test_a_location_is_a_directory_or_an_address(tmp_path: Path) -> None:
    with open_store(tmp_path / "store", "w") as local:
        assert isinstance(local, LocalStore)
    with open_store("https://example.org/sparql") as remote:
        assert isinstance(remote, RemoteStore)
    for location in ("ftp://example.org/", "s3://bucket/store"):
        with pytest.raises(StoreError, match="not the URL of an endpoint"):
            open_store(location)


# Redirects and credentials


def redirecting(target: str, status: int = 302) -> Callable[[Handler], None]:
    return lambda handler: handler.reply(b"moved", "text/plain", status, Location=target)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("length", [0, 5_000], ids=["GET", "POST"])
def test_a_redirect_keeps_method_and_query(serve: Servers, status: int, length: int) -> None:
    target = serve(good)
    moved = serve(redirecting(f"{target.url}?new=1", status))
    query = ASK + " " * length + "# end"
    assert values(RemoteStore(moved.url), query) == ["yes"]
    (first,), (second,) = moved.requests, target.requests
    assert second.method == first.method == ("POST" if length else "GET")
    assert second.parameters == first.parameters | {"new": ["1"]}
    assert second.headers.get("content-type") == first.headers.get("content-type")


def test_see_other_means_that_the_answer_is_there(serve: Servers) -> None:
    target = serve(good)
    moved = serve(redirecting(f"{target.url}/result/1", 303))
    assert values(RemoteStore(moved.url), ASK + " " * 5_000 + "#") == ["yes"]
    assert (target.requests[0].method, target.requests[0].body) == ("GET", b"")
    assert "content-type" not in target.requests[0].headers


SAME_SERVER = {
    "http://a.org/sparql/": True, "http://a.org:80/x": True, "https://a.org/sparql": True, "/x": True,
    "http://a.org:8080/": False, "https://a.org:8443/": False, "http://b.org/": False,
    "http://a.org@b.org/": False, "//169.254.169.254/": False, "http://a.org.b.org/": False,
}  # fmt: skip
"""Where http://a.org/sparql may send on one who stays on the server."""


@pytest.mark.parametrize("target", SAME_SERVER)
def test_who_stays_is_sent_on_within_the_server_alone(target: str) -> None:
    request = httpx.Request("GET", "http://a.org/sparql?query=x")
    with nullcontext() if SAME_SERVER[target] else pytest.raises(EndpointRedirect):
        redirected(request, target, 302, stays=True)
    redirected(request, target, 302)


def test_redirects_without_end_and_out_of_the_web_fail(serve: Servers) -> None:
    server = serve(lambda handler: redirecting("/sparql")(handler))
    assert isinstance(failure(RemoteStore(server.url)), EndpointAnswer)
    assert len(server.requests) == 6
    away = serve(redirecting("file:///etc/passwd"))
    assert "leads away" in str(failure(RemoteStore(away.url)))


@pytest.mark.parametrize(
    ("environment", "header"),
    [
        ({"CETSGRAPH_TOKEN": SECRET}, f"Bearer {SECRET}"),
        ({"CETSGRAPH_USER": "me", "CETSGRAPH_PASSWORD": SECRET}, "Basic bWU6aHVzaC1odXNo"),
        ({}, "Basic bWU6aHVzaC1odXNo"),  # from netrc
    ],
)
def test_credentials_go_where_they_belong_and_nowhere_else(
    serve: Servers,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    environment: dict[str, str],
    header: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login me password {SECRET}\n")
    snoop = serve(good)
    for status in (302, 303, 307):
        moved = serve(redirecting(snoop.url, status))
        assert values(RemoteStore(moved.url)) == ["yes"]
        assert moved.requests[0].headers["authorization"] == header
    assert len(snoop.requests) == 3
    assert all("authorization" not in request.headers for request in snoop.requests)


def test_credentials_follow_a_redirect_within_their_origin(
    serve: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CETSGRAPH_TOKEN", SECRET)

    def move_once(handler: Handler) -> None:
        good(handler) if handler.path.startswith("/new") else redirecting("/new")(handler)

    server = serve(move_once)
    assert values(RemoteStore(server.url)) == ["yes"]
    assert [request.headers["authorization"] for request in server.requests] == [f"Bearer {SECRET}"] * 2


def test_where_credentials_come_from_can_be_narrowed(
    serve: Servers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CETSGRAPH_TOKEN", SECRET)
    (tmp_path / "netrc").write_text("machine example.org login me password a\ndefault login me password b\n")
    server = serve(good)
    for source in ("netrc", "none"):
        assert values(RemoteStore(server.url, credentials=source)) == ["yes"]  # type: ignore[arg-type]
    assert all("authorization" not in request.headers for request in server.requests)


def test_digest_is_answered_where_a_server_asks_for_it(
    serve: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CETSGRAPH_USER", "me")
    monkeypatch.setenv("CETSGRAPH_PASSWORD", SECRET)

    def digest(handler: Handler) -> None:
        if handler.headers["Authorization"].startswith("Digest "):
            good(handler)
        else:
            challenge = 'Digest realm="SPARQL", nonce="1", qop="auth", algorithm="MD5"'
            handler.reply(b"", "text/plain", 401, WWW_Authenticate=challenge)

    server = serve(digest)
    assert values(RemoteStore(server.url)) == ["yes"]
    assert SECRET not in server.requests[-1].headers["authorization"]


def test_secrets_are_in_no_message(serve: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    def echo(handler: Handler) -> None:
        handler.reply(f"you said {handler.headers['Authorization']}".encode(), "text/plain", 403)

    server = serve(echo)
    shown = []
    monkeypatch.setenv("CETSGRAPH_TOKEN", SECRET)
    shown.append(failure(RemoteStore(f"{server.url}?key={SECRET}")))
    monkeypatch.delenv("CETSGRAPH_TOKEN")
    monkeypatch.setenv("CETSGRAPH_USER", "me")
    monkeypatch.setenv("CETSGRAPH_PASSWORD", SECRET)
    shown.append(failure(RemoteStore(server.url)))
    with pytest.raises(StoreError) as caught:
        RemoteStore(f"http://me:{SECRET}@127.0.0.1/")
    monkeypatch.setenv("CETSGRAPH_TOKEN", f"{SECRET}\r\nX-Injected: 1")
    with pytest.raises(StoreError) as injected:
        RemoteStore(server.url)
    for error in (*shown, caught.value, injected.value):
        assert SECRET not in str(error) + repr(error)
        assert "bWU6" not in str(error)


@pytest.mark.parametrize("netrc", ["machine\n", "password x\n", "\xff"])
def test_a_broken_netrc_file_is_said(tmp_path: Path, netrc: str) -> None:
    (tmp_path / "netrc").write_bytes(netrc.encode("latin-1"))
    with pytest.raises(StoreError, match="netrc cannot be read"):
        RemoteStore("http://127.0.0.1/")


# What an endpoint is like


def test_the_union_is_asked_for_once_and_made_where_there_is_none(serve: Servers) -> None:
    graph = "http://example.org/g"

    def without_union(handler: Handler) -> None:
        query = handler.server.requests[-1].parameters["query"][0]
        if "LIMIT 1" in query:
            term = {"type": "uri", "value": "http://example.org/a"}
            answer = {"head": {"vars": list("spoq")}, "results": {"bindings": [dict.fromkeys("spo", term)]}}
            handler.reply(json.dumps(answer).encode())
        elif "DISTINCT ?g" in query:
            row = {"g": {"type": "uri", "value": graph}}
            handler.reply(json.dumps({"head": {"vars": ["g"]}, "results": {"bindings": [row]}}).encode())
        else:
            good(handler)

    server = serve(without_union)
    store = RemoteStore(server.url)
    with pytest.warns(EndpointWarning, match="--union-default-graph"):
        assert values(store, "SELECT ?s { ?s ?p ?o }") == ["yes"]
    assert values(store, "SELECT ?s { ?s ?p ?o }") == ["yes"]
    asked = [request.parameters for request in server.requests]
    assert len(asked) == 5
    for position in (2, 4):
        assert asked[position]["default-graph-uri"] == asked[position]["named-graph-uri"] == [graph]


def test_a_write_that_is_refused_says_what_to_do(serve: Servers) -> None:
    empty = json.dumps({"head": {"vars": ["base", "archive"]}, "results": {"bindings": []}}).encode()

    def read_only(handler: Handler) -> None:
        handler.reply(empty) if handler.command == "GET" else handler.reply(b"", "text/plain", 405)

    with pytest.raises(EndpointStatus, match="--update-url") as caught:
        RemoteStore(serve(read_only).url).from_rdflib(_graph(), "http://example.org/g")
    assert caught.value.status == 405


def test_triples_can_go_through_the_graph_store_protocol(serve: Servers) -> None:
    empty = json.dumps({"head": {"vars": ["base", "archive"]}, "results": {"bindings": []}}).encode()
    server = serve(lambda handler: handler.reply(empty))
    graphs = serve(lambda handler: handler.reply(b"", "text/plain", 201))
    store = RemoteStore(server.url, graph_store_url=graphs.url)
    store.from_rdflib(_graph(), "http://example.org/g h".replace(" ", "%20"))
    (posted,) = graphs.requests
    assert posted.parameters["graph"] == ["http://example.org/g%20h"]
    assert posted.headers["content-type"] == "application/n-triples"
    assert posted.body == b'<http://example.org/s> <http://example.org/p> "o" .\n'


def test_a_closed_store_says_so(serve: Servers) -> None:
    store = RemoteStore(serve(good).url)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.query(ASK)


def test_threads_ask_together(serve: Servers) -> None:
    store = RemoteStore(serve(good).url)
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(values(store))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["yes"]] * 8


def test_an_answer_can_be_read_twice(serve: Servers) -> None:
    answer = RemoteStore(serve(good).url).query(ASK)
    assert isinstance(answer, Solutions)
    assert len(list(answer)) == len(list(answer)) == 1


def _graph() -> object:
    import rdflib

    graph = rdflib.Graph()
    graph.add(
        (rdflib.URIRef("http://example.org/s"), rdflib.URIRef("http://example.org/p"), rdflib.Literal("o"))
    )
    return graph
