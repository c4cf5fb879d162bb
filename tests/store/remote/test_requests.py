"""What is sent, and what a server refuses."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from remote_server import ASK, JSON, Servers, failure, good, values

from cetsgraph.errors import (
    EndpointStatus,
    QueryError,
    QuerySyntaxError,
    StoreError,
)
from cetsgraph.store import LocalStore, RemoteStore, open_store


@pytest.mark.parametrize("status", [401, 403, 404, 406, 413, 429, 500, 502, 503, 504])
def test_other_statuses_are_errors_that_quote_the_server(serve: Servers, status: int) -> None:
    server = serve(
        lambda handler: handler.reply(b"<h1>No</h1><pre>because &amp; so</pre>", "text/html", status)
    )
    error = failure(RemoteStore(server.url))
    assert isinstance(error, EndpointStatus)
    assert (error.status, error.found, error.retry_after) == (status, "No because & so", None)


@pytest.mark.parametrize("status", [429, 503])
def test_when_to_come_back_is_told(serve: Servers, status: int) -> None:
    said = "7"
    server = serve(lambda handler: handler.reply(b"", "text/plain", status, Retry_After=said))
    error = failure(RemoteStore(server.url))
    assert isinstance(error, EndpointStatus)
    assert error.retry_after == 7.0
    said = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    error = failure(RemoteStore(server.url))
    assert isinstance(error, EndpointStatus)
    assert error.retry_after is not None
    assert 55 < error.retry_after <= 60
    said = "soon"
    error = failure(RemoteStore(server.url))
    assert isinstance(error, EndpointStatus)
    assert error.retry_after is None


def test_a_refused_query_that_is_no_sparql_is_the_callers_mistake(serve: Servers) -> None:
    server = serve(lambda handler: handler.reply(b"parse error", "text/plain", 400))
    with pytest.raises(QuerySyntaxError) as caught:
        RemoteStore(server.url).query("SELECT ?s FROM <http://g>\n{ ?s ?p }")
    assert caught.value.line == 2
    assert isinstance(failure(RemoteStore(server.url)), EndpointStatus)
    deep = f"ASK FROM <http://g> {'{' * 20_000}{'}' * 20_000}"
    with pytest.raises(QueryError, match="nested too deeply"):
        RemoteStore(server.url).query(deep)


def test_short_queries_are_got_and_long_ones_posted(serve: Servers) -> None:
    server = serve(good)
    store = RemoteStore(f"{server.url}?key=1&format=x", user_agent="tester/1")
    long = ASK + " # é" + "x" * 3_000
    assert values(store) == values(store, long) == ["yes"]
    short, posted = server.requests
    assert (short.method, short.body, posted.method) == ("GET", b"", "POST")
    assert posted.headers["content-type"] == "application/x-www-form-urlencoded"
    assert urlsplit(posted.target).query == ""
    assert posted.parameters["query"] == [long.replace("FROM <http://example.org/g>", " ")]
    for request in server.requests:
        assert request.parameters["default-graph-uri"] == ["http://example.org/g"]
        assert (request.parameters["key"], request.parameters["format"]) == (["1"], ["x"])
        assert request.headers["user-agent"] == "tester/1"
        assert request.headers["accept"].startswith(JSON)
    assert store.location == server.url


def test_the_form_of_a_query_is_not_guessed_from_words_in_it(serve: Servers) -> None:
    server = serve(lambda handler: handler.reply(b'{"head": {}, "boolean": false}'))
    store = RemoteStore(server.url)
    prologue = "PREFIX insert: <http://example.org/load#select> # DELETE\nPREFIX drop: <http://d>\n"
    assert store.query(f"{prologue}ask FROM <http://g> {{ ?add insert:load 'SELECT' }}") is False
    assert "query" in server.requests[0].parameters


def test_service_is_refused_before_anything_is_sent(serve: Servers) -> None:
    server = serve(good)
    with pytest.raises(QueryError, match="SERVICE"):
        RemoteStore(server.url).query("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert not server.requests


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.org/sparql",
        "file:///etc/passwd",
        "example.org/sparql",
        "http://",
        "http:///sparql",
        "http://example.org:notaport/",
        "http://exa mple.org/",
        "http://example.org/\r\nX: y",
        "http://[::1/",
    ],
)
def test_only_addresses_on_the_web_are_taken(url: str) -> None:
    with pytest.raises(StoreError, match="not the URL of an endpoint"):
        RemoteStore(url)


def test_a_location_is_a_directory_or_an_address(tmp_path: Path) -> None:
    with open_store(tmp_path / "store", "w") as local:
        assert isinstance(local, LocalStore)
    with open_store("https://example.org/sparql") as remote:
        assert isinstance(remote, RemoteStore)
    for location in ("ftp://example.org/", "s3://bucket/store"):
        with pytest.raises(StoreError, match="not the URL of an endpoint"):
            open_store(location)
