"""Bodies of requests: as large as they may be, and not waited for without end."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

__all__ = ["body_of"]

_PATIENCE = 10.0  # seconds
_LEAST = 16_384  # bytes that come in that time


async def body_of(request: Request, most: int) -> bytes:
    """All bytes of a request.

    Raises:
        HTTPException: there are more than `most`, by the head alone where it says so; they come too slowly;
            or fewer come than the head says.
    """
    declared = _declared_length(request)
    if declared is not None and declared > most:
        raise _too_large(most)
    try:
        body = await _read(request, most)
    except TimeoutError as error:
        raise HTTPException(408, "The request did not come in time.", {"Connection": "close"}) from error
    except ClientDisconnect as error:
        raise HTTPException(400, "The request is not whole.") from error
    if declared is not None and len(body) != declared:
        raise HTTPException(400, "The request is not whole.")
    return body


async def _read(request: Request, most: int) -> bytes:
    parts: list[bytes] = []
    size = waited_for = 0
    async with asyncio.timeout(_PATIENCE) as patience:
        async for part in request.stream():
            parts.append(part)
            size += len(part)
            if size > most:
                raise _too_large(most)
            if size - waited_for >= _LEAST:
                waited_for = size
                patience.reschedule(asyncio.get_running_loop().time() + _PATIENCE)
    return b"".join(parts)


def _declared_length(request: Request) -> int | None:
    text = request.headers.get("content-length", "")
    return int(text) if text.isdecimal() else None


def _too_large(most: int) -> HTTPException:
    return HTTPException(413, f"The request is larger than {most} bytes.", {"Connection": "close"})
