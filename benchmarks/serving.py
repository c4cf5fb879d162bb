"""Requests that the endpoint answers in a second, against the Oxigraph server and plain uvicorn."""

import itertools
import os
import re
import selectors
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
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from corpus import Corpus, load
from measures import Measure

from cetsgraph import system
from cetsgraph.store import LocalStore
from cetsgraph.store.directory import StoreDirectory

__all__ = ["serving"]

_CLIENTS = 2  # processes
_SECONDS = 3.0
_ROUNDS = 3  # the best counts, since other programs run too


@dataclass(frozen=True, slots=True)
class _Load:
    """What clients ask at once: the same queries repeatedly, or each query once."""

    what: str
    connections: int
    once: bool
    target: float
    """Of the Oxigraph server."""


_LOADS = (
    _Load("small queries again and again", 32, once=False, target=1.0),
    _Load("small queries, each once", 32, once=True, target=0.4),
    _Load("small queries, each once", 200, once=True, target=0.4),
)
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
        for asked in _LOADS:
            yield from _compared(corpus.name, directory, copy, queries, asked)


def _compared(
    corpus: str, directory: Path, copy: Path, queries: Sequence[str], load: _Load
) -> Iterator[Measure]:
    servers = {
        "ours": (_our_command(directory), "/sparql"),
        "the Oxigraph server": (_oxigraph_command(copy), "/query"),
        "plain uvicorn and Starlette": (_plain_command(), "/sparql"),
    }
    rates = dict.fromkeys(servers, 0.0)
    for _ in range(_ROUNDS):
        for name, (command, path) in servers.items():
            with _running(command, path, copy) as port:
                rates[name] = max(rates[name], _rate(port, path, queries, load))
    print(", ".join(f"{name} {rate:,.0f}/s" for name, rate in rates.items()), file=sys.stderr)
    what = f"requests/s, {load.connections} clients, {load.what}"
    for against in list(servers)[1:]:
        ratio = rates["ours"] / rates[against]
        target = f"≥ {load.target}" if against == "the Oxigraph server" else ""
        met = ratio >= load.target if target else None
        yield Measure(corpus, what, against, ratio, target=target, met=met)


def _our_command(directory: Path) -> list[str]:
    program = [sys.executable, "-m", "cetsgraph", "serve", "--quiet"]
    return [*program, "--store", str(directory), "--port", "{port}"]


def _oxigraph_command(directory: Path) -> list[str]:
    program = [str(Path(sys.executable).with_name("oxigraph")), "serve-read-only", "--union-default-graph"]
    return [*program, "--location", str(directory), "--bind", "127.0.0.1:{port}"]


def _plain_command() -> list[str]:
    program = [sys.executable, "-m", "uvicorn", "--factory", "plain_endpoint:application", "--no-access-log"]
    folder = str(Path(__file__).parent)
    workers = str(max(2, system.cpu_count()))
    return [*program, "--app-dir", folder, "--workers", workers, "--port", "{port}"]


@contextmanager
def _running(command: Sequence[str], path: str, snapshot: Path) -> Iterator[int]:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = int(chosen.getsockname()[1])
    process = subprocess.Popen(
        [part.format(port=port) for part in command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "SNAPSHOT": str(snapshot)},
    )
    try:
        _wait(f"http://127.0.0.1:{port}{path}?query=SELECT%20*%20%7B%7D")
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


def _rate(port: int, path: str, queries: Sequence[str], load: _Load) -> float:
    """Answers in a second, to all clients together."""
    step = len(queries) // _CLIENTS
    shares = [[*queries[i * step :], *queries[: i * step]] for i in range(_CLIENTS)]
    asked = [(port, path, share, load, i) for i, share in enumerate(shares)]
    with ProcessPoolExecutor(_CLIENTS) as clients:
        return sum(clients.map(_client, *zip(*asked, strict=True)))


def _client(port: int, path: str, queries: Sequence[str], load: _Load, number: int) -> float:
    """Answers in a second to some of the connections, each of which asks again when it has its answer."""
    requests = _requests(path, queries, load.once, number)
    answers = 0
    with selectors.DefaultSelector() as waiting:
        for _ in range(load.connections // _CLIENTS):
            connection = socket.create_connection(("127.0.0.1", port))
            waiting.register(connection, selectors.EVENT_READ)
            connection.sendall(next(requests))
        started = time.monotonic()
        while (seconds := time.monotonic() - started) < _SECONDS:
            for key, _ in waiting.select(1):
                connection = key.fileobj  # type: ignore[assignment]
                _receive(connection)
                connection.sendall(next(requests))
                answers += 1
        for key in list(waiting.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
    return answers / seconds


def _requests(path: str, queries: Sequence[str], once: bool, number: int) -> Iterator[bytes]:
    """Requests without end; those of two clients are never the same, if each query is to be asked once."""
    heads = [f"GET {path}?query={quote(query, safe=':/')}%20LIMIT%20" for query in queries]
    end = " HTTP/1.1\r\nHost: localhost\r\nAccept: application/sparql-results+json\r\n\r\n"
    for count, head in enumerate(itertools.cycle(heads)):
        limit = 1000 + _CLIENTS * count + number if once else 1000
        yield f"{head}{limit}{end}".encode()


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
