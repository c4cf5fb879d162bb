"""What one query, and all of them together, may take."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException

__all__ = ["Limits", "given_up"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of queries and updates; each runs in a process that is killed when it passes one."""

    seconds: float = 30.0
    """Time of a query or an update, from its arrival."""
    memory: int = 1024 * 2**20
    """Bytes that the process of a query may hold."""
    rows: int = 100_000
    """Rows or triples of an answer: a LIMIT that is added where there is none, or a larger one."""
    bytes: int = 64 * 2**20
    """Bytes of an answer, before compression."""
    query: int = 200_000
    """Characters of a query."""
    update: int = 64 * 2**20
    """Bytes of an update or graph that is sent."""


def given_up(why: str) -> HTTPException:
    """What a client is answered whose query or update passed a limit."""
    return HTTPException(503, f"The answer was given up: {why}.", {"Retry-After": "10"})
