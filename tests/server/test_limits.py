"""A query that passes a limit is answered with which; its neighbours, and the server, go on."""

import contextlib
import json
import os
import signal
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving import serving

from cetsgraph.store import LocalStore
from cetsgraph.store.sparql import at_most, bounded

TRIPLES = 3000
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i LIMIT 2"
SMALL = 'ASK { <http://example.org/s1> ?p "1" }'
DEEP = {
    "BIND": lambda n: "ASK {" + " ".join(f"BIND(1 AS ?a{i})" for i in range(n)) + "}",
    "OPTIONAL": lambda n: "ASK {" + "OPTIONAL{?a <urn:p> ?c}" * n + "}",
    "AS": lambda n: "SELECT " + " ".join(f"(1 AS ?a{i})" for i in range(n)) + " {}",
    "MINUS": lambda n: "ASK {" + "MINUS{?a <urn:p> ?c}" * n + "}",
    "not": lambda n: "ASK { FILTER(" + "!" * n + "true)}",
    "plus": lambda n: "ASK { FILTER(" + "+".join(["1"] * n) + ")}",
}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("limits") / "store"
    lines = (
        f'<http://example.org/s{i}> <http://example.org/p> "{i}" <http://example.org/g> .\n'
        for i in range(TRIPLES)
    )
    with LocalStore.open(directory, "w") as store, store.writing() as writing:
        writing.add("".join(lines).encode())
    return directory


@pytest.fixture(scope="module")
def address(directory: Path) -> Iterator[str]:
    options = ("--workers", "2", "--timeout", "4", "--memory", "200", "--max-rows", "100")
    with serving(directory, *options, "--max-bytes", "20000") as found:
        yield found


def ask(address: str, query: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    accept = {"Accept": "application/sparql-results+json", "Content-Type": "application/sparql-query"}
    request = urllib.request.Request(f"{address}/sparql", query.encode(), accept | headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read().decode(), dict(response.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)


@pytest.fixture(scope="module")
def patient(directory: Path) -> Iterator[tuple[str, int]]:
    """A server that gives queries more time than the tests, however busy the machine, and its process."""
    with _served(directory, "--workers", "1", "--timeout", "60", "--memory", "200") as found:
        yield found


@pytest.mark.parametrize(("query", "limit"), [(CROSS, "longer than 4 s"), (GREEDY, "200 MB of memory")])
def test_the_answer_says_which_limit_was_passed(
    address: str, patient: tuple[str, int], query: str, limit: str
) -> None:
    address = patient[0] if query is GREEDY else address
    status, text, headers = ask(address, query)
    assert (status, limit in text) == (503, True), text
    assert int(headers["retry-after"]) > 0
    assert ask(address, SMALL)[0] == 200


def test_rows_and_bytes_are_capped_and_the_caps_announced(address: str) -> None:
    status, text, headers = ask(address, "SELECT ?s { ?s ?p ?o }")
    assert status == 200
    assert len(json.loads(text)["results"]["bindings"]) == 100
    assert (headers["x-sparql-maxrows"], headers["x-sparql-maxbytes"]) == ("100", "20000")
    status, text, _ = ask(address, f"SELECT * {{ ?s ?p ?o BIND('{'x' * 1000}' AS ?long) }}")
    assert status == 503 and "larger than 20000 bytes" in text


@pytest.mark.parametrize("kind", DEEP)
def test_no_text_makes_the_engine_run_out_of_stack(address: str, kind: str) -> None:
    """3,000 of each end a process whose stack has the usual 8 MB."""
    with ThreadPoolExecutor(1) as neighbour:
        small = neighbour.submit(lambda: [ask(address, SMALL)[0] for _ in range(30)])
        status, text, _ = ask(address, DEEP[kind](3000))
        assert status in (200, 503), text
        assert set(small.result()) == {200}


def test_a_killed_worker_is_replaced(directory: Path) -> None:
    with _served(directory, "--workers", "2") as (address, server):
        _until(lambda: ask(address, SMALL)[0] == 200)
        _until(lambda: len(_workers(server)) == 2)
        workers = _workers(server)
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        _until(lambda: len(_workers(server) - workers) == 2)
        _until(lambda: not any(_children(worker) for worker in workers))
        _until(lambda: _answers(address))


def test_a_client_that_leaves_takes_its_query_along(patient: tuple[str, int]) -> None:
    address, server = patient
    assert ask(address, SMALL)[0] == 200
    with socket.create_connection(("127.0.0.1", urlsplit(address).port)) as client:
        path = f"/sparql?query={urllib.parse.quote(CROSS)}"
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        _until(lambda: max(_used(server).values()) > 0.3)
        used = _used(server)
        (busy,) = (process for process, seconds in used.items() if seconds == max(used.values()))
    _until(lambda: busy not in _used(server))
    assert ask(address, SMALL)[0] == 200


def test_a_request_that_trickles_in_is_not_waited_for(address: str) -> None:
    host, port = urlsplit(address).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=25) as client:
        client.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: ")
        started = time.monotonic()
        with contextlib.suppress(ConnectionResetError):
            assert client.recv(100) == b""
        assert time.monotonic() - started < 20


def test_a_head_without_end_is_refused(address: str) -> None:
    host, port = urlsplit(address).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as client:
        try:
            client.sendall(b"GET / HTTP/1.1\r\n")
            for number in range(3000):
                client.sendall(b"X-%d: %b\r\n" % (number, b"x" * 1000))
            assert b" 431 " in client.recv(100)
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert ask(address, SMALL)[0] == 200


def test_the_same_question_sees_what_was_written_meanwhile(tmp_path: Path) -> None:
    directory = tmp_path / "store"
    asked = f"/sparql?query={urllib.parse.quote('SELECT (COUNT(*) AS ?n) { ?s ?p ?o }')}"

    def write(number: int) -> None:
        with LocalStore.open(directory, "w") as store, store.writing() as writing:
            writing.add(b'<urn:s> <urn:p> "%d" <urn:g> .' % number)

    write(0)
    with serving(directory, "--workers", "1") as address:
        for number in range(1, 4):
            for _ in range(3):
                with urllib.request.urlopen(f"{address}{asked}", timeout=10) as response:
                    assert json.load(response)["results"]["bindings"][0]["n"]["value"] == str(number)
            write(number)


ROWS = 10


def limited(query: str) -> str:
    """The query as a query process asks it."""
    text = at_most(query, ROWS)
    try:
        pyoxigraph.Store().query(text)
    except SyntaxError:
        return bounded(query, ROWS)
    return text


@given(
    st.sampled_from(["", "LIMIT 5", "LIMIT 500", "limit 0010", "LIMIT # 3\n 5000", "LIMIT " + "9" * 15]),
    st.sampled_from(["", "OFFSET 1", "VALUES ?s { <http://example.org/s1> }"]),
    st.sampled_from(["SELECT * {", "SELECT ?s { { SELECT * { ?s ?p ?o } LIMIT 50 }"]),
)
def test_a_bounded_query_is_the_query_with_a_limit(limit: str, more: str, start: str) -> None:
    text = f"{start} ?s ?p ?o }} {limit} {more}"
    with LocalStore.memory() as store, store.writing() as writing:
        for i in range(30):
            writing.add(b'<http://example.org/s%d> <urn:p> "%d" <urn:g> .' % (i, i))
        writing.commit()
        answer = list(store.query(limited(text)))  # type: ignore[arg-type]
    assert len(answer) <= 10
    if not more:
        assert len(answer) == (5 if limit == "LIMIT 5" else 10)


def test_a_text_that_is_too_long_is_refused(address: str) -> None:
    status, text, _ = ask(address, "ASK {} #" + "x" * 200_000)
    assert status == 400 and "at most 200000" in text


def _children(process: int) -> set[int]:
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == process:
                found.add(int(path.parent.name))
    return found


def _answers(address: str) -> bool:
    try:
        return ask(address, SMALL)[0] == 200
    except urllib.error.URLError:
        return False


def _workers(server: int) -> set[int]:
    """The web workers: children of the server that have children."""
    return {process for process in _children(server) if _children(process)}


def _used(server: int) -> dict[int, float]:
    """Seconds of a processor that each query process has used."""
    used = {}
    for worker in _workers(server):
        for process in (query for fork_server in _children(worker) for query in _children(fork_server)):
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
                used[process] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return used


@contextmanager
def _served(directory: Path, *options: str) -> Iterator[tuple[str, int]]:
    """A server's address and process."""
    before = _children(os.getpid())
    with serving(directory, *options) as address:
        (server,) = _children(os.getpid()) - before
        yield address, server


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv", "application/xml"])
@pytest.mark.parametrize(("limit", "cut"), [("", "100"), ("LIMIT 100", None), ("LIMIT 101", "100")])
def test_an_answer_that_was_cut_says_so(address: str, accept: str, limit: str, cut: str | None) -> None:
    status, text, headers = ask(address, f"SELECT ?p {{ ?s ?p ?o }} {limit}", Accept=accept)
    assert (status, headers.get("x-sparql-cut")) == (200, cut)
    if "json" in accept:
        said = json.loads(text)
        assert len(said["results"]["bindings"]) == 100
        assert said.get("cut") == (None if cut is None else {"rows": int(cut)})
