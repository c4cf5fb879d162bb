"""Small answers, kept for when the same is asked again of the same state of the store."""

from collections import OrderedDict
from collections.abc import Hashable

from starlette.types import ASGIApp, Message, Receive, Scope

from cetsgraph.errors import StoreError
from cetsgraph.server.web.exchange import Exchange
from cetsgraph.store.snapshots import Snapshot, Snapshots

__all__ = ["Caching"]

_MOST = 16 * 2**20  # bytes, in a worker
_LARGEST = 2**16  # bytes of an answer
_OVERHEAD = 1500  # bytes of an entry beside the answer
_DEPENDS_ON = (b"accept", b"accept-encoding", b"host", b"if-none-match", b"origin")
_AGAIN = (b"cache-control", b"no-cache")  # the answer is the same as long as the store is


class Caching:
    """Around an application: keeps small answers that say which state of the store they are of (`ETag`)."""

    def __init__(self, application: ASGIApp, snapshots: Snapshots) -> None:
        self._application = application
        self._snapshots = snapshots
        self._state: Snapshot | None = None
        self._tag = (b"etag", b"")
        self._kept: OrderedDict[Hashable, tuple[Message, Message]] = OrderedDict()
        self._size = 0

    async def __call__(self, scope: Scope, receive: Receive, exchange: Exchange) -> None:
        """Answer a request."""
        if scope["method"] != "GET":
            await self._application(scope, receive, exchange)
            return
        said = [pair for pair in scope["headers"] if pair[0] in _DEPENDS_ON]
        key = (scope["scheme"], scope["path"], scope["query_string"], *said)
        self._look_for_change()
        if key in self._kept:
            self._kept.move_to_end(key)
            for message in self._kept[key]:
                await exchange(message)
            return
        await self._application(scope, receive, exchange)
        if exchange.status == 200 and exchange.size <= _LARGEST - _OVERHEAD:
            self._keep(key, exchange)

    def _look_for_change(self) -> None:
        try:
            state = self._snapshots.newest()
        except StoreError:
            state = None
        if state is not self._state:
            self._kept.clear()
            self._size, self._state = 0, state
            self._tag = (b"etag", b"" if state is None else f'W/"{state.tag}"'.encode())

    def _keep(self, key: Hashable, exchange: Exchange) -> None:
        """Keep an answer, if it is of the state that is the newest."""
        body, headers = exchange.body, exchange.head["headers"]
        if body is None or self._tag not in headers or _AGAIN not in headers or key in self._kept:
            return
        self._kept[key] = (exchange.head, body)
        self._size += exchange.size + _OVERHEAD
        while self._size > _MOST:
            _, (_, body) = self._kept.popitem(last=False)
            self._size -= len(body.get("body", b"")) + _OVERHEAD
