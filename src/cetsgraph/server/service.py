"""The server: Granian's web workers, each with the application and its query processes."""

import gc
import multiprocessing
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer
from starlette.types import ASGIApp

from cetsgraph import system
from cetsgraph.errors import CetsGraphError
from cetsgraph.server.limits import Limits
from cetsgraph.server.query_pool import QueryPool
from cetsgraph.server.snapshots import Snapshots
from cetsgraph.server.updates import Tokens, Updates
from cetsgraph.server.web.application import application
from cetsgraph.server.web.metrics import Metrics
from cetsgraph.store.directory import StoreDirectory

__all__ = ["Service", "serve"]

_HEAD_SECONDS = 10
"""In which the head of a request comes in; and the next request of a connection."""
_RESPAWN_SECONDS = 0.1
_GARBAGE = 20_000  # objects between looks for cycles among them
_AT_ONCE = 2000  # requests of one worker


@dataclass(frozen=True, slots=True)
class Service:
    """What is served, where, and within which limits."""

    directory: Path
    host: str = "127.0.0.1"
    port: int = 7878
    """0 takes any that is free."""
    workers: int = field(default_factory=system.cpu_count)
    """Web workers; each has query processes of its own."""
    limits: Limits = field(default_factory=Limits)
    access_log: bool = True
    token_file: Path | None = None
    """Tokens that may write; nobody may if there is no file."""
    base_url: str | None = None
    """Address that clients reach the server by; of each request if not given."""


def serve(service: Service, ready: Callable[[str], None] = lambda address: None) -> None:
    """Serve until a signal to end (INT or TERM); then let requests under way end.

    Args:
        service: what to serve.
        ready: is called with the address once connections are taken.

    Raises:
        StoreError: there is no store in the directory, or one of another version.
        CetsGraphError: the address is taken, or there is no token in the file.
    """
    StoreDirectory(service.directory).record()
    if service.token_file is not None:
        Tokens(service.token_file).known()
    port = _free_port(service.host, service.port)
    multiprocessing.set_start_method("spawn", force=True)  # the same on each system
    with tempfile.TemporaryDirectory(prefix="cetsgraph-", ignore_cleanup_errors=True) as counts:
        server = _server(service, port)
        address = f"http://{f'[{service.host}]' if ':' in service.host else service.host}:{port}"
        watch = threading.Thread(
            target=_wait, args=(service.host, port, partial(ready, address)), daemon=True
        )
        server.on_startup(watch.start)
        try:
            server.serve(target_loader=partial(_load, service, Path(counts)), wrap_loader=False)
        except SystemExit as error:
            raise CetsGraphError("workers of the server end before they work") from error


def _server(service: Service, port: int) -> MPServer:
    return MPServer(
        "cetsgraph",
        address=service.host,
        port=port,
        interface=Interfaces.ASGI,
        workers=service.workers,
        loop=Loops.auto,
        http=HTTPModes.http1,
        websockets=False,
        backpressure=_AT_ONCE,
        http1_settings=HTTP1Settings(header_read_timeout=1000 * _HEAD_SECONDS),
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        respawn_interval=_RESPAWN_SECONDS,
        workers_kill_timeout=int(service.limits.seconds) + 2,
    )


def _load(service: Service, counts: Path) -> ASGIApp:
    """The application, made in a worker."""
    gc.freeze()  # what is imported stays; requests leave little to collect
    gc.set_threshold(_GARBAGE)
    snapshots = Snapshots(service.directory)
    writable = service.token_file is not None
    return application(
        QueryPool(snapshots, service.limits),
        snapshots,
        Metrics(counts),
        updates=Updates(service.directory, service.limits) if writable else None,
        tokens=None if service.token_file is None else Tokens(service.token_file),
        base_url=service.base_url,
        access_log=service.access_log,
    )


def _free_port(host: str, port: int) -> int:
    """The port, if nobody has it; any that is free for 0.

    Raises:
        CetsGraphError: the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            raise CetsGraphError(
                "the server cannot listen here",
                where=f"{host}:{port}",
                found=error.strerror,
                hint="Give another --host or --port.",
            ) from error
        return int(tried.getsockname()[1])


def _wait(host: str, port: int, ready: Callable[[], None]) -> None:
    """Wait until connections are taken."""
    while True:
        with suppress(OSError), socket.create_connection((host, port), timeout=1):
            break
        time.sleep(0.02)
    ready()
