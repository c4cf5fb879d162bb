"""The SPARQL 1.1 Protocol: which query or update a request holds.

https://www.w3.org/TR/sparql11-protocol/
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, quote

from starlette.exceptions import HTTPException
from starlette.types import Scope

from cetsgraph.server.sparql.negotiation import best

__all__ = [
    "FORM",
    "GRAPH_TYPES",
    "QUERY",
    "RESULT_TYPES",
    "UPDATE",
    "QueryOperation",
    "UpdateOperation",
    "address_of_request",
    "operation_of",
    "posted_type",
    "preferred_types",
]

RESULT_TYPES = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
    "application/json",
    "application/xml",
    "text/xml",
)
"""Media types of rows and of yes or no; the first is sent where none is asked for."""

GRAPH_TYPES = (
    "text/turtle",
    "application/n-triples",
    "application/rdf+xml",
    "application/ld+json",
    "application/json",
    "application/xml",
    "text/plain",
)
"""Media types of triples; the first is sent where none is asked for."""

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_PARAMETERS = {QUERY: "query", UPDATE: "update"}
_HOST = re.compile(r"[\w.:\[\]-]+", re.ASCII)
_IN_PATH = "/:@!$&'()*+,;=-._~"
_MOST_ACCEPT = 2000  # characters of an Accept header that are looked at


@dataclass(frozen=True, slots=True)
class QueryOperation:
    """A query, and the dataset that the request gives it."""

    query: str
    default_graphs: Sequence[str]
    named_graphs: Sequence[str]


@dataclass(frozen=True, slots=True)
class UpdateOperation:
    """A SPARQL Update, and the graphs that the request has its patterns look into."""

    update: str
    using: Sequence[str]
    using_named: Sequence[str]


def operation_of(
    scope: Scope, media_type: str | None = None, body: bytes = b""
) -> QueryOperation | UpdateOperation | None:
    """What a request asks or wants changed; None where it does neither.

    Args:
        scope: the request.
        media_type: of the body of a POST; see :func:`posted_type`.
        body: of a POST.

    Raises:
        HTTPException: the request is none of the protocol.
    """
    given = _pairs(scope["query_string"].decode("latin-1"))
    if media_type is not None:
        text = _utf8(body)
        given = [*given, *(_pairs(text) if media_type == FORM else [(_PARAMETERS[media_type], text)])]
    elif any(key == "update" for key, _ in given):
        raise HTTPException(405, "Send an update as POST.", {"Allow": "POST"})
    texts = [(key, value) for key, value in given if key in ("query", "update")]
    if len(texts) > 1:
        raise HTTPException(400, "There is more than one query or update.")
    if not texts and media_type is None:
        return None
    if not texts or not texts[0][1].strip():
        raise HTTPException(400, "There is no query.")
    key, text = texts[0]
    if key == "update":
        return UpdateOperation(text, _all(given, "using-graph-uri"), _all(given, "using-named-graph-uri"))
    return QueryOperation(text, _all(given, "default-graph-uri"), _all(given, "named-graph-uri"))


def posted_type(content_type: str) -> str:
    """The media type of what is posted.

    Raises:
        HTTPException: it is none of the protocol's, or not in UTF-8.
    """
    media_type, _, parameters = content_type.partition(";")
    media_type = media_type.strip().lower()
    if media_type not in (FORM, QUERY, UPDATE):
        raise HTTPException(415, f"Send a query or update as {FORM}, {QUERY} or {UPDATE}.")
    charset = parameters.lower().partition("charset=")[2].strip().strip('"') or "utf-8"
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise HTTPException(415, "Send text in UTF-8.")
    return media_type


@lru_cache(256)
def preferred_types(accept: str | None) -> tuple[str | None, str | None]:
    """The media types of rows and of triples that a client prefers; None where it takes none of them."""
    looked_at = None if accept is None else accept[:_MOST_ACCEPT]
    return best(looked_at, RESULT_TYPES), best(looked_at, GRAPH_TYPES)


def address_of_request(scope: Scope, host: str | None) -> str:
    """Where a request went, without what it asks: what its relative IRIs are resolved against."""
    if host is None or not _HOST.fullmatch(host):
        name, port = scope.get("server") or ("localhost", None)
        host = name if port is None else f"{name}:{port}"
    return f"{scope['scheme']}://{host}{quote(scope['path'], safe=_IN_PATH)}"


def _all(given: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    return tuple(value for key, value in given if key == name)


def _pairs(text: str) -> Sequence[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:  # UnicodeDecodeError is one
        raise HTTPException(400, f"The parameters cannot be read: {error}") from error


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise HTTPException(400, "The text is not UTF-8.") from error
