"""What a store has, as pages name it: data sets that a form offers, the newest, and annotated objects."""

from collections.abc import Iterable, Sequence

from cetsgraph.namespaces import CATALOGUE, CETS, DCTERMS, PROV
from cetsgraph.queries import ValueKind
from cetsgraph.queries.terms import serialize
from cetsgraph.store import Store
from cetsgraph.texts import shortened

__all__ = ["annotated", "choices", "newest"]

_NAMED = f"GRAPH <{CATALOGUE}> {{ ?dataset <{DCTERMS}title> ?name ; <{PROV}generatedAtTime> ?loaded }}"

_LONGEST = 200  # characters of a title
_ORDER = "ORDER BY DESC(?loaded) ?dataset"


def choices(store: Store, most: int) -> list[tuple[str, str]]:
    """IRIs and names of data sets, by name; at most so many."""
    rows = store.select(f"SELECT ?dataset ?name {{ {_NAMED} }} ORDER BY ?name ?dataset LIMIT {most:d}")
    return [(row["dataset"].value, row["name"].value) for row in rows]


def newest(store: Store, most: int) -> Sequence[tuple[str, str, str]]:
    """IRI and title or else name of the data sets that were loaded last, and the day."""
    pattern = _NAMED.replace("?name", "?called")
    last = f"{{ SELECT ?dataset ?called ?loaded {{ {pattern} }} {_ORDER} LIMIT {most:d} }}"
    titled = f"OPTIONAL {{ GRAPH ?dataset {{ ?dataset <{CETS}title> ?title }} }}"
    rows = store.select(
        f"SELECT ?dataset (COALESCE(?title, ?called) AS ?name) ?loaded {{ {last} {titled} }} {_ORDER}"
    )
    return [
        (row["dataset"].value, shortened(row["name"].value, _LONGEST), row["loaded"].value[:10])
        for row in rows
    ]


def annotated(store: Store, words: Iterable[str] = (), most: int = 1000) -> list[tuple[str, int]]:
    """Names of annotated objects that have all words, with the number of annotations; at most so many.

    Names of more than 200 characters are passed over.
    """
    said = (f"FILTER(CONTAINS(LCASE(?name), {serialize(ValueKind.WORD, word)}))" for word in words)
    pattern = f"GRAPH ?g {{ ?x <{CETS}annotatedObjectName> ?name }} FILTER(STRLEN(?name) <= 200)"
    rows = store.select(
        f"SELECT ?name (COUNT(?x) AS ?n) {{ {pattern} {' '.join(said)} }} "
        f"GROUP BY ?name ORDER BY DESC(?n) ?name LIMIT {most:d}"
    )
    return [(row["name"].value, int(row["n"].value)) for row in rows if row["name"] is not None]
