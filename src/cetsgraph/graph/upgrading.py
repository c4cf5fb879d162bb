"""Graphs written in older versions of the ontology, made into what `decode` reads now."""

from collections.abc import Callable, Iterable, Iterator

import pyoxigraph as ox

from cetsgraph.versions import edition

__all__ = ["STEPS", "Step", "upgraded"]

Step = Callable[[Iterator[ox.Quad]], Iterator[ox.Quad]]

STEPS: dict[tuple[int, int], Step] = {}
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
