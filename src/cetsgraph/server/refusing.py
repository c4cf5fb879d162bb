"""What went wrong, as responses that say it."""

from starlette.responses import PlainTextResponse, Response

from cetsgraph.errors import QueryError, StoreError
from cetsgraph.server.asking import ClientGone
from cetsgraph.server.limits import LimitReached
from cetsgraph.server.protocol import Problem
from cetsgraph.server.writing import Refused

__all__ = ["response_to", "said"]


def response_to(error: Exception) -> Response:
    """The response to a request that had this error.

    Raises:
        Exception: the error, where it is one of the program.
    """
    match error:
        case Problem():
            return said(error.status, error.text, error.headers)
        case LimitReached():
            headers = {"Retry-After": "10", "Connection": "close"}
            return said(503, f"The answer was given up: {error}.", headers)
        case Refused():
            return said(error.status, error.text)
        case ClientGone():
            return said(499, "")
        case QueryError():
            return said(400, str(error))
        case StoreError():
            return said(503, f"The store cannot be read: {error.what}.", {"Retry-After": "10"})
    raise error


def said(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    """A response that is a line of text."""
    return PlainTextResponse(f"{text}\n", status_code=status, headers=headers)
