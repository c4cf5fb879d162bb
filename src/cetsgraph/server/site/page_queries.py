"""The queries of pages, a file each, about few objects: large data sets cost about as much as small ones."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from cetsgraph.namespaces import CETS
from cetsgraph.queries import Row
from cetsgraph.store import Store
from cetsgraph.store.frames import plain_value

__all__ = ["Objects", "counts_of", "selected"]

_QUERIES = Path(__file__).with_name("queries")
_SORTED = 5000
"""Objects that are sorted by name; more come in the order of the store."""
_DIGITS = re.compile(r"(\d+)")


def counts_of(store: Store, dataset: str, classes: Iterable[str]) -> dict[str, int]:
    """How many objects of each class a data set has."""
    each = (f'{{ ?one a <{CETS}{name}> BIND("{name}" AS ?c) }}' for name in classes)
    counted = f"SELECT ?c (COUNT(?one) AS ?n) {{ {' UNION '.join(each)} }} GROUP BY ?c"
    rows = store.select(counted, default_graph=[dataset])
    return dict.fromkeys(classes, 0) | {row["c"].value: int(row["n"].value) for row in rows}


class Objects:
    """The objects of a class in a data set, in pages; `counts` has how many there are of it."""

    def __init__(self, store: Store, dataset: str, kind: str, counts: Mapping[str, int]) -> None:
        self._store, self._dataset, self._kind = store, dataset, kind
        self.total = counts[kind]

    def page(self, number: int, size: int) -> list[str]:
        """IRIs of a page, from 1, by name: TS_2 before TS_10."""
        first = (number - 1) * size
        limits = f"LIMIT {size:d} OFFSET {first:d}" if self.total > _SORTED else ""
        rows = self._store.select(f"SELECT ?one {self._pattern} {limits}", default_graph=[self._dataset])
        iris = [row["one"].value for row in rows]
        return iris if limits else sorted(iris, key=_by_name)[first : first + size]

    @property
    def _pattern(self) -> str:
        return f"{{ ?one a <{CETS}{self._kind}> }}"


def selected(store: Store, name: str, dataset: str | None, **chosen: Iterable[str]) -> list[Row]:
    """Rows of a query, as values.

    Args:
        store: what is asked.
        name: file of `queries/`, without its ending.
        dataset: IRI of the data set that is asked; all if there is none.
        **chosen: IRIs of the objects that a variable stands for.

    Raises:
        ValueError: one of them is not an IRI.
    """
    text = _query(name)
    for variable, iris in chosen.items():
        nodes = " ".join(str(ox.NamedNode(iri)) for iri in iris)
        text = text.replace(f"VALUES ?{variable} {{ UNDEF }}", f"VALUES ?{variable} {{ {nodes} }}")
    rows = store.select(text, default_graph=None if dataset is None else [dataset])
    return [{one: plain_value(row[one]) for one in rows.variables} for row in rows]


@cache
def _query(name: str) -> str:
    return (_QUERIES / f"{name}.rq").read_text(encoding="utf-8")


def _by_name(iri: str) -> list[tuple[bool, int, str]]:
    """
    >>> sorted(["TS_10", "TS_2", "A"], key=_by_name)
    ['A', 'TS_2', 'TS_10']
    """
    parts = _DIGITS.split(iri)
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]
