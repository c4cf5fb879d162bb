"""The data sets of a store as pages name them: those that a form offers, and the newest."""

from collections.abc import Sequence

from cetsgraph.namespaces import CATALOGUE, DCTERMS, PROV
from cetsgraph.store import Store

__all__ = ["choices", "newest"]

_NAMED = f"GRAPH <{CATALOGUE}> {{ ?dataset <{DCTERMS}title> ?name ; <{PROV}generatedAtTime> ?loaded }}"


def choices(store: Store, most: int) -> list[tuple[str, str]]:
    """IRIs and names of data sets, by name; at most so many."""
    rows = store.select(f"SELECT ?dataset ?name {{ {_NAMED} }} ORDER BY ?name ?dataset LIMIT {most:d}")
    return [(row["dataset"].value, row["name"].value) for row in rows]


def newest(store: Store, most: int) -> Sequence[tuple[str, str, str]]:
    """IRI and name of the data sets that were loaded last, and the day."""
    rows = store.select(
        f"SELECT ?dataset ?name ?loaded {{ {_NAMED} }} ORDER BY DESC(?loaded) ?dataset LIMIT {most:d}"
    )
    return [(row["dataset"].value, row["name"].value, row["loaded"].value[:10]) for row in rows]
