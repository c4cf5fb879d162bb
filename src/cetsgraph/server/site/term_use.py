"""How the terms of the ontology are used in a store: how often, and an object that each is said of."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from cetsgraph.namespaces import CETS
from cetsgraph.queries.describe import named
from cetsgraph.server.site.linked_data import address_of
from cetsgraph.server.site.rendering import page
from cetsgraph.server.site.tables import Shown
from cetsgraph.store import Store
from cetsgraph.vocabulary import vocabulary

__all__ = ["use_page"]

_COUNTED = """SELECT ?term (COUNT(?object) AS ?n) (SAMPLE(?object) AS ?example) {{
  VALUES ?term {{ {terms} }}
  GRAPH ?g {{ ?object {pattern} }}
}} GROUP BY ?term ORDER BY DESC(?n) ?term"""


@dataclass(frozen=True, slots=True)
class _Use:
    name: str
    count: str
    example: Shown
    query: str
    """Address of a query that lists what is counted."""


def use_page(store: Store) -> str:
    """The page: classes and properties that the store has, those that it has most first."""
    terms = vocabulary()
    return page(
        "use",
        store.settings.archive,
        "Terms that are used here",
        section="/ontology",
        trail=[("/ontology", "CETS ontology")],
        classes=_used(store, terms.classes, "a {term}"),
        properties=_used(store, terms.properties, "{term} ?value"),
        known=(len(terms.classes), len(terms.properties)),
    )


def _used(store: Store, names: Iterable[str], pattern: str) -> list[_Use]:
    terms = " ".join(f"<{CETS}{name}>" for name in names)
    rows = [*store.select(_COUNTED.format(terms=terms, pattern=pattern.format(term="?term")))]
    titles = named(store, (row["example"].value for row in rows))
    found = []
    for row in rows:
        name, example = row["term"].value.removeprefix(CETS), titles[row["example"].value]
        listed = f"SELECT * {{ ?object {pattern.format(term=f'cets:{name}')} }} LIMIT 100"
        shown = Shown(example.title, address_of(store.settings, example.iri))
        address = f"/sparql?{urlencode({'query': listed})}"
        found.append(_Use(name, f"{int(row['n'].value):,}", shown, address))
    return found
