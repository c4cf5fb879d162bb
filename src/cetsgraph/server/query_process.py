"""What a query process does: the work that requests name, one after the other, on a snapshot that is open.

Requests come on a socket, pickled: module and name of a function, which gets the
engine and the output, and its other arguments.
Answers go back in pieces: a letter, a length, and so many bytes.
"""

import json
import os
import pickle
import socket
import struct
from collections.abc import Callable
from functools import cache
from importlib import import_module

import pyoxigraph as ox
from starlette.exceptions import HTTPException

from cetsgraph.errors import QueryError, QuerySyntaxError

__all__ = ["CUT", "DATA", "END", "ERROR", "GO", "PIECE", "Output", "Work", "answer_requests"]

PIECE = struct.Struct(">cI")
DATA, END, CUT, ERROR = b"d", b"e", b"c", b"x"
"""Letters of pieces: more comes; this is the last; it is, and rows were cut; no answer, and JSON says why."""
GO = b"g"
"""What lets a process keep the change that it has made."""
Work = Callable[..., None]
"""A function of a module: it gets the engine, an :class:`Output`, and the arguments of a request."""

_AT_ONCE = 2**16  # bytes of a piece


class Output:
    """Where the answer to a request goes. A file for the engine."""

    __slots__ = ("_connection", "_parts", "_size", "_waiting", "last", "mark", "marks", "most")

    def __init__(self, connection: socket.socket) -> None:
        self.most: int | None = None
        """Bytes that the answer may have."""
        self.last = END
        self.mark, self.marks = b"\n", 0
        """Bytes that each row has at least once, and how often they were written."""
        self._connection = connection
        self._parts: list[bytes] = []
        self._waiting = self._size = 0

    def begin(self, media_type: str, status: int = 200) -> None:
        """The answer has this form."""
        self._parts.append(f"{status} {media_type}\n".encode())

    def write(self, data: bytes) -> int:
        """Go on with the answer; raise HTTPException where it becomes too large."""
        size = len(data)
        self._size += size
        if self.most is not None and self._size > self.most:
            raise HTTPException(503, f"The answer was given up: it is larger than {self.most} bytes.")
        if self._waiting >= _AT_ONCE:
            self.send(DATA)
        self._parts.append(data)
        self._waiting += size
        self.marks += data.count(self.mark)
        return size

    def flush(self) -> None:
        """Nothing: the engine calls it at the end, and so small answers go in one piece."""

    def send(self, kind: bytes) -> None:
        """Send what was written."""
        content = b"".join(self._parts)
        self._connection.sendall(PIECE.pack(kind, len(content)) + content)
        self._parts.clear()
        self._waiting = 0

    def cut(self, member: bytes) -> None:
        """There are more rows than were written; an answer in JSON has a member that says so."""
        if self._parts[-1].endswith(b"}"):
            self._parts[-1] = self._parts[-1][:-1] + b"," + member + b"}"
        self.last = CUT

    def refuse(self, status: int, text: str, **syntax: object) -> None:
        """There is no answer, or not all of it; `syntax` says what is no SPARQL in a query, and where."""
        self._parts = [json.dumps({"status": status, "text": text, "syntax": syntax}).encode()]
        self.send(ERROR)

    def wait_for_go(self) -> None:
        """Say that a change is made, and wait until the worker lets it be kept, or raise HTTPException."""
        self.send(DATA)
        if not self._connection.recv(1):
            raise HTTPException(503, "The change was given up.")


def answer_requests(engine: ox.Store, connection: socket.socket, memory: int) -> None:
    """Answer requests, each with so much memory, until the worker that sends them has ended."""
    any(engine.query("SELECT * { ?s ?p ?o } LIMIT 1", use_default_graph_as_union=True))  # type: ignore[arg-type]
    connection.sendall(PIECE.pack(END, 8) + b"%8d" % os.getpid())
    requests = connection.makefile("rb")
    while requests.peek(1):
        module, name, arguments = pickle.load(requests)
        output = Output(connection)
        try:
            _work(module, name)(engine, output, *arguments)
            output.send(output.last)
        except QuerySyntaxError as error:
            place = {"line": error.line, "column": error.column}
            output.refuse(400, str(error), what=error.what, hint=error.hint, **place)
        except QueryError as error:
            output.refuse(400, str(error))
        except HTTPException as error:
            output.refuse(error.status_code, error.detail)
        except MemoryError:
            output.refuse(503, f"The answer was given up: it took more than {memory // 2**20} MB of memory.")
        except (OSError, RuntimeError) as error:
            output.refuse(503, f"The store cannot be read: {error}.")


@cache
def _work(module: str, name: str) -> Work:
    work: Work = getattr(import_module(module), name)
    return work
