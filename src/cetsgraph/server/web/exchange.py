"""What comes and goes for one request."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import Message, Receive, Scope, Send

__all__ = ["Answering", "Exchange"]

_GONE = 499


class Exchange:
    """Passes messages on, and has head and size of the response. To be called as ASGI's `send`."""

    __slots__ = ("_coming", "_receive", "_send", "body", "head", "size")

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._coming: asyncio.Task[Message] | None = None
        self.head: Message = {}
        """The head of the response, once it was sent."""
        self.body: Message | None = None
        """All of its body, where it was sent in one piece."""
        self.size = 0
        """Bytes of the body so far."""

    def __call__(self, message: Message) -> Awaitable[None]:
        """Send a message."""
        if message["type"] == "http.response.start":
            self.head = message
        else:
            size = len(message.get("body", b""))
            self.size += size
            self.body = None if message.get("more_body") or size < self.size else message
        return self._send(message)

    async def receive(self) -> Message:
        """ASGI's `receive`, which one may cancel and call anew, also while others wait for the same message.

        Granian loses what was to come when its own is cancelled, and then says that the client has left.
        """
        coming = self._coming = self._coming or asyncio.create_task(self._next())
        message = await asyncio.shield(coming)
        if coming is self._coming and message["type"] != "http.disconnect":
            self._coming = None
        return message

    async def _next(self) -> Message:
        return await self._receive()

    def close(self) -> None:
        """Wait for no more messages: the request has its answer."""
        if self._coming is not None:
            self._coming.cancel()

    @property
    def status(self) -> int:
        """Of the response; 499 where the client left before."""
        return int(self.head.get("status", _GONE))


Answering = Callable[[Scope, Receive, Exchange], Awaitable[None]]
"""An application that looks at what was sent."""
