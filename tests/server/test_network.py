"""Nothing that is asked makes the server open a connection: an inner address is never reached."""

import random
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from serving import EXAMPLES, load, serving

from cetsgraph.errors import QueryError
from cetsgraph.store import LocalStore
from cetsgraph.store.sparql import fetching_keyword, refuse_fetching

HIDDEN = (
    "PREFIX : <{inner}> SELECT ?s {{ FILTER(1<2)SERVICE:x#>\n{{?s ?p ?o}} }}",
    "PREFIX : <{inner}> ASK {{ FILTER(1<2)SERVICE:x#>\n{{?s ?p ?o}} }}",
    "SELECT * {{ BIND('>' AS ?x) FILTER(1<2) SERVICE <{inner}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p ?o FILTER(?o < 3 || ?o > 2)SERVICE<{inner}>{{}} }}",
    "PREFIX SERVICE: <{inner}> SELECT * {{ {{}} SERVICE SERVICE:x {{}} }}",
    "PREFIX SERVICEx: <urn:> PREFIX x: <{inner}> ASK {{ SERVICEx:y x:z 1 SERVICE x:y {{}} }}",
    "ASK {{ \\u0053ERVICE <{inner}> {{}} }}",
    "SELECT * {{ OPTIONAL {{ SERVICE SILENT <{inner}> {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ VALUES ?u {{ <{inner}> }} SERVICE ?u {{ ?s ?p ?o }} }}",
    "SELECT * {{ FILTER EXISTS {{ SERVICE <{inner}> {{ ?s ?p ?o }} }} }}",
    "DESCRIBE ?s {{ # '\n SERVICE <{inner}> {{ ?s ?p ?o }} # '\n }}",
)
PIECES = (
    "SERVICE", "service", "SERVICE SILENT", "<{inner}>", ":x", "SERVICE:x", "{", "}", "{}", "?s ?p ?o",
    "FILTER(1<2)", "FILTER(2>1)", "#>\n", "#", "\n", "'", '"', "'''", "\\'", "'SERVICE'", "BIND(1 AS ?b)",
    "true", "1.", ".", "a:b", "OPTIONAL", "UNION", "<", ">", "\\u0053", "_:b", "^^", "@en", "[]", "<<", ">>",
    "VALUES ?u {{ <{inner}> }}", " ",
)  # fmt: skip


@contextmanager
def listening() -> Iterator[tuple[str, list[object]]]:
    """An inner server: its address, and who came."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as inner:

        def accept() -> None:
            while True:
                try:
                    connection, address = inner.accept()
                except OSError:
                    return
                came.append(address)
                connection.close()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{inner.getsockname()[1]}/", came
        inner.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="module")
def inner() -> Iterator[tuple[str, list[object]]]:
    with listening() as found:
        yield found


def status(url: str, body: str, media_type: str, **headers: str) -> int:
    asked = urllib.request.Request(url, body.encode(), {"Content-Type": media_type, **headers})
    try:
        with urllib.request.urlopen(asked, timeout=20) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_the_engine_alone_would_open_connections(inner: tuple[str, list[object]]) -> None:
    """Otherwise the tests below would prove little."""
    address, _ = inner
    with listening() as (other, came):
        for text in HIDDEN:
            try:
                answer = pyoxigraph.Store().query(text.format(inner=other))
                list(answer) if not isinstance(answer, pyoxigraph.QueryBoolean) else None  # type: ignore[call-overload]
            except (OSError, RuntimeError, SyntaxError):
                pass
        assert len(came) >= 6
    assert address != other


@pytest.mark.parametrize("text", HIDDEN)
def test_a_hidden_service_is_refused(endpoint: str, inner: tuple[str, list[object]], text: str) -> None:
    address, came = inner
    query = text.format(inner=address)
    assert status(f"{endpoint}/sparql", query, "application/sparql-query") == 400
    with LocalStore.memory() as store, pytest.raises(QueryError):
        store.query(query)
    assert not came


def test_the_query_processes_have_no_network(store: Path, inner: tuple[str, list[object]]) -> None:
    """Even a text that the reading let through: here the reading is left out."""
    address, came = inner
    program = (
        "import pyoxigraph, sys\n"
        "from cetsgraph.confinement import forbid_network\n"
        "store = pyoxigraph.Store()\n"
        "assert forbid_network()\n"
        f"query = 'SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}'\n"
        "try:\n    list(store.query(query))\nexcept Exception as error:\n    print(error)\n"
        "import socket\n"
        "try:\n    socket.socket()\nexcept PermissionError:\n    print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    if "AssertionError" in done.stderr:
        pytest.skip("this system has no filter of system calls")
    assert done.stdout.endswith("refused\n"), done.stderr
    assert not came


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=14))
def test_texts_of_all_kinds_of_pieces_reach_nothing(
    inner: tuple[str, list[object]], pieces: list[str]
) -> None:
    """What is not refused is given to the engine as it is."""
    address, came = inner
    body = "".join(pieces).replace("{inner}", address).replace("{{", "{").replace("}}", "}")
    text = f"PREFIX : <{address}> PREFIX a: <urn:a> SELECT * {{ {body} }}"
    try:
        refuse_fetching(text)
        answer = pyoxigraph.Store().query(text)
        for _ in zip(range(10), answer, strict=False):  # type: ignore[arg-type]
            pass
    except (QueryError, SyntaxError, OSError, RuntimeError):
        pass
    assert not came


def test_a_seeded_mix_of_true_services_is_seen() -> None:
    """The refusal is no accident of texts that no engine reads."""
    numbers = random.Random(11)
    for _ in range(300):
        before = "".join(numbers.choice(["FILTER(1<2)", "?s ?p ?o .", "{}", "# >\n", " "]) for _ in range(3))
        text = f"PREFIX : <http://127.0.0.1:1/> SELECT * {{ {before}SERVICE:x{{ ?a ?b ?c }} }}"
        assert fetching_keyword(text) == "SERVICE"


def test_updates_load_nothing(tmp_path: Path, inner: tuple[str, list[object]]) -> None:
    address, came = inner
    load(tmp_path / "store", EXAMPLES[0])
    (tmp_path / "token").write_text("sesame")
    options = ("--workers", "1", "--writable", "--token-file", str(tmp_path / "token"))
    with serving(tmp_path / "store", *options) as found:
        held = {"Authorization": "Bearer sesame"}
        for update in (f"LOAD <{address}>", f"INSERT DATA {{ <urn:a> <urn:b> 1 }};LOAD SILENT<{address}>"):
            assert status(f"{found}/sparql", update, "application/sparql-update", **held) == 400
    assert not came


def test_many_quotes_are_read_in_linear_time(endpoint: str) -> None:
    for text in ("\\'''\n" * 40_000, "'''\\" * 40_000, "LIMIT " * 30_000, "FROM<" * 30_000):
        assert status(f"{endpoint}/sparql", text, "application/sparql-query") == 400
