"""Small answers that are kept for when the same is asked again of the same state of the store."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

from starlette.types import Scope

from cetsgraph.errors import StoreError
from cetsgraph.server.snapshots import Snapshots

__all__ = ["Answer", "Answers", "key_of"]

_MOST = 16 * 2**20  # bytes, in a worker
_MOST_ONCE = 10_000
_CHANGING = ("NOW", "RAND", "UUID", "BNODE")
Key = tuple[str, bytes, bytes, bytes]


class Answer(NamedTuple):
    """A response of status 200."""

    head: bytes
    """Its headers, as they are sent."""
    body: bytes


class Answers:
    """Answers to queries by GET, by all that they depend on, from the second time on that they are asked.

    So queries that nobody asks again drive out none that are.

    Args:
        snapshots: the store; with each state of it, everything is forgotten.
    """

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots
        self._tag: str | None = None
        self._kept: OrderedDict[Key, Answer] = OrderedDict()
        self._once: set[int] = set()
        self._size = 0

    def find(self, key: Key | None) -> Answer | None:
        """The answer to the request with this key, if it is kept."""
        if key is None or key not in self._kept:
            return None
        try:
            self._snapshots.newest()
        except StoreError:
            return None
        if self._snapshots.tag != self._tag:
            self._forget()
            return None
        return self._kept[key]

    def keep(self, key: Key | None, sparql: str, tag: str, answer: Answer) -> None:
        """Keep the answer to a query, of the state with this tag, unless it may be another next time."""
        if key is None or not self._was_asked(key) or _changes(sparql):
            return
        if tag != self._tag:
            self._forget()
            self._tag = tag
        elif key in self._kept:
            return
        self._size += _weight(key, answer)
        self._kept[key] = answer
        while self._size > _MOST:
            self._size -= _weight(*self._kept.popitem(last=False))

    def _was_asked(self, key: Key) -> bool:
        if len(self._once) > _MOST_ONCE:
            self._once.clear()
        known = hash(key) in self._once
        self._once.add(hash(key))
        return known

    def _forget(self) -> None:
        self._kept.clear()
        self._size = 0


def key_of(scope: Scope, headers: Mapping[bytes, bytes]) -> Key | None:
    """All that the answer to a request depends on, beside the store; None where it is not to be kept."""
    if scope["method"] != "GET" or scope["path"] != "/sparql" or b"if-none-match" in headers:
        return None
    host, accept = headers.get(b"host", b""), headers.get(b"accept", b"")
    return scope["scheme"], scope["query_string"], accept, host


def _weight(key: Key, answer: Answer) -> int:
    return sum(map(len, key)) + len(answer.head) + len(answer.body) + 500


def _changes(sparql: str) -> bool:
    upper = sparql.upper()
    return any(function in upper for function in _CHANGING)
