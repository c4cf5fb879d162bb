"""SPARQL servers, our own and other people's, started for tests on free ports, and ended with them."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cetsgraph.store import LocalStore

__all__ = [
    "Endpoint",
    "MissingServer",
    "free_port",
    "own_server",
    "oxigraph_server",
    "running",
    "virtuoso_server",
]


class MissingServer(Exception):
    """A server is not installed; the message says how to install it."""


@dataclass(frozen=True)
class Endpoint:
    """Where a server answers queries, and where it takes updates."""

    url: str
    update_url: str


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


@contextmanager
def running(command: list[str], url: str, log: Path, *, seconds: float = 60) -> Iterator[None]:
    """Run a server until the block ends; it is ready when it answers anything at `url`."""
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:
        try:
            _wait_until_ready(process, url, log, seconds)
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError as answered:
            answered.close()
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError(f"{process.args} did not start: {log.read_text(errors='replace')[-2000:]}")


@contextmanager
def oxigraph_server(folder: Path, *options: str) -> Iterator[Endpoint]:
    """The Oxigraph server, in memory."""
    program = Path(sys.executable).with_name("oxigraph")
    if not program.exists():
        raise MissingServer("the Oxigraph server is not installed: pip install oxigraph")
    address = f"127.0.0.1:{free_port()}"
    command = [str(program), "serve", "--bind", address, *options]
    with running(command, f"http://{address}/", folder / "oxigraph.log"):
        yield Endpoint(f"http://{address}/query", f"http://{address}/update")


@contextmanager
def own_server(folder: Path, token: str) -> Iterator[Endpoint]:
    """`cetsgraph serve`, where who has the token may write."""
    (folder / "tokens").write_text(f"{token}\n")
    (folder / "tokens").chmod(0o600)
    LocalStore.open(folder / "store", "w").close()
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "cetsgraph",
        "serve",
        "--store",
        str(folder / "store"),
        "--port",
        str(port),
    ]
    command += ["--workers", "1", "--quiet", "--writable", "--token-file", str(folder / "tokens")]
    with running(command, f"http://127.0.0.1:{port}/health", folder / "serve.log"):
        yield Endpoint(f"http://127.0.0.1:{port}/sparql", f"http://127.0.0.1:{port}/sparql")


@contextmanager
def virtuoso_server(folder: Path) -> Iterator[Endpoint]:
    """Virtuoso with its usual limit of 10,000 rows, where anybody may write."""
    program, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if program is None or client is None:
        raise MissingServer("Virtuoso is not installed: `make servers` installs it where it may")
    sql, web = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(folder=folder, sql=sql, web=web))
    command = [program, "+foreground", "+configfile", str(folder / "virtuoso.ini")]
    url = f"http://127.0.0.1:{web}/sparql"
    with running(command, url, folder / "virtuoso.out", seconds=120):
        subprocess.run(
            [client, f"127.0.0.1:{sql}", "dba", "dba", 'exec=grant SPARQL_UPDATE to "SPARQL";'],
            check=True,
            capture_output=True,
            env=os.environ | {"LC_ALL": "C"},
        )
        yield Endpoint(url, url)


_VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 20
Striping = 0

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
FileExtend = 20

[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 10
CheckpointInterval = 0
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = {folder}
ThreadsPerQuery = 2

[HTTPServer]
ServerPort = 127.0.0.1:{web}
ServerThreads = 10
DefaultMailServer =

[SPARQL]
ResultSetMaxRows = 10000
"""
