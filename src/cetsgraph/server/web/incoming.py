"""What comes from a client: through which proxy, with which headers and body."""

import asyncio
import os
from collections.abc import Awaitable

from granian.utils.proxies import wrap_asgi_with_proxy_headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["body_of", "forwarded", "header", "raw_path"]

_PATIENCE = 10.0  # seconds
_LEAST = 16_384  # bytes that come in that time
_LONGEST = 2000  # bytes of a header


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
    """A header of a request, by its name in small letters; of one that is long, as much as is looked at."""
    text: bytes | None = dict(scope["headers"]).get(name)
    return None if text is None else text[:_LONGEST].decode("latin-1")


async def body_of(request: Request, most: int) -> bytes:
    """All bytes of a request.

    Raises:
        HTTPException: there are more than `most`, by the head alone where it says so; they come too slowly;
            or fewer come than the head says.
    """
    body = bytearray()
    too_large = HTTPException(413, f"The request is larger than {most} bytes.", {"Connection": "close"})
    if int(request.headers.get("content-length", 0)) > most:
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
    return bytes(body)


def raw_path(request: Request) -> str:
    """The path of a request, percent-encoded as it was sent."""
    raw: bytes = request.scope["raw_path"]
    return raw.decode("ascii", "replace").partition("?")[0]
