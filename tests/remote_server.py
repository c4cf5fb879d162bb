"""A server on loopback that does what a test has it do, and what a store has of it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from cetsgraph.errors import (
    EndpointError,
)
from cetsgraph.store import RemoteStore

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


def good(handler: Handler) -> None:
    handler.reply(ROWS)


def values(store: RemoteStore, query: str = ASK) -> list[str]:
    return [row["s"].value for row in store.select(query)]


def failure(store: RemoteStore, query: str = ASK) -> EndpointError:
    with pytest.raises(EndpointError) as caught:
        store.query(query)
    return caught.value


def redirecting(target: str, status: int = 302) -> Callable[[Handler], None]:
    return lambda handler: handler.reply(b"moved", "text/plain", status, Location=target)
