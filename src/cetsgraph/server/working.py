"""A worker: a process that accepts on the server's socket and answers from the newest snapshot."""

import asyncio
import contextlib
import gc
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
from cetsgraph.server.driving import Drivers
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
_SWITCH = 0.0005  # seconds after which a thread lets another have Python
_SIGNALS = (signal.SIGINT, signal.SIGTERM, GIVE_UP)
_RUBBISH = 20_000  # objects between searches for cycles among them, which requests do not make
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
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        _bound(limits)
        sys.setswitchinterval(_SWITCH)
        _serve(make, limits, listening, share, pipe)
    finally:
        os._exit(1)


def _serve(
    make: Callable[[Asking], Recorded], limits: Limits, listening: socket.socket, share: Share, pipe: int
) -> NoReturn:
    loop = asyncio.new_event_loop()
    drivers = Drivers(loop, limits.running, limits.stack)

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

    async def serve() -> None:
        try:
            beat()
            await server.serve(sockets=[])
        finally:
            os._exit(0 if server.should_exit else 1)  # a query that nobody waits for may still run

    asking = Asking(limits, drivers, retire)
    server = _Server(make(asking), limits, listening, share)
    gc.freeze()
    gc.set_threshold(_RUBBISH)
    drivers.start(serve())
    while True:
        told = signal.sigwait(_SIGNALS)
        loop.call_soon_threadsafe(asking.give_up if told == GIVE_UP else server.retire)


class _Server(uvicorn.Server):
    """uvicorn's server, which takes its connections in a way of ours."""

    def __init__(self, application: Recorded, limits: Limits, listening: socket.socket, share: Share) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # whoever sends rubbish fills no log
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
    memory = 2 * limits.memory + (2 * limits.running + 4) * limits.stack + _SPARE
    _, files = resource.getrlimit(resource.RLIMIT_NOFILE)
    for what, most in ((resource.RLIMIT_NOFILE, files), (resource.RLIMIT_DATA, memory)):
        with contextlib.suppress(ValueError, OSError):  # there is a lower limit, or no such one
            resource.setrlimit(what, (most, most))
