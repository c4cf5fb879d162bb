"""Requests that the endpoint answers in a second, against the Oxigraph server on the same store."""

import itertools
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from corpus import Corpus, load
from measures import Measure

from cetsgraph.store import LocalStore
from cetsgraph.store.directory import StoreDirectory

__all__ = ["serving"]

_CLIENTS = 2  # processes
_CONNECTIONS = 8  # of each
_SECONDS = 3.0
_ROUNDS = 3  # the best counts, since other programs run too
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def serving(corpus: Corpus) -> Iterator[Measure]:
    """Small queries, each for what is said about another object, from clients that keep connections open."""
    with tempfile.TemporaryDirectory() as folder:
        directory, copy = Path(folder, "store"), Path(folder, "copy")
        load(directory, corpus.paths)
        with LocalStore.open(directory) as store:
            objects = store.select("SELECT DISTINCT ?object { ?object a ?class } LIMIT 2000")
            queries = [f"SELECT ?property ?value {{ {row[0]} ?property ?value }}" for row in objects]
        shutil.copytree(directory / "snapshots" / str(StoreDirectory(directory).record().snapshot), copy)
        for what, once in (("small queries again and again", False), ("small queries, each once", True)):
            ours, theirs = _compared(directory, copy, queries, once)
            yield Measure(
                corpus.name,
                f"requests/s, {what}",
                "the Oxigraph server",
                ours / theirs,
                target="≥ 0.5",
                met=ours / theirs >= 0.5,
            )


def _compared(directory: Path, copy: Path, queries: Sequence[str], once: bool) -> tuple[float, float]:
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(_ROUNDS):
        with _running(_our_command(directory), "/sparql") as port:
            ours.append(_rate(port, "/sparql", queries, once))
        with _running(_their_command(copy), "/query") as port:
            theirs.append(_rate(port, "/query", queries, once))
    print(f"ours {max(ours):,.0f}, theirs {max(theirs):,.0f} requests/s", file=sys.stderr)
    return max(ours), max(theirs)


def _our_command(directory: Path) -> list[str]:
    program = [sys.executable, "-m", "cetsgraph", "serve", "--quiet"]
    return [*program, "--store", str(directory), "--port", "{port}"]


def _their_command(directory: Path) -> list[str]:
    program = [str(Path(sys.executable).with_name("oxigraph")), "serve-read-only", "--union-default-graph"]
    return [*program, "--location", str(directory), "--bind", "127.0.0.1:{port}"]


@contextmanager
def _running(command: Sequence[str], path: str) -> Iterator[int]:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = int(chosen.getsockname()[1])
    process = subprocess.Popen(
        [part.format(port=port) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://127.0.0.1:{port}{path}?query=ASK%7B%7D")
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _wait(url: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


def _rate(port: int, path: str, queries: Sequence[str], once: bool) -> float:
    """Answers in a second, to all clients together."""
    step = len(queries) // _CLIENTS
    shares = [[*queries[i * step :], *queries[: i * step]] for i in range(_CLIENTS)]
    asked = [(port, path, share, f"{i}" if once else "") for i, share in enumerate(shares)]
    with ProcessPoolExecutor(_CLIENTS) as clients:
        return sum(clients.map(_client, *zip(*asked, strict=True)))


def _client(port: int, path: str, queries: Sequence[str], apart: str) -> float:
    """Answers in a second; each query is one of its own, if it has something that sets it apart."""
    numbers = itertools.count()
    requests = itertools.cycle([_request(path, query) for query in queries])
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(_CONNECTIONS)]
    answers, started = 0, time.monotonic()
    while time.monotonic() - started < _SECONDS:
        for connection in connections:
            request = next(requests)
            if apart:
                request = request.replace(b"%23", b"%%23%b-%d" % (apart.encode(), next(numbers)))
            connection.sendall(request)
        for connection in connections:
            _receive(connection)
        answers += len(connections)
    seconds = time.monotonic() - started
    for connection in connections:
        connection.close()
    return answers / seconds


def _request(path: str, query: str) -> bytes:
    head = f"GET {path}?query={quote(query, safe=':/')}%23 HTTP/1.1\r\nHost: localhost\r\n"
    return f"{head}Accept: application/sparql-results+json\r\n\r\n".encode()


def _receive(connection: socket.socket) -> None:
    data = b""
    while True:
        part = connection.recv(2**16)
        if not part:
            raise RuntimeError("the server closed the connection")
        data += part
        head, found, body = data.partition(b"\r\n\r\n")
        if found and (length := _LENGTH.search(head)):
            if b" 200 " not in head[:20]:
                raise RuntimeError(head.decode())
            if len(body) >= int(length[1]):
                return
        elif found and body.endswith(b"0\r\n\r\n"):  # chunks
            return
