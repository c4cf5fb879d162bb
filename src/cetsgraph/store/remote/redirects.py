"""A redirect as a new request: with the same method, query and body, and without credentials."""

from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit, urlunsplit

import httpx

from cetsgraph.errors import EndpointAnswer, EndpointRedirect
from cetsgraph.store.remote.credentials import origin

__all__ = ["redirected"]


def redirected(request: httpx.Request, target: str, status: int, *, stays: bool = False) -> httpx.Request:
    """The same request at another address; 303 alone means that the answer is there.

    Args:
        request: that was answered so.
        target: where the redirect leads.
        status: of the answer.
        stays: whether a redirect to another server is refused.

    Raises:
        EndpointAnswer: it leads to no address, away from HTTP, or to another server where that is refused.
    """
    old = str(request.url)
    try:
        url = urljoin(old, target)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            raise EndpointAnswer("a redirect leads away from HTTP", url=_shown(old), found=_shown(url))
        if stays and not _is_same_server(urlsplit(old), parts):
            raise EndpointRedirect(
                url=_shown(old), found=_shown(url), hint="If it is the archive's, name it in the sources."
            )
        elsewhere = status == 303
        if not elsewhere and request.method == "GET":
            url = _with_query_of(old, url)
        kept = {name: request.headers[name] for name in ("Accept", "User-Agent") if name in request.headers}
        if not elsewhere and "Content-Type" in request.headers:
            kept["Content-Type"] = request.headers["Content-Type"]
        method, content = ("GET", None) if elsewhere else (request.method, request.content or None)
        return httpx.Request(method, url, headers=kept, content=content)
    except (httpx.InvalidURL, ValueError) as error:
        raise EndpointAnswer("a redirect leads to no address", url=_shown(old)) from error


def _is_same_server(old: SplitResult, new: SplitResult) -> bool:
    """Whether addresses are of one server, or the new one is of its usual port for https."""
    moved = new.hostname == old.hostname and new.scheme == "https" and new.port in (None, 443)
    return origin(old.geturl()) == origin(new.geturl()) or moved


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
