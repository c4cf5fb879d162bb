"""Small answers, kept for when the same is asked again of the same state of the store."""

from collections import OrderedDict
from collections.abc import Hashable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cetsgraph.errors import StoreError
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
        self._tag = b""
        self._kept: OrderedDict[Hashable, tuple[Message, Message, int]] = OrderedDict()
        self._size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") != "GET":
            await self._application(scope, receive, send)
            return
        said = [pair for pair in scope["headers"] if pair[0] in _DEPENDS_ON]
        key = (scope["scheme"], scope["path"], scope["query_string"], *said)
        self._look_for_change()
        if key in self._kept:
            self._kept.move_to_end(key)
            start, body, _ = self._kept[key]
            await send(start)
            await send(body)
            return
        start = {}

        async def kept_too(message: Message) -> None:
            """Send a message on, and keep it where it is a small answer in one piece."""
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif start.get("status") == 200 and not message.get("more_body"):
                if (b"etag", self._tag) in start["headers"] and _AGAIN in start["headers"]:
                    self._keep(key, start, message)
            else:
                start = {}
            await send(message)

        await self._application(scope, receive, kept_too)

    def _look_for_change(self) -> None:
        try:
            state = self._snapshots.newest()
        except StoreError:
            state = None
        if state is not self._state:
            self._kept.clear()
            self._size, self._state = 0, state
            self._tag = b"" if state is None else f'W/"{state.tag}"'.encode()

    def _keep(self, key: Hashable, start: Message, body: Message) -> None:
        """Keep an answer, unless it is large."""
        size = len(body.get("body", b"")) + _OVERHEAD
        if size <= _LARGEST and key not in self._kept:
            self._kept[key] = (start, body, size)
            self._size += size
        while self._size > _MOST:
            self._size -= self._kept.popitem(last=False)[1][2]
