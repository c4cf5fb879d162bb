"""Credentials go where they belong, and nowhere else."""

from pathlib import Path

import pytest
from remote_server import SECRET, Handler, Servers, failure, good, redirecting, values

from cetsgraph.errors import (
    StoreError,
)
from cetsgraph.store import RemoteStore


@pytest.mark.parametrize(
    ("environment", "header"),
    [
        ({"CETSGRAPH_TOKEN": SECRET}, f"Bearer {SECRET}"),
        ({"CETSGRAPH_USER": "me", "CETSGRAPH_PASSWORD": SECRET}, "Basic bWU6aHVzaC1odXNo"),
        ({}, "Basic bWU6aHVzaC1odXNo"),  # from netrc
    ],
)
def test_credentials_go_where_they_belong_and_nowhere_else(
    serve: Servers,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    environment: dict[str, str],
    header: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login me password {SECRET}\n")
    snoop = serve(good)
    for status in (302, 303, 307):
        moved = serve(redirecting(snoop.url, status))
        assert values(RemoteStore(moved.url)) == ["yes"]
        assert moved.requests[0].headers["authorization"] == header
    assert len(snoop.requests) == 3
    assert all("authorization" not in request.headers for request in snoop.requests)


def test_credentials_follow_a_redirect_within_their_origin(
    serve: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CETSGRAPH_TOKEN", SECRET)

    def move_once(handler: Handler) -> None:
        good(handler) if handler.path.startswith("/new") else redirecting("/new")(handler)

    server = serve(move_once)
    assert values(RemoteStore(server.url)) == ["yes"]
    assert [request.headers["authorization"] for request in server.requests] == [f"Bearer {SECRET}"] * 2


def test_where_credentials_come_from_can_be_narrowed(
    serve: Servers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CETSGRAPH_TOKEN", SECRET)
    (tmp_path / "netrc").write_text("machine example.org login me password a\ndefault login me password b\n")
    server = serve(good)
    for source in ("netrc", "none"):
        assert values(RemoteStore(server.url, credentials=source)) == ["yes"]  # type: ignore[arg-type]
    assert all("authorization" not in request.headers for request in server.requests)


def test_digest_is_answered_where_a_server_asks_for_it(
    serve: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CETSGRAPH_USER", "me")
    monkeypatch.setenv("CETSGRAPH_PASSWORD", SECRET)

    def digest(handler: Handler) -> None:
        if handler.headers["Authorization"].startswith("Digest "):
            good(handler)
        else:
            challenge = 'Digest realm="SPARQL", nonce="1", qop="auth", algorithm="MD5"'
            handler.reply(b"", "text/plain", 401, WWW_Authenticate=challenge)

    server = serve(digest)
    assert values(RemoteStore(server.url)) == ["yes"]
    assert SECRET not in server.requests[-1].headers["authorization"]


def test_secrets_are_in_no_message(serve: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    def echo(handler: Handler) -> None:
        handler.reply(f"you said {handler.headers['Authorization']}".encode(), "text/plain", 403)

    server = serve(echo)
    shown = []
    monkeypatch.setenv("CETSGRAPH_TOKEN", SECRET)
    shown.append(failure(RemoteStore(f"{server.url}?key={SECRET}")))
    monkeypatch.delenv("CETSGRAPH_TOKEN")
    monkeypatch.setenv("CETSGRAPH_USER", "me")
    monkeypatch.setenv("CETSGRAPH_PASSWORD", SECRET)
    shown.append(failure(RemoteStore(server.url)))
    with pytest.raises(StoreError) as caught:
        RemoteStore(f"http://me:{SECRET}@127.0.0.1/")
    monkeypatch.setenv("CETSGRAPH_TOKEN", f"{SECRET}\r\nX-Injected: 1")
    with pytest.raises(StoreError) as injected:
        RemoteStore(server.url)
    for error in (*shown, caught.value, injected.value):
        assert SECRET not in str(error) + repr(error)
        assert "bWU6" not in str(error)


@pytest.mark.parametrize("netrc", ["machine\n", "password x\n", "\xff"])
def test_a_broken_netrc_file_is_said(tmp_path: Path, netrc: str) -> None:
    (tmp_path / "netrc").write_bytes(netrc.encode("latin-1"))
    with pytest.raises(StoreError, match="netrc cannot be read"):
        RemoteStore("http://127.0.0.1/")
