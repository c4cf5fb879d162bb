"""The SPARQL 1.1 Protocol: which query or update a request holds.

https://www.w3.org/TR/sparql11-protocol/
"""

import re
from collections.abc import Sequence
from email.message import Message
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

from starlette.exceptions import HTTPException
from starlette.types import Scope

from cetsgraph.server.web.incoming import header

__all__ = ["FORM", "UPDATE", "Graphs", "Operation", "operation_of", "posted_type"]

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
_MOST = 1000  # parameters of a request

Graphs = tuple[Sequence[str], Sequence[str]]
"""IRIs of the default graphs and of the named graphs that a request looks into; all where there are none."""


class Operation(NamedTuple):
    """A query or an update, as a request has it."""

    kind: str
    """`query` or `update`."""
    text: str
    base: str
    """Address of the request, that relative IRIs are resolved against."""
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
    if media_type is None and "update" in dict(texts):
        raise HTTPException(405, "Send an update as POST.", {"Allow": "POST"})
    if len(texts) > 1:
        raise HTTPException(400, "There is more than one query or update.")
    if not texts or not texts[0][1].strip():
        raise HTTPException(400, "There is no query.")
    kind, text = texts[0]
    if len(given) == 1:  # as most have it
        return Operation(kind, text, _address_of(scope), ([], []), None)
    default, named = ([value for key, value in given if key == name and value] for name in _GRAPHS[kind])
    form = dict(reversed(given)).get("format")
    return Operation(kind, text, _address_of(scope), (default, named), form)


def posted_type(content_type: str) -> str:
    """The media type of what is posted.

    Raises:
        HTTPException: it is none of the protocol's, or not in UTF-8.
    """
    sent = Message()
    sent["Content-Type"] = content_type
    media_type = sent.get_content_type()
    if media_type not in (FORM, QUERY, UPDATE):
        raise HTTPException(415, f"Send a query or update as {FORM}, {QUERY} or {UPDATE}.")
    if sent.get_content_charset("utf-8") not in ("utf-8", "utf8", "us-ascii"):
        raise HTTPException(415, "Send text in UTF-8.")
    return media_type


def _address_of(scope: Scope) -> str:
    """Where a request went, without what it asks."""
    name, port = scope.get("server") or ("localhost", None)
    server = name if port is None else f"{name}:{port}"
    return _address(scope["scheme"], header(scope, b"host") or "", server, scope["path"])


@lru_cache(256)
def _address(scheme: str, host: str, server: str, path: str) -> str:
    return f"{scheme}://{host if _HOST.fullmatch(host) else server}{quote(path, safe=_IN_PATH)}"


def _pairs(text: bytes, whole: str | None = None) -> list[tuple[str, str]]:
    """The parameters in a text, or the one that all of it is."""
    try:
        if whole is not None:
            return [(whole, text.decode())]
        pairs = [pair.partition(b"=") for pair in text.split(b"&", _MOST) if pair]
        return [(_decoded(name), _decoded(value)) for name, _, value in pairs]
    except UnicodeDecodeError as error:
        raise HTTPException(400, f"The request cannot be read: {error}.") from error


def _decoded(text: bytes) -> str:
    return unquote_to_bytes(text.replace(b"+", b" ")).decode()
