"""What is no answer, or not all of one, under a status of success."""

import pytest
from remote_server import ASK, JSON, ROWS, Servers, failure, values

from cetsgraph.errors import (
    EndpointAnswer,
    EndpointWarning,
)
from cetsgraph.store import RemoteStore


@pytest.mark.parametrize(
    ("media_type", "body", "found"),
    [
        ("text/html", b"<html><title>Down</title><p>Back at <b>noon</b></p></html>", "a page for people"),
        (JSON, b"<html>Down</html>", "Down"),
        (JSON, ROWS[:-20], "line 1"),
        (JSON, ROWS[:40], "line 1"),
        (JSON, b"", "line 1"),
        (JSON, ROWS + b"\nError: the query took too long", "Error: the query took too long"),
        (JSON, b'{"error": "out of memory"}', "out of memory"),
        (JSON, b'{"head": {}, "boolean": true}', "another form"),
        ("application/sparql-results+xml", b"<sparql><head>", "sparql"),
        ("text/csv", b"s\r\nyes\r\n", "text/csv"),
        ("text/plain", ROWS, "text/plain"),
        ("", ROWS, "no media type"),
        ("nonsense", ROWS, "nonsense"),
    ],
)
def test_what_is_no_answer_under_a_status_of_success_fails(
    serve: Servers, media_type: str, body: bytes, found: str
) -> None:
    server = serve(lambda handler: handler.reply(body, media_type))
    error = failure(RemoteStore(server.url))
    assert isinstance(error, EndpointAnswer)
    assert found in str(error)
    assert server.url in str(error)


def test_an_answer_in_xml_is_one_too(serve: Servers) -> None:
    xml = (
        b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="s"/></head><results>'
        b'<result><binding name="s"><literal>yes</literal></binding></result></results></sparql>'
    )
    server = serve(lambda handler: handler.reply(xml, "application/sparql-results+xml; charset=utf-8"))
    assert values(RemoteStore(server.url)) == ["yes"]


def test_half_an_rdf_answer_fails(serve: Servers) -> None:
    server = serve(lambda handler: handler.reply(b"<http://a> <http://b> <ht", "application/n-triples"))
    error = failure(RemoteStore(server.url), "CONSTRUCT FROM <http://g> { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(error, EndpointAnswer)


NESTED = '{"type":"triple","value":{"subject":'


@pytest.mark.parametrize("key", ["value", "v\\u0061lue"])
def test_terms_within_terms_do_not_end_the_process(serve: Servers, key: str) -> None:
    rows = '{"head":{"vars":["s"]},"results":{"bindings":[{"s":' + NESTED.replace("value", key) * 100_000
    error = failure(RemoteStore(serve(lambda handler: handler.reply(rows.encode())).url))
    assert "nested" in str(error)
    triples = b"<http://a> <http://b> " + b"<<( <http://a> <http://b> " * 100_000
    for media_type in ("application/n-triples", "text/turtle"):
        server = serve(lambda handler, media_type=media_type: handler.reply(triples, media_type))
        assert "nested" in str(failure(RemoteStore(server.url), "DESCRIBE <http://a> FROM <http://g>"))


def test_entities_within_entities_are_not_read(serve: Servers) -> None:
    """A kilobyte of RDF/XML that becomes gigabytes."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{entities}]><x>&a9;</x>'.encode()
    for media_type in ("application/rdf+xml", "application/sparql-results+xml"):
        server = serve(lambda handler, media_type=media_type: handler.reply(bomb, media_type))
        for query in (ASK, "DESCRIBE <http://a> FROM <http://g>"):
            assert isinstance(failure(RemoteStore(server.url), query), EndpointAnswer)


def test_what_virtuoso_had_when_its_time_was_over_is_no_answer(serve: Servers) -> None:
    server = serve(lambda handler: handler.reply(ROWS, X_SQL_State="S1TAT", X_SQL_Message="Timed out"))
    error = failure(RemoteStore(server.url))
    assert isinstance(error, EndpointAnswer)
    assert "Timed out" in str(error)


def test_rows_that_were_cut_are_announced(serve: Servers) -> None:
    server = serve(lambda handler: handler.reply(ROWS, X_SPARQL_MaxRows="1"))
    with pytest.warns(EndpointWarning, match="gives 1 rows at most"):
        assert values(RemoteStore(server.url)) == ["yes"]
    server = serve(lambda handler: handler.reply(ROWS, X_SPARQL_MaxRows="2"))
    assert values(RemoteStore(server.url)) == ["yes"]
