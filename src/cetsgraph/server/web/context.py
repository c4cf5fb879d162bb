"""What all addresses of the application share: the store, who answers queries, who makes changes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cetsgraph.server.limits import Limits
from cetsgraph.server.pooled_store import PooledStore
from cetsgraph.server.query_pool import QueryPool
from cetsgraph.server.snapshots import Snapshot, Snapshots
from cetsgraph.server.updates import Tokens, Updates
from cetsgraph.store import Store

__all__ = ["Context"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """What an address answers from."""

    snapshots: Snapshots
    pool: QueryPool
    updates: Updates | None = None
    """Makes changes, if they are taken."""
    tokens: Tokens | None = None
    base_url: str | None = None
    """Address that the server is reached by; of each request if not given."""

    @property
    def limits(self) -> Limits:
        return self.pool.limits

    def address(self, request: Request) -> str:
        """Where the server is reached, without a slash at its end."""
        return (self.base_url or str(request.base_url)).rstrip("/")

    def headers(self, snapshot: Snapshot) -> dict[str, str]:
        """Headers of what depends on the state of the store and on the form that a client prefers."""
        return {"Vary": "Accept", "ETag": f'W/"{snapshot.tag}"', "Cache-Control": "no-cache"}

    def not_modified(self, request: Request, headers: dict[str, str]) -> Response | None:
        """The answer to a client that has this state of the store already."""
        if headers["ETag"] not in request.headers.get("if-none-match", ""):
            return None
        return Response(status_code=304, headers=headers)

    async def computed(self, snapshot: Snapshot, work: Callable[[Store], T]) -> T:
        """What a function makes that asks a store, in a thread."""
        store = PooledStore(snapshot, self.pool, asyncio.get_running_loop())
        return await run_in_threadpool(work, store)

    def writer(self, request: Request) -> Updates:
        """Who makes the change that a request wants, by its head alone.

        Raises:
            HTTPException: no changes are taken, or not from this client.
        """
        if self.updates is None or self.tokens is None:
            raise HTTPException(403, "This endpoint is read-only.")
        if not self.tokens.allow(request.headers.get("authorization")):
            raise HTTPException(401, "A token that may write is needed.", {"WWW-Authenticate": "Bearer"})
        return self.updates
