"""The SPARQL 1.1 Protocol: a query or update as an HTTP request, and the answer as RDF terms."""

from __future__ import annotations

import datetime as dt
import email.utils
import re
import urllib.request
from collections.abc import Iterator, Sequence
from email.message import Message
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

import pyoxigraph
from pyoxigraph import QueryResultsFormat, RdfFormat

from cetsgraph.errors import EndpointAnswer, EndpointStatus, StoreError
from cetsgraph.store.base import QueryAnswer, Solutions, Triples
from cetsgraph.store.failures import query_errors
from cetsgraph.store.remote.http import Client, Response
from cetsgraph.store.sparql import query_form

__all__ = ["Protocol", "RemoteSolutions", "checked_url"]

_LONG = 2_000  # characters: servers and proxies between refuse URLs above some thousand
_ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_RDF = "application/n-triples, text/turtle;q=0.9"
_CAP = "X-SPARQL-MaxRows"  # of Virtuoso, with an answer that it cut; of `cetsgraph serve`, with each
_GAVE_UP = "X-SQL-State"  # of Virtuoso, with what it had when its time was over
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_NESTED_IN_JSON = re.compile(
    rb'"value"\s*:\s*\{\s*"(?:subject|predicate|object)"'
    rb"|(?<!\\)(?:\\\\)*\\u00(?:6[1-9a-fA-F]|7[0-9aA])"  # or a letter of these escaped, which nobody does
)
_NESTING = 200  # brackets: the engine's parser recurses, and ends the process where it goes too deep


def checked_url(url: str) -> str:
    """The URL, if it is one that an endpoint can have.

    Raises:
        StoreError: it is no absolute http or https URL, or there is a user or password in it.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not url.isprintable() or " " in url:
        raise StoreError("not the URL of an endpoint", location=url, expected="http://… or https://…")
    if parts.username is not None or parts.password is not None:
        raise StoreError(
            "a user or password stands in the URL, where messages would show it",
            location=f"{parts.scheme}://…@{parts.netloc.rpartition('@')[2]}",
            hint="Set CETSGRAPH_USER and CETSGRAPH_PASSWORD, or use a netrc file.",
        )
    return urlunsplit(parts._replace(fragment=""))


class Protocol:
    """Requests to the endpoint of one store; each is a connection of its own, so threads may share it."""

    def __init__(self, url: str, update_url: str, client: Client, user_agent: str) -> None:
        self.url = _without_query(url)
        self.update_url = _without_query(update_url)
        self._fixed = parse_qsl(urlsplit(url).query, keep_blank_values=True)
        self._fixed_in_updates = parse_qsl(urlsplit(update_url).query, keep_blank_values=True)
        self._client = client
        self._user_agent = user_agent

    def query(
        self, sparql: str, default_graph: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> QueryAnswer:
        """Ask; the dataset is the endpoint's own where no graph is given."""
        with query_errors():
            sparql.encode()
        form = query_form(sparql)
        wrapper = self._wrapper(sparql, form)
        for name, value in self._fixed:
            wrapper.addParameter(name, value)
        for graph in default_graph:
            wrapper.addParameter("default-graph-uri", graph)
        for graph in named_graphs:
            wrapper.addParameter("named-graph-uri", graph)
        request = wrapper._createRequest()
        if len(request.full_url) > _LONG:
            wrapper.setMethod("POST")
            request = wrapper._createRequest()
        response = self._client.send(request)
        if response.status != 200:
            if response.status == 400:
                _refuse_syntax(sparql)
            raise self._status(self.url, response)
        return self._answer(form, response)

    def update(self, sparql: str) -> None:
        """Change the graphs of the endpoint."""
        wrapper = self._wrapper(sparql, "INSERT")
        wrapper.setMethod("POST")
        for name, value in self._fixed_in_updates:
            wrapper.addParameter(name, value)
        response = self._client.send(wrapper._createRequest())
        if not 200 <= response.status < 300:
            raise self._status(self.update_url, response, writing=True)

    def store_graph(self, method: str, graph_store: str, graph: str, ntriples: bytes | None = None) -> None:
        """POST triples to a graph, or DELETE it, by the Graph Store Protocol."""
        joint = "&" if urlsplit(graph_store).query else "?"
        request = urllib.request.Request(
            f"{graph_store}{joint}graph={quote(graph, safe='')}",
            data=ntriples,
            headers={"Content-Type": "application/n-triples"} if ntriples is not None else {},
            method=method,
        )
        request.add_header("User-Agent", self._user_agent)
        response = self._client.send(request)
        absent = method == "DELETE" and response.status == 404
        if not 200 <= response.status < 300 and not absent:
            raise self._status(_without_query(graph_store), response, writing=True)

    def _wrapper(self, sparql: str, form: str) -> Any:
        try:
            from SPARQLWrapper import SPARQLWrapper
        except ImportError as error:
            raise StoreError(
                "endpoints need the package SPARQLWrapper",
                location=self.url,
                hint="Install it: pip install 'cetsgraph[remote]'.",
            ) from error
        wrapper = SPARQLWrapper(self.url, self.update_url, agent=self._user_agent)
        # Its setQuery guesses the form from the first word that looks like one, prefixes included.
        wrapper.queryString, wrapper.queryType = sparql, form
        graph = form in ("CONSTRUCT", "DESCRIBE")
        wrapper.setReturnFormat("turtle" if graph else "json")
        wrapper.setOnlyConneg(True)
        wrapper.addCustomHttpHeader("Accept", _RDF if graph else _ROWS)
        return wrapper

    def _answer(self, form: str, response: Response) -> QueryAnswer:
        rows = form in ("SELECT", "ASK")
        if _GAVE_UP in response.headers:
            raise self._no_answer(response, f"an answer cut off: {response.headers.get('X-SQL-Message', '')}")
        if (_results_format(response) if rows else _rdf_format(response)) is None:
            raise self._no_answer(response, response.media_type or "no media type")
        try:
            _refuse_nested_terms(response.body)
            answer = _read(form, response) if rows else _RemoteTriples(response)
        except (SyntaxError, ValueError, OSError) as error:
            raise self._no_answer(response, str(error)) from error
        if answer is None:
            raise self._no_answer(response, f"an answer to another form of query than {form}")
        return answer

    def _no_answer(self, response: Response, what: str) -> EndpointAnswer:
        said = self._said(response)
        return EndpointAnswer(
            "the endpoint sent what is no answer, under HTTP status 200",
            url=self.url,
            found=f"{what}: {said}" if said else what,
            expected="SPARQL results or RDF",
        )

    def _status(self, url: str, response: Response, writing: bool = False) -> EndpointStatus:
        hints = {
            401: "Set CETSGRAPH_USER and CETSGRAPH_PASSWORD, or CETSGRAPH_TOKEN, or use a netrc file.",
            403: "The endpoint does not allow this to who asks.",
            404: "Check the address.",
            429: "The endpoint is asked too often: wait.",
            503: "The endpoint is busy, or gave up on this question: wait, or ask for less.",
        }
        hint = hints.get(response.status)
        if writing and response.status in (404, 405, 415, 501):
            hint = "The endpoint takes no changes at this address; give the address that does: --update-url."
        if response.status == 401 and _origin_changed(url, response.url):
            hint = f"It redirects to {_without_query(response.url)}, which gets no credentials: use that URL."
        return EndpointStatus(
            url=url,
            status=response.status,
            found=self._said(response) or None,
            retry_after=_seconds(response.headers.get("Retry-After")),
            hint=hint,
        )

    def _said(self, response: Response, limit: int = 200) -> str:
        """The beginning of what the server sent, as one line of text."""
        text = unescape(_TAG.sub(" ", response.body[: 8 * limit].decode("utf-8", "replace")))
        line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        if self._client.credentials is not None:
            line = self._client.credentials.hidden_in(line)
        return line if len(line) <= limit else f"{line[:limit]} …"


class RemoteSolutions(Solutions):
    """Rows from an endpoint, all of which have arrived. `headers` are those of its answer."""

    def __init__(self, response: Response, count: int) -> None:
        self._response = response
        self.count = count
        self.headers: Message = response.headers
        self.variables = tuple(variable.value for variable in _parsed(response).variables)

    @property
    def capped(self) -> int | None:
        """How many rows the endpoint gives at most, where it says so and gave that many."""
        said = self.headers.get(_CAP, "")
        return int(said) if said.isdecimal() and self.count >= int(said) else None

    def __iter__(self) -> Iterator[pyoxigraph.QuerySolution]:
        yield from _parsed(self._response)

    def serialize(self, format: QueryResultsFormat) -> bytes:
        return _parsed(self._response).serialize(format=format) or b""


class _RemoteTriples(Triples):
    def __init__(self, response: Response) -> None:
        quads = pyoxigraph.parse(response.body, format=_rdf_format(response), base_iri=response.url)
        self._triples = [quad.triple for quad in quads]

    def __iter__(self) -> Iterator[pyoxigraph.Triple]:
        yield from self._triples


def _read(form: str, response: Response) -> QueryAnswer | None:
    """The answer, if it is one to this form of query; half an answer is none, so all of it is parsed."""
    results = _parsed(response)
    try:
        if isinstance(results, pyoxigraph.QueryBoolean):
            return bool(results) if form == "ASK" else None
        count = 0
        for _ in results:
            count += 1
        if form == "SELECT":
            return RemoteSolutions(response, count)
        virtuoso = [variable.value for variable in results.variables] == ["__ASK_RETVAL"]
        return count > 0 if virtuoso else None  # its yes is a row, its no is none
    finally:
        del results  # the frame of an error lives on, and the engine wants this freed by this thread


def _parsed(response: Response) -> Any:
    return pyoxigraph.parse_query_results(response.body, format=_results_format(response))


def _results_format(response: Response) -> QueryResultsFormat | None:
    found = QueryResultsFormat.from_media_type(response.media_type or "-/-")
    return found if found in (QueryResultsFormat.JSON, QueryResultsFormat.XML) else None


def _rdf_format(response: Response) -> RdfFormat | None:
    found = RdfFormat.from_media_type(response.media_type or "-/-")
    return found if found in (RdfFormat.N_TRIPLES, RdfFormat.TURTLE) else None


def _refuse_nested_terms(body: bytes) -> None:
    """Raise ValueError for triples within triples: SPARQL 1.1 has none, and the parser ends the process."""
    if _NESTED_IN_JSON.search(body) or body.count(b"<<") > _NESTING:
        raise ValueError("terms are nested in terms")


def _refuse_syntax(sparql: str) -> None:
    """Raise QuerySyntaxError, with line and column, if the text is no SPARQL 1.1."""
    if sparql.count("{") + sparql.count("(") > _NESTING:
        return
    with query_errors():
        pyoxigraph.Store().query(sparql)


def _seconds(retry_after: str | None) -> float | None:
    """`Retry-After`: seconds, or a date."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        when = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (when - dt.datetime.now(dt.UTC)).total_seconds()) if when.tzinfo else None


def _without_query(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(query="", fragment=""))


def _origin_changed(asked: str, answered: str) -> bool:
    return urlsplit(asked)[:2] != urlsplit(answered)[:2]
