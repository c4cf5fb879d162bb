"""The process that answers queries, one after the other, on a snapshot that it opens read-only.

It is started as a file, with its settings as JSON, and imports of cetsgraph only what reads queries. Requests
come on standard input and answers go to standard output, as messages of :mod:`cetsgraph.server.frames`.
"""

import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = json.loads(sys.argv[1])["path"]

import pyoxigraph as ox

from cetsgraph.confinement import forbid_network, limit_data
from cetsgraph.errors import QueryError, QuerySyntaxError
from cetsgraph.server.frames import DATA, END, ERROR, HEAD, READY, frame, json_frame, read_frame
from cetsgraph.store.sparql import at_most, bounded, names_dataset, query_errors, refuse_fetching

__all__ = ["main"]

_STACK = 64 * 2**20
"""Bytes. A text of 200,000 characters may be nested so deeply that it ends the process all the same."""
_PIECE = 2**16
_BOOLEANS = {
    "application/sparql-results+json": '{{"head":{{}},"boolean":{}}}',
    "application/sparql-results+xml": '<?xml version="1.0"?><sparql '
    'xmlns="http://www.w3.org/2005/sparql-results#"><head></head><boolean>{}</boolean></sparql>',
}
_Engine = tuple[str, ox.Store]


class _TooLarge(Exception):
    """The answer is larger than it may be."""


class _Refused(Exception):
    """There is no answer in a form that the client takes."""


class _Answer:
    """The answer to one request, written to standard output in pieces. A file for the engine."""

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._head = b""
        self._parts: list[bytes] = []
        self._waiting = 0
        self._size = 0

    def begin(self, media_type: str) -> None:
        self._head = frame(HEAD, media_type.encode())

    def write(self, data: bytes) -> int:
        """Keep some bytes of the answer, and send what has become a piece."""
        self._size += len(data)
        if self._most is not None and self._size > self._most:
            raise _TooLarge
        self._parts.append(data)
        self._waiting += len(data)
        if self._waiting >= _PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        self._send(b"")

    def end(self) -> None:
        self._send(frame(END))

    def _send(self, last: bytes) -> None:
        data = b"".join(self._parts)
        _write(self._head + (frame(DATA, data) if data else b"") + last)
        self._head, self._waiting = b"", 0
        self._parts.clear()


def main(settings: Mapping[str, Any]) -> None:
    """Answer requests until standard input ends, or the worker that started this has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker ends this process, not the terminal
    gc.freeze()
    threading.stack_size(_STACK)
    engine = (settings["snapshot"], ox.Store.read_only(settings["snapshot"]))
    limit_data(settings["memory"] + _STACK)
    forbid_network()
    answering = threading.Thread(target=_serve, args=(engine,), daemon=True)
    worker = os.getppid()
    answering.start()
    while answering.is_alive() and os.getppid() == worker:
        answering.join(1.0)


def _serve(engine: _Engine) -> None:
    _write(frame(READY))
    requests = open(0, "rb")  # noqa: SIM115  standard input, for as long as the process lives
    while (message := read_frame(requests)) is not None:
        request = json.loads(message[1])
        answer = _Answer(request["most_bytes"])
        try:
            if engine[0] != request["snapshot"]:
                engine = (request["snapshot"], ox.Store.read_only(request["snapshot"]))
            (_dump if request["query"] is None else _query)(engine[1], request, answer)
            answer.end()
        except QuerySyntaxError as error:
            place = {"line": error.line, "column": error.column}
            _write(json_frame(ERROR, {"kind": "syntax", "what": error.what, **place}))
        except QueryError as error:
            _write(json_frame(ERROR, {"kind": "query", "what": error.what, "hint": error.hint}))
        except _Refused:
            _write(json_frame(ERROR, {"kind": "form", "what": ""}))
        except _TooLarge:
            _write(json_frame(ERROR, {"kind": "size", "what": ""}))
        except MemoryError:
            _write(json_frame(ERROR, {"kind": "memory", "what": ""}))
        except (OSError, RuntimeError) as error:
            _write(json_frame(ERROR, {"kind": "store", "what": str(error)}))


def _query(engine: ox.Store, request: dict[str, Any], answer: _Answer) -> None:
    found = _bounded_answer(engine, request)
    rows, triples = request["rows"], request["triples"]
    if isinstance(found, ox.QueryTriples):
        answer.begin(_accepted(triples))
        ox.serialize(found, answer, format=_rdf_format(triples))  # type: ignore[arg-type]
    elif isinstance(found, ox.QuerySolutions):
        answer.begin(_accepted(rows))
        found.serialize(answer, _results_format(rows))  # type: ignore[arg-type]
    else:
        answer.begin(_accepted(rows))
        text = "true" if found else "false"
        answer.write(_BOOLEANS.get(_results_format(rows).media_type, "{}").format(text).encode())


def _bounded_answer(engine: ox.Store, request: dict[str, Any]) -> Any:
    """What the engine has to give, of which it has computed little so far."""
    query, most = request["query"], request["most_rows"]
    refuse_fetching(query)
    dataset: dict[str, Any] = {"use_default_graph_as_union": True}
    if request["default_graphs"] or request["named_graphs"]:
        with query_errors():
            dataset = {
                name: [ox.NamedNode(graph) for graph in request[name + "s"]]
                for name in ("default_graph", "named_graph")
            }
        dataset["named_graphs"] = dataset.pop("named_graph")
    elif names_dataset(query):
        dataset = {}
    text = query if most is None else at_most(query, most)
    with query_errors():
        try:
            return engine.query(text, base_iri=request["base"], **dataset)
        except SyntaxError:
            if text is query:
                raise
        return engine.query(bounded(query, most), base_iri=request["base"], **dataset)


def _dump(engine: ox.Store, request: dict[str, Any], answer: _Answer) -> None:
    """A whole graph, or all of them."""
    graph, media_type = request["graph"], request["triples"]
    name = None if graph is None else ox.NamedNode(graph)
    answer.begin(media_type)
    triples = (quad.triple for quad in engine.quads_for_pattern(None, None, None, name))
    rdf_format = _rdf_format(media_type)
    ox.serialize(triples, answer, format=rdf_format, prefixes=request["prefixes"])  # type: ignore[arg-type]


def _accepted(media_type: str | None) -> str:
    if media_type is None:
        raise _Refused
    return media_type


@cache
def _rdf_format(media_type: str) -> ox.RdfFormat:
    found = ox.RdfFormat.from_media_type(media_type)
    assert found is not None
    return found


@cache
def _results_format(media_type: str) -> ox.QueryResultsFormat:
    found = ox.QueryResultsFormat.from_media_type(media_type)
    assert found is not None
    return found


def _write(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
    os._exit(0)
