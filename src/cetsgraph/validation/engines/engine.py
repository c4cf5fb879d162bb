"""What a SHACL engine gives: the results for a graph, with their focus, shape, severity and value."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from cetsgraph.errors import CetsGraphError
from cetsgraph.findings import Severity

__all__ = ["Engine", "Result", "Results", "refused"]


@dataclass(frozen=True, slots=True)
class Result:
    """One result of a SHACL validation.

    `path` is the property where the shape's path is a single one. `component` is the IRI of the kind of
    constraint.
    """

    focus: str
    shape: str
    component: str
    severity: Severity
    path: str | None = None
    value: ox.NamedNode | ox.Literal | None = None
    message: str | None = None
    """What the shape itself says, in `sh:message`."""
    constraint: str | None = None
    """The shape that holds the constraint, where that is another one within `shape`."""


@dataclass(frozen=True, slots=True)
class Results:
    """The results for one graph."""

    found: Iterable[Result]
    """In no order; may be read once only."""
    uncounted: frozenset[str] = frozenset()
    """Shapes with so many results that only some of them are here."""


class Engine(ABC):
    """Shapes that are ready to judge graphs."""

    name: str
    """Name and version."""
    note: str | None = None
    """What a user should know, such as that this is not the engine asked for."""

    @abstractmethod
    def validate(self, ntriples: str | Path) -> Results:
        """All results for a graph in N-Triples, or in a file of them whose name ends in `.nt`.

        Raises:
            CetsGraphError: the engine cannot apply the shapes.
        """


def refused(engine: str, error: Exception) -> CetsGraphError:
    """The error that says that an engine cannot take or apply the shapes, in the engine's own words."""
    found = str(error) or type(error).__name__
    return CetsGraphError("these are not shapes that the engine takes", where=engine, found=found)
