"""Answers of the embedded engine, read as they are iterated."""

from collections.abc import Iterator
from typing import IO

import pyoxigraph

from cetsgraph.store.base import QueryAnswer, Solutions, Triples
from cetsgraph.store.failures import translated

__all__ = ["local_answer"]


def local_answer(
    answer: pyoxigraph.QuerySolutions | pyoxigraph.QueryTriples | pyoxigraph.QueryBoolean, location: str
) -> QueryAnswer:
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
