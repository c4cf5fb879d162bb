"""Answers to queries from the cache, before the rest of the application hears of them."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cetsgraph.errors import StoreError
from cetsgraph.server.snapshots import Snapshots
from cetsgraph.server.sparql.cache import AnswerCache, CachedAnswer, cache_key

__all__ = ["Caching"]

_MOST = 14_000  # bytes of an answer: what is larger may be compressed


class Caching:
    """Keeps small answers of one path, and gives them again.

    Args:
        application: who answers the first time.
        snapshots: the store; an answer's `ETag` says which state of it was asked.
        path: of the queries.
    """

    def __init__(self, application: ASGIApp, snapshots: Snapshots, path: str) -> None:
        self._application = application
        self._snapshots = snapshots
        self._path = path
        self._cache = AnswerCache()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = cache_key(scope) if scope["type"] == "http" and scope["path"] == self._path else None
        if key is None:
            await self._application(scope, receive, send)
            return
        tag = self._tag()
        kept = self._cache.get(key, tag)
        if kept is not None:
            await send({"type": "http.response.start", "status": 200, "headers": list(kept.headers)})
            await send({"type": "http.response.body", "body": kept.body})
            return
        start: Message | None = None

        async def kept_too(message: Message) -> None:
            """Send a message on, and keep it where it is a small answer in one piece."""
            nonlocal start
            if message["type"] == "http.response.start":
                start = {**message, "headers": tuple(message["headers"])}
            elif start is not None:
                if _is_small_answer(start, message, tag):
                    self._cache.put(key, tag, CachedAnswer(start["headers"], message["body"]))
                start = None
            await send(message)

        await self._application(scope, receive, kept_too)

    def _tag(self) -> str:
        try:
            return self._snapshots.newest().tag
        except StoreError:
            return ""


def _is_small_answer(start: Message, body: Message, tag: str) -> bool:
    whole = start["status"] == 200 and not body.get("more_body") and len(body.get("body", b"")) <= _MOST
    return whole and (b"etag", f'W/"{tag}"'.encode()) in start["headers"]
