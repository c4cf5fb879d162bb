"""Changes of a remote store: SPARQL updates of a size that endpoints take, one request after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat

from cetsgraph.errors import StoreError
from cetsgraph.namespaces import CATALOGUE, CETS, VOID
from cetsgraph.store.base import Settings, Writing
from cetsgraph.store.remote.protocol import Protocol

__all__ = ["RemoteWriting"]

# Virtuoso refuses more at once: its compiler needs a stack frame per triple.
_TRIPLES = 2_000
_BYTES = 2**20


class RemoteWriting(Writing):
    """Each request is kept as soon as it is answered, so a change that stops half-way is half done.

    What goes in last is therefore what says that the rest is there: in an addition the catalogue's record
    comes after its graph, and is never split. A data set of up to 2,000 triples goes in with its record.
    """

    def __init__(self, protocol: Protocol, graph_store: str | None) -> None:
        self._protocol = protocol
        self._graph_store = graph_store
        self._settings: Settings | None = None
        self._ended = False

    def keep(self, settings: Settings) -> None:
        """Write with the first addition how data sets are named here."""
        self._settings = settings

    def add(self, nquads: bytes) -> None:
        """Send N-Quads in requests of bounded size; each is kept by the endpoint at once."""
        self._refuse_if_ended()
        self._keep_settings()
        quads = pyoxigraph.parse(nquads, format=RdfFormat.N_QUADS)
        if self._graph_store is None:
            for piece in _pieces(quads):
                self._protocol.update(f"INSERT DATA {{ {piece} }}")
            return
        for graph, group in groupby(quads, key=lambda quad: quad.graph_name):
            triples = b"".join(f"{quad.triple} .\n".encode() for quad in group)
            self._protocol.store_graph("POST", self._graph_store, _name(graph), triples)

    def discard(self, quads: Iterable[pyoxigraph.Quad]) -> None:
        """Delete quads in requests of bounded size; those that are not there are no error."""
        self._refuse_if_ended()
        for piece in _pieces(quads):
            self._protocol.update(f"DELETE DATA {{ {piece} }}")

    def replace(self, graph: str, nquads: bytes) -> None:
        """Make the graph hold exactly these quads: it is emptied, and filled again."""
        self.remove(graph)
        self.add(nquads)

    def remove(self, graph: str) -> None:
        """Remove a graph; one that is not there is no error."""
        self._refuse_if_ended()
        name = NamedNode(graph)
        if self._graph_store is None:
            self._protocol.update(f"DROP SILENT GRAPH {name}")
        else:
            self._protocol.store_graph("DELETE", self._graph_store, graph)

    def commit(self) -> None:
        self._refuse_if_ended()

    def end(self) -> None:
        """Do nothing from now on."""
        self._ended = True

    def _keep_settings(self) -> None:
        if self._settings is None:
            return
        settings, self._settings = self._settings, None
        said = f"<{VOID}uriSpace> {Literal(settings.base)} ; <{CETS}archiveName> {Literal(settings.archive)}"
        self._protocol.update(f"INSERT DATA {{ GRAPH <{CATALOGUE}> {{ <{CATALOGUE}> {said} }} }}")

    def _refuse_if_ended(self) -> None:
        if self._ended:
            raise StoreError("this change has ended", location=self._protocol.update_url)


def _pieces(quads: Iterable[pyoxigraph.Quad]) -> Iterator[str]:
    """Quads as `GRAPH … { … }`, as much as one update takes; what can stay in one piece is not split."""
    pieces: list[str] = []
    triples = size = 0
    for graph, group in groupby(quads, key=lambda quad: quad.graph_name):
        for run in _runs(f"{quad.triple} ." for quad in group):
            length = sum(map(len, run))
            if pieces and (triples + len(run) > _TRIPLES or size + length > _BYTES):
                yield " ".join(pieces)
                pieces, triples, size = [], 0, 0
            pieces.append(f"GRAPH <{_name(graph)}> {{ {' '.join(run)} }}")
            triples += len(run)
            size += length
    if pieces:
        yield " ".join(pieces)


def _runs(statements: Iterable[str]) -> Iterator[list[str]]:
    run: list[str] = []
    size = 0
    for statement in statements:
        if run and (len(run) == _TRIPLES or size + len(statement) > _BYTES):
            yield run
            run, size = [], 0
        run.append(statement)
        size += len(statement)
    if run:
        yield run


def _name(graph: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.DefaultGraph) -> str:
    if not isinstance(graph, NamedNode):
        raise ValueError(f"expected quads of named graphs, found some of {graph}")
    return graph.value
