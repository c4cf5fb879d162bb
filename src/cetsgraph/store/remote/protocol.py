"""The SPARQL 1.1 Protocol: a query or update as an HTTP request, and the answer as RDF terms."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import httpx
import pyoxigraph
from pyoxigraph import QueryResultsFormat, RdfFormat
from SPARQLWrapper import SPARQLWrapper

from cetsgraph.errors import EndpointAnswer, EndpointStatus, EndpointTimeout, StoreError
from cetsgraph.store.base import QueryAnswer, Solutions, Triples
from cetsgraph.store.remote.bounds import NESTING, refuse_unbounded
from cetsgraph.store.remote.http import Client, Response
from cetsgraph.store.sparql import query_errors, query_form
from cetsgraph.texts import shortened

__all__ = ["Protocol", "RemoteSolutions", "checked_url"]

_LONG = 2_000  # characters: servers and proxies between refuse URLs above some thousand
_LOOK = 1_000  # rows between two looks at the clock
_LONGEST_URL = 65_000
_EXCERPT = 200  # characters of what a server said
_ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_RDF = "application/n-triples, text/turtle;q=0.9"
_CAP = "X-SPARQL-MaxRows"  # of Virtuoso, with an answer that it cut; of `cetsgraph serve`, with each
_GAVE_UP = "X-SQL-State"  # of Virtuoso, with what it had when its time was over
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.DOTALL | re.IGNORECASE)


def checked_url(url: str) -> str:
    """The URL, if it is one that an endpoint can have.

    Raises:
        StoreError: it is no absolute http or https URL, or there is a user or password in it.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
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
        response = self._client.send(self._request(wrapper))
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
        response = self._client.send(self._request(wrapper))
        if not 200 <= response.status < 300:
            raise self._status(self.update_url, response, writing=True)

    def store_graph(self, method: str, graph_store: str, graph: str, ntriples: bytes | None = None) -> None:
        """POST triples to a graph, or DELETE it, by the Graph Store Protocol."""
        joint = "&" if urlsplit(graph_store).query else "?"
        headers = {"Content-Type": "application/n-triples"} if ntriples is not None else {}
        url = f"{graph_store}{joint}graph={quote(graph, safe='')}"
        if len(url) > _LONGEST_URL:
            raise StoreError("the name of a graph is too long for an address", location=graph_store)
        headers["User-Agent"] = self._user_agent
        request = httpx.Request(method, url, content=ntriples, headers=headers)
        response = self._client.send(request)
        absent = method == "DELETE" and response.status == 404
        if not 200 <= response.status < 300 and not absent:
            raise self._status(_without_query(graph_store), response, writing=True)

    def _wrapper(self, sparql: str, form: str) -> SPARQLWrapper:
        wrapper = SPARQLWrapper(self.url, self.update_url, agent=self._user_agent)
        # Its setQuery guesses the form from the first word that looks like one, prefixes included.
        wrapper.queryString, wrapper.queryType = sparql, form
        graph = form in ("CONSTRUCT", "DESCRIBE")
        wrapper.setReturnFormat("turtle" if graph else "json")
        wrapper.setOnlyConneg(True)
        wrapper.addCustomHttpHeader("Accept", _RDF if graph else _ROWS)
        return wrapper

    def _request(self, wrapper: SPARQLWrapper) -> httpx.Request:
        """What the protocol wants, as a request: parameters in the address, or as a form."""
        update = wrapper.isSparqlUpdateRequest()
        pairs = [(name, value) for name, values in wrapper.parameters.items() for value in values]
        form = urlencode([("update" if update else "query", wrapper.queryString), *pairs])
        url = wrapper.updateEndpoint if update else wrapper.endpoint
        headers = {"User-Agent": wrapper.agent, **wrapper.customHttpHeaders}
        if wrapper.method == "GET" and len(url) + len(form) < _LONG:
            return httpx.Request("GET", f"{url}?{form}", headers=headers)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return httpx.Request("POST", url, content=form.encode(), headers=headers)

    def _answer(self, form: str, response: Response) -> QueryAnswer:
        rows = form in ("SELECT", "ASK")
        if _GAVE_UP in response.headers:
            raise self._no_answer(response, f"an answer cut off: {response.headers.get('X-SQL-Message', '')}")
        if (_results_format(response) if rows else _rdf_format(response)) is None:
            raise self._no_answer(response, response.media_type or "no media type")
        try:
            refuse_unbounded(response.body)
            answer = _read(form, response) if rows else _RemoteTriples(response)
        except TimeoutError as error:
            raise EndpointTimeout(url=self.url, seconds=self._client.timeout) from error
        except (SyntaxError, ValueError, OSError) as error:
            raise self._no_answer(response, str(error)) from error
        if answer is None:
            raise self._no_answer(response, f"an answer to another form of query than {form}")
        return answer

    def _no_answer(self, response: Response, what: str) -> EndpointAnswer:
        page = response.media_type == "text/html"
        said = "" if page else self._said(response)
        at_root = urlsplit(self.url).path in ("", "/")
        return EndpointAnswer(
            "the endpoint sent what is no answer, under HTTP status 200",
            url=self.url,
            found="a page for people" if page else f"{what}: {said}" if said else what,
            expected="SPARQL results or RDF",
            hint=f"Give the whole address, such as {self.url.rstrip('/')}/sparql." if at_root else None,
        )

    def _status(self, url: str, response: Response, writing: bool = False) -> EndpointStatus:
        hints = {
            401: self._hint_on_credentials(response),
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
            retry_after=response.retry_after,
            hint=hint,
        )

    def _hint_on_credentials(self, response: Response) -> str:
        asked = {name.partition(" ")[0].lower() for name in response.headers.get_list("WWW-Authenticate")}
        sent = self._client.credentials
        if sent is not None and sent.user is not None and asked == {"bearer"}:
            return "It takes a token, and no user and password: set CETSGRAPH_TOKEN."
        if sent is not None and sent.token is not None and asked & {"basic", "digest"}:
            return "It takes a user and password, and no token: set CETSGRAPH_USER and CETSGRAPH_PASSWORD."
        if sent is not None:
            return "It does not know these credentials: check them."
        return "Set CETSGRAPH_USER and CETSGRAPH_PASSWORD, or CETSGRAPH_TOKEN, or use a netrc file."

    def _said(self, response: Response) -> str:
        """The beginning of what the server sent, as one line of text."""
        text = unescape(_TAG.sub(" ", response.body[: 8 * _EXCERPT].decode("utf-8", "replace")))
        line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        if self._client.credentials is not None:
            line = self._client.credentials.hidden_in(line)
        return shortened(line, _EXCERPT)


class RemoteSolutions(Solutions):
    """Rows from an endpoint, all of which have arrived. `headers` are those of its answer."""

    def __init__(self, response: Response, count: int) -> None:
        self._response = response
        self.count = count
        self.headers = response.headers
        self.variables = tuple(variable.value for variable in _parsed(response).variables)

    @property
    def capped(self) -> int | None:
        """How many rows the endpoint gives at most, where it says so and gave that many."""
        most = _number(self.headers.get(_CAP, ""))
        return most if most is not None and self.count >= most else None

    def __iter__(self) -> Iterator[pyoxigraph.QuerySolution]:
        yield from _parsed(self._response)

    def serialize(self, format: QueryResultsFormat) -> bytes:
        return _parsed(self._response).serialize(format=format) or b""


class _RemoteTriples(Triples):
    def __init__(self, response: Response) -> None:
        quads = pyoxigraph.parse(response.body, format=_rdf_format(response), base_iri=response.url)
        self._triples: list[pyoxigraph.Triple] = []
        for quad in quads:
            self._triples.append(quad.triple)
            if len(self._triples) % _LOOK == 0 and time.monotonic() > response.deadline:
                raise TimeoutError

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
            if count % _LOOK == 0 and time.monotonic() > response.deadline:
                raise TimeoutError
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


def _refuse_syntax(sparql: str) -> None:
    """Raise QuerySyntaxError, with line and column, if the text is no SPARQL 1.1."""
    if sum(map(sparql.count, "{([<")) > NESTING:
        return
    with query_errors():
        pyoxigraph.Store().query(sparql)


def _number(header: str) -> int | None:
    """A number as headers have them: of few digits."""
    return int(header) if re.fullmatch(r"\s*[0-9]{1,9}\s*", header) else None


def _without_query(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(query="", fragment=""))


def _origin_changed(asked: str, answered: str) -> bool:
    return urlsplit(asked)[:2] != urlsplit(answered)[:2]
