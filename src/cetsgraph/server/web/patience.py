"""Answers that a client does not take are not kept for it without end."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Patience"]

_UNTAKEN = 30.0  # seconds in which none of an answer is taken


class Patience:
    """Gives up an answer of several pieces when its client takes none for a while."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def patiently(message: Message) -> None:
            """Send a message on; one that is not taken in time ends the answer."""
            if not message.get("more_body"):
                await send(message)
                return
            async with asyncio.timeout(_UNTAKEN):
                await send(message)

        await self._application(scope, receive, patiently)
