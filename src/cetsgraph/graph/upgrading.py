"""Graphs written in older versions of the ontology, made into what `decode` reads now."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import pyoxigraph as ox

from cetsgraph.namespaces import CETS
from cetsgraph.versions import edition

__all__ = ["STEPS", "Step", "renamed", "upgraded"]

Step = Callable[[Iterator[ox.Quad]], Iterator[ox.Quad]]


def renamed(names: Mapping[str, str]) -> Step:
    """A step that gives properties, by their local names, other names."""
    predicates = {CETS + old: ox.NamedNode(CETS + new) for old, new in names.items()}

    def step(quads: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
        """The quads with the predicates of today."""
        for quad in quads:
            now = predicates.get(quad.predicate.value)
            yield quad if now is None else ox.Quad(quad.subject, now, quad.object, quad.graph_name)

    return step


STEPS: dict[tuple[int, int], Step] = {(0, 2): renamed({"specimenTemperature": "cryogenTemperature"})}
"""By MAJOR and MINOR of a version, what makes a data set's graph of that version one that the next can read.

Only a version after which a term was renamed or withdrawn, or changed its range or unit, needs a step. What
is new, decoding and encoding add. Without a step, a term that is no more makes `decode` refuse the graph.
"""


def upgraded(quads: Iterable[ox.Quad], version: str) -> Iterator[ox.Quad]:
    """The quads of a data set that was written in this version of the ontology, as they are written now.

    >>> list(upgraded([], "0.1.0"))
    []
    """
    stepped = iter(quads)
    for step in sorted(STEPS):
        if step >= edition(version):
            stepped = STEPS[step](stepped)
    return stepped
