"""What the HTTP library and the operating system raise, as errors of endpoints."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from cetsgraph.errors import EndpointAnswer, EndpointTimeout, EndpointUnreachable

__all__ = ["http_errors"]


@contextmanager
def http_errors(url: str, seconds: float) -> Iterator[None]:
    """Raise an EndpointError for what the library and the operating system raise before there is a body."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.InvalidURL) as error:
        raise EndpointUnreachable(url=url, found=_system_words(error)) from error
    except UnicodeError as error:
        raise EndpointUnreachable(url=url, found="not a name that a host can have") from error
    except (httpx.TimeoutException, TimeoutError) as error:
        raise EndpointTimeout(url=url, seconds=seconds) from error
    except (zlib.error, EOFError) as error:
        what = "the answer is not what it says"
        raise EndpointAnswer(what, url=url, found=str(error), expected="gzip") from error
    except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
        if _misread(error):
            raise EndpointAnswer("the answer is not HTTP", url=url, found=type(error).__name__) from error
        raise EndpointUnreachable("the endpoint closed the connection without an answer", url=url) from error
    except (httpx.HTTPError, OSError, ValueError) as error:
        raise EndpointAnswer("the answer is not HTTP", url=url, found=type(error).__name__) from error


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _misread(error: Exception) -> bool:
    """Whether something came that is not HTTP; else nothing came at all."""
    return isinstance(error, httpx.RemoteProtocolError) and len(list(_causes(error))) > 2


def _system_words(error: Exception) -> str:
    """What the operating system says of a connection that was not made."""
    said = (cause.strerror for cause in _causes(error) if isinstance(cause, OSError))
    return next(filter(None, said), str(error) or type(error).__name__)
