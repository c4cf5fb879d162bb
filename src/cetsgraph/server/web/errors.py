"""What went wrong, as responses that say it."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from cetsgraph.errors import CetsGraphError, QueryError
from cetsgraph.server.exchange import NotAcceptable
from cetsgraph.server.limits import ClientGone, LimitReached
from cetsgraph.server.sparql.protocol import GRAPH_TYPES, RESULT_TYPES

__all__ = ["HANDLED", "response_to"]

HANDLED = (HTTPException, LimitReached, NotAcceptable, ClientGone, CetsGraphError)
"""The errors that have a response of their own; others are faults of the program."""

_LATER = {"Retry-After": "10"}


async def response_to(request: Request, error: Exception) -> Response:
    """The response to a request that had this error."""
    match error:
        case HTTPException():
            return _text(error.status_code, error.detail, error.headers)
        case LimitReached():
            return _text(503, f"The answer was given up: {error}.", _LATER)
        case NotAcceptable():
            forms = ", ".join(RESULT_TYPES + GRAPH_TYPES)
            return _text(406, f"The answer can be had as {forms}, as the form of the query has it.")
        case ClientGone():
            return Response(status_code=499)
        case QueryError():
            return _text(400, str(error))
        case CetsGraphError():
            return _text(503, f"The store cannot be read: {error.what}.", _LATER)
    raise error


def _text(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{text}\n", status_code=status, headers=headers)
