"""Who asked, and how, where a proxy in front of the server says it."""

import contextlib
import os
from typing import Any

from starlette.types import Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

__all__ = ["as_forwarded"]

_HEADERS = (b"x-forwarded-for", b"x-forwarded-proto")


async def _nothing(*request: Any) -> None:
    """What the middleware goes on to."""


_middleware = ProxyHeadersMiddleware(_nothing, os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1"))


def as_forwarded(scope: Scope) -> None:
    """Put the client and the scheme into a request that a proxy says, if the proxy is trusted."""
    if any(name in _HEADERS for name, _ in scope["headers"]):
        with contextlib.suppress(StopIteration):  # it waits for nothing
            _middleware(scope, None, None).send(None)  # type: ignore[arg-type]
