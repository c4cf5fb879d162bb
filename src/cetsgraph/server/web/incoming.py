"""What comes from a client: through which proxy, with which body, and that it has left."""

import asyncio
import os
import time
from collections.abc import Awaitable

from granian.utils.proxies import wrap_asgi_with_proxy_headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Departures", "body_of", "forwarded", "header", "raw_path"]

_MOMENT = 0.1  # seconds before somebody listens whether the client leaves: most have their answer
_PATIENCE = 10.0  # seconds
_LEAST = 16_384  # bytes that come in that time


class Departures:
    """Around an application: cancels what it does for a client that has left.

    Granian says so to one listener, which is here: the application receives nothing but a body.
    """

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self._requests: dict[asyncio.Task[None], tuple[float, Receive]] = {}
        """The time that each came at, the oldest first, until somebody listens to its client."""
        self._listeners: dict[asyncio.Task[None], asyncio.Task[None]] = {}
        self._looking = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = asyncio.current_task()
        assert request is not None

        async def received() -> Message:
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body"):
                self._add(request, receive)
            return message

        if scope["method"] in ("GET", "HEAD"):
            self._add(request, receive)
        try:
            await self._application(scope, received, send)
        except asyncio.CancelledError:
            if request not in self._listeners or not self._listeners[request].done() or request.uncancel():
                raise
        finally:
            self._requests.pop(request, None)
            if request in self._listeners:
                self._listeners.pop(request).cancel()

    def _add(self, request: "asyncio.Task[None]", receive: Receive) -> None:
        self._requests[request] = (time.monotonic(), receive)
        if not self._looking:
            self._looking = True
            asyncio.get_running_loop().call_later(_MOMENT, self._look)

    def _look(self) -> None:
        """Listen to the clients of requests that take long."""
        before = time.monotonic() - _MOMENT
        for request, (came, receive) in list(self._requests.items()):
            if came > before:
                break
            del self._requests[request]
            self._listeners[request] = asyncio.create_task(_cancel_at_departure(request, receive))
        self._looking = bool(self._requests)
        if self._looking:
            asyncio.get_running_loop().call_later(_MOMENT, self._look)


async def _cancel_at_departure(request: "asyncio.Task[None]", receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    request.cancel()


def forwarded(application: ASGIApp) -> ASGIApp:
    """Around an application: the client and the scheme of a request as a trusted proxy gives them.

    Trusted are the addresses in the environment variable FORWARDED_ALLOW_IPS, by default this machine.
    Granian takes `X-Forwarded-Proto` only beside `X-Forwarded-For`; a proxy may send it alone.
    """
    trusted = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
    granian: ASGIApp = wrap_asgi_with_proxy_headers(application, trusted)

    def completed(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        headers = dict(scope["headers"])
        if b"x-forwarded-for" not in headers:
            if b"x-forwarded-proto" not in headers or not scope["client"]:
                return application(scope, receive, send)
            client = (b"x-forwarded-for", scope["client"][0].encode())
            scope = {**scope, "headers": [*scope["headers"], client]}
        return granian(scope, receive, send)

    return completed


def header(scope: Scope, name: bytes) -> str | None:
    """A header of a request, by its name in small letters."""
    text: bytes | None = dict(scope["headers"]).get(name)
    return None if text is None else text.decode("latin-1")


async def body_of(request: Request, most: int) -> bytes:
    """All bytes of a request.

    Raises:
        HTTPException: there are more than `most`, by the head alone where it says so; they come too slowly;
            or fewer come than the head says.
    """
    text = request.headers.get("content-length", "")
    declared = int(text) if text.isdecimal() else None
    body = bytearray()
    too_large = HTTPException(413, f"The request is larger than {most} bytes.", {"Connection": "close"})
    if declared is not None and declared > most:
        raise too_large
    try:
        async with asyncio.timeout(_PATIENCE) as patience:
            waited_for = 0
            async for part in request.stream():
                body += part
                if len(body) > most:
                    raise too_large
                if len(body) - waited_for >= _LEAST:
                    waited_for = len(body)
                    patience.reschedule(asyncio.get_running_loop().time() + _PATIENCE)
    except TimeoutError as error:
        raise HTTPException(408, "The request did not come in time.", {"Connection": "close"}) from error
    except ClientDisconnect as error:
        raise HTTPException(400, "The request is not whole.") from error
    if declared not in (None, len(body)):
        raise HTTPException(400, "The request is not whole.")
    return bytes(body)


def raw_path(request: Request) -> str:
    """The path of a request, percent-encoded as it was sent."""
    raw: bytes = request.scope["raw_path"]
    return raw.decode("ascii", "replace").partition("?")[0]
