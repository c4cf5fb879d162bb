"""Small answers that are kept for when the same is asked again of the same state of the store."""

import re
from collections.abc import Iterable

from starlette.types import Scope

from cetsgraph.errors import StoreError
from cetsgraph.server.snapshots import Snapshots

__all__ = ["Answers"]

_MOST = 16 * 2**20  # bytes, in a worker
_LARGEST = 64 * 2**10
_COMPRESSED_FROM = 2048
_CHANGING = re.compile("NOW|RAND|UUID|BNODE", re.IGNORECASE)
Key = tuple[bytes, bytes, bytes, bytes]


class Answers:
    """Whole responses to GET requests for queries, by all that they depend on.

    Args:
        snapshots: the store; with each state of it, everything is forgotten.
    """

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots
        self._tag: str | None = None
        self._kept: dict[Key, tuple[bytes, bytes]] = {}
        self._size = 0

    def find(self, scope: Scope) -> tuple[bytes, bytes] | None:
        """The headers and the body of the answer, if it is kept."""
        if not self._kept or scope["method"] != "GET" or scope["path"] != "/sparql":
            return None
        try:
            self._snapshots.newest()
        except StoreError:
            return None
        if self._snapshots.tag != self._tag:
            self._forget()
            return None
        key = _key(scope)
        return None if key is None else self._kept.get(key)

    def keep(
        self, scope: Scope, sparql: str, tag: str, headers: Iterable[tuple[bytes, bytes]], body: bytes
    ) -> None:
        """Keep the answer to a query, of the state with this tag, unless it may be another next time."""
        if scope["method"] != "GET" or len(body) > _LARGEST or _CHANGING.search(sparql):
            return
        key = _key(scope)
        if key is None or (len(body) >= _COMPRESSED_FROM and b"gzip" in key[3]):
            return
        if tag != self._tag:
            self._forget()
            self._tag = tag
        elif key in self._kept:
            return
        head = b"".join(b"%b: %b\r\n" % header for header in headers)
        self._size += _weight(key, head, body)
        self._kept[key] = (head, body)
        while self._size > _MOST:
            oldest = next(iter(self._kept))
            self._size -= _weight(oldest, *self._kept.pop(oldest))

    def _forget(self) -> None:
        self._kept.clear()
        self._size = 0


def _weight(key: Key, head: bytes, body: bytes) -> int:
    return sum(map(len, key)) + len(head) + len(body) + 500


def _key(scope: Scope) -> Key | None:
    accept = host = encoding = b""
    for name, value in scope["headers"]:
        if name == b"accept":
            accept = value
        elif name == b"host":
            host = value
        elif name == b"accept-encoding":
            encoding = value
        elif name == b"if-none-match":
            return None
    return scope["query_string"], accept, host, encoding
