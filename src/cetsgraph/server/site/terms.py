"""The page of the ontology: its classes and properties, each at an address of its own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from cetsgraph.documents import CANONICAL_NAME, DIALECTS, class_name, field_name
from cetsgraph.documents.dialects import default_revision
from cetsgraph.mappings import term_matches
from cetsgraph.namespaces import ONTOLOGY
from cetsgraph.server.site.linked_data import ontology_file, released_terms
from cetsgraph.server.site.rendering import page
from cetsgraph.server.site.term_changes import releases
from cetsgraph.versions import ONTOLOGY_VERSION
from cetsgraph.vocabulary import ClassTerm, Property, vocabulary

__all__ = ["changes_page", "found_page", "matching_terms", "ontology_page", "release_page", "unit_of"]


@dataclass(frozen=True, slots=True)
class _Match:
    """A term of another vocabulary."""

    relation: str
    """Such as `exact`."""
    iri: str
    name: str


@dataclass(frozen=True, slots=True)
class _Names:
    """What a dialect calls a term."""

    dialect: str
    names: Sequence[str]


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
        roots=[term for term in terms.classes.values() if not term.parents],
        children=_children(),
        classes=sorted(terms.classes.values(), key=lambda term: term.name),
        properties=sorted(terms.properties.values(), key=lambda term: term.name),
        own={name: terms.own(name) for name in terms.classes},
        used=_used(),
        matches=_matches(),
        names_of_class=_names_of_class(),
        names_of_property=_names_of_property(),
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


def _children() -> dict[str, list[ClassTerm]]:
    children = defaultdict[str, list[ClassTerm]](list)
    for term in vocabulary().classes.values():
        for parent in term.parents:
            children[parent].append(term)
    return children


def _used() -> dict[str, list[Property]]:
    """The properties that lead to a class."""
    used = defaultdict[str, list[Property]](list)
    for one in vocabulary().properties.values():
        if one.range is not None:
            used[one.range].append(one)
    return used


@cache
def _matches() -> dict[str, list[_Match]]:
    found = defaultdict[str, list[_Match]](list)
    for one in term_matches():
        relation = one.predicate.partition(":")[2].removesuffix("Match")
        found[one.name].append(_Match(relation, one.target, one.target.rpartition("/")[2].rpartition("#")[2]))
    return found


@cache
def _names_of_class() -> dict[str, list[_Names]]:
    """What the other dialects call a class, where they call it something else."""
    found = {}
    for name, term in vocabulary().classes.items():
        called = [(dialect, class_name(dialect, revision, term.model)) for dialect, revision in _others()]
        found[name] = [_Names(dialect, [other]) for dialect, other in called if other not in (None, name)]
    return found


@cache
def _names_of_property() -> dict[str, list[_Names]]:
    """What the other dialects call the field of a property, where it is another name."""
    found = defaultdict[str, list[_Names]](list)
    classes = vocabulary().classes
    for name, one in vocabulary().properties.items():
        for dialect, revision in _others():
            models = (classes[domain].model for domain in one.domains)
            called = (field_name(dialect, revision, model, one.field) for model in models)
            names = [*dict.fromkeys(other for other in called if other not in (None, one.field))]
            if names:
                found[name].append(_Names(dialect, names))
    return found


def _others() -> list[tuple[str, str | None]]:
    """The other dialects, each with the revision that is written."""
    return [(name, default_revision(name)) for name in DIALECTS if name != CANONICAL_NAME]
