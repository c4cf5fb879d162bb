"""Servers and proxies that are not there, dawdle or leave."""

import socket
import threading
import time
from contextlib import ExitStack

import pytest
from remote_server import ROWS, Handler, Servers, failure, good, values

from cetsgraph.errors import (
    EndpointAnswer,
    EndpointTimeout,
    EndpointUnreachable,
)
from cetsgraph.store import RemoteStore


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
