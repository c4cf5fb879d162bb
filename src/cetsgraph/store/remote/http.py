"""One HTTP request and its whole answer, within limits that no server can exceed.

The exchange has a thread of its own and a deadline against which the caller waits, so neither a name server
nor a server that sends a byte a second prolongs it. The body has a cap, before and after decompression. A
redirect keeps method and query; credentials go to the origin that they belong to, and nowhere else.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import re
import socket
import ssl
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from dataclasses import dataclass, field
from functools import cache
from threading import Thread
from typing import Any

import httpx

from cetsgraph.errors import EndpointAnswer, EndpointError, EndpointTimeout, EndpointUnreachable
from cetsgraph.store.remote.credentials import Credentials, origin
from cetsgraph.store.remote.http_errors import http_errors
from cetsgraph.store.remote.redirects import redirected

__all__ = ["Client", "Response", "connections"]

_REDIRECTS = 5
_ERROR_BODY = 2**16  # bytes of an error's page that are worth reading
_INFLATED = 2**20  # bytes that are decompressed at a time
_NO_AUTH = httpx.Auth()  # else the library takes what stands in the URL


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered, decompressed; `url` is where it came from in the end."""

    url: str
    status: int
    headers: httpx.Headers
    body: bytes
    deadline: float = float("inf")
    """A time of the monotonic clock by which the answer is to be read."""

    @property
    def media_type(self) -> str:
        """`text/html` of `text/html; charset=utf-8`; empty where the server says none."""
        said: str = self.headers.get("Content-Type", "")
        return said.partition(";")[0].strip().lower()

    @property
    def retry_after(self) -> float | None:
        """Seconds after which the server wants to be asked again; None where it does not say."""
        said = self.headers.get("Retry-After")
        return None if said is None else _seconds(said)


@dataclass(frozen=True, slots=True)
class Client:
    """Sends requests. Times are in seconds, `max_bytes` counts the decompressed body."""

    connect_timeout: float
    timeout: float
    max_bytes: int
    credentials: Credentials | None = None
    transport: httpx.BaseTransport | None = None
    """What carries requests; the network if not given."""
    kept_open: httpx.Client | None = None
    """Connections that stay open between requests; each has its own if not given."""
    follow_redirects: bool = True
    """Whether a redirect is followed; otherwise it is the answer."""
    stays: bool = False
    """Whether a redirect to another server is refused."""

    def send(self, request: httpx.Request) -> Response:
        """The whole answer, of any status.

        Raises:
            EndpointUnreachable: no connection, or one that was closed before an answer came.
            EndpointTimeout: the answer was not there in time.
            EndpointAnswer: it is larger than the cap, ends too early, or is compressed in an unknown way.
        """
        exchange = _Exchange(self, _without_query(str(request.url)))
        answer: Future[Response] = Future()
        Thread(target=exchange.run, args=(request, answer), daemon=True).start()
        while not wait([answer], max(0, min(self.connect_timeout, exchange.remaining()))).done:
            connecting = exchange.connecting()
            if connecting > self.connect_timeout or (connecting and not exchange.remaining()):
                exchange.give_up()
                raise _no_connection(exchange.url, connecting)
            if not exchange.remaining():
                exchange.give_up()
                raise EndpointTimeout(url=exchange.url, seconds=self.timeout)
        return answer.result()


@dataclass(slots=True)
class _Exchange:
    """A request under way, redirects included, in a thread that can be given up."""

    client: Client
    url: str
    """As it stands in messages."""
    deadline: float = field(init=False)
    _connecting_since: float | None = None
    _connection: Any = None
    _given_up: bool = False

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + self.client.timeout

    def remaining(self) -> float:
        """Seconds until the deadline, 0 when it has passed."""
        return max(0.0, self.deadline - time.monotonic())

    def connecting(self) -> float:
        """For how many seconds a connection has been waited for; 0 where there is one."""
        since = self._connecting_since
        return 0.0 if since is None else time.monotonic() - since

    def give_up(self) -> None:
        """Wake the thread, so that it ends."""
        self._given_up = True
        if isinstance(self._connection, socket.socket):
            with suppress(OSError):
                socket.socket.shutdown(self._connection, socket.SHUT_RDWR)

    def run(self, request: httpx.Request, answer: Future[Response]) -> None:
        """Hand over the answer, or the failure."""
        try:
            answer.set_result(self._answered(request))
        except EndpointError as error:  # what others raise was translated to one
            answer.set_exception(error)
        finally:
            if not answer.done():  # a fault of the program, which ends this thread: the other must not wait
                answer.set_exception(RuntimeError("the request ended without an answer"))

    def _answered(self, request: httpx.Request) -> Response:
        for _ in range(_REDIRECTS + 1):
            with http_errors(self.url, self.client.timeout), self._connected() as client:
                response = self._sent(client, request)
                with closing(response):
                    moved = response.is_redirect and self.client.follow_redirects
                    target = response.headers.get("Location") if moved else None
                    if target is None:
                        body = self._body(response)
                        return Response(
                            str(response.url), response.status_code, response.headers, body, self.deadline
                        )
                    request = redirected(request, target, response.status_code, stays=self.client.stays)
        raise EndpointAnswer(f"more than {_REDIRECTS} redirects", url=self.url)

    def _connected(self) -> AbstractContextManager[httpx.Client]:
        if self.client.kept_open is not None:
            return nullcontext(self.client.kept_open)
        client = self.client
        return connections(self.url, client.connect_timeout, client.timeout, client.transport)

    def _sent(self, client: httpx.Client, request: httpx.Request) -> httpx.Response:
        """The head of the answer, by Digest where the server asks for that."""
        credentials = self.client.credentials
        if credentials is not None and origin(str(request.url)) != credentials.origin:
            credentials = None
        request.headers["Accept-Encoding"] = "gzip"
        request.extensions = {"trace": self._trace}
        if credentials is not None:
            request.headers["Authorization"] = credentials.authorization
        response = client.send(request, auth=_NO_AUTH, stream=True, follow_redirects=False)
        if credentials is not None and credentials.user is not None:
            by_digest = _by_digest(request, response, credentials)
            if by_digest is not None:
                response.close()
                return client.send(by_digest, auth=_NO_AUTH, stream=True, follow_redirects=False)
        return response

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        """Note where the exchange is: the library calls this at each step."""
        if self._given_up:
            raise TimeoutError
        if event == "connection.connect_tcp.started":
            self._connecting_since = time.monotonic()
        elif event in ("connection.connect_tcp.complete", "connection.connect_tcp.failed"):
            self._connecting_since = None
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._connection = info["return_value"].get_extra_info("socket")

    def _body(self, response: httpx.Response) -> bytes:
        failed = response.status_code >= 400
        limit = min(_ERROR_BODY, self.client.max_bytes) if failed else self.client.max_bytes
        body = bytearray()
        try:
            for piece in self._decompressed(response, limit):
                body += piece
                if len(body) > limit and not failed:
                    raise self._too_large()
                if len(body) > limit or self._given_up:
                    break
        except httpx.TimeoutException:
            raise
        except httpx.TransportError as error:
            found = "a body that is cut off, or is not HTTP"
            raise EndpointAnswer("the answer ends too early", url=self.url, found=found) from error
        return bytes(body[:limit])

    def _too_large(self) -> EndpointAnswer:
        return EndpointAnswer(
            "the answer is too large",
            url=self.url,
            found=f"more than {self.client.max_bytes:,} bytes",
            hint="Ask for less, or allow more bytes.",
        )

    def _decompressed(self, response: httpx.Response, limit: int) -> Iterator[bytes]:
        if response.is_stream_consumed:  # a transport that is no network gave all at once
            yield response.content
            return
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding in ("identity", ""):
            yield from response.iter_raw()
            return
        if encoding not in ("gzip", "x-gzip"):
            raise EndpointAnswer(
                "the answer is compressed", url=self.url, found=encoding, expected="gzip or nothing"
            )
        inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        for piece in response.iter_raw():
            while piece and not inflate.eof:
                yield inflate.decompress(piece, min(limit, _INFLATED) + 1)
                piece = inflate.unconsumed_tail
        yield inflate.flush()
        if not inflate.eof:
            raise EOFError("gzip ends too early")


def connections(
    url: str, connect_timeout: float, timeout: float, transport: httpx.BaseTransport | None = None
) -> httpx.Client:
    """Connections to a server, by the proxies of the environment; times are in seconds.

    Raises:
        EndpointUnreachable: a proxy of the environment cannot be used.
    """
    times = httpx.Timeout(timeout, connect=connect_timeout)
    verify = _certificates() if transport is None else True
    try:
        return httpx.Client(transport=transport, timeout=times, verify=verify)
    except (httpx.InvalidURL, ValueError, ImportError) as error:
        found = "a proxy in the environment that cannot be used"
        hint = "Look at HTTP_PROXY, HTTPS_PROXY and ALL_PROXY."
        raise EndpointUnreachable(url=url, found=found, hint=hint) from error


def _by_digest(
    request: httpx.Request, response: httpx.Response, credentials: Credentials
) -> httpx.Request | None:
    """The request once more, where the server asks for a digest of the password that can be made."""
    flow = httpx.DigestAuth(credentials.user or "", credentials.password).auth_flow(request)
    next(flow)
    try:
        return flow.send(response)
    except StopIteration:  # another status, or another scheme
        return None
    except (httpx.ProtocolError, LookupError, ValueError, NotImplementedError):
        return None  # half a challenge, or an algorithm that is not known


def _no_connection(url: str, seconds: float) -> EndpointUnreachable:
    return EndpointUnreachable(url=url, found=f"no connection within {seconds:.1g} s")


@cache
def _certificates() -> ssl.SSLContext:
    """The authorities that are trusted; reading them takes long."""
    return httpx.create_ssl_context()


def _without_query(url: str) -> str:
    return url.partition("?")[0]


def _seconds(retry_after: str) -> float | None:
    """`Retry-After`: seconds, or a date; None where it is neither, or beyond all calendars."""
    if re.fullmatch(r"\s*[0-9]{1,9}\s*", retry_after):
        return float(retry_after)
    try:
        when = email.utils.parsedate_to_datetime(retry_after)
        return max(0.0, (when - dt.datetime.now(dt.UTC)).total_seconds()) if when.tzinfo else None
    except (ValueError, OverflowError):
        return None
