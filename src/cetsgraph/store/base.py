"""What every store can do: answer SPARQL, give its graphs, and be changed in one piece."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import IO, TYPE_CHECKING, ClassVar, Self

import pyoxigraph

from cetsgraph.errors import InvalidIRI, QueryError, StoreError
from cetsgraph.iris import DEFAULT_BASE, is_base
from cetsgraph.rdf import sparql_string
from cetsgraph.texts import shortened

if TYPE_CHECKING:
    from pathlib import Path

    import pandas
    import rdflib

__all__ = ["Store", "Writing", "Settings", "QueryAnswer", "Solutions", "Triples"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a store keeps of how its data sets are named; fixed when it is made."""

    base: str = DEFAULT_BASE
    """What the IRIs of its data sets start with."""
    archive: str = "local"
    """Name of the archive, the next segment of those IRIs."""

    @classmethod
    def given(cls, base: str | None, archive: str | None) -> Self:
        """Settings with the defaults for what is not given.

        Raises:
            InvalidIRI: the base is not the start of an IRI, or the archive has no name.
        """
        if base is not None and not is_base(base):
            expected = "an IRI such as https://example.org/"
            raise InvalidIRI("the base of IRIs cannot be used", found=repr(base), expected=expected)
        if archive is not None and not archive.strip():
            raise InvalidIRI("the archive has no name", found=repr(archive))
        wanted = {"base": base, "archive": archive}
        return cls(**{name: value for name, value in wanted.items() if value is not None})

    def agree(self, location: str, *, base: str | None, archive: str | None) -> None:
        """Raise StoreError where something else is wanted than the store was made with."""
        for name, value in (("base", base), ("archive", archive)):
            kept = getattr(self, name)
            if value is not None and value != kept:
                raise StoreError(
                    f"the store was made with another {name}",
                    location=location,
                    found=value,
                    expected=kept,
                    hint=f"Leave {name} out, or use another store.",
                )


class Solutions(ABC):
    """The answer to a SELECT: rows of terms, to be iterated once."""

    variables: tuple[str, ...]
    """Names of the columns, without the question mark."""

    @abstractmethod
    def __iter__(self) -> Iterator[pyoxigraph.QuerySolution]:
        """Each row, indexed by variable name or column; an unbound variable is None."""

    @abstractmethod
    def serialize(self, format: pyoxigraph.QueryResultsFormat) -> bytes:
        """Write the rows in one of the formats of SPARQL results."""

    def __repr__(self) -> str:
        return shortened(f"<Solutions: {', '.join(f'?{name}' for name in self.variables)}", 299) + ">"

    def write(self, output: IO[bytes], format: pyoxigraph.QueryResultsFormat) -> None:
        """Write the rows to a file, as they come where the store can."""
        output.write(self.serialize(format))


class Triples(ABC):
    """The answer to a CONSTRUCT or DESCRIBE, to be iterated once."""

    @abstractmethod
    def __iter__(self) -> Iterator[pyoxigraph.Triple]: ...

    def __repr__(self) -> str:
        return "<Triples>"


QueryAnswer = Solutions | bool | Triples


class Store(ABC):
    """Named graphs that answer SPARQL. A context manager, closed at its end."""

    location: str
    """Directory or URL, as it stands in messages."""
    in_process: ClassVar[bool] = False
    """Whether queries are answered in this process, so that many small ones cost little."""

    @property
    @abstractmethod
    def settings(self) -> Settings:
        """How its data sets are named."""

    @abstractmethod
    def query(
        self,
        sparql: str,
        *,
        default_graph: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> QueryAnswer:
        """Answer a SPARQL 1.1 query, in which the prefixes of `namespaces.PREFIXES` need no declaration.

        Its dataset is, in this order: the graphs given here, as a SPARQL protocol request does (what is
        not given is then empty); what the query's own `FROM` clauses say; the union of all graphs.

        Raises:
            QuerySyntaxError: the text is not a SPARQL 1.1 query.
            QueryError: the query asks for what this store does not do, such as `SERVICE`.
            StoreError: the store failed, now or while the answer is iterated.
        """

    def select(self, sparql: str, *, default_graph: Sequence[str] | None = None) -> Solutions:
        """Answer a SELECT; raise QueryError where the text is another form of query."""
        answer = self.query(sparql, default_graph=default_graph)
        if not isinstance(answer, Solutions):
            raise QueryError("this query gives no rows", expected="a SELECT query")
        return answer

    def ask(self, sparql: str) -> bool:
        """Answer an ASK; raise QueryError where the text is another form of query."""
        answer = self.query(sparql)
        if not isinstance(answer, bool):
            raise QueryError("this query gives no yes or no", expected="an ASK query")
        return answer

    def frame(self, sparql: str) -> pandas.DataFrame:
        """The rows of a SELECT as a data frame of pandas: numbers and truth values as such, the rest as text.

        Missing values are NA.

        >>> from cetsgraph.store import LocalStore
        >>> LocalStore.memory().frame("SELECT (1.5 AS ?dose) ('a' AS ?name) {}").dtypes.map(str).to_dict()
        {'dose': 'Float64', 'name': 'string'}

        Raises:
            ExtraNotInstalled: pandas is not installed.
            QueryError: the query fails, or gives no rows.
        """
        from cetsgraph.store.frames import frame

        found = self.select(sparql)
        return frame(found.variables, found)

    @abstractmethod
    def quads(self, graph: str | None = None) -> Iterator[pyoxigraph.Quad]:
        """All quads of one named graph, or of all; in no order."""

    def save_graph(self, graph: str, path: Path) -> None:
        """Write the triples of a named graph to a file of N-Triples."""
        triples = (quad.triple for quad in self.quads(graph))
        pyoxigraph.serialize(triples, path, format=pyoxigraph.RdfFormat.N_TRIPLES)

    @abstractmethod
    def graphs(self) -> list[str]:
        """IRIs of the named graphs, sorted."""

    def has_graph(self, graph: str) -> bool:
        """Whether there is a named graph of this IRI."""
        return self.ask(f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")

    def subjects(self, graph: str, predicate: str, text: str) -> list[str]:
        """IRIs of what has this text in a named graph, sorted."""
        said = f"?s <{predicate}> {sparql_string(text)}"
        return sorted(row["s"].value for row in self.select(f"SELECT ?s {{ GRAPH <{graph}> {{ {said} }} }}"))

    @abstractmethod
    def writing(self) -> AbstractContextManager[Writing]:
        """Change the store: what the block did is kept together when it ends, and dropped when it raises.

        Raises:
            StoreReadOnly: the store was opened for reading.
            StoreError: the change cannot be written, for instance because the disk is full.
        """

    @abstractmethod
    def close(self) -> None:
        """Give back what the store holds. Closing twice does nothing."""

    def to_rdflib(self, graph: str | None = None) -> rdflib.Graph:
        """Copy one named graph as an `rdflib.Graph`, or the store as an `rdflib.Dataset`.

        Literals keep the lexical form that the store has.
        """
        from cetsgraph.store import exchange  # rdflib takes long to import

        return exchange.to_rdflib(self.quads(graph), graph)

    def from_rdflib(self, source: rdflib.Graph, graph: str | None = None) -> None:
        """Add an `rdflib.Graph` as named graph `graph`, or each named graph of an `rdflib.Dataset`.

        Raises:
            ValueError: triples without a named graph to go to, a blank node, or what is no RDF term.
        """
        from cetsgraph.store import exchange

        nquads = exchange.from_rdflib(source, graph)
        with self.writing() as writing:
            writing.add(nquads)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {shortened(self.location, 200)!r}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Writing(ABC):
    """A change of a store under way; made by :meth:`Store.writing`. Each call sees what earlier ones did."""

    @abstractmethod
    def add(self, nquads: bytes) -> None:
        """Add quads in N-Quads: fast for new graphs, and quads that are there already do no harm.

        The quads of one call go in together even where the whole change cannot. Additions are collected
        and written in large pieces, in the background: reading the store in between costs speed.
        """

    @abstractmethod
    def discard(self, quads: Iterable[pyoxigraph.Quad]) -> None:
        """Take quads out, those that are there."""

    @abstractmethod
    def replace(self, graph: str, nquads: bytes) -> None:
        """Make the graph hold exactly these quads of it, writing only the difference. No blank nodes."""

    @abstractmethod
    def remove(self, graph: str) -> None:
        """Take a named graph out, if it is there."""

    def update(self, sparql: str, *, base: str | None = None) -> None:
        """Make a change that a SPARQL 1.1 Update says, where the store can.

        Its relative IRIs are resolved against `base`.

        Raises:
            QuerySyntaxError: the text is not a SPARQL 1.1 Update.
            QueryError: it asks for what this store does not do, such as `LOAD`.
        """
        raise QueryError("this store takes no updates as text")

    @abstractmethod
    def commit(self) -> None:
        """Keep what was done so far, even if the block fails later; stores opened from now on have it."""
