"""The SPARQL 1.1 Protocol: what a request asks, and how the answer is written.

https://www.w3.org/TR/sparql11-protocol/
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, cast
from urllib.parse import parse_qsl

import pyoxigraph as ox
from starlette.requests import Request

from cetsgraph.server.limits import Limits
from cetsgraph.server.negotiation import best
from cetsgraph.store import Solutions, Store, Triples
from cetsgraph.store.sparql import query_form

__all__ = ["GRAPH_FORMATS", "RESULT_FORMATS", "Problem", "Question", "question_of", "written"]

RESULT_FORMATS: Mapping[str, ox.QueryResultsFormat] = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/xml": ox.QueryResultsFormat.XML,
}
"""Media types of rows and of yes or no, the one that is sent where none is asked for first."""

GRAPH_FORMATS: Mapping[str, ox.RdfFormat] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/json": ox.RdfFormat.JSON_LD,
    "application/xml": ox.RdfFormat.RDF_XML,
    "text/plain": ox.RdfFormat.N_TRIPLES,
}
"""Media types of triples, likewise."""

_BOOLEAN = {
    ox.QueryResultsFormat.JSON: '{{"head":{{}},"boolean":{}}}',
    ox.QueryResultsFormat.XML: '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
    "<head></head><boolean>{}</boolean></sparql>",
    ox.QueryResultsFormat.CSV: "{}",
    ox.QueryResultsFormat.TSV: "{}",
}
_DIRECT = "application/sparql-query"
_FORM = "application/x-www-form-urlencoded"


class Problem(Exception):
    """A request that is not answered; the status says why, the text what to do."""

    def __init__(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Question:
    """A query, the dataset that the request gives it, and the form of its answer."""

    sparql: str
    default_graph: tuple[str, ...]
    named_graphs: tuple[str, ...]
    media_type: str

    @property
    def has_dataset(self) -> bool:
        return bool(self.default_graph or self.named_graphs)


async def question_of(request: Request, limits: Limits) -> Question | None:
    """What a request asks; None where it asks nothing.

    Raises:
        Problem: the request is not one of the protocol.
    """
    given = _pairs(request.url.query)
    sparql: str | None = None
    if request.method == "POST":
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in (_DIRECT, _FORM):
            raise Problem(415, f"Send a query as {_DIRECT}, or as {_FORM}.")
        body = await _body(request, 4 * limits.query + 65536)
        text = _utf8(body, request.headers.get("content-type", ""))
        if media == _FORM:
            given = [*given, *_pairs(text)]
        elif any(key == "query" for key, _ in given):
            raise Problem(400, "There is a query in the address and another in the body.")
        else:
            sparql = text
    queries = [value for key, value in given if key == "query"]
    if any(key == "update" for key, _ in given):
        raise Problem(400 if queries else 403, "Updates are not taken here.")
    if len(queries) > 1:
        raise Problem(400, "There is more than one query.")
    sparql = queries[0] if queries else sparql
    if sparql is None or not sparql.strip():
        if request.method == "POST" or queries:
            raise Problem(400, "There is no query.")
        return None
    return Question(
        sparql=sparql,
        default_graph=tuple(value for key, value in given if key == "default-graph-uri"),
        named_graphs=tuple(value for key, value in given if key == "named-graph-uri"),
        media_type=_media_type(sparql, request.headers.get("accept")),
    )


def written(store: Store, question: Question, sparql: str, output: IO[bytes]) -> None:
    """Ask a store and write the answer.

    Args:
        store: who answers.
        question: what is asked.
        sparql: the query, bounded.
        output: where the answer goes.
    """
    if question.has_dataset:
        answer = store.query(sparql, default_graph=question.default_graph, named_graphs=question.named_graphs)
    else:
        answer = store.query(sparql)
    if isinstance(answer, Solutions):
        answer.write(output, RESULT_FORMATS[question.media_type])
    elif isinstance(answer, Triples):
        ox.serialize(answer, output, format=GRAPH_FORMATS[question.media_type])
    else:
        text = _BOOLEAN[RESULT_FORMATS[question.media_type]].format("true" if answer else "false")
        output.write(text.encode())


def _media_type(sparql: str, accept: str | None) -> str:
    formats = RESULT_FORMATS if query_form(sparql) in ("SELECT", "ASK") else GRAPH_FORMATS
    offers = cast(Sequence[str], tuple(formats))
    found = best(accept, offers)
    if found is None:
        raise Problem(406, f"The answer can be had as {', '.join(offers)}.")
    return found


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:  # UnicodeDecodeError is one
        raise Problem(400, f"The parameters cannot be read: {error}") from error


def _utf8(body: bytes, content_type: str) -> str:
    charset = content_type.lower().partition("charset=")[2].strip().strip('"') or "utf-8"
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise Problem(415, "Send text in UTF-8.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(400, "The text is not UTF-8.") from error


async def _body(request: Request, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Problem(413, f"The request is larger than {most} bytes.")
        parts.append(part)
    return b"".join(parts)
