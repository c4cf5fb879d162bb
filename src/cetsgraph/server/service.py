"""The server: Granian's web workers, each with the application and its query processes.

Only workers import the application: the process that starts them has no use for it.
"""

import gc
import multiprocessing
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer
from starlette.types import ASGIApp

from cetsgraph.errors import CetsGraphError
from cetsgraph.server.limits import Limits
from cetsgraph.store.directory import StoreDirectory

__all__ = ["Service"]

_HEAD_SECONDS = 10  # in which the head of a request comes, and the next request of a connection
_RESPAWN_SECONDS = 0.1
_GARBAGE = 20_000  # objects between looks for cycles among them
_FILES = 1000
_AT_ONCE = 2000  # requests of one worker


@dataclass(frozen=True, slots=True)
class Service:
    """A store that is served."""

    directory: Path
    limits: Limits
    host: str = "127.0.0.1"
    """Name or address that is listened on."""
    port: int = 7878
    """0 takes any that is free."""
    workers: int = 1
    """Web workers, each with query processes of its own."""
    access_log: bool = True
    """Whether each request is a line on standard error."""
    token_file: Path | None = None
    """Tokens that may write; without a file the store is read only."""
    base_url: str | None = None
    """Address that clients reach the server by; of each request if not given."""
    sources: Path | None = None
    """File of other archives that the page `/archives` asks."""

    def run(self, ready: Callable[[str], None] = lambda address: None) -> None:
        """Serve until a signal to end (INT or TERM); then let requests under way end.

        `ready` is called with the address once connections are taken.

        Raises:
            StoreError: there is no store in the directory, or one of another version.
            CetsGraphError: the address is taken, or there is no token in the file.
            SourceError: the sources cannot be asked.
        """
        StoreDirectory(self.directory).record()
        if self.token_file is not None:
            from cetsgraph.server.updates import Tokens

            Tokens(self.token_file).known()
        if self.sources is not None:
            from cetsgraph.server.site.archive_answers import federation_of
            from cetsgraph.server.site.rendering import OTHER_ARCHIVES

            federation_of(self.sources)
            os.environ[OTHER_ARCHIVES] = "1"
        port = _free_port(self.host, self.port)
        multiprocessing.set_start_method("spawn", force=True)  # the same on each system
        server = _server(self, port)
        watch = threading.Thread(target=_wait, args=(self.host, port, ready), daemon=True)
        server.on_startup(watch.start)
        with tempfile.TemporaryDirectory(prefix="cetsgraph-", ignore_cleanup_errors=True) as counts:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts
            try:
                server.serve(target_loader=partial(_application, self, Path(counts)), wrap_loader=False)
            except SystemExit as error:
                raise CetsGraphError("workers of the server end before they work") from error


def _application(service: Service, counts: Path) -> ASGIApp:
    """The application, made in a worker."""
    from cetsgraph.server.application import application
    from cetsgraph.server.query_pool import QueryPool
    from cetsgraph.server.site.archive_answers import federation_of
    from cetsgraph.server.updates import Tokens, Updates
    from cetsgraph.server.web.endpoint import Endpoint
    from cetsgraph.store.snapshots import Snapshots

    gc.freeze()  # what is imported stays; requests leave little to collect
    gc.set_threshold(_GARBAGE)
    with suppress(OSError):
        os.close(os.dup2(2, _FILES))  # the table of open files grows now: later, the system may take a second
    directory, limits, tokens = service.directory, service.limits, service.token_file
    updates = None if tokens is None else Updates(directory, Tokens(tokens), limits)
    others = None if service.sources is None else federation_of(service.sources)
    endpoint = Endpoint(Snapshots(directory), QueryPool(limits), updates, service.base_url, others)
    return application(endpoint, counts, service.workers, access_log=service.access_log)


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


def _free_port(host: str, port: int) -> int:
    """The port, if it is free; for 0 any that is.

    Raises:
        CetsGraphError: the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family) as tried:
            return int(tried.getsockname()[1])
    except OSError as error:
        what, where = "the server cannot listen here", f"{host}:{port}"
        hint = "Give another --host or --port."
        raise CetsGraphError(what, where=where, found=error.strerror, hint=hint) from error


def _wait(host: str, port: int, ready: Callable[[str], None]) -> None:
    """Wait until connections are taken."""
    while True:
        with suppress(OSError), socket.create_connection((host, port), timeout=1):
            break
        time.sleep(0.02)
    ready(f"http://{f'[{host}]' if ':' in host else host}:{port}")
