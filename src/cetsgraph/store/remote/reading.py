"""Whole graphs from an endpoint, in pages that it gives whole, and with every digit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad

from cetsgraph.errors import EndpointAnswer, StoreError
from cetsgraph.namespaces import XSD
from cetsgraph.store.base import Solutions

__all__ = ["RemoteReading"]

_PAGE = 5_000  # triples: many endpoints cut an answer at 10,000 rows
_SUBJECTS = 200

# What was written, even where an endpoint answers in another form. Only literals have a datatype or language;
# some endpoints say no datatype of text with a language. Virtuoso's STR gives 16 digits of a double, of which
# some need 17: the rest is what is missing.
_TERMS = f"""SELECT ?s ?p (STR(?o) AS ?value) (DATATYPE(?o) AS ?datatype) (LANG(?o) AS ?language)
       (STR(?o - <{XSD}double>(STR(?o))) AS ?rest)
WHERE"""


class RemoteReading:
    """Reads one graph. `rows` answers a SELECT."""

    def __init__(self, rows: Callable[[str], Solutions], location: str, graph: str) -> None:
        self._rows = rows
        self._location = location
        self._graph = graph

    def __iter__(self) -> Iterator[Quad]:
        """All quads of the graph.

        Raises:
            StoreError: there are blank nodes, whose names differ from one page to the next.
            EndpointAnswer: the endpoint does not give as many triples as it counts.
        """
        count = self._rows(f"SELECT (COUNT(*) AS ?n) {{ {self._all()} }}")
        total = sum(int(row["n"].value) for row in count)
        if total <= _PAGE:
            found = list(self._quads(self._all()))
            if len(found) == total:
                yield from found
                return
        given = 0
        for quad in self._by_subject(total):
            given += 1
            yield quad
        if given != total:
            raise EndpointAnswer(
                "the endpoint does not give a whole graph",
                url=self._location,
                found=f"{given:,} triples of <{self._graph}>",
                expected=f"{total:,}",
            )

    def _by_subject(self, total: int) -> Iterator[Quad]:
        """As many subjects at a time as have a page of triples."""
        piece: list[str] = []
        size = 0
        for subject, count in self._subjects(total):
            if piece and (size + count > _PAGE or len(piece) == _SUBJECTS):
                yield from self._quads(f"VALUES ?s {{ {' '.join(piece)} }} {self._all()}")
                piece, size = [], 0
            if count > _PAGE:
                yield from self._by_predicate(subject)
            else:
                piece.append(str(subject))
                size += count
        if piece:
            yield from self._quads(f"VALUES ?s {{ {' '.join(piece)} }} {self._all()}")

    def _subjects(self, total: int) -> Iterator[tuple[NamedNode, int]]:
        """Each subject, with how many triples it has."""
        seen, last = 0, ""
        while seen < total:
            pattern = f"{self._all()} FILTER(STR(?s) > {Literal(last)})"
            page = f"GROUP BY ?s ORDER BY STR(?s) LIMIT {_PAGE}"
            rows = list(self._rows(f"SELECT ?s (COUNT(*) AS ?n) {{ {pattern} }} {page}"))
            for row in rows:
                subject, count = row["s"], int(row["n"].value)
                if not isinstance(subject, NamedNode):
                    raise self._blank()
                yield subject, count
                seen += count
                last = subject.value
            if not rows:
                return

    def _by_predicate(self, subject: NamedNode) -> Iterator[Quad]:
        """A subject of more than a page: what holds everything else."""
        counts = f"SELECT ?p (COUNT(*) AS ?n) {{ {self._all(str(subject))} }} GROUP BY ?p"
        for row in list(self._rows(counts)):
            pattern = f"VALUES (?s ?p) {{ ({subject} {row['p']}) }} {self._all()}"
            if int(row["n"].value) <= _PAGE:
                yield from self._quads(pattern)
                continue
            last: str | None = ""
            while last is not None:
                page = f"ORDER BY STR(?o) LIMIT {_PAGE}"
                quads = list(self._quads(f"{pattern} FILTER(STR(?o) > {Literal(last)})", page))
                yield from quads
                last = getattr(quads[-1].object, "value", None) if quads else None

    def _all(self, subject: str = "?s") -> str:
        return f"GRAPH <{self._graph}> {{ {subject} ?p ?o }}"

    def _quads(self, pattern: str, page: str = "") -> Iterator[Quad]:
        name = NamedNode(self._graph)
        for row in self._rows(f"{_TERMS} {{ {pattern} }} {page}"):
            subject, predicate = row["s"], row["p"]
            if not isinstance(subject, NamedNode) or row["value"] is None:
                raise self._blank()
            yield Quad(subject, predicate, _term(row), name)

    def _blank(self) -> StoreError:
        return StoreError(
            "a graph has blank nodes",
            location=self._location,
            found=f"<{self._graph}>",
            expected="IRIs only",
        )


def _term(row: pyoxigraph.QuerySolution) -> NamedNode | Literal:
    value, datatype, language = row["value"].value, row["datatype"], row["language"]
    if language is not None and language.value:
        return Literal(value, language=language.value)
    if datatype is None:
        return NamedNode(value)
    if datatype.value == f"{XSD}double" and row["rest"] is not None:
        rest = float(row["rest"].value)
        if math.isfinite(rest) and (rest or len(value) > 16):
            value = repr(float(value) + rest)
    return Literal(value, datatype=datatype)
