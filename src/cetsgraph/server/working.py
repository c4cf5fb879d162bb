"""A worker: a process that accepts on the server's socket and answers from the newest snapshot."""

import asyncio
import contextlib
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from typing import NoReturn

import uvicorn

from cetsgraph.server.accepting import Accepting, Share
from cetsgraph.server.asking import Asking
from cetsgraph.server.connections import Connection
from cetsgraph.server.limits import Limits
from cetsgraph.server.recording import Recorded

__all__ = ["ALIVE", "BEAT", "GIVE_UP", "RETIRED", "work"]

ALIVE, RETIRED = b".", b"r"
"""What a worker writes to its supervisor: that it is there, and that it takes no more connections."""
BEAT = 1.0
"""Seconds from one sign of life to the next."""
GIVE_UP = signal.SIGUSR1
"""Has a worker answer at once for everything that it still does."""

_KEEP_ALIVE = 10  # seconds
_AT_ONCE = 1.0
_TURN = 0.0005  # in which threads take turns: a query goes from one to another and back
_SPARE = 512 * 2**20


def work(
    make: Callable[[Asking], Recorded], limits: Limits, listening: socket.socket, share: Share, pipe: int
) -> NoReturn:
    """Be a worker, until told to end or until a query has passed a limit.

    Args:
        make: makes the application.
        limits: what its queries may take.
        listening: the socket to accept on, which other workers do too.
        share: the connections of this worker and others.
        pipe: where to write signs of life, and of retirement.
    """
    status = 1
    try:
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.SIG_DFL)
        _bound(limits)
        sys.setswitchinterval(_TURN)
        asyncio.run(_serve(make, limits, listening, share, pipe))
        status = 0
    finally:
        os._exit(status)  # a query that nobody waits for may still run in a thread


async def _serve(
    make: Callable[[Asking], Recorded], limits: Limits, listening: socket.socket, share: Share, pipe: int
) -> None:
    loop = asyncio.get_running_loop()

    def retire(at_once: bool) -> None:
        if at_once:
            loop.call_later(_AT_ONCE, os._exit, 0)
        if not server.should_exit:
            server.retire()
            os.write(pipe, RETIRED)

    supervisor = os.getppid()

    def beat() -> None:
        if os.getppid() != supervisor:  # it was killed
            os._exit(1)
        os.write(pipe, ALIVE)
        loop.call_later(BEAT, beat)

    asking = Asking(limits, retire)
    loop.add_signal_handler(GIVE_UP, asking.give_up)
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # whoever sends rubbish fills no log
    application = make(asking)
    config = uvicorn.Config(
        application,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # `Connection` looks at them
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=int(limits.seconds) + 2,
    )
    server = _Server(config, application, listening, share)
    beat()
    await server.serve(sockets=[])


class _Server(uvicorn.Server):
    """uvicorn's server, which takes its connections in a way of ours."""

    def __init__(
        self, config: uvicorn.Config, application: Recorded, listening: socket.socket, share: Share
    ) -> None:
        super().__init__(config)
        self._answer = application.begin
        self._accepting = Accepting(listening, self._connection, share)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._accepting.start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._accepting.stop()
        await super().shutdown(sockets)

    def retire(self) -> None:
        """Take no more connections, and end after what is under way."""
        self.should_exit = True
        self._accepting.stop()

    def _connection(self) -> Connection:
        return Connection(self.config, self.server_state, {}, answer=self._answer, lost=self._accepting.lost)


def _bound(limits: Limits) -> None:
    """Have the system refuse memory far beyond the limit, should it be asked for faster than one can look."""
    memory = 2 * limits.memory + (limits.running + limits.long) * limits.stack + _SPARE
    _, files = resource.getrlimit(resource.RLIMIT_NOFILE)
    for what, most in ((resource.RLIMIT_NOFILE, files), (resource.RLIMIT_DATA, memory)):
        with contextlib.suppress(ValueError, OSError):  # there is a lower limit, or no such one
            resource.setrlimit(what, (most, most))
