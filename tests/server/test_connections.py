"""Requests in every form that HTTP allows are answered alike, by the short way and by the application."""

import asyncio
import itertools
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from serving import serving
from starlette.types import Message, Receive, Scope, Send

from cetsgraph.server.web.exchange import Exchange
from cetsgraph.server.web.responses import Streamed
from cetsgraph.store import LocalStore

JSON = "application/sparql-results+json"
ASK = "ASK { ?s ?p ?o }"
NUMBERS = itertools.count()
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


class Client:
    """A connection that is kept open."""

    def __init__(self, address: str) -> None:
        host, port = urlsplit(address).netloc.split(":")
        self._socket = socket.create_connection((host, int(port)), timeout=20)
        self._stream = self._socket.makefile("rb")

    def send(self, text: str | bytes) -> None:
        self._socket.sendall(text if isinstance(text, bytes) else text.encode())

    def receive(self) -> tuple[int, dict[str, str], bytes]:
        status = int(self._stream.readline().split()[1])
        lines = iter(self._stream.readline, b"\r\n")
        headers = dict(line.decode().strip().lower().split(": ", 1) for line in lines)
        return status, headers, self._stream.read(int(headers.get("content-length", 0)))

    def ask(self, query: str, more: str = "") -> tuple[int, dict[str, str], bytes]:
        self.send(get(query, more))
        return self.receive()

    def close(self) -> None:
        self._stream.close()
        self._socket.close()


def get(query: str, more: str = "", version: str = "1.1") -> str:
    return f"GET /sparql?query={quote(query)} HTTP/{version}\r\nHost: x\r\nAccept: {JSON}\r\n{more}\r\n"


def post(query: str, more: str = "") -> str:
    head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nAccept: {JSON}\r\n"
    return f"{head}{more}Content-Length: {len(query.encode())}\r\n\r\n"


def never_asked(query: str = ASK) -> str:
    return f"{query} LIMIT {1000 + next(NUMBERS)}"


@pytest.fixture
def client(endpoint: str) -> Iterator[Client]:
    made = Client(endpoint)
    yield made
    made.close()


def said(answer: tuple[int, dict[str, str], bytes]) -> bool:
    status, _, body = answer
    assert status == 200, body
    return bool(json.loads(body)["boolean"])


def test_one_connection_asks_again_and_again(client: Client) -> None:
    assert all(said(client.ask(never_asked())) for _ in range(50))
    assert all(said(client.ask(ASK)) for _ in range(5))


def test_both_ways_have_the_same_headers(client: Client) -> None:
    query = never_asked()
    answers = [client.ask(query, more)[1] for more in ("", "", "", "If-None-Match: W/x\r\n")]
    for headers in answers:
        headers.pop("date")
    assert answers == [answers[-1]] * 4


def test_requests_that_wait_in_a_connection_are_answered_in_order(client: Client) -> None:
    limits = [next(NUMBERS) % 7 + 1 for _ in range(100)]
    client.send("".join(get(f"SELECT * {{ ?s ?p ?o }} LIMIT {limit} # {next(NUMBERS)}") for limit in limits))
    found = [len(json.loads(client.receive()[2])["results"]["bindings"]) for _ in limits]
    assert found == limits


@pytest.mark.parametrize("size", [10, 100_000])
def test_a_query_is_posted_with_its_head_or_after_it(client: Client, size: int) -> None:
    query = f"{never_asked()} #{'x' * size}"
    client.send(post(query) + query)
    assert said(client.receive())
    client.send(post(query))
    time.sleep(0.05)
    for start in range(0, len(query), 20_000):
        client.send(query[start : start + 20_000])
    assert said(client.receive())


def test_a_client_that_asks_whether_to_go_on_is_told_so(client: Client) -> None:
    query = never_asked()
    client.send(post(query, "Expect: 100-continue\r\n"))
    assert client.receive()[0] == 100
    client.send(query)
    assert said(client.receive())


def test_a_body_in_chunks(client: Client) -> None:
    query = never_asked()
    head = post(query).replace(f"Content-Length: {len(query)}", "Transfer-Encoding: chunked")
    client.send(f"{head}{len(query):x}\r\n{query}\r\n0\r\n\r\n")
    assert said(client.receive())


def test_a_client_that_would_change_the_protocol_is_answered_in_this(client: Client) -> None:
    assert said(client.ask(never_asked(), "Connection: Upgrade\r\nUpgrade: h2c\r\n"))


@pytest.mark.parametrize(("version", "more"), [("1.0", ""), ("1.1", "Connection: close\r\n")])
def test_the_connection_ends_where_the_client_wants_that(client: Client, version: str, more: str) -> None:
    client.send(get(never_asked(), more, version))
    answer = client.receive()
    assert said(answer) and answer[1].get("connection", "close") == "close"
    assert client._stream.read() == b""


def test_iris_are_relative_to_the_address_that_a_proxy_was_asked_by(client: Client) -> None:
    found = set()
    for more in ("", "X-Forwarded-Proto: https\r\n") * 3:
        body = client.ask("SELECT (<#it> AS ?iri) {}", more)[2]
        found.add((bool(more), json.loads(body)["results"]["bindings"][0]["iri"]["value"]))
    assert found == {(False, "http://x/sparql#it"), (True, "https://x/sparql#it")}


def test_what_is_wrong_is_said_and_the_connection_goes_on(client: Client) -> None:
    for query, status in (("SELECT", 400), ("ASK { SERVICE <http://x/> {} }", 400), ("{" * 100, 400)):
        assert client.ask(query)[0] == status
        assert said(client.ask(never_asked()))


def test_large_answers_are_compressed_for_those_who_take_that(client: Client) -> None:
    query = never_asked("SELECT * { ?s ?p ?o }")
    plain, small = client.ask(query), client.ask(never_asked(), "Accept-Encoding: gzip\r\n")
    assert "content-encoding" not in plain[1] and "content-encoding" not in small[1]
    assert len(plain[2]) > 100_000
    client.send(get(query, "Accept-Encoding: gzip\r\nConnection: close\r\n"))
    assert client.receive()[1]["content-encoding"] == "gzip"


def test_who_has_a_connection_is_answered_while_its_worker_has_long_queries(store: Path) -> None:
    with serving(store, "--workers", "1", "--timeout", "3") as address:
        clients = [Client(address) for _ in range(4)]
        assert said(clients[0].ask(never_asked()))
        for client in clients[1:]:
            client.send(get(never_asked(CROSS)))
        refused: list[int] = []
        waiting = threading.Thread(target=lambda: refused.extend(one.receive()[0] for one in clients[1:]))
        waiting.start()
        answered = []
        while waiting.is_alive():
            started = time.monotonic()
            try:
                assert said(clients[0].ask(never_asked()))
            except (AssertionError, OSError, IndexError):  # its worker was replaced
                clients[0].close()
                clients[0] = Client(address)
                continue
            answered.append(time.monotonic() - started)
        assert refused == [503] * 3
        assert len(answered) > 50 and sorted(answered)[len(answered) * 9 // 10] < 0.2
        for client in clients:
            client.close()


def test_large_answers_are_whole_when_many_ask(store: Path) -> None:
    """They take 0.1 s, when the server begins to watch for clients that leave; and so do whole graphs."""

    def whole(number: int) -> Iterator[bool]:
        with httpx.Client(base_url=address, timeout=60) as client:
            for rows in range(1500 + 100 * number, 1505 + 100 * number):
                asked = {"query": f"SELECT (1 AS ?one) ?s ?p ?o {{ ?s ?p ?o }} LIMIT {rows}"}
                text = client.get("/sparql", params=asked, headers={"Accept": "text/csv"}).text
                yield text.count("\n1,") == rows
            if number < 2:
                text = client.get("/graphs?default", headers={"Accept": "application/n-triples"}).text
                yield text.count(" .\n") == triples

    with LocalStore.open(store) as opened:
        triples = sum(1 for _ in opened.quads())
    with serving(store, "--workers", "1") as address, ThreadPoolExecutor(12) as clients:
        assert all(all(found) for found in clients.map(lambda number: [*whole(number)], range(12)))


def test_a_message_that_was_not_waited_for_is_received_later() -> None:
    """Granian, asked again after it was asked in vain, says that the client has left."""
    found: list[list[str]] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(receive, send)
        received: list[str] = []

        async def receive_one() -> None:
            received.append((await exchange.receive())["type"])

        for _ in range(3):
            waiting = asyncio.ensure_future(receive_one())
            await asyncio.sleep(0)
            waiting.cancel()
        if not received:
            await receive_one()
        found.append(received)
        await Streamed([b"x" * 100] * 100)(scope, exchange.receive, exchange)
        exchange.close()

    async def asked() -> list[int]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        server = Server(application, port=port, interface=Interfaces.ASGINL, log_enabled=False)
        running = asyncio.create_task(server.serve())
        async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=5)) as client:
            sizes = [len((await client.get(f"http://127.0.0.1:{port}/")).content) for _ in range(5)]
        server.stop()
        await running
        return sizes

    assert asyncio.run(asked()) == [10_000] * 5
    assert found == [["http.request"]] * 5


@pytest.mark.parametrize("leaves", [False, True])
def test_an_answer_that_is_not_taken_is_given_up(leaves: bool) -> None:
    """With less patience than the server has, 30 s, unless the client leaves."""
    given = []

    async def pieces() -> AsyncIterator[bytes]:
        try:
            for _ in range(100):
                yield b"piece"
        finally:
            given.append("back")

    class Impatient(Streamed):
        patience = 60 if leaves else 0.2

    async def sent_to_nobody(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def received() -> Message:
        if not leaves:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    started = time.monotonic()
    asyncio.run(Impatient(pieces())({"type": "http", "method": "GET"}, received, sent_to_nobody))
    assert given == ["back"] and time.monotonic() - started < 5
    assert Streamed.patience == 30
