"""Connections that are not waited for without end: neither for their requests, nor to take answers."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from starlette.types import Scope
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from cetsgraph.server.asking import Gone
from cetsgraph.server.forwarding import as_forwarded
from cetsgraph.server.keeping import Answer
from cetsgraph.server.querying import Outcome

__all__ = ["Connection"]

_PATIENCE = 10.0  # seconds
_LEAST = 16_384  # bytes of a request that is not complete, in that time
_UNTAKEN = 30.0  # seconds in which none of an answer is taken
_MOST_HEAD = 2**20  # bytes before the body; a query may be in the address
_MOST_CONNECTIONS = 2000  # of one worker
_SMALL = 16_384  # bytes of a body that is waited for before a request is looked at
_PARTING = 2.0  # seconds in which a client may still ask a worker that retires


class Connection(HttpToolsProtocol):
    """One client's connection to a worker.

    Args:
        config, server_state, app_state: as uvicorn has them.
        answer: answers a request without the application, if it may be; see `Queries.begin`.
        lost: is called when it has ended.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        *,
        answer: Callable[[Any, bytes, Gone, Callable[[Outcome], None]], bool],
        lost: Callable[[], None],
    ) -> None:
        super().__init__(config, server_state, app_state)
        self._answer = answer
        self._lost = lost

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._incomplete = True
        self._in_head = True
        self._head = 0
        self._received = 0
        self._impatience: asyncio.TimerHandle | None = self.loop.call_later(_PATIENCE, self._look, 0)
        self._untaken: asyncio.TimerHandle | None = None
        self._parting = False
        self._held: tuple[RequestResponseCycle, Any] | None = None
        if len(self.connections) > _MOST_CONNECTIONS:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._impatience, self._untaken):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)
        self._lost()

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        if self._in_head:
            self._head += len(data)
            if self._head > _MOST_HEAD:
                self._refuse_head()
                return
        super().data_received(data)
        if self._impatience is None and self._incomplete:
            self._impatience = self.loop.call_later(_PATIENCE, self._look, self._received)

    def on_message_begin(self) -> None:
        self._incomplete = self._in_head = True
        self._head = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()
        if self._parting:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        self._incomplete = False
        super().on_message_complete()
        if self._held is not None:
            cycle, app = self._held
            self._held = None
            self._begin(cycle, app)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        as_forwarded(cast(Scope, cycle.scope))
        if cycle.more_body and _is_small(cycle.scope):
            self._held = cycle, app  # until it is whole
        else:
            self._begin(cycle, app)

    def _begin(self, cycle: RequestResponseCycle, app: Any) -> None:
        async def gone() -> bool:
            return cycle.disconnected

        # While more requests wait in this connection, one such answer after another would go down the stack.
        special = self.pipeline or self.flow.write_paused or cycle.more_body or cycle.waiting_for_100_continue
        if special or not self._answer(cycle.scope, bytes(cycle.body), gone, partial(self._end, cycle)):
            super()._start_asgi_task(cycle, app)

    def _end(self, cycle: RequestResponseCycle, outcome: Outcome) -> None:
        if self.transport.is_closing():
            return
        if not isinstance(outcome, Answer):
            super()._start_asgi_task(cycle, cast(Any, outcome))
            return
        usual = b"".join(b"%b: %b\r\n" % header for header in self.server_state.default_headers)
        last = b"" if cycle.keep_alive and not self._parting else b"connection: close\r\n"
        self.transport.write(
            b"".join((b"HTTP/1.1 200 OK\r\n", usual, outcome.head, last, b"\r\n", outcome.body))
        )
        cycle.response_started = cycle.response_complete = True
        if last:
            self.transport.close()
        cycle.on_response()

    def shutdown(self) -> None:
        """Answer what was asked, and what is just being asked, before the worker ends."""
        self._parting = True
        if self.cycle is None or self.cycle.response_complete:
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(_PARTING, self.timeout_keep_alive_handler)
        else:
            self.cycle.keep_alive = False

    def pause_writing(self) -> None:
        self._untaken = self.loop.call_later(_UNTAKEN, self.transport.abort)
        super().pause_writing()

    def resume_writing(self) -> None:
        if self._untaken is not None:
            self._untaken.cancel()
            self._untaken = None
        super().resume_writing()

    def _look(self, received: int) -> None:
        self._impatience = None
        if not self._incomplete:
            return
        if self._received - received < _LEAST and not self.flow.read_paused:
            self.transport.abort()
        else:
            self._impatience = self.loop.call_later(_PATIENCE, self._look, self._received)

    def _refuse_head(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(b"HTTP/1.1 431 \r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            self.transport.close()


def _is_small(scope: Any) -> bool:
    """Whether what follows the head of a request is known to be little, and comes by itself."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return len(value) <= 5 and int(value) <= _SMALL
        if name in (b"transfer-encoding", b"expect"):
            return False
    return True
