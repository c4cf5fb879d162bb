"""Unions, writes, threads and the end of a store."""

import json
import threading

import pytest
from remote_server import (
    ASK,
    Handler,
    Servers,
    good,
    values,
)

from cetsgraph.errors import (
    EndpointStatus,
    EndpointWarning,
    StoreError,
)
from cetsgraph.store import RemoteStore
from cetsgraph.store.base import Solutions


def test_the_union_is_asked_for_once_and_made_where_there_is_none(serve: Servers) -> None:
    graph = "http://example.org/g"

    def without_union(handler: Handler) -> None:
        query = handler.server.requests[-1].parameters["query"][0]
        if "LIMIT 1" in query:
            term = {"type": "uri", "value": "http://example.org/a"}
            answer = {"head": {"vars": list("spoq")}, "results": {"bindings": [dict.fromkeys("spo", term)]}}
            handler.reply(json.dumps(answer).encode())
        elif "DISTINCT ?g" in query:
            row = {"g": {"type": "uri", "value": graph}}
            handler.reply(json.dumps({"head": {"vars": ["g"]}, "results": {"bindings": [row]}}).encode())
        else:
            good(handler)

    server = serve(without_union)
    store = RemoteStore(server.url)
    with pytest.warns(EndpointWarning, match="--union-default-graph"):
        assert values(store, "SELECT ?s { ?s ?p ?o }") == ["yes"]
    assert values(store, "SELECT ?s { ?s ?p ?o }") == ["yes"]
    asked = [request.parameters for request in server.requests]
    assert len(asked) == 5
    for position in (2, 4):
        assert asked[position]["default-graph-uri"] == asked[position]["named-graph-uri"] == [graph]


def test_a_write_that_is_refused_says_what_to_do(serve: Servers) -> None:
    empty = json.dumps({"head": {"vars": ["base", "archive"]}, "results": {"bindings": []}}).encode()

    def read_only(handler: Handler) -> None:
        handler.reply(empty) if handler.command == "GET" else handler.reply(b"", "text/plain", 405)

    with pytest.raises(EndpointStatus, match="--update-url") as caught:
        RemoteStore(serve(read_only).url).from_rdflib(_graph(), "http://example.org/g")
    assert caught.value.status == 405


def test_triples_can_go_through_the_graph_store_protocol(serve: Servers) -> None:
    empty = json.dumps({"head": {"vars": ["base", "archive"]}, "results": {"bindings": []}}).encode()
    server = serve(lambda handler: handler.reply(empty))
    graphs = serve(lambda handler: handler.reply(b"", "text/plain", 201))
    store = RemoteStore(server.url, graph_store_url=graphs.url)
    store.from_rdflib(_graph(), "http://example.org/g h".replace(" ", "%20"))
    (posted,) = graphs.requests
    assert posted.parameters["graph"] == ["http://example.org/g%20h"]
    assert posted.headers["content-type"] == "application/n-triples"
    assert posted.body == b'<http://example.org/s> <http://example.org/p> "o" .\n'


def test_a_closed_store_says_so(serve: Servers) -> None:
    store = RemoteStore(serve(good).url)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.query(ASK)


def test_threads_ask_together(serve: Servers) -> None:
    store = RemoteStore(serve(good).url)
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(values(store))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["yes"]] * 8


def test_an_answer_can_be_read_twice(serve: Servers) -> None:
    answer = RemoteStore(serve(good).url).query(ASK)
    assert isinstance(answer, Solutions)
    assert len(list(answer)) == len(list(answer)) == 1


def _graph() -> object:
    import rdflib

    graph = rdflib.Graph()
    graph.add(
        (rdflib.URIRef("http://example.org/s"), rdflib.URIRef("http://example.org/p"), rdflib.Literal("o"))
    )
    return graph
