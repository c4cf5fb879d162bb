"""What a name means: terms of the ontologies that a store keeps, and of the CETS ontology itself."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from cetsgraph.namespaces import ONTOLOGY, RDFS, compact
from cetsgraph.normal_forms import folded, object_key
from cetsgraph.ontologies.kinds import terms_called
from cetsgraph.ontologies.terms import DEFINITION, curie
from cetsgraph.store import Store
from cetsgraph.vocabulary import ClassTerm, Property, vocabulary

__all__ = ["KnownTerm", "look_up"]


@dataclass(frozen=True, slots=True)
class KnownTerm:
    """A term of an ontology."""

    term: str
    """Its CURIE; its IRI where it has none."""
    iri: str
    label: str | None
    definition: str | None
    ontology: str
    """IRI of the ontology."""


def look_up(store: Store, text: str) -> list[KnownTerm]:
    """The terms that a text names: of the ontologies of the store, then of the CETS ontology.

    Of the store's ontologies, those with this id, label or synonym, in any case, in singular or plural;
    obsolete ones lead to those that took their place. Of the CETS ontology, those whose name, label or
    definition has each of the words: those with all of them in the label first.

    >>> from cetsgraph.store import LocalStore
    >>> [found.term for found in look_up(LocalStore.memory(), "voxel size")][0]
    'cets:voxelSize'

    Raises:
        StoreError: the store failed.
    """
    return [*_of_store(store, text), *_of_cets(text)]


def _of_store(store: Store, text: str) -> Iterator[KnownTerm]:
    nodes = " ".join(f"<{iri}>" for iri in sorted(terms_called(store, object_key(text))))
    if not nodes:
        return
    # Each in a graph pattern of its own: engines scan all labels of a graph for an OPTIONAL inside of one.
    label = f"OPTIONAL {{ GRAPH ?ontology {{ ?term <{RDFS}label> ?label }} }}"
    definition = f"OPTIONAL {{ GRAPH ?ontology {{ ?term <{DEFINITION}> ?definition }} }}"
    pattern = f"VALUES ?term {{ {nodes} }} GRAPH ?ontology {{ ?term a ?class }} {label} {definition}"
    for row in store.select(f"SELECT DISTINCT ?term ?label ?definition ?ontology {{ {pattern} }}"):
        iri = row["term"].value
        yield KnownTerm(curie(iri), iri, _text(row["label"]), _text(row["definition"]), row["ontology"].value)


def _text(term: object) -> str | None:
    return term.value if isinstance(term, ox.Literal) else None


def _of_cets(text: str) -> list[KnownTerm]:
    words = folded(text).removeprefix("cets:").split()
    known = vocabulary()
    found: list[tuple[int, KnownTerm]] = []
    terms: list[ClassTerm | Property] = [*known.classes.values(), *known.properties.values()]
    for term in terms:
        names = folded(f"{term.name} {term.label}")
        everything = f"{names} {folded(term.definition)}"
        if words and all(word in everything for word in words):
            one = KnownTerm(compact(term.iri), term.iri, term.label, term.definition, ONTOLOGY)
            found.append((_distance(words, names), one))
    return [one for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].term))]


def _distance(words: list[str], names: str) -> int:
    """How far names are from the words: by what else is in them, and further where a word is missing."""
    missing = sum(word not in names for word in words)
    return 1000 * missing + len(names)
