"""Answers of the embedded engine, read as they are iterated."""

from collections.abc import Iterator, Sequence
from typing import IO

import pyoxigraph

from cetsgraph.errors import QuerySyntaxError
from cetsgraph.store.base import QueryAnswer, Solutions, Triples
from cetsgraph.store.failures import translated
from cetsgraph.store.prefixes import answered
from cetsgraph.store.sparql import at_most, bounded, is_plain, names_dataset, query_error, refuse_fetching

__all__ = ["EngineAnswer", "bounded_answer", "engine_answer", "local_answer"]


EngineAnswer = pyoxigraph.QuerySolutions | pyoxigraph.QueryTriples | pyoxigraph.QueryBoolean


def engine_answer(
    engine: pyoxigraph.Store,
    sparql: str,
    base: str | None,
    default_graph: Sequence[str] | None,
    named_graphs: Sequence[str] | None,
) -> EngineAnswer:
    """What the engine answers; see :meth:`cetsgraph.store.Store.query`. It has computed little so far.

    Raises:
        QueryError: the engine does not take the query, or it would open a connection.
    """
    plain = is_plain(sparql)  # as most are
    if not plain:
        refuse_fetching(sparql)
    try:
        if default_graph is None and named_graphs is None:
            union = plain or not names_dataset(sparql)  # the engine's union overrides FROM
            return engine.query(sparql, base_iri=base, use_default_graph_as_union=union)
        return engine.query(
            sparql,
            base_iri=base,
            default_graph=[pyoxigraph.NamedNode(graph) for graph in default_graph or ()],
            named_graphs=[pyoxigraph.NamedNode(graph) for graph in named_graphs or ()],
        )
    except (SyntaxError, ValueError) as error:
        raise query_error(error) from error


def bounded_answer(
    engine: pyoxigraph.Store,
    sparql: str,
    most: int,
    base: str,
    default_graphs: Sequence[str],
    named_graphs: Sequence[str],
) -> EngineAnswer:
    """At most so many rows, of which the engine has computed few so far; `base` is for relative IRIs.

    It looks into all graphs where none is named.

    Raises:
        QueryError: the query is none, or would open a connection.
    """
    named = default_graphs or named_graphs
    graphs = (default_graphs, named_graphs) if named else (None, None)

    def answer(text: str) -> EngineAnswer:
        shorter = at_most(text, most)
        try:
            return engine_answer(engine, shorter, base, *graphs)
        except QuerySyntaxError:
            if shorter is text:
                raise
        return engine_answer(engine, bounded(text, most), base, *graphs)

    return answered(sparql, answer)


def local_answer(answer: EngineAnswer, location: str) -> QueryAnswer:
    """What the engine answered, with its failures as StoreErrors."""
    if isinstance(answer, pyoxigraph.QuerySolutions):
        return _LocalSolutions(answer, location)
    if isinstance(answer, pyoxigraph.QueryTriples):
        return _LocalTriples(answer, location)
    return bool(answer)


class _LocalSolutions(Solutions):
    def __init__(self, answer: pyoxigraph.QuerySolutions, location: str) -> None:
        self.variables = tuple(variable.value for variable in answer.variables)
        self._answer = answer
        self._location = location

    def __iter__(self) -> Iterator[pyoxigraph.QuerySolution]:
        with translated(self._location):
            yield from self._answer

    def serialize(self, format: pyoxigraph.QueryResultsFormat) -> bytes:
        with translated(self._location):
            return self._answer.serialize(format=format) or b""

    def write(self, output: IO[bytes], format: pyoxigraph.QueryResultsFormat) -> None:
        with translated(self._location):
            self._answer.serialize(output, format)


class _LocalTriples(Triples):
    def __init__(self, answer: pyoxigraph.QueryTriples, location: str) -> None:
        self._answer = answer
        self._location = location

    def __iter__(self) -> Iterator[pyoxigraph.Triple]:
        with translated(self._location):
            yield from self._answer
