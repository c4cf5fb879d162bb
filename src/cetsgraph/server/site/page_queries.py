"""The queries of pages, a file each, about few objects: large data sets cost about as much as small ones."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pyoxigraph as ox

from cetsgraph.namespaces import CETS
from cetsgraph.queries import Row
from cetsgraph.store import Store
from cetsgraph.store.frames import plain_value

__all__ = ["NAMES", "Part", "counts_of", "draft_address", "drafted", "objects_of", "selected"]

_QUERIES = Path(__file__).with_name("queries")
_SORTED = 5000
"""Objects that are sorted by name; more come in the order of the store."""
NAMES = sorted(path.stem for path in _QUERIES.glob("*.rq"))
"""Names of the queries."""
_OBJECTS = re.compile(r"VALUES \?(\w+) \{ UNDEF \}")
_CLASSES = {
    "region": "Region",
    "tilt_series": "TiltSeriesMicrographStack",
    "tomogram": "Tomogram",
    "whole": "DataSet",
}
"""What the variables stand for that few objects are put into."""
_DIGITS = re.compile(r"(\d+)")


def counts_of(store: Store, dataset: str, classes: Iterable[str]) -> dict[str, int]:
    """How many objects of each class a data set has."""
    each = (f'{{ ?one a <{CETS}{name}> BIND("{name}" AS ?c) }}' for name in classes)
    counted = f"SELECT ?c (COUNT(?one) AS ?n) {{ {' UNION '.join(each)} }} GROUP BY ?c"
    rows = store.select(counted, default_graph=[dataset])
    return dict.fromkeys(classes, 0) | {row["c"].value: int(row["n"].value) for row in rows}


class Part(NamedTuple):
    """Some of the objects of a class: a page of so many, from 1."""

    kind: str
    number: int
    size: int

    @property
    def start(self) -> int:
        """How many come before it."""
        return (self.number - 1) * self.size


def objects_of(
    store: Store, dataset: str, counts: Mapping[str, int], parts: Iterable[Part]
) -> dict[str, list[str]]:
    """IRIs of objects of a data set by class, by name: TS_2 before TS_10.

    Args:
        store: where they are.
        dataset: IRI of the data set.
        counts: how many it has of each class.
        parts: which are wanted.
    """
    wanted = {part.kind: part for part in parts}
    found: dict[str, list[str]] = {kind: [] for kind in wanted}
    each = " UNION ".join(_listed(part, counts[part.kind]) for part in wanted.values())
    for row in store.select(f"SELECT ?one ?c {{ {each} }}", default_graph=[dataset]):
        found[row["c"].value].append(row["one"].value)
    for kind, part in wanted.items():
        if counts[kind] <= _SORTED:
            found[kind] = sorted(found[kind], key=_by_name)[part.start : part.start + part.size]
    return found


def _listed(part: Part, total: int) -> str:
    limits = f"LIMIT {part.size:d} OFFSET {part.start:d}" if total > _SORTED else ""
    return f'{{ SELECT ?one ("{part.kind}" AS ?c) {{ ?one a <{CETS}{part.kind}> }} {limits} }}'


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


def draft_address(draft: str, dataset: str = "", of: str = "") -> str:
    """Address of a page with a query, or one of the `NAMES`, to be changed and asked; `of` is the IRI of one
    object."""
    given = {"draft": draft, "default-graph-uri": dataset, "of": of}
    return f"/sparql?{urlencode({key: text for key, text in given.items() if text})}"


def drafted(name: str, of: str = "") -> str:
    """A query for people: about one object by its IRI, or about all of its class.

    >>> "?tomogram a cets:Tomogram ." in drafted("tomograms")
    True
    >>> "VALUES ?tilt_series { <urn:a> }" in drafted("images", "urn:a")
    True

    Raises:
        ValueError: `of` is not an IRI.
    """
    if of:
        return _OBJECTS.sub(lambda found: f"VALUES ?{found[1]} {{ {ox.NamedNode(of)} }}", _query(name))
    text = _OBJECTS.sub(lambda found: f"?{found[1]} a cets:{_CLASSES[found[1]]} .", _query(name), count=1)
    return _OBJECTS.sub("", text)  # groups inside are for each of them anyway


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
