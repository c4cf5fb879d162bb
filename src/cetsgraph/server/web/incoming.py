"""What comes from a client: through which proxy, with which body, and that it has left."""

import asyncio
import os

from granian.utils.proxies import wrap_asgi_with_proxy_headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["body_of", "forwarded", "raw_path", "until_departure"]

_MOMENT = 0.1  # seconds before somebody looks whether the client has left: most have their answer
_PATIENCE = 10.0  # seconds
_LEAST = 16_384  # bytes that come in that time


def until_departure(application: ASGIApp) -> ASGIApp:
    """Around an application: cancels what it does for a client that has left.

    Granian says so to one listener, which is here: the application receives nothing but a body.
    """

    async def bounded(scope: Scope, receive: Receive, send: Send) -> None:
        loop, request = asyncio.get_running_loop(), asyncio.current_task()
        assert request is not None
        listening: list[asyncio.Task[None] | asyncio.TimerHandle] = []
        left = False

        async def listen() -> None:
            nonlocal left
            while (await receive())["type"] != "http.disconnect":
                pass
            left = request.cancel()

        def listen_later() -> None:
            start = loop.call_later(_MOMENT, lambda: listening.append(loop.create_task(listen())))
            listening.append(start)

        async def received() -> Message:
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body"):
                listen_later()
            return message

        if scope.get("method") in ("GET", "HEAD"):
            listen_later()
        try:
            await application(scope, received, send)
        except asyncio.CancelledError:
            if not left or request.uncancel():
                raise
        finally:
            for one in listening:
                one.cancel()

    return bounded


def forwarded(application: ASGIApp) -> ASGIApp:
    """Around an application: the client and the scheme of a request as a trusted proxy gives them.

    Trusted are the addresses in the environment variable FORWARDED_ALLOW_IPS, by default this machine.
    Granian takes `X-Forwarded-Proto` only beside `X-Forwarded-For`; a proxy may send it alone.
    """
    trusted = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
    granian: ASGIApp = wrap_asgi_with_proxy_headers(application, trusted)

    async def completed(scope: Scope, receive: Receive, send: Send) -> None:
        names = [name for name, _ in scope.get("headers", ()) if name.startswith(b"x-forwarded-")]
        if b"x-forwarded-proto" in names and b"x-forwarded-for" not in names and scope["client"]:
            client = (b"x-forwarded-for", scope["client"][0].encode())
            scope = {**scope, "headers": [*scope["headers"], client]}
        await (granian if names else application)(scope, receive, send)

    return completed


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
