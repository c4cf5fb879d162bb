"""The page of the ontology: its classes and properties, each at an address of its own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from cetsgraph.mappings import term_matches
from cetsgraph.namespaces import ONTOLOGY
from cetsgraph.server.site.linked_data import ontology_file, released_terms
from cetsgraph.server.site.rendering import page
from cetsgraph.server.site.term_changes import releases
from cetsgraph.versions import ONTOLOGY_VERSION
from cetsgraph.vocabulary import ClassTerm, Property, vocabulary

__all__ = [
    "Match",
    "changes_page",
    "found_page",
    "matches",
    "matching_terms",
    "ontology_page",
    "release_page",
    "unit_of",
]


@dataclass(frozen=True, slots=True)
class Match:
    """A term of another vocabulary."""

    relation: str
    """Such as `exact`."""
    iri: str
    name: str


def ontology_page(archive: str) -> str:
    """The newest version."""
    terms = vocabulary()
    return page(
        "ontology",
        archive,
        "CETS ontology",
        section="/ontology",
        iri=ONTOLOGY,
        about=_about(),
        roots=[term.name for term in terms.classes.values() if not term.parents],
        children={name: terms.children(name) for name in terms.classes},
        classes=sorted(terms.classes.values(), key=lambda term: term.name),
        properties=sorted(terms.properties.values(), key=lambda term: term.name),
        used=_used(),
        matches=matches(),
    )


def found_page(archive: str, text: str) -> str:
    """The terms whose name, label or definition has all of some words."""
    found = matching_terms(text.casefold().split())
    shown = [(term, unit_of(term)) for term in found]
    above = [("/ontology", "CETS ontology")]
    title, section = f"Terms with “{text}”", "/ontology"
    return page("found", archive, title, section=section, trail=above, text=text, terms=shown)


def matching_terms(words: Sequence[str]) -> list[ClassTerm | Property]:
    """The terms whose name, label or definition has all of some words; those first that are called so.

    >>> [term.name for term in matching_terms(["defocusu"])]
    ['defocusU']
    """
    terms: list[ClassTerm | Property] = [*vocabulary().classes.values(), *vocabulary().properties.values()]
    names = {term.name: f"{term.name} {term.label}".casefold() for term in terms}
    texts = {term.name: f"{names[term.name]} {term.definition.casefold()}" for term in terms}
    found = [term for term in terms if all(word in texts[term.name] for word in words)]
    return sorted(found, key=lambda term: not all(word in names[term.name] for word in words))


def unit_of(term: ClassTerm | Property) -> str:
    """The symbol of the unit of its values, if they have one."""
    return term.unit.symbol if isinstance(term, Property) and term.unit else ""


def changes_page(archive: str) -> str:
    """What each version changed of the one before it."""
    above = [("/ontology", "CETS ontology")]
    title, section = "Changes of the CETS ontology", "/ontology"
    return page("changes", archive, title, section=section, trail=above, releases=releases())


def release_page(archive: str, version: str) -> str:
    """A released version, as it was."""
    title, section = f"CETS ontology {version}", "/ontology"
    terms = sorted(released_terms(version).items())
    return page("release", archive, title, section=section, terms=terms, newest=ONTOLOGY_VERSION)


@cache
def _about() -> dict[str, str]:
    """What the ontology says of itself, by the local names of properties."""
    path = ontology_file()
    assert path is not None
    said = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    own = (quad for quad in said if quad.subject == ox.NamedNode(ONTOLOGY))
    return {
        quad.predicate.value.rpartition("/")[2].rpartition("#")[2]: str(getattr(quad.object, "value", ""))
        for quad in own
    }


@cache
def _used() -> dict[str, list[str]]:
    """Names of the properties that lead to a class."""
    used = defaultdict[str, list[str]](list)
    for one in vocabulary().properties.values():
        if one.range is not None:
            used[one.range].append(one.name)
    return used


@cache
def matches() -> dict[str, list[Match]]:
    """The terms of other vocabularies that match each term."""
    found = defaultdict[str, list[Match]](list)
    for one in term_matches():
        relation = one.predicate.partition(":")[2].removesuffix("Match")
        found[one.name].append(Match(relation, one.target, one.label))
    return found
