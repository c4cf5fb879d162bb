"""What counts as an object: its term, the terms below it, and every name that these have in the data."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from cetsgraph.namespaces import CETS, RDFS
from cetsgraph.normal_forms import object_key
from cetsgraph.ontologies.keeping import RELATED_KEY, TERM_KEY
from cetsgraph.ontologies.terms import CONSIDERED, PART_OF, SUCCESSOR, curie
from cetsgraph.rdf import sparql_string
from cetsgraph.store import Store

__all__ = ["ObjectKind", "kinds_of", "terms_called"]

_AT_ONCE = 500  # terms or names in one query
_SUBCLASS = f"{RDFS}subClassOf"
_OBJECT_KEY = f"{CETS}objectKey"
_REPLACED_BY = f"<{SUCCESSOR}>|<{CONSIDERED}>"
_ENDINGS = (
    *(("ies", "y"), ("es", ""), ("s", "")),
    *(("a", "um"), ("a", "on"), ("i", "us"), ("ae", "a"), ("es", "is"), ("ices", "ix"), ("ices", "ex")),
)
"""Ends of words in plural and in singular, of English and of the Latin and Greek of cells."""


@dataclass(frozen=True, slots=True)
class ObjectKind:
    """Something that counts as the object that is asked for."""

    term: str
    """Its term as a CURIE or IRI; the text that was asked for, where no ontology knows it."""
    label: str | None
    """Its label in the ontology."""
    names: tuple[str, ...]
    """Names of it that annotations of the store have, in normal form."""


def kinds_of(store: Store, text: str) -> list[ObjectKind]:
    """The kinds and parts of an object that the annotations of a store name, by label.

    Follows subclasses and parts of all ontologies of the store, to any depth; obsolete and merged terms lead
    to those that took their place. Names match in any case and Unicode form, in singular and plural.

    Args:
        store: data and ontologies.
        text: a term (CURIE or IRI), its label, or a synonym.

    Raises:
        StoreError: the store failed.
    """
    found = terms_called(store, object_key(text))
    below = _below(store, found)
    names = _names(store, below)
    own = set(_numbers(object_key(text)))
    for term in found if len(found) == 1 else ():
        names.setdefault(term, set()).update(own)  # also where it is asked for by a looser name
    wanted = {key for keys in names.values() for key in keys}
    in_data = _in_data(store, wanted | own)
    labels = _labels(store, below)
    kinds = [
        ObjectKind(curie(term), labels.get(term), tuple(sorted(keys & in_data)))
        for term, keys in names.items()
    ]
    unclaimed = own & in_data - wanted
    if unclaimed or not found:
        kinds.append(ObjectKind(text, None, tuple(sorted(unclaimed))))
    return sorted((kind for kind in kinds if kind.names), key=lambda kind: (kind.label or "", kind.term))


def terms_called(store: Store, key: str) -> set[str]:
    """IRIs of the terms of a name in normal form: those that it means, else those that it is related to."""
    for predicate in (TERM_KEY, RELATED_KEY):
        for keys in ([key], _numbers(key)):
            terms = {term for _, term in _pairs(store, "key", keys, f"?term <{predicate}> ?key", "term")}
            if terms:
                return _current(store, terms)
    return set()


def _current(store: Store, terms: set[str]) -> set[str]:
    """The terms, with those that took their place instead of obsolete ones."""
    seen: set[str] = set()
    while replaced := [*_pairs(store, "term", _iris(terms - seen), f"?term {_REPLACED_BY} ?new", "new")]:
        seen |= {old for old, _ in replaced}
        terms = (terms | {new for _, new in replaced}) - seen
    return terms or seen


def _below(store: Store, terms: set[str]) -> set[str]:
    """The terms with all their kinds and parts."""
    patterns = " UNION ".join(f"{{ ?next <{relation}> ?term }}" for relation in (_SUBCLASS, PART_OF))
    return terms | _closure(store, terms, patterns)


def _closure(store: Store, terms: set[str], pattern: str) -> set[str]:
    reached: set[str] = set()
    frontier = set(terms)
    while frontier:
        following = {new for _, new in _pairs(store, "term", _iris(frontier), pattern, "next")}
        frontier = following - reached - terms
        reached |= frontier
    return reached


def _names(store: Store, terms: set[str]) -> dict[str, set[str]]:
    """What each term, and those it took the place of, are called: in normal form, singular and plural."""
    current = {term: {term} for term in terms}
    older = dict(current)
    while older:
        pairs = [*_pairs(store, "term", _iris(older), f"?old {_REPLACED_BY} ?term", "old")]
        older = {}
        for term, old in pairs:
            if old not in current:
                older.setdefault(old, set()).update(current[term])
        current |= older
    names: dict[str, set[str]] = {}
    for term, key in _pairs(store, "term", _iris(current), f"?term <{TERM_KEY}> ?key", "key"):
        for one in current[term]:
            names.setdefault(one, set()).update(_numbers(key))
    return names


def _labels(store: Store, terms: set[str]) -> dict[str, str]:
    pattern = f"?term <{RDFS}label> ?label"
    return dict(_pairs(store, "term", _iris(terms), pattern, "label"))


def _in_data(store: Store, keys: set[str]) -> set[str]:
    """Those of the names that objects of the data have; one query in any case."""
    if len(keys) > _AT_ONCE:
        rows = store.select(f"SELECT DISTINCT ?key {{ ?object <{_OBJECT_KEY}> ?key }}")
        return keys & {row["key"].value for row in rows}
    pattern = f"?object <{_OBJECT_KEY}> ?key . BIND(?key AS ?there)"
    return {key for key, _ in _pairs(store, "key", sorted(keys), pattern, "there")}


def _numbers(key: str) -> list[str]:
    """A name as it is, and what it may be in the other number; only what some object is called is found.

    >>> _numbers("nuclei"), _numbers("go:0005840")
    (['nuclei', 'nucleus', 'nucleies', 'nucleis'], ['go:0005840'])
    >>> {"bodies"} < {*_numbers("body")}, {"virus"} < {*_numbers("viruses")}
    (True, True)
    """
    if ":" in key or not key:
        return [key]
    singular = (key.removesuffix(many) + one for many, one in _ENDINGS if key.endswith(many))
    plural = (key.removesuffix(one) + many for many, one in _ENDINGS if key.endswith(one))
    return [*dict.fromkeys((key, *singular, *plural))]


def _iris(iris: Iterable[str]) -> list[ox.NamedNode]:
    return [ox.NamedNode(iri) for iri in sorted(iris)]


def _pairs(
    store: Store, variable: str, values: Iterable[ox.NamedNode | str], pattern: str, wanted: str
) -> Iterator[tuple[str, str]]:
    """Each value with what the pattern leads to from it."""
    terms = [str(value) if isinstance(value, ox.NamedNode) else sparql_string(value) for value in values]
    for piece in _pieces(terms):
        rows = f"VALUES ?{variable} {{ {' '.join(piece)} }}"
        for row in store.select(f"SELECT DISTINCT ?{variable} ?{wanted} WHERE {{ {rows} {pattern} }}"):
            yield row[variable].value, row[wanted].value


def _pieces(terms: Sequence[str]) -> Iterator[Sequence[str]]:
    return (terms[start : start + _AT_ONCE] for start in range(0, len(terms), _AT_ONCE))
