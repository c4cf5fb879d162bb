"""What each version of the ontology changed of the version before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import pyoxigraph as ox

from cetsgraph.namespaces import CETS, OWL, QUDT, RDFS, SKOS
from cetsgraph.resources import folder
from cetsgraph.server.site.linked_data import ontology_file
from cetsgraph.versions import ONTOLOGY_VERSION

__all__ = ["Release", "releases"]

_SAID = {
    f"{RDFS}label": "label",
    f"{SKOS}definition": "definition",
    f"{QUDT}hasUnit": "unit",
    f"{RDFS}range": "range",
    f"{RDFS}domain": "domain",
    f"{RDFS}subClassOf": "superclass",
}
"""Properties of terms that are compared, with what people call them."""
_LATER = f"{OWL}deprecated"

Said = Mapping[str, Mapping[str, frozenset[str]]]
"""What is said of terms, by their local names and by property."""


@dataclass(frozen=True, slots=True)
class Release:
    """A version and what it changed; nothing for the first."""

    version: str
    added: Sequence[str]
    withdrawn: Sequence[str]
    changed: Sequence[tuple[str, str]]
    """Terms, each with what is said otherwise of it."""


@cache
def releases() -> tuple[Release, ...]:
    """All versions, the newest first.

    >>> [one.version for one in releases()][-2:]
    ['0.2.0', '0.1.0']
    >>> "cryogenTemperature" in releases()[0].added, "specimenTemperature" in releases()[0].withdrawn
    (True, True)
    """
    old = sorted((path.stem for path in (folder("ontology") / "releases").glob("*.ttl")), key=_numbers)
    versions = [*old, ONTOLOGY_VERSION]
    said = {version: _said(version) for version in versions}
    compared = [_compared(later, said[earlier], said[later]) for earlier, later in pairwise(versions)]
    return (*reversed(compared), Release(versions[0], (), (), ()))


def _numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


def _compared(version: str, earlier: Said, later: Said) -> Release:
    gone = {name for name, said in later.items() if _LATER in said} | (earlier.keys() - later.keys())
    before = {name for name, said in earlier.items() if _LATER in said}
    changed = [
        (
            name,
            ", ".join(word for one, word in _SAID.items() if earlier[name].get(one) != later[name].get(one)),
        )
        for name in sorted(earlier.keys() & later.keys() - gone)
    ]
    added = sorted(later.keys() - earlier.keys() - gone)
    return Release(version, added, sorted(gone - before), [(name, words) for name, words in changed if words])


def _said(version: str) -> Said:
    """What a version says of its terms; what has no name of its own, such as a union, counts as one thing."""
    path = ontology_file(version)
    assert path is not None
    found: dict[str, dict[str, set[str]]] = {}
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        name = quad.subject.value.removeprefix(CETS)
        if isinstance(quad.subject, ox.NamedNode) and name != quad.subject.value:
            said = found.setdefault(name, {})
            if quad.predicate.value in _SAID or quad.predicate.value == _LATER:
                unnamed = isinstance(quad.object, ox.BlankNode)
                said.setdefault(quad.predicate.value, set()).add("_" if unnamed else str(quad.object))
    return {name: {one: frozenset(texts) for one, texts in said.items()} for name, said in found.items()}
