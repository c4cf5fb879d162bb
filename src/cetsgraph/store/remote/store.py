"""A store behind a SPARQL 1.1 endpoint, one's own or another's."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from threading import Lock

import httpx
import pyoxigraph
from pyoxigraph import NamedNode

from cetsgraph.errors import EndpointWarning, QueryError, StoreError
from cetsgraph.iris import is_iri
from cetsgraph.namespaces import CATALOGUE, CETS, VOID
from cetsgraph.store.base import QueryAnswer, Settings, Solutions, Store, Writing
from cetsgraph.store.nesting import refuse_deep
from cetsgraph.store.prefixes import answered
from cetsgraph.store.remote.credentials import CredentialSource, credentials_for
from cetsgraph.store.remote.http import Client
from cetsgraph.store.remote.protocol import Protocol, RemoteSolutions, checked_url
from cetsgraph.store.remote.reading import RemoteReading
from cetsgraph.store.remote.writing import RemoteWriting
from cetsgraph.store.sparql import fetching_keyword, names_dataset, without_dataset
from cetsgraph.versions import __version__

__all__ = ["RemoteStore"]

USER_AGENT = f"cetsgraph/{__version__}"
_NO_GRAPH = "urn:cetsgraph:no-graph"
_MOST_GRAPHS = 2_000  # a request names them all where the endpoint has no union


class RemoteStore(Store):
    """An endpoint by its URL. Nothing is asked before the first question; threads may ask together.

    A write is a series of requests, and not atomic: see :class:`RemoteWriting`.

    Args:
        url: where queries go. Its query string, if any, is sent with each and is in no message.
        connect_timeout: seconds for a connection.
        timeout: seconds for a whole answer, connection and redirects included.
        max_bytes: how large an answer may be, decompressed.
        update_url: where SPARQL updates go; `url` if not given, or `…/update` where that is `…/query`.
        graph_store_url: where triples are added by the Graph Store Protocol instead of updates.
        user_agent: how the program calls itself.
        base: what IRIs of data sets start with, where the endpoint keeps nothing else.
        archive: name of the archive, as for the base.
        credentials: `environment` (or else netrc), `netrc` only, or `none`. With several endpoints take
            `netrc`: what is in the environment would go to each of them.
        transport: what carries requests instead of the network, such as `httpx.MockTransport` in a test.
        quiet: raise no warnings about an endpoint that answers less well than it could.
        stays: refuse redirects to other servers.

    Raises:
        StoreError: a URL is not http or https or has a password in it, or credentials cannot be read.
    """

    def __init__(
        self,
        url: str,
        *,
        connect_timeout: float = 10.0,
        timeout: float = 60.0,
        max_bytes: int = 256 * 2**20,
        update_url: str | None = None,
        graph_store_url: str | None = None,
        user_agent: str = USER_AGENT,
        base: str | None = None,
        archive: str | None = None,
        credentials: CredentialSource = "environment",
        transport: httpx.BaseTransport | None = None,
        quiet: bool = False,
        stays: bool = False,
    ) -> None:
        url = checked_url(url)
        update_url = checked_url(update_url or _update_url(url))
        known = credentials_for(url, credentials)
        client = Client(connect_timeout, timeout, max_bytes, known, transport, stays=stays)
        self._protocol = Protocol(url, update_url, client, user_agent)
        self._graph_store = checked_url(graph_store_url) if graph_store_url else None
        self.location = self._protocol.url
        self._wanted = (base, archive)
        self._union: bool | None = None
        self._probing = Lock()
        self._closed = False
        self._quiet = quiet

    @cached_property
    def settings(self) -> Settings:
        """As they stand in the catalogue; without one, those that were given."""
        query = (
            f"SELECT ?base ?archive {{ GRAPH <{CATALOGUE}> "
            f"{{ <{CATALOGUE}> <{VOID}uriSpace> ?base ; <{CETS}archiveName> ?archive }} }}"
        )
        base, archive = self._wanted
        for row in self._rows(query):
            kept = Settings(row["base"].value, row["archive"].value)
            kept.agree(self.location, base=base, archive=archive)
            return kept
        return Settings.given(base, archive)

    def query(
        self,
        sparql: str,
        *,
        default_graph: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> QueryAnswer:
        """Answer a SPARQL 1.1 query; see :meth:`Store.query`.

        Where the endpoint's default graph is not the union of its graphs, a query that says nothing of its
        dataset is sent with the names of all graphs, so that its answer is right all the same.

        Raises:
            QuerySyntaxError: the endpoint refuses the text, and it is not SPARQL 1.1.
            QueryError: the query has a `SERVICE` or is nested too deeply, or a graph is not an IRI.
            EndpointUnreachable, EndpointTimeout, EndpointStatus: there was no answer.
            EndpointAnswer: what came under a status of success is not one, or too large.
        """
        refuse_deep(sparql)
        return answered(sparql, lambda text: self._of_graphs(text, default_graph, named_graphs))

    def _of_graphs(
        self, sparql: str, default_graph: Sequence[str] | None, named_graphs: Sequence[str] | None
    ) -> QueryAnswer:
        keyword = fetching_keyword(sparql)
        if keyword is not None:
            raise QueryError(f"{keyword} is not available here", hint="Ask each endpoint by itself.")
        dataset = without_dataset(sparql) if names_dataset(sparql) else (sparql, [], [])
        if default_graph is not None or named_graphs is not None:
            # Some servers let the query's own clauses win, so these are taken out.
            text, given = (dataset or (sparql,))[0], (default_graph or (), named_graphs or ())
            return self._ask(text, *map(_or_no_graph, given))
        if dataset is None:
            return self._ask(sparql)
        text, *clauses = dataset
        if any(clauses):
            return self._ask(text, *map(_or_no_graph, clauses))
        if self._default_is_union():
            return self._ask(sparql)
        graphs = self._graphs_to_name()
        return self._ask(sparql, graphs, graphs)

    def quads(self, graph: str | None = None) -> Iterator[pyoxigraph.Quad]:
        """All quads of one named graph, or of all, as they were written; see :class:`RemoteReading`."""
        for name in self.graphs() if graph is None else _checked([graph]):
            yield from RemoteReading(self._rows, self.location, name)

    def graphs(self) -> list[str]:
        rows = self._rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        return sorted(row["g"].value for row in rows if isinstance(row["g"], NamedNode))

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Change the store, request by request; what was sent before the block raised stays."""
        writing = RemoteWriting(self._protocol, self._graph_store)
        writing.keep(self.settings)
        try:
            yield writing
            writing.commit()
        finally:
            writing.end()

    def close(self) -> None:
        self._closed = True

    def _ask(
        self, sparql: str, default_graph: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> QueryAnswer:
        if self._closed:
            raise StoreError("the store is closed", location=self.location)
        answer = self._protocol.query(sparql, default_graph, named_graphs)
        if isinstance(answer, RemoteSolutions) and answer.capped:
            self._warn(
                f"the endpoint gives {answer.capped} rows at most, so there may be more. Ask for less, or "
                "for one page after the other."
            )
        return answer

    def _warn(self, text: str) -> None:
        """Warn of what the endpoint lacks."""
        if not self._quiet:
            warnings.warn(EndpointWarning(f"{self.location}: {text}"), stacklevel=5)

    def _rows(self, select: str) -> Solutions:
        """Rows of a query that names its graphs itself."""
        answer = self._ask(select)
        assert isinstance(answer, Solutions)
        return answer

    def _default_is_union(self) -> bool:
        """Whether a triple of some named graph is in the default graph too; asked once."""
        with self._probing:
            if self._union is None:
                self._union = self._probe()
            return self._union is not False

    def _probe(self) -> bool | None:
        """None where there is no triple to tell by, and no question that it would matter to."""
        sample = "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } LIMIT 1"
        for row in self._rows(f"SELECT * {{ {{ {sample} }} OPTIONAL {{ ?s ?q ?o }} }} LIMIT 1"):
            if row["q"] is not None:
                return True
            self._warn(
                "the default graph is not the union of the named graphs, so every question has to name all "
                "graphs, which is slow. Set the union at the server: --union-default-graph (Oxigraph), "
                "tdb2:unionDefaultGraph (Fuseki), query.all.graphs=true (Stardog)."
            )
            return False
        return None

    def _graphs_to_name(self) -> list[str]:
        graphs = self.graphs()
        if len(graphs) > _MOST_GRAPHS:
            raise QueryError(
                "the default graph is not the union of the named graphs, and there are too many to name",
                where=self.location,
                found=f"{len(graphs):,} graphs",
                expected=f"{_MOST_GRAPHS:,} at most",
                hint="Set the union at the server, or name the graphs in the query with FROM.",
            )
        return graphs or [_NO_GRAPH]


def _or_no_graph(graphs: Sequence[str]) -> Sequence[str]:
    """In a request that names no default graph, some servers take all; so for named ones."""
    return _checked(graphs) or [_NO_GRAPH]


def _checked(graphs: Sequence[str]) -> Sequence[str]:
    for graph in graphs:
        if not is_iri(graph):
            raise QueryError("a graph has no valid IRI", found=graph)
    return graphs


def _update_url(url: str) -> str:
    """Most servers that call one address `query` call the other `update`."""
    address, mark, query = url.partition("?")
    return f"{address.removesuffix('query')}update{mark}{query}" if address.endswith("/query") else url
