"""Writes from holders of a token: one process makes them, one after the other, each whole or not at all."""

import asyncio
import hmac
import json
import os
import re
import socket
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox

from cetsgraph.errors import CetsGraphError, QueryError, StoreLocked
from cetsgraph.server.protocol import GRAPH_FORMATS
from cetsgraph.store import LocalStore
from cetsgraph.store.sparql import TOKEN

__all__ = ["Change", "Refused", "Tokens", "Writer", "with_dataset", "write_changes", "writer_socket"]

_PART = re.compile(rf"{TOKEN.pattern} | (?P<mark>[{{}}])", re.VERBOSE | re.DOTALL)


class Refused(Exception):
    """A change that was not made; the status says why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


@dataclass(frozen=True, slots=True)
class Change:
    """What a request wants changed: an update, or a graph to put, post to, or delete."""

    kind: str
    """`update`, `put`, `post` or `delete`."""
    graph: str | None = None
    media_type: str | None = None
    base: str | None = None


class Tokens:
    """The tokens of a file, one a line, that may write; read again when it changes.

    Raises:
        CetsGraphError: the file cannot be read, or has no token.
    """

    def __init__(self, path: Path) -> None:
        try:
            lines = path.read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError) as error:
            raise CetsGraphError("the tokens cannot be read", where=path, found=str(error)) from error
        if not lines:
            raise CetsGraphError("there is no token", where=path, hint="Write one into the file, on a line.")
        self._tokens = [line.encode() for line in lines]

    def allow(self, authorization: str | None) -> bool:
        """Whether an Authorization header has one of the tokens, found in a time that tells nothing."""
        scheme, _, token = (authorization or "").partition(" ")
        matches = [hmac.compare_digest(token.strip().encode(), known) for known in self._tokens]
        return scheme.lower() == "bearer" and any(matches)


class Writer:
    """The way from a worker to the process that writes."""

    def __init__(self, address: str, seconds: float) -> None:
        self._address = address
        self._seconds = seconds

    async def change(self, change: Change, body: bytes) -> None:
        """Make a change; when this returns, the next query sees it.

        Raises:
            Refused: it was not made.
        """
        try:
            async with asyncio.timeout(self._seconds):
                reading, writing = await asyncio.open_unix_connection(self._address)
                try:
                    header = json.dumps(asdict(change) | {"bytes": len(body)}).encode()
                    writing.write(header + b"\n" + body)
                    await writing.drain()
                    answer = json.loads(await reading.readline() or b'{"status": 503, "text": "gone"}')
                finally:
                    writing.close()
        except (OSError, TimeoutError) as error:
            raise Refused(503, "The change was not confirmed in time.") from error
        if answer["status"] >= 300:
            raise Refused(answer["status"], answer["text"])


def write_changes(directory: Path, listening: socket.socket) -> NoReturn:
    """Be the process that writes: take changes from the socket for ever."""
    while True:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb") as stream:
            header = json.loads(stream.readline() or b"null")
            if header is None:
                continue
            body = stream.read(header.pop("bytes"))
            try:
                _make(directory, Change(**header), body)
                answer = {"status": 204, "text": ""}
            except Refused as refused:
                answer = {"status": refused.status, "text": refused.text}
            stream.write(json.dumps(answer).encode() + b"\n")


def _make(directory: Path, change: Change, body: bytes) -> None:
    try:
        with LocalStore.open(directory, "w") as store, store.writing() as writing:
            if change.kind == "update":
                writing.update(body.decode(), base=change.base)
                return
            assert change.graph is not None
            if change.kind == "delete" and change.graph not in store.graphs():
                raise Refused(404, "There is no such graph.")
            if change.kind in ("delete", "put"):
                writing.remove(change.graph)
            if change.kind in ("put", "post"):
                writing.add(_nquads(body, change.media_type or "", change.graph))
    except StoreLocked as error:
        raise Refused(503, "Another process writes to the store.") from error
    except (QueryError, SyntaxError, ValueError) as error:
        raise Refused(400, str(error)) from error
    except CetsGraphError as error:
        raise Refused(500, error.what) from error


def _nquads(body: bytes, media_type: str, graph: str) -> bytes:
    quads = ox.parse(body, format=GRAPH_FORMATS[media_type], base_iri=graph)
    name = ox.NamedNode(graph)
    named = (ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in quads)
    return ox.serialize(named, format=ox.RdfFormat.N_QUADS) or b""


def with_dataset(update: str, using: Sequence[str], named: Sequence[str]) -> str:
    """An update whose `WHERE` looks into the graphs that the request names.

    >>> with_dataset("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", ["http://example.org/g"], [])
    'DELETE { ?s ?p ?o } USING <http://example.org/g> WHERE { ?s ?p ?o }'

    Raises:
        QueryError: the update names graphs itself.
    """
    if not (using or named):
        return update
    try:
        graphs = "".join(f"USING {ox.NamedNode(iri)} " for iri in using)
        graphs += "".join(f"USING NAMED {ox.NamedNode(iri)} " for iri in named)
    except ValueError as error:
        raise QueryError(f"a graph has no valid IRI: {error}") from error
    depth, before, pieces, start = 0, "", [], 0
    for part in _PART.finditer(update):
        word = (part["word"] or "").upper() if not part["name"] else ""
        if part["mark"]:
            depth += 1 if part["mark"] == "{" else -1
        elif depth == 0 and word in ("USING", "WITH"):
            raise QueryError("the update names graphs, and so does the request")
        elif depth == 0 and word == "WHERE" and before == "}":
            pieces.append(update[start : part.start()] + graphs)
            start = part.start()
        if not part[0].startswith("#"):
            before = part["mark"] or word
    return "".join(pieces) + update[start:]


def writer_socket() -> tuple[socket.socket, str]:
    """A socket that workers reach the writer by, in a folder that only this user can enter."""
    folder = tempfile.mkdtemp(prefix="cetsgraph-")
    address = os.path.join(folder, "writer")
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(address)
    listening.listen(128)
    return listening, address
