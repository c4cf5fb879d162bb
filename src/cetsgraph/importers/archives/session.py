"""Requests to archives: few at a time, not too often, again after failures that pass, to no other host."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import httpx

from cetsgraph.errors import EndpointAnswer, EndpointError, EndpointRedirect, EndpointStatus
from cetsgraph.store.remote.http import Client, Response, connections
from cetsgraph.versions import __version__

__all__ = ["Manners", "Session", "read_json", "status_error"]

_REDIRECTS = 3
_UNCHANGED = 304
_PASSING = (408, 425, 429, 500, 502, 503, 504)
_SHOWN = 200  # characters of an answer in a message

Making = Callable[[int], httpx.Request]
"""Makes a request; it gets how many failures there were that a smaller one may avoid."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How archives are asked. Times are in seconds."""

    connections: int = 2
    """Requests at a time."""
    pause: float = 0.25
    """Time from the beginning of one request to that of the next."""
    tries: int = 5
    first_wait: float = 1.0
    """Time before a request is made again; it doubles with each failure."""
    longest_wait: float = 600.0
    """The longest time that an archive may ask to wait; else the harvest ends."""
    connect_timeout: float = 15.0
    timeout: float = 120.0
    """Time for a whole answer."""
    max_bytes: int = 64 * 2**20
    """Size of the largest answer, decompressed."""


class Session:
    """Connections to archives, for several threads.

    Args:
        url: address of the archive, for messages.
        manners: how it is asked.

    Raises:
        EndpointUnreachable: a proxy of the environment cannot be used.
    """

    def __init__(self, url: str, manners: Manners | None = None) -> None:
        self.manners = manners = manners or Manners()
        self.requests = 0
        """How many were made."""
        self.received = 0
        """Bytes of the answers, decompressed."""
        self._url = url
        self._connections = connections(url, manners.connect_timeout, manners.timeout)
        self._client = Client(
            manners.connect_timeout,
            manners.timeout,
            manners.max_bytes,
            kept_open=self._connections,
            follow_redirects=False,
        )
        self._free = threading.BoundedSemaphore(manners.connections)
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._next = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all waiting; a request under way is the last of its thread."""
        self._closed.set()
        self._connections.close()

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Response:
        """The answer to a GET, with further headers; see `answer`.

        Raises:
            EndpointAnswer: the archive itself gave the address, and it is none.
        """
        try:
            request = httpx.Request("GET", url, headers={**_HEADERS, **(headers or {})})
        except (httpx.InvalidURL, ValueError) as error:
            raise EndpointAnswer("this is no address", url=self._url, found=url[:_SHOWN]) from error
        return self.answer(lambda _: request)

    def post(self, url: str, body: Callable[[int], object]) -> Response:
        """The answer to a POST of JSON, which `body` makes; see `answer`."""
        return self.answer(lambda strain: httpx.Request("POST", url, headers=_HEADERS, json=body(strain)))

    def answer(self, make: Making) -> Response:
        """The answer to a request, which is made again while the archive is busy.

        Raises:
            EndpointError: there is no answer after all tries, it is too large, or leads to another host.
        """
        strain = 0
        for failures in range(self.manners.tries):
            try:
                response = self._sent(make(strain))
                if response.status not in _PASSING:
                    return response
                error: EndpointError = status_error(response)
            except EndpointError as failure:
                error = failure
            if failures + 1 == self.manners.tries or self._is_last(error):
                raise error
            strain += not isinstance(error, EndpointStatus) or error.status >= 500
            self.back_off(failures, error)
        raise ValueError("no tries")

    def back_off(self, failures: int, error: EndpointError | None = None) -> None:
        """Wait, each time longer, or for as long as the archive asks; then all other requests wait too."""
        asked = error.retry_after if isinstance(error, EndpointStatus) else None
        wait = self.manners.first_wait * 2**failures if asked is None else asked
        if asked is not None:
            with self._lock:
                self._next = max(self._next, time.monotonic() + asked)
        self._wait(wait)

    def _is_last(self, error: EndpointError) -> bool:
        """Whether another try would be of no use."""
        if isinstance(error, EndpointStatus):
            return (error.retry_after or 0) > self.manners.longest_wait
        return self._closed.is_set() or isinstance(error, EndpointRedirect)

    def _sent(self, request: httpx.Request) -> Response:
        for _ in range(_REDIRECTS):
            with self._free:
                self._wait_for_turn()
                response = self._client.send(request)
            self.received += len(response.body)
            if not 300 <= response.status < 400 or response.status == _UNCHANGED:
                return response
            request = _moved(request, response)
        raise EndpointRedirect(f"more than {_REDIRECTS} redirects", url=str(request.url))

    def _wait_for_turn(self) -> None:
        with self._lock:
            start = max(time.monotonic(), self._next)
            self._next = start + self.manners.pause
            self.requests += 1
        self._wait(max(0.0, start - time.monotonic()))

    def _wait(self, seconds: float) -> None:
        if self._closed.wait(seconds):
            raise EndpointError("the archive is asked no more", url=self._url)


_HEADERS = {
    "User-Agent": f"cetsgraph/{__version__} (+https://w3id.org/cetsgraph)",
    "Accept": "application/json",
}


def _moved(request: httpx.Request, response: Response) -> httpx.Request:
    """The request at the address that a redirect names, if that is of the same server.

    Raises:
        EndpointRedirect: it is of another server, or none.
    """
    old, target = str(request.url), response.headers.get("Location")
    try:
        new = urljoin(old, target or "")
        if target is None or urlsplit(new)[:2] != urlsplit(old)[:2]:
            raise EndpointRedirect(url=old, found=new if target else f"status {response.status}")
        return httpx.Request(request.method, new, headers=request.headers, content=request.content)
    except (httpx.InvalidURL, ValueError) as error:
        raise EndpointRedirect("a redirect leads to no address", url=old, found=target) from error


def status_error(response: Response) -> EndpointStatus:
    """An answer that is no success, as an error."""
    hints = {
        404: "Check the address.",
        429: "The archive is asked too often: wait, and run the command again.",
    }
    busy = (
        "The archive is busy or out of order: run the command again later."
        if response.status >= 500
        else None
    )
    return EndpointStatus(
        url=response.url,
        status=response.status,
        found=_beginning(response) or None,
        retry_after=response.retry_after,
        hint=hints.get(response.status, busy),
    )


def read_json(response: Response) -> Any:
    """The JSON value of an answer.

    Raises:
        EndpointAnswer: it is none, or too deep.
    """
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise EndpointAnswer(
            "the answer is not JSON",
            url=response.url,
            found=_beginning(response) or "nothing",
            hint="Check the address, and whether a proxy or a page for logging in answers instead.",
        ) from error


def _beginning(response: Response) -> str:
    text = " ".join(response.body[: 4 * _SHOWN].decode("utf-8", "replace").split())
    return text[:_SHOWN]
