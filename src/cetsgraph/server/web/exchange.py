"""What is sent for one request, as it is sent."""

from collections.abc import Awaitable, Callable

from starlette.types import Message, Receive, Scope, Send

__all__ = ["Answering", "Exchange"]

_GONE = 499


class Exchange:
    """Sends the messages of a response on, and has its head and its size. To be called as ASGI's `send`."""

    __slots__ = ("_send", "body", "head", "size")

    def __init__(self, send: Send) -> None:
        self._send = send
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

    @property
    def status(self) -> int:
        """Of the response; 499 where the client left before."""
        return int(self.head.get("status", _GONE))


Answering = Callable[[Scope, Receive, Exchange], Awaitable[None]]
"""An application that looks at what was sent."""
