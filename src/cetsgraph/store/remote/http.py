"""One HTTP request and its whole answer, within limits that hold whatever the server does.

The whole exchange has a deadline, against which every single read counts, so that a server which sends a
byte a second does not prolong it. The body has a cap, before and after decompression. A redirect keeps
method and query; credentials go to the origin that they belong to, and nowhere else.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any
from urllib.parse import parse_qsl, urljoin, urlsplit, urlunsplit

from cetsgraph.errors import EndpointAnswer, EndpointError, EndpointTimeout, EndpointUnreachable
from cetsgraph.store.remote.credentials import Credentials, origin

__all__ = ["Client", "Response"]

_REDIRECTS = 5
_PIECE = 2**16
_ERROR_BODY = 2**16  # bytes of an error's page that are worth reading


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered, decompressed; `url` is where it came from in the end."""

    url: str
    status: int
    headers: Message
    body: bytes

    @property
    def media_type(self) -> str:
        """`text/html` of `text/html; charset=utf-8`; empty where the server says none."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Client:
    """Sends requests. Times are in seconds, `max_bytes` counts the decompressed body."""

    connect_timeout: float
    timeout: float
    max_bytes: int
    credentials: Credentials | None = None

    def send(self, request: urllib.request.Request) -> Response:
        """The whole answer, whatever its status.

        Raises:
            EndpointUnreachable: no connection, or one that was closed before an answer came.
            EndpointTimeout: the answer was not there in time.
            EndpointAnswer: it is larger than the cap, ends too early, or is compressed in an unknown way.
        """
        url = request.full_url.partition("?")[0]
        deadline = _Deadline(self.timeout)
        request.add_header("Accept-Encoding", "gzip")
        if self.credentials is not None and origin(url) == self.credentials.origin:
            request.add_unredirected_header("Authorization", self.credentials.authorization)
        with self._translated(url):
            try:
                answer = self._opener(deadline).open(request, timeout=self.connect_timeout)
            except urllib.error.HTTPError as error:
                answer = error
            with answer:
                body = self._body(answer, url)
                return Response(answer.url, answer.status, answer.headers, body)

    def _opener(self, deadline: _Deadline) -> urllib.request.OpenerDirector:
        opener = urllib.request.OpenerDirector()  # without the handlers of file:, ftp: and data:
        opener.add_handler(urllib.request.ProxyHandler())
        opener.add_handler(_OverHttp(deadline))
        opener.add_handler(_OverHttps(deadline))
        opener.add_handler(_Redirects(self.credentials))
        opener.add_handler(urllib.request.HTTPErrorProcessor())
        opener.add_handler(urllib.request.HTTPDefaultErrorHandler())
        if self.credentials is not None and self.credentials.user is not None:
            passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
            passwords.add_password(
                None, self.credentials.origin, self.credentials.user, self.credentials.password
            )
            opener.add_handler(urllib.request.HTTPDigestAuthHandler(passwords))
        return opener

    def _body(self, answer: Any, url: str) -> bytes:
        failed = answer.status >= 400
        limit = min(_ERROR_BODY, self.max_bytes) if failed else self.max_bytes
        body = bytearray()
        for piece in _decompressed(answer, url, limit):
            body += piece
            if len(body) > limit:
                if failed:
                    return bytes(body[:limit])
                raise EndpointAnswer(
                    "the answer is too large",
                    url=url,
                    found=f"more than {self.max_bytes:,} bytes",
                    hint="Ask for less, or allow more bytes.",
                )
        if answer.length:  # http.client says nothing when a body of known length ends early
            raise http.client.IncompleteRead(b"", answer.length)
        return bytes(body)

    @contextmanager
    def _translated(self, url: str) -> Iterator[None]:
        """Say what the library and the operating system raise as an EndpointError."""
        try:
            yield
        except EndpointError:
            raise
        except (OSError, http.client.HTTPException, zlib.error, EOFError, UnicodeError) as error:
            raise self._error(url, error) from error

    def _error(self, url: str, error: Exception) -> EndpointError:
        if isinstance(error, urllib.error.URLError) and isinstance(error.reason, Exception):
            return self._error(url, error.reason)
        if isinstance(error, _NoConnection):
            return EndpointUnreachable(url=url, found=str(error))
        if isinstance(error, TimeoutError):
            return EndpointTimeout(url=url, seconds=self.timeout)
        if isinstance(error, http.client.RemoteDisconnected | ConnectionError):
            return EndpointUnreachable("the endpoint closed the connection without an answer", url=url)
        if isinstance(error, http.client.IncompleteRead):
            return EndpointAnswer(
                "the answer ends too early", url=url, found="a connection closed in the middle"
            )
        if isinstance(error, zlib.error | EOFError):
            return EndpointAnswer(
                "the answer is not what it says", url=url, found=str(error), expected="gzip"
            )
        return EndpointAnswer("the answer is not HTTP", url=url, found=type(error).__name__)


class _Deadline:
    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds until the deadline; TimeoutError when it has passed."""
        remaining = self._end - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        return remaining


class _NoConnection(OSError):
    """The connection was not made; what comes later fails differently."""


class _TimedReader(io.RawIOBase):
    """Reads from a socket, each time for what remains until the deadline."""

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        self._socket = sock
        self._deadline = deadline
        self._raw: Any = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._socket.settimeout(self._deadline.remaining())
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedSocket:
    """As much of a socket as http.client needs, under a deadline."""

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        self._socket = sock
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._socket.settimeout(self._deadline.remaining())
            rest = rest[self._socket.send(rest[:_PIECE]) :]

    def makefile(self, mode: str) -> IO[bytes]:
        return io.BufferedReader(_TimedReader(self._socket, self._deadline), _PIECE)

    def close(self) -> None:
        self._socket.close()


def _connected(address: tuple[str, int], timeout: float, source: None = None) -> socket.socket:
    """A connection to one of the addresses of a host, look-up of its name included in the time."""
    deadline = _Deadline(timeout)
    failure: OSError = OSError("the host has no address")
    for found in _looked_up(*address, timeout):
        try:
            return socket.create_connection(found, deadline.remaining())
        except OSError as error:
            failure = error
    raise failure


def _looked_up(host: str, port: int, timeout: float) -> list[tuple[str, int]]:
    """The operating system cannot be told a deadline, and need not answer: a thread waits for it."""
    answers: SimpleQueue[list[tuple[str, int]] | OSError] = SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([(str(address[0]), port) for *_, address in found])
        except OSError as error:
            answers.put(error)
        except UnicodeError:
            answers.put(OSError("not a name that a host can have"))

    Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=timeout)
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer


class _TimedConnection(http.client.HTTPConnection):
    def __init__(self, *arguments: Any, deadline: _Deadline, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._deadline = deadline
        self._create_connection = _connected  # the next class in line calls it, before it speaks TLS

    def connect(self) -> None:
        try:
            if self.timeout is not None:
                self.timeout = min(self.timeout, self._deadline.remaining())
            super().connect()
        except TimeoutError as error:
            raise _NoConnection(f"no connection within {self.timeout:g} s") from error
        except OSError as error:
            raise _NoConnection(error.strerror or str(error)) from error
        self.sock: Any = _TimedSocket(self.sock, self._deadline)


class _TimedSecureConnection(_TimedConnection, http.client.HTTPSConnection):
    """The same over TLS: the next class in line makes the connection secure before it is wrapped."""


class _OverHttp(urllib.request.HTTPHandler):
    def __init__(self, deadline: _Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_TimedConnection, deadline=self._deadline), req)


class _OverHttps(urllib.request.HTTPSHandler):
    def __init__(self, deadline: _Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_TimedSecureConnection, deadline=self._deadline), req)


class _Redirects(urllib.request.BaseHandler):
    """Follows a redirect with the same method, query and body; 303 alone means that the answer is there."""

    def __init__(self, credentials: Credentials | None) -> None:
        self._credentials = credentials
        self._followed = 0

    def http_error_302(
        self, req: urllib.request.Request, answer: Any, code: int, message: str, headers: Message
    ) -> Any:
        target = headers.get("Location")
        if target is None:
            return None
        answer.close()
        url = urljoin(req.full_url, target)
        if urlsplit(url).scheme not in ("http", "https"):
            raise EndpointAnswer(
                "a redirect leads away from HTTP", url=_shown(req.full_url), found=_shown(url)
            )
        self._followed += 1
        if self._followed > _REDIRECTS:
            raise EndpointAnswer(f"more than {_REDIRECTS} redirects", url=_shown(req.full_url))
        return self.parent.open(self._again(req, url, code), timeout=req.timeout)

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302

    def _again(self, req: urllib.request.Request, url: str, code: int) -> urllib.request.Request:
        elsewhere = code == 303
        if not elsewhere and req.data is None:
            url = _with_query_of(req.full_url, url)
        kept = {name: value for name, value in req.header_items() if name not in ("Authorization", "Host")}
        if elsewhere:
            kept.pop("Content-type", None)
            kept.pop("Content-length", None)
        new = urllib.request.Request(
            url,
            data=None if elsewhere else req.data,
            headers=kept,
            method="GET" if elsewhere else req.get_method(),
        )
        if self._credentials is not None and origin(url) == self._credentials.origin:
            new.add_unredirected_header("Authorization", self._credentials.authorization)
        return new


def _with_query_of(old: str, new: str) -> str:
    """The new address with those parameters of the old one that it does not name itself."""
    parts = urlsplit(new)
    named = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    missing = [
        pair for pair in urlsplit(old).query.split("&") if pair and pair.partition("=")[0] not in named
    ]
    return urlunsplit(parts._replace(query="&".join([*filter(None, [parts.query]), *missing])))


def _shown(url: str) -> str:
    """A URL for a message: a query can be long and hold a key, and the part before `@` a password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _decompressed(answer: Any, url: str, limit: int) -> Iterator[bytes]:
    encoding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    pieces = iter(lambda: answer.read(_PIECE), b"")
    if encoding in ("identity", ""):
        yield from pieces
        return
    if encoding not in ("gzip", "x-gzip"):
        raise EndpointAnswer("the answer is compressed", url=url, found=encoding, expected="gzip or nothing")
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for piece in pieces:
        while piece and not inflate.eof:
            yield inflate.decompress(piece, min(limit, 2**20) + 1)
            piece = inflate.unconsumed_tail
    yield inflate.flush()
    if not inflate.eof:
        raise EOFError("gzip ends too early")
