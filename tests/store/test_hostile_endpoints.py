"""Endpoints whose answers are made to break a parser: each is a failure that is said, within the deadline."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cetsgraph.errors import EndpointAnswer, EndpointError, EndpointStatus, EndpointUnreachable
from cetsgraph.federation import Federation, Source, State
from cetsgraph.store import LocalStore, RemoteStore

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"yes"}}]}}'
ASK = "SELECT ?s FROM <http://example.org/g> { ?s ?p ?o }"
DIGITS = "9" * 5_000
DEADLINE = 5.0


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """A server that sends these bytes to everybody, whatever they are; gives its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(10)
                    try:
                        connection.recv(2**16)
                        connection.sendall(answer)
                        connection.shutdown(socket.SHUT_WR)
                        while connection.recv(2**16):
                            pass
                    except OSError:
                        pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/sparql"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def response(body: bytes = ROWS, status: str = "200 OK", **headers: str) -> bytes:
    sent = {"Content-Type": JSON, "Content-Length": str(len(body)), "Connection": "close"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def chunked(body: bytes) -> bytes:
    return response(body, Transfer_Encoding="chunked").replace(
        f"Content-Length: {len(body)}\r\n".encode(), b""
    )


def nested_xml(depth: int, prefix: str = "") -> bytes:
    term = f"<{prefix}triple><{prefix}subject>" * depth
    end = f"</{prefix}subject></{prefix}triple>" * depth
    return (
        f'<{prefix}sparql xmlns{":" if prefix else ""}{prefix[:-1]}="http://www.w3.org/2005/sparql-results#">'
        f'<{prefix}head><{prefix}variable name="s"/></{prefix}head><{prefix}results><{prefix}result>'
        f'<{prefix}binding name="s">{term}<{prefix}uri>http://a</{prefix}uri>{end}</{prefix}binding>'
        f"</{prefix}result></{prefix}results></{prefix}sparql>"
    ).encode()


def many_columns(count: int) -> bytes:
    names = '","v'.join(map(str, range(count)))
    return f'{{"head":{{"vars":["v{names}"]}},"results":{{"bindings":[{{}}]}}}}'.encode()


def many_columns_in_xml(count: int, prefix: str = "") -> bytes:
    names = f'"/><{prefix}variable name="v'.join(map(str, range(count)))
    space = f'xmlns{":" if prefix else ""}{prefix[:-1]}="http://www.w3.org/2005/sparql-results#"'
    head = f'<{prefix}head><{prefix}variable name="v{names}"/></{prefix}head>'
    return f"<{prefix}sparql {space}>{head}".encode()


NESTED_JSON = (
    b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":' + b'{"type":"triple","value":{"subject":' * 20_000
)
ANSWERS = {
    "nested JSON": response(NESTED_JSON),
    "nested XML": response(nested_xml(20_000), Content_Type=XML),
    "nested XML with a prefix": response(nested_xml(20_000, "x:"), Content_Type=XML),
    "400,000 columns": response(many_columns(400_000)),
    "400,000 columns after the rows": response(
        b'{"results":{"bindings":[{}]},' + many_columns(400_000)[1:].partition(b',"results"')[0] + b"}"
    ),
    "400,000 columns in XML": response(many_columns_in_xml(400_000), Content_Type=XML),
    "400,000 columns in XML with a prefix": response(many_columns_in_xml(400_000, "x:"), Content_Type=XML),
    "length of 5,000 digits": response(Content_Length=DIGITS),
    "length below zero": response(Content_Length="-1"),
    "length that is a word": response(Content_Length="long"),
    "two lengths": response(Content_Length=f"{len(ROWS)}\r\nContent-Length: 3"),
    "chunk below zero": chunked(b"-5\r\nhello\r\n0\r\n\r\n"),
    "chunk of 5,000 digits": chunked(DIGITS.encode() + b"\r\nhello\r\n0\r\n\r\n"),
    "chunk cut off": chunked(b"ffff\r\n" + ROWS),
    "no HTTP": b"\x16\x03\x01\x02\x00" * 100,
    "status of 5,000 digits": f"HTTP/1.1 {DIGITS} OK\r\n\r\n".encode(),
    "version beyond HTTP": b"HTTP/9.9 200 OK\r\n\r\n" + ROWS,
    "header without end": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 2**20,
    "100,000 headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000 + b"\r\n",
    "header with a zero": response(X="a\x00b"),
    "media type that is none": response(Content_Type="\xff\xfe;;=;charset=utf-99"),
    "nothing": b"",
}
REDIRECTS = [
    "http://",
    "http:///sparql",
    "http://[::1/",
    "http://[v1.x]/",
    "http://a..b/",
    f"http://{'a' * 300}/",
    "http://example.org:99999/",
    f"http://example.org:{DIGITS}/",
    "http://127.0.0.1:1/",
    "http://\xff\xfe/",
    "//",
    "http://exa%00mple.org/",
    "x" * 60_000,
    "file:///etc/passwd",
    "javascript:alert(1)",
]
BUSY = [DIGITS, "-1", "1e9", "Fri, 31 Dec 99999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 -9999", "٣", "soon"]


def failure(url: str, query: str = ASK) -> EndpointError:
    begun = time.monotonic()
    with pytest.raises(EndpointError) as caught:
        RemoteStore(url, timeout=DEADLINE, credentials="none").query(query)
    assert time.monotonic() - begun < DEADLINE + 2
    assert len(str(caught.value)) < 2_000
    return caught.value


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_is_made_to_break_the_parser_is_a_failure_that_is_said(name: str) -> None:
    with answering(ANSWERS[name]) as url:
        assert isinstance(failure(url), EndpointAnswer | EndpointUnreachable)


@pytest.mark.parametrize("target", REDIRECTS, ids=lambda target: repr(target[:30]))
def test_a_redirect_to_no_address_is_a_failure_that_is_said(target: str) -> None:
    with answering(response(b"", "302 Found", Location=target)) as url:
        assert isinstance(failure(url), EndpointAnswer | EndpointUnreachable)


@pytest.mark.parametrize("wait", BUSY, ids=lambda wait: repr(wait[:30]))
def test_a_time_to_wait_that_no_calendar_has_is_no_time(wait: str) -> None:
    with answering(response(b"", "503 Busy", Retry_After=wait.encode().decode("latin-1"))) as url:
        error = failure(url)
    assert isinstance(error, EndpointStatus)
    assert error.retry_after is None or error.retry_after >= 0


def test_a_number_of_rows_that_no_answer_has_is_no_cap() -> None:
    for most in (DIGITS, "-1", "²"):
        with answering(response(X_SPARQL_MaxRows=most)) as url:
            assert [row["s"].value for row in RemoteStore(url, credentials="none").select(ASK)] == ["yes"]


@pytest.mark.parametrize("count", [1, 1_000])
def test_columns_that_a_table_can_have_are_read(count: int) -> None:
    for body, media_type in (
        (many_columns(count), JSON),
        (many_columns_in_xml(count) + b"<results/></sparql>", XML),
    ):
        with answering(response(body, Content_Type=media_type)) as url:
            found = RemoteStore(url, credentials="none").select(ASK)
            assert len(found.variables) == count


def test_text_that_looks_like_lists_of_names_is_text() -> None:
    """A million numbers as one literal, as arrays are kept."""
    array = "[" + ",".join(map(str, range(200_000))) + "]"
    quoted = '[\\"' + '\\",\\"'.join(map(str, range(5_000))) + '\\"]'
    for text, value in ((array, array), (quoted, quoted.replace("\\", ""))):
        body = ROWS.replace(b"yes", text.encode())
        with answering(response(body)) as url:
            (row,) = RemoteStore(url, credentials="none").select(ASK)
            assert row["s"].value == value


def test_the_rows_of_other_sources_come_beside_every_hostile_one(tmp_path: Path) -> None:
    quads = (
        b"<http://example.org/d> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        b"<https://w3id.org/cetsgraph/ontology#DataSet> <http://example.org/g> .\n"
    )
    with LocalStore.open(tmp_path / "good", "w") as store, store.writing() as writing:
        writing.add(quads)
    question = tmp_path / "question.rq"
    question.write_text("SELECT ?s { ?s a <https://w3id.org/cetsgraph/ontology#DataSet> }")
    redirects = {
        f"redirect {n}": response(b"", "302 Found", Location=target) for n, target in enumerate(REDIRECTS)
    }
    busy = {
        f"busy {n}": response(b"", "503 Busy", Retry_After=wait.encode().decode("latin-1"))
        for n, wait in enumerate(BUSY)
    }
    hostile = list((ANSWERS | redirects | busy).values())
    servers = [answering(answer) for answer in hostile]
    urls = [server.__enter__() for server in servers]
    try:
        sources = [Source(f"hostile-{n}", url) for n, url in enumerate(urls)]
        begun = time.monotonic()
        found = Federation([*sources, Source("good", str(tmp_path / "good"))]).search(question, timeout=20)
        assert time.monotonic() - begun < 22
    finally:
        for server in servers:
            server.__exit__(None, None, None)
    assert [row["s"] for row in found.rows] == ["http://example.org/d"]
    states = {answer.source: answer.state for answer in found.answers}
    assert states.pop("good") is State.OK
    assert set(states.values()) <= {State.BAD_ANSWER, State.REFUSED, State.HTTP_ERROR}
