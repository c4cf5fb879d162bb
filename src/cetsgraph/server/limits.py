"""What one query, and all of them together, may take."""

from dataclasses import dataclass

__all__ = ["ClientGone", "LimitReached", "Limits"]


class LimitReached(Exception):
    """A query passed a limit; the text says which."""


class ClientGone(Exception):
    """Nobody waits for the answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of queries and updates; each query runs in a process of its own."""

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
    quick: int = 2
    """Query processes of a worker for what is answered within a moment."""
    long: int = 2
    """Queries of a worker at once that take longer than a moment."""
    dumps: int = 4
    """Graphs that a worker sends at once, each as fast as its client takes it."""

    def memory_reached(self) -> LimitReached:
        """What is said of a query that took more memory."""
        return LimitReached(f"the query took more than {self.memory // 2**20} MB of memory")
