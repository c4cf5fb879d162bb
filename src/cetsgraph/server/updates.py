"""Changes from holders of a token: each made by a process of its own, whole or not at all."""

import asyncio
import hmac
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pyoxigraph as ox
from starlette.exceptions import HTTPException

from cetsgraph.errors import CetsGraphError, QueryError, StoreLocked
from cetsgraph.server.answer import StreamedAnswer
from cetsgraph.server.limits import Limits
from cetsgraph.server.processes import Processes
from cetsgraph.server.query_line import QueryLine
from cetsgraph.server.query_process import GO, Output, Work
from cetsgraph.server.sparql.protocol import Operation
from cetsgraph.store import LocalStore, Writing
from cetsgraph.store.readers import NO_SNAPSHOT
from cetsgraph.store.sparql import with_dataset

__all__ = ["Tokens", "Updates", "change_graph", "update"]

_AGAIN = 0.05  # seconds until a store that another process writes is tried again
_COMMIT = 60.0  # seconds in which a change that was made is kept, at the longest

Triples = tuple[str, bytes]
"""Their media type, and how they are written in it."""


class Tokens:
    """The tokens of a file, one a line, that may write. The file is read anew for each write."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def known(self) -> list[bytes]:
        """All of them.

        Raises:
            CetsGraphError: the file cannot be read, or has no token.
        """
        try:
            tokens = self._path.read_bytes().split()
        except OSError as error:
            raise CetsGraphError("the tokens cannot be read", where=self._path, found=str(error)) from error
        if not tokens:
            raise CetsGraphError("there is no token", where=self._path, hint="Write one into the file.")
        return tokens

    def allow(self, authorization: str | None) -> bool:
        """Whether an Authorization header has one of the tokens, found in a time that tells nothing."""
        scheme, _, token = (authorization or "").partition(" ")
        try:
            known = self.known()
        except CetsGraphError:
            return False
        matches = [hmac.compare_digest(token.strip().encode("latin-1"), one) for one in known]
        return scheme.lower() == "bearer" and any(matches)


class Updates:
    """Makes changes of a store, one after the other; a change that takes too much is given up."""

    def __init__(self, directory: Path, tokens: Tokens, limits: Limits) -> None:
        self.tokens = tokens
        """Who may make them."""
        self._directory = directory
        self._limits = limits
        self._processes = Processes(limits.memory)
        self._turn = asyncio.Lock()

    async def make(self, work: Work, *arguments: object) -> None:
        """Have :func:`update` or :func:`change_graph` make a change; the next query sees it.

        Raises:
            HTTPException: it was not made; or, where the text says so, it may have been.
        """
        answer = StreamedAnswer(self._limits.seconds, work, self._directory, *arguments)
        await asyncio.shield(self._make(answer))  # it goes on where the client leaves

    async def _make(self, answer: StreamedAnswer) -> None:
        try:
            async with asyncio.timeout(self._limits.seconds) as patience, self._turn:
                # What has a snapshot open, or is a copy of it, cannot open the store for writing.
                with closing(QueryLine(self._processes, NO_SNAPSHOT, self._limits)) as line:
                    line.put(answer)
                    await anext(aiter(answer))  # it is made, and can be kept
                    if answer.process is not None:
                        answer.process.send(GO)
                    patience.reschedule(asyncio.get_running_loop().time() + _COMMIT)
                    await answer.whole
        except TimeoutError:
            text = "Others write, and nothing was changed; try again later."
            if answer.media_type:
                text = "The change was made, but whether it was kept is not known: look."
            elif answer.process is not None:
                text = f"The change took longer than {self._limits.seconds:g} s; nothing was changed."
            raise HTTPException(500 if answer.media_type else 503, text) from None


def update(engine: ox.Store, output: Output, directory: Path, operation: Operation) -> None:
    """Make a SPARQL Update of the store in this directory."""
    with _changing(directory, output) as (_, writing):
        writing.update(with_dataset(operation.text, *operation.graphs), base=operation.base)


def change_graph(
    engine: ox.Store, output: Output, directory: Path, method: str, graphs: Sequence[str], given: Triples
) -> None:
    """PUT, POST or DELETE a graph: the first of these that is there, or else the last.

    Raises:
        HTTPException: there is none to delete.
    """
    with _changing(directory, output) as (store, writing):
        known = [graph for graph in graphs if graph in store.graphs()]
        if method == "DELETE" and not known:
            raise HTTPException(404, "There is no such graph.")
        graph = known[0] if known else graphs[-1]
        quads = b"" if method == "DELETE" else _nquads(given, graph)
        if method != "POST":
            writing.remove(graph)
        if quads:
            writing.add(quads)


@contextmanager
def _changing(directory: Path, output: Output) -> Iterator[tuple[LocalStore, Writing]]:
    """Keep what the block does when the worker lets it be kept.

    Raises:
        HTTPException: it cannot be done.
    """
    output.begin("text/plain")
    try:
        with _opened(directory) as store, store.writing() as writing:
            yield store, writing
            output.wait_for_go()
    except (QueryError, SyntaxError, ValueError) as error:
        raise HTTPException(400, str(error)) from error
    except CetsGraphError as error:
        raise HTTPException(500, f"The change was not made: {error.what}.") from error


def _opened(directory: Path) -> LocalStore:
    """The store, when no other process writes to it any more; the worker does not wait for ever."""
    while True:
        try:
            return LocalStore.open(directory, "w")
        except StoreLocked:
            time.sleep(_AGAIN)


def _nquads(given: Triples, graph: str) -> bytes:
    name = ox.NamedNode(graph)
    triples = ox.parse(given[1], format=ox.RdfFormat.from_media_type(given[0]), base_iri=graph)
    named = (ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in triples)
    return ox.serialize(named, format=ox.RdfFormat.N_QUADS) or b""
