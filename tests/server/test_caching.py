"""Answers that a web worker keeps."""

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from cetsgraph.server.answer import Answer
from cetsgraph.server.query_process import END
from cetsgraph.server.web.caching import Caching
from cetsgraph.server.web.exchange import Exchange
from cetsgraph.server.web.responses import answer_response
from cetsgraph.store.snapshots import Snapshots


@pytest.mark.parametrize("size", [10, 50_000, 120_000])
def test_a_page_is_made_once_for_each_state_of_the_store(store: Path, size: int) -> None:
    snapshots, made = Snapshots(store), 0

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal made
        made += 1
        answer = Answer(1.0, print)
        answer.receive(END, b"200 text/html\n" + b"x" * size)
        headers = {"ETag": f'W/"{snapshots.newest().tag}"', "Cache-Control": "no-cache"}
        await answer_response(answer, headers)(scope, receive, send)

    async def asked_twice() -> list[str]:
        caching = Caching(application, snapshots)
        transport = httpx.ASGITransport(
            lambda scope, receive, send: caching(scope, receive, Exchange(receive, send))
        )
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return [(await client.get("/data/local/a")).text for _ in range(2)]

    assert asyncio.run(asked_twice()) == ["x" * size] * 2
    assert made == 1
