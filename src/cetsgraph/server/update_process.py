"""The process that makes one change of the store, started as a file by the worker that got the request.

It takes the change and its body from standard input, makes it, says that it can be committed, and commits it
when the worker says so. A process that is killed before has changed nothing.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = json.loads(sys.argv[1])["path"]

import pyoxigraph as ox

from cetsgraph.confinement import forbid_network, limit_data
from cetsgraph.errors import CetsGraphError, QueryError, StoreLocked
from cetsgraph.server.frames import END, ERROR, GO, READY, frame, json_frame, read_frame
from cetsgraph.store.base import Writing
from cetsgraph.store.local import LocalStore
from cetsgraph.store.sparql import with_dataset

__all__ = ["main"]

_INPUT = open(0, "rb", closefd=False)  # noqa: SIM115  standard input as the system has it, not as the interpreter wraps it
_AGAIN = 0.05  # seconds until a store that another process writes is tried again


class _Refused(Exception):
    """The change cannot be made; with an HTTP status that says why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def main(settings: Mapping[str, Any]) -> None:
    """Make the change that comes on standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_data(settings["memory"])
    forbid_network()
    header, body = read_frame(_INPUT), read_frame(_INPUT)
    if header is None or body is None:
        return
    try:
        _change(Path(settings["directory"]), json.loads(header[1]), body[1])
        _say(frame(END))
    except _Refused as refused:
        _refuse(refused.status, str(refused))
    except (QueryError, SyntaxError, ValueError) as error:
        _refuse(400, str(error))
    except MemoryError:
        _refuse(503, f"The change took more than {settings['memory'] // 2**20} MB of memory.")
    except CetsGraphError as error:
        _refuse(500, f"The change was not made: {error.what}.")


def _change(directory: Path, change: dict[str, Any], body: bytes) -> None:
    with _opened(directory) as store, store.writing() as writing:
        if change["kind"] == "update":
            text = with_dataset(body.decode(), change["using"], change["using_named"])
            writing.update(text, base=change["base"])
        else:
            _change_graph(store, writing, change, body)
        _say(frame(READY))
        answer = read_frame(_INPUT)
        if answer is None or answer[0] != GO:
            raise _Refused(503, "The change was given up.")


def _opened(directory: Path) -> LocalStore:
    """The store, when no other process writes to it any more; the worker does not wait for ever."""
    while True:
        try:
            return LocalStore.open(directory, "w")
        except StoreLocked:
            time.sleep(_AGAIN)


def _change_graph(store: LocalStore, writing: Writing, change: dict[str, Any], body: bytes) -> None:
    kind, graph = change["kind"], change["graph"]
    if kind == "delete" and graph not in store.graphs():
        raise _Refused(404, "There is no such graph.")
    quads = b"" if kind == "delete" else _nquads(body, change["media_type"], graph)
    if kind in ("delete", "put"):
        writing.remove(graph)
    if quads:
        writing.add(quads)


def _nquads(body: bytes, media_type: str, graph: str) -> bytes:
    rdf_format = ox.RdfFormat.from_media_type(media_type)
    assert rdf_format is not None
    name = ox.NamedNode(graph)
    triples = ox.parse(body, format=rdf_format, base_iri=graph)
    named = (ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in triples)
    return ox.serialize(named, format=ox.RdfFormat.N_QUADS) or b""


def _refuse(status: int, text: str) -> None:
    _say(json_frame(ERROR, {"status": status, "text": text}))


def _say(data: bytes) -> None:
    os.write(1, data)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
