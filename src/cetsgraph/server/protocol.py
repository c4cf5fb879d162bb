"""The SPARQL 1.1 Protocol: what a request asks, and how the answer is written.

https://www.w3.org/TR/sparql11-protocol/
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import IO
from urllib.parse import parse_qsl, quote

import pyoxigraph as ox
from starlette.requests import Request
from starlette.types import Scope

from cetsgraph.server.limits import Limits
from cetsgraph.server.negotiation import best
from cetsgraph.store import LocalStore, Solutions, Triples
from cetsgraph.store.sparql import query_form

__all__ = [
    "GRAPH_FORMATS",
    "RESULT_FORMATS",
    "Problem",
    "Question",
    "Update",
    "body_of",
    "operation_in",
    "operation_of",
    "written",
]

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
_DIRECT = {"application/sparql-query": "query", "application/sparql-update": "update"}
_FORM = "application/x-www-form-urlencoded"
_HOST = re.compile(rb"[\w.:\[\]-]+")
_IN_PATH = "/:@!$&'()*+,;=-._~"
_MOST_ACCEPT = 2000  # characters of an Accept header that are looked at
_KEPT = 4096  # characters of parameters that are kept for when they come again


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
    base: str
    """What relative IRIs are resolved against: the address that was asked."""

    @property
    def has_dataset(self) -> bool:
        return bool(self.default_graph or self.named_graphs)


@dataclass(frozen=True, slots=True)
class Update:
    """A SPARQL Update, and the graphs that the request has its patterns look into."""

    sparql: str
    using: tuple[str, ...]
    using_named: tuple[str, ...]
    base: str


async def operation_of(request: Request, limits: Limits) -> Question | Update | None:
    """What a request asks or wants changed; None where it does neither.

    Raises:
        Problem: the request is not one of the protocol.
    """
    headers = dict(reversed(request.scope["headers"]))
    body = b""
    if request.method == "POST":
        direct = _media_of(headers) == "application/sparql-query"
        body = await body_of(request, 4 * limits.query if direct else limits.update)
    return operation_in(request.scope, headers, body)


def operation_in(scope: Scope, headers: Mapping[bytes, bytes], body: bytes) -> Question | Update | None:
    """Likewise, of a request whose body is here.

    Args:
        scope: the request.
        headers: those of it.
        body: what was sent with a POST.
    """
    given = _pairs(scope["query_string"].decode("latin-1"))
    if scope["method"] == "POST":
        given = [*given, *_posted(headers, body)]
    elif any(key == "update" for key, _ in given):
        raise Problem(405, "Send an update as POST.", {"Allow": "POST"})
    texts = [(key, value) for key, value in given if key in ("query", "update")]
    if len(texts) > 1:
        raise Problem(400, "There is more than one query or update.")
    if not texts and scope["method"] != "POST":
        return None
    if not texts or not texts[0][1].strip():
        raise Problem(400, "There is no query.")
    ((key, sparql),) = texts
    base = _address(scope, headers.get(b"host"))

    def all_of(name: str) -> tuple[str, ...]:
        return tuple(value for other, value in given if other == name)

    if key == "update":
        return Update(sparql, all_of("using-graph-uri"), all_of("using-named-graph-uri"), base)
    return Question(
        sparql=sparql,
        default_graph=all_of("default-graph-uri"),
        named_graphs=all_of("named-graph-uri"),
        media_type=_media_type(sparql, headers.get(b"accept")),
        base=base,
    )


def _media_of(headers: Mapping[bytes, bytes]) -> str:
    """The media type of what was posted."""
    media = headers.get(b"content-type", b"").partition(b";")[0].strip().lower().decode("latin-1")
    if media not in (_FORM, *_DIRECT):
        raise Problem(415, f"Send a query or update as {_FORM} or {' or '.join(_DIRECT)}.")
    return media


def _posted(headers: Mapping[bytes, bytes], body: bytes) -> Sequence[tuple[str, str]]:
    """The parameters in a body, or a query or update that is the whole of it."""
    media = _media_of(headers)
    text = _utf8(body, headers[b"content-type"].decode("latin-1"))
    return _pairs(text) if media == _FORM else [(_DIRECT[media], text)]


def written(store: LocalStore, question: Question, sparql: str, output: IO[bytes]) -> None:
    """Ask a store and write the answer.

    Args:
        store: who answers.
        question: what is asked.
        sparql: the query, bounded.
        output: where the answer goes.
    """
    if question.has_dataset:
        answer = store.query(
            sparql,
            default_graph=question.default_graph,
            named_graphs=question.named_graphs,
            base=question.base,
        )
    else:
        answer = store.query(sparql, base=question.base)
    if isinstance(answer, Solutions):
        answer.write(output, RESULT_FORMATS[question.media_type])
    elif isinstance(answer, Triples):
        ox.serialize(answer, output, format=GRAPH_FORMATS[question.media_type])
    else:
        text = _BOOLEAN[RESULT_FORMATS[question.media_type]].format("true" if answer else "false")
        output.write(text.encode())


def _media_type(sparql: str, accept: bytes | None) -> str:
    rows = query_form(sparql) in ("SELECT", "ASK")
    found = _preferred(rows, accept if accept is None else accept[:_MOST_ACCEPT])
    if found is None:
        offers = RESULT_FORMATS if rows else GRAPH_FORMATS
        raise Problem(406, f"The answer can be had as {', '.join(offers)}.")
    return found


@lru_cache(256)
def _preferred(rows: bool, accept: bytes | None) -> str | None:
    offers = RESULT_FORMATS if rows else GRAPH_FORMATS
    return best(None if accept is None else accept.decode("latin-1"), tuple(offers))


def _address(scope: Scope, host: bytes | None) -> str:
    """Where the request went, without what it asks."""
    if host is not None and _HOST.fullmatch(host):
        name = host.decode()
    else:
        name, port = scope.get("server") or ("localhost", None)
        name = name if port is None else f"{name}:{port}"
    return f"{scope['scheme']}://{name}{quote(scope['path'], safe=_IN_PATH)}"


def _pairs(text: str) -> Sequence[tuple[str, str]]:
    try:
        return _kept_pairs(text) if len(text) <= _KEPT else _split(text)
    except ValueError as error:  # UnicodeDecodeError is one
        raise Problem(400, f"The parameters cannot be read: {error}") from error


def _split(text: str) -> Sequence[tuple[str, str]]:
    return tuple(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000))


_kept_pairs = lru_cache(1024)(_split)


def _utf8(body: bytes, content_type: str) -> str:
    charset = content_type.lower().partition("charset=")[2].strip().strip('"') or "utf-8"
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise Problem(415, "Send text in UTF-8.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(400, "The text is not UTF-8.") from error


async def body_of(request: Request, most: int) -> bytes:
    """The bytes of a request.

    Raises:
        Problem: there are more than `most`.
    """
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Problem(413, f"The request is larger than {most} bytes.")
        parts.append(part)
    return b"".join(parts)
