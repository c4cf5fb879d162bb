"""The SPARQL 1.1 Protocol: which query or update a request holds.

https://www.w3.org/TR/sparql11-protocol/
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

from starlette.exceptions import HTTPException
from starlette.types import Scope

from cetsgraph.server.sparql.negotiation import GRAPH_TYPES, RESULT_TYPES, best

__all__ = [
    "FORM",
    "Graphs",
    "UPDATE",
    "Operation",
    "address_of_request",
    "operation_of",
    "posted_type",
    "preferred_types",
]

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_PARAMETERS = {QUERY: "query", UPDATE: "update"}
_GRAPHS = {
    "query": ("default-graph-uri", "named-graph-uri"),
    "update": ("using-graph-uri", "using-named-graph-uri"),
}
_HOST = re.compile(r"[\w.:\[\]-]+", re.ASCII)
_IN_PATH = "/:@!$&'()*+,;=-._~"
_MOST_PARAMETERS = 1000


Graphs = tuple[Sequence[str], Sequence[str]]
"""IRIs of the default graphs and of the named graphs that a request looks into; all where there are none."""


class Operation(NamedTuple):
    """A query or an update, and the graphs that the request has it look into."""

    kind: str
    """`query` or `update`."""
    text: str
    graphs: Graphs
    form: str | None
    """Name of the form that the request wants the answer in."""


def operation_of(scope: Scope, media_type: str | None = None, body: bytes = b"") -> Operation | None:
    """What a request asks or wants changed; None where it does neither. A POST has a media type and a body.

    Raises:
        HTTPException: the request is none of the protocol.
    """
    given = _pairs(scope["query_string"])
    if media_type is not None:
        given += _pairs(body, _PARAMETERS.get(media_type))
    texts = [pair for pair in given if pair[0] in _GRAPHS]
    if not texts and media_type is None:
        return None
    if media_type is None and ("update" in dict(texts)):
        raise HTTPException(405, "Send an update as POST.", {"Allow": "POST"})
    if len(texts) > 1:
        raise HTTPException(400, "There is more than one query or update.")
    if not texts or not texts[0][1].strip():
        raise HTTPException(400, "There is no query.")
    kind, text = texts[0]
    if len(given) == 1:
        return Operation(kind, text, ([], []), None)
    default, named = ([value for key, value in given if key == name and value] for name in _GRAPHS[kind])
    return Operation(kind, text, (default, named), dict(reversed(given)).get("format"))


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
    return best(accept, RESULT_TYPES), best(accept, GRAPH_TYPES)


def address_of_request(scope: Scope, host: str | None) -> str:
    """Where a request went, without what it asks: what its relative IRIs are resolved against."""
    name, port = scope.get("server") or ("localhost", None)
    return _address(scope["scheme"], host, name if port is None else f"{name}:{port}", scope["path"])


@lru_cache(256)
def _address(scheme: str, host: str | None, server: str, path: str) -> str:
    valid = host is not None and _HOST.fullmatch(host)
    return f"{scheme}://{host if valid else server}{quote(path, safe=_IN_PATH)}"


def _pairs(text: bytes, whole: str | None = None) -> list[tuple[str, str]]:
    """The parameters in a text, or the one that all of it is."""
    try:
        if whole is not None:
            return [(whole, text.decode())]
        pairs = [pair.partition(b"=") for pair in text.split(b"&", _MOST_PARAMETERS) if pair]
        return [(_decoded(name), _decoded(value)) for name, _, value in pairs]
    except UnicodeDecodeError as error:
        raise HTTPException(400, f"The request cannot be read: {error}") from error


def _decoded(text: bytes) -> str:
    return unquote_to_bytes(text.replace(b"+", b" ")).decode()
