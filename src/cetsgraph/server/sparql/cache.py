"""Small answers, kept for when the same is asked again of the same state of the store."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote_plus

from starlette.types import Scope

__all__ = ["AnswerCache", "CacheKey", "CachedAnswer", "cache_key"]

_MOST = 16 * 2**20  # bytes, in a worker
_ASKED = 5000  # requests that are remembered, to see which come again
_OVERHEAD = 500  # bytes of an entry beside its texts
_CHANGING = re.compile("NOW|RAND|UUID|BNODE", re.IGNORECASE)

CacheKey = tuple[str, str, bytes, bytes, bytes]


class CachedAnswer(NamedTuple):
    """A response of status 200."""

    headers: Sequence[tuple[bytes, bytes]]
    body: bytes


class AnswerCache:
    """Answers to queries by GET, by all that they depend on; those that were used longest ago are dropped."""

    def __init__(self) -> None:
        self._tag = ""
        self._kept: OrderedDict[CacheKey, CachedAnswer] = OrderedDict()
        self._asked: set[CacheKey] = set()
        self._size = 0

    def get(self, key: CacheKey, tag: str) -> CachedAnswer | None:
        """The answer to the request with this key, of the state with this tag."""
        if tag != self._tag:
            self._kept.clear()
            self._asked.clear()
            self._size, self._tag = 0, tag
        answer = self._kept.get(key)
        if answer is not None:
            self._kept.move_to_end(key)
        return answer

    def put(self, key: CacheKey, tag: str, answer: CachedAnswer) -> None:
        """Keep an answer that was asked for before, unless it may be another next time."""
        if tag != self._tag or key in self._kept:
            return
        if key not in self._asked:
            if len(self._asked) >= _ASKED:
                self._asked.clear()
            self._asked.add(key)
        elif not _CHANGING.search(unquote_plus(key[2].decode("latin-1"))):
            self._kept[key] = answer
            self._size += _weight(key, answer)
            while self._size > _MOST:
                self._size -= _weight(*self._kept.popitem(last=False))


def cache_key(scope: Scope) -> CacheKey | None:
    """All that the answer to a request depends on, beside the store; None where it is not to be kept."""
    if scope["method"] != "GET":
        return None
    host = accept = b""
    for name, value in scope["headers"]:
        if name == b"host":
            host = value
        elif name == b"accept":
            accept = accept + b"," + value if accept else value
        elif name == b"if-none-match":
            return None
    return scope["path"], scope["scheme"], scope["query_string"], accept, host


def _weight(key: CacheKey, answer: CachedAnswer) -> int:
    headers = sum(len(name) + len(value) for name, value in answer.headers)
    return sum(map(len, key)) + headers + len(answer.body) + _OVERHEAD
