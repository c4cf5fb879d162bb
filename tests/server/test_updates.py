"""Writes are bounded, whole or absent, and only for those whose token is in the file now."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from serving import EXAMPLES, load, serving

HUGE = {"Content-Length": str(10**12)}
HELD = {"Authorization": "Bearer sesame"}
ANY = " . ".join(f"GRAPH ?g{i} {{ ?s{i} ?p{i} ?o{i} }}" for i in range(4))
RUNAWAY = f"INSERT {{ GRAPH <urn:x> {{ ?s0 ?p1 ?o3 }} }} WHERE {{ {ANY} }}"


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server that takes writes, and its file of tokens."""
    folder = tmp_path_factory.mktemp("writable")
    load(folder / "store", EXAMPLES[0])
    (folder / "token").write_text("sesame\n")
    options = ("--workers", "1", "--timeout", "5", "--memory", "200")
    with serving(folder / "store", *options, "--writable", "--token-file", str(folder / "token")) as address:
        yield address, folder / "token"


def send(url: str, method: str, body: bytes, media_type: str, headers: dict[str, str]) -> tuple[int, str]:
    asked = urllib.request.Request(url, body, {"Content-Type": media_type, **headers}, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=60) as response:
            return int(response.status), response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def update(address: str, text: str, headers: dict[str, str] = HELD) -> tuple[int, str]:
    return send(f"{address}/sparql", "POST", text.encode(), "application/sparql-update", headers)


def count(address: str, graph: str) -> int:
    query = urllib.parse.quote(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    with urllib.request.urlopen(f"{address}/sparql?query={query}", timeout=20) as response:
        return int(json.load(response)["results"]["bindings"][0]["n"]["value"])


def test_a_revoked_token_stops_writing(writable: tuple[str, Path]) -> None:
    address, tokens = writable
    assert update(address, "INSERT DATA { GRAPH <urn:t> { <urn:a> <urn:b> 1 } }")[0] == 204
    tokens.write_text("another\n")
    assert update(address, "INSERT DATA { GRAPH <urn:t> { <urn:a> <urn:b> 2 } }")[0] == 401
    tokens.write_text("sesame\n")
    assert update(address, "INSERT DATA { GRAPH <urn:t> { <urn:a> <urn:b> 3 } }")[0] == 204
    assert count(address, "urn:t") == 2


def test_a_runaway_update_ends_and_others_go_on(writable: tuple[str, Path]) -> None:
    address, _ = writable
    started = time.monotonic()
    status, text = update(address, RUNAWAY)
    assert status == 503 and "nothing was changed" in text
    assert time.monotonic() - started < 15
    assert count(address, "urn:x") == 0
    status, text = update(address, "INSERT DATA { GRAPH <urn:after> { <urn:a> <urn:b> 1 } }")
    assert status == 204, text
    assert count(address, "urn:after") == 1


@pytest.mark.parametrize("chunked", [False, True])
def test_a_graph_that_is_cut_off_is_not_written(writable: tuple[str, Path], chunked: bool) -> None:
    address, _ = writable
    host, port = urlsplit(address).netloc.split(":")
    line = b"<urn:a> <urn:b> 1 .\n"
    head = f"PUT /graphs?graph=urn:cut HTTP/1.1\r\nHost: x\r\nContent-Type: text/turtle\r\n{_held()}"
    body = line * 3
    if chunked:
        sent = f"{head}Transfer-Encoding: chunked\r\n\r\n{len(body):x}\r\n".encode() + body + b"\r\n"
    else:
        sent = f"{head}Content-Length: {len(body) + 100}\r\n\r\n".encode() + body
    with socket.create_connection((host, int(port)), timeout=20) as client:
        client.sendall(sent)
        time.sleep(0.2)
    time.sleep(0.5)
    assert count(address, "urn:cut") == 0


def test_an_update_that_is_cut_off_does_not_run(writable: tuple[str, Path]) -> None:
    address, _ = writable
    host, port = urlsplit(address).netloc.split(":")
    text = b"INSERT DATA { GRAPH <urn:half> { <urn:a> <urn:b> 1 } };"
    head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-update\r\n{_held()}"
    with socket.create_connection((host, int(port)), timeout=20) as client:
        client.sendall(f"{head}Content-Length: {len(text) + 50}\r\n\r\n".encode() + text)
        time.sleep(0.2)
    time.sleep(0.5)
    assert count(address, "urn:half") == 0


def _held() -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in HELD.items())


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/sparql", {"Content-Type": "application/sparql-update"}, 401),
        (
            "/sparql",
            {"Content-Type": "application/sparql-update", **HELD, **HUGE},
            413,
        ),
        ("/sparql", {"Content-Type": "application/sparql-query", "Content-Length": str(10**9)}, 413),
        ("/sparql", {"Content-Type": "image/png"}, 415),
        ("/graphs?graph=urn:x", {"Content-Type": "text/turtle"}, 401),
        ("/graphs?graph=urn:x", {"Content-Type": "image/png", **HELD}, 415),
        ("/graphs?graph=urn:x", {"Content-Type": "text/turtle", **HELD, **HUGE}, 413),
    ],
)
def test_a_request_is_refused_by_its_head(
    writable: tuple[str, Path], path: str, headers: dict[str, str], status: int
) -> None:
    """None of the body is sent, so an answer shows that none was waited for."""
    address, _ = writable
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=5)
    connection.putrequest("POST", path)
    for name, value in {"Content-Length": str(50 * 2**20), **headers}.items():
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == status
    connection.close()


def test_a_body_that_trickles_in_is_not_waited_for(writable: tuple[str, Path]) -> None:
    address, _ = writable
    host, port = urlsplit(address).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=30) as client:
        client.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: 1000\r\n\r\nASK"
        )
        assert b" 408 " in client.recv(200)


def test_a_file_without_tokens_is_refused(tmp_path: Path) -> None:
    load(tmp_path / "store", EXAMPLES[0])
    (tmp_path / "token").write_text(os.linesep)
    command = [sys.executable, "-m", "cetsgraph", "serve", "--store", str(tmp_path / "store"), "--port", "0"]
    options = ["--writable", "--token-file", str(tmp_path / "token")]
    done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=60)
    assert done.returncode == 3 and "there is no token" in done.stderr
