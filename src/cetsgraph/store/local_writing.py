"""A change of a local store: additions go to the engine in large pieces, in the background."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat

from cetsgraph.errors import StoreError
from cetsgraph.store.base import Writing
from cetsgraph.store.failures import translated
from cetsgraph.store.nesting import refuse_deep
from cetsgraph.store.sparql import query_errors, refuse_fetching

__all__ = ["LocalWriting"]

# Some 100,000 quads. Against one bulk load of everything, pieces of 100,000 load at 1.15 of the rate, of
# 20,000 at 0.74; yet a smaller piece is better than an engine that has nothing to do.
_PIECE = 16 * 2**20
_PIECE_FOR_IDLE_ENGINE = 2 * 2**20
# Below some 5,000 quads a transaction is faster than the engine's bulk load, which writes files of its own.
_SMALL = 2**20
# Quads per update, so that the text of one stays small.
_UPDATE = 10_000


class LocalWriting(Writing):
    """Collects additions and hands them to the engine in pieces, while the caller makes the next one."""

    def __init__(
        self,
        engine: pyoxigraph.Store,
        publish: Callable[[], None],
        location: str,
        loader: ThreadPoolExecutor,
    ) -> None:
        self._engine = engine
        self._publish = publish
        self._location = location
        self._loader = loader
        self._collected: list[bytes] = []
        self._size = 0
        self._loading: Future[None] | None = None
        self._uncommitted = False
        self._ended = False

    def add(self, nquads: bytes) -> None:
        """Add N-Quads; they reach the engine in pieces, at the latest with the commit."""
        self._refuse_if_ended()
        self._collected.append(nquads if nquads.endswith(b"\n") else nquads + b"\n")
        self._size += len(nquads)
        if self._size >= (_PIECE_FOR_IDLE_ENGINE if self._idle else _PIECE):
            self._hand_over()

    def discard(self, quads: Iterable[pyoxigraph.Quad]) -> None:
        statements = (f"GRAPH {quad.graph_name} {{ {quad.triple} }}" for quad in quads)
        self._delete(statements)

    def replace(self, graph: str, nquads: bytes) -> None:
        """Make the graph hold exactly these quads; only what differs is written."""
        self.drain()
        name = NamedNode(graph)
        with translated(self._location):
            # Through an engine, so that both sides have the same lexical forms.
            wanted = pyoxigraph.Store()
            _load(wanted, nquads)
            stray = [str(other) for other in wanted.named_graphs() if other != name]
            if stray or any(wanted.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph())):
                raise ValueError(f"expected quads of {name} only, found some of {stray or 'no graph'}")
            old, new = _lines(self._engine, name), _lines(wanted, name)
        if not new:
            self.remove(graph)
            return
        self._delete(f"GRAPH {name} {{ {line.decode()} }}" for line in old - new)
        self.add(b"".join(line[:-1] + f"{name} .\n".encode() for line in new - old))

    def remove(self, graph: str) -> None:
        """Remove a graph; one that is not there is no error."""
        self.drain()
        with translated(self._location):
            name = NamedNode(graph)
            if self._engine.contains_named_graph(name):
                self._engine.remove_graph(name)
                self._uncommitted = True

    def update(self, sparql: str, *, base: str | None = None) -> None:
        """Run a SPARQL update, after all that was added before it."""
        refuse_deep(sparql, "update")
        refuse_fetching(sparql, update=True)
        self.drain()
        with translated(self._location), query_errors():
            self._engine.update(sparql, base_iri=base)
            self._uncommitted = True

    def commit(self) -> None:
        """Keep what was done so far as the store's newest state."""
        self.drain()
        if self._uncommitted:
            self._publish()
        self._uncommitted = False

    def drain(self) -> None:
        """Have the engine hold all that was added."""
        self._refuse_if_ended()
        if self._collected:
            self._hand_over()
        self._wait()

    def abandon(self) -> None:
        """Forget what was not handed over, and wait for what was."""
        self._collected.clear()
        if self._loading is not None:
            self._loading.exception()

    def end(self) -> None:
        """Do nothing from now on, since it would be lost, and let go of the engine."""
        self._ended = True
        del self._engine

    @property
    def _idle(self) -> bool:
        return self._loading is None or self._loading.done()

    def _refuse_if_ended(self) -> None:
        if self._ended:
            raise StoreError("this change has ended", location=self._location)

    def _delete(self, statements: Iterable[str]) -> None:
        self.drain()
        remaining = iter(statements)
        with translated(self._location):
            while piece := list(islice(remaining, _UPDATE)):
                self._engine.update(f"DELETE DATA {{ {' '.join(piece)} }}")
                self._uncommitted = True

    def _hand_over(self) -> None:
        self._wait()
        piece = b"".join(self._collected)
        self._collected.clear()
        self._size = 0
        self._uncommitted = True
        self._loading = self._loader.submit(_load, self._engine, piece)

    def _wait(self) -> None:
        if self._loading is not None:
            loading, self._loading = self._loading, None
            with translated(self._location):
                loading.result()


def _load(engine: pyoxigraph.Store, nquads: bytes) -> None:
    load = engine.bulk_load if len(nquads) > _SMALL else engine.load
    try:
        load(nquads, RdfFormat.N_QUADS)
    except SyntaxError as error:
        raise ValueError(f"not N-Quads: {error.msg}") from error


def _lines(engine: pyoxigraph.Store, graph: NamedNode) -> set[bytes]:
    """The triples of a graph as lines of N-Triples, each ending in a full stop."""
    dump = engine.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b""
    return set(dump.split(b"\n")) - {b""}
