"""A snapshot as a store whose queries run in the pool: for pages and descriptions, which ask several."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager

import pyoxigraph as ox

from cetsgraph.errors import StoreReadOnly
from cetsgraph.server.query_pool import QueryPool
from cetsgraph.server.snapshots import Snapshot
from cetsgraph.store import QueryAnswer, Settings, Solutions, Store, Triples, Writing

__all__ = ["PooledStore"]

_ROWS, _TRIPLES = "application/sparql-results+json", "application/n-triples"
_MOST_BYTES = 256 * 2**20


class PooledStore(Store):
    """To be used in threads beside the event loop of the pool; each query has the limits of any other."""

    def __init__(self, snapshot: Snapshot, pool: QueryPool, loop: asyncio.AbstractEventLoop) -> None:
        self.location = snapshot.path
        self._snapshot = snapshot
        self._pool = pool
        self._loop = loop

    @property
    def settings(self) -> Settings:
        return self._snapshot.settings

    def query(
        self,
        sparql: str,
        *,
        default_graph: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> QueryAnswer:
        """Answer a query in a query process, within its limits."""
        request = {
            "query": sparql,
            "snapshot": self._snapshot.path,
            "base": None,
            "default_graphs": default_graph or (),
            "named_graphs": named_graphs or (),
            "rows": _ROWS,
            "triples": _TRIPLES,
            "most_rows": None,
            "most_bytes": _MOST_BYTES,
        }
        answered = asyncio.run_coroutine_threadsafe(self._pool.answer(request), self._loop)
        body = answered.result()
        if body.media_type == _TRIPLES:
            return _PooledTriples(body.content())
        results = ox.parse_query_results(body.content(), ox.QueryResultsFormat.JSON)
        return _PooledSolutions(results) if isinstance(results, ox.QuerySolutions) else bool(results)

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """All quads of one named graph, or of all; in no order."""
        for name in self.graphs() if graph is None else [graph]:
            node = ox.NamedNode(name)
            answer = self.query(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH {node} {{ ?s ?p ?o }} }}")
            assert isinstance(answer, Triples)
            yield from (ox.Quad(one.subject, one.predicate, one.object, node) for one in answer)

    def graphs(self) -> list[str]:
        return sorted(row["graph"].value for row in self.select("SELECT ?graph { GRAPH ?graph {} }"))

    def writing(self) -> AbstractContextManager[Writing]:
        raise StoreReadOnly("a snapshot does not change", location=self.location)

    def close(self) -> None:
        """Nothing: the pool goes on."""


class _PooledSolutions(Solutions):
    def __init__(self, rows: ox.QuerySolutions) -> None:
        self.variables = tuple(variable.value for variable in rows.variables)
        self._rows = rows

    def __iter__(self) -> Iterator[ox.QuerySolution]:
        return iter(self._rows)

    def serialize(self, format: ox.QueryResultsFormat) -> bytes:
        return self._rows.serialize(format=format) or b""


class _PooledTriples(Triples):
    def __init__(self, ntriples: bytes) -> None:
        self._ntriples = ntriples

    def __iter__(self) -> Iterator[ox.Triple]:
        return (quad.triple for quad in ox.parse(self._ntriples, format=ox.RdfFormat.N_TRIPLES))
