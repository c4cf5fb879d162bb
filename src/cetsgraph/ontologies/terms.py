"""A term of an ontology, from a file of any format."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cetsgraph.namespaces import OBO
from cetsgraph.normal_forms import object_key

__all__ = [
    "ALTERNATIVE",
    "CONSIDERED",
    "DEFINITION",
    "IN_OWL",
    "PART_OF",
    "SUCCESSOR",
    "SUCCESSORS",
    "Ontology",
    "Synonym",
    "SynonymScope",
    "Term",
    "curie",
    "iri_of",
    "is_part_of",
    "unmerged",
]

IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"
"""Namespace of what OBO says and OWL has no property for."""

DEFINITION = f"{OBO}IAO_0000115"
ALTERNATIVE = f"{IN_OWL}hasAlternativeId"
SUCCESSOR = f"{OBO}IAO_0100001"
CONSIDERED = f"{IN_OWL}consider"
PART_OF = f"{OBO}BFO_0000050"
SUCCESSORS = (SUCCESSOR, f"{IN_OWL}replacedBy")
"""How programs name the relation of an obsolete term to the one that took its place."""


class SynonymScope(StrEnum):
    """What a synonym means, beside the label of its term (OBO 1.4)."""

    EXACT = "Exact"
    NARROW = "Narrow"
    BROAD = "Broad"
    RELATED = "Related"


@dataclass(frozen=True, slots=True)
class Synonym:
    """Another name of a term."""

    text: str
    scope: SynonymScope = SynonymScope.RELATED


@dataclass(slots=True)
class Term:
    """A class of an ontology: its names, and the terms that it is a kind or a part of."""

    iri: str
    label: str | None = None
    definition: str | None = None
    synonyms: list[Synonym] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    """IRIs of the terms that it is a subclass of."""
    wholes: list[str] = field(default_factory=list)
    """IRIs of the terms that it is part of."""
    alternatives: list[str] = field(default_factory=list)
    """Ids of terms that were merged into it."""
    obsolete: bool = False
    successors: list[str] = field(default_factory=list)
    """IRIs of the terms that took its place."""
    considered: list[str] = field(default_factory=list)
    """IRIs of terms one of which may be meant, where none took its place."""

    def keys(self) -> set[str]:
        """Normal forms of all that names the term, or a kind of it, and nothing else."""
        scopes = (SynonymScope.EXACT, SynonymScope.NARROW)
        names = (synonym.text for synonym in self.synonyms if synonym.scope in scopes)
        label = self.label or ""
        own = label.removeprefix("obsolete ") if self.obsolete else label
        return _keys([self.iri, label, own, *self.alternatives, *names])

    def related_keys(self) -> set[str]:
        """Normal forms of looser names, by which people look for the term."""
        scopes = (SynonymScope.BROAD, SynonymScope.RELATED)
        return _keys(synonym.text for synonym in self.synonyms if synonym.scope in scopes) - self.keys()


@dataclass(frozen=True, slots=True)
class Ontology:
    """An ontology as it is kept: what its file says of itself."""

    iri: str
    title: str | None = None
    version: str | None = None
    licence: str | None = None
    terms: int = 0
    """How many terms it has."""


def curie(iri: str) -> str:
    """The short form of a term's IRI; the IRI itself where there is none.

    >>> curie("http://purl.obolibrary.org/obo/GO_0005840"), curie("https://example.org/x")
    ('GO:0005840', 'https://example.org/x')
    """
    prefix, found, local = iri.removeprefix(OBO).partition("_")
    return f"{prefix}:{local}" if iri.startswith(OBO) and found else iri


def iri_of(identifier: str, namespaces: Mapping[str, str] | None = None) -> str:
    """The IRI of a term that is named by its IRI or its CURIE; one without prefix is of the OBO library.

    >>> iri_of("GO:0005840"), iri_of("part_of"), iri_of("X:1", {"X": "https://example.org/"})
    ('http://purl.obolibrary.org/obo/GO_0005840', 'http://purl.obolibrary.org/obo/part_of', 'https://example.org/1')

    Args:
        identifier: of the term.
        namespaces: those of prefixes that are not the OBO library's.
    """
    prefix, colon, local = identifier.partition(":")
    if not colon:
        return f"{OBO}{identifier}"
    if "//" in local or prefix.casefold() in _SCHEMES:
        return identifier
    return f"{(namespaces or {}).get(prefix, f'{OBO}{prefix}_')}{local}"


def is_part_of(relation: str) -> bool:
    """Whether a relation, by its name, CURIE or IRI, is that of a part to its whole.

    >>> [is_part_of(name) for name in ("part_of", "BFO:0000050", "http://purl.obolibrary.org/obo/go#part_of")]
    [True, True, True]
    >>> is_part_of("has_part")
    False
    """
    return iri_of(relation).replace("#", "/").rpartition("/")[2] in (
        "BFO_0000050",
        "part_of",
        "OBO_REL_part_of",
    )


def unmerged(terms: Sequence[Term]) -> None:
    """Have all that is said of ids that were merged into a term be said of that term."""
    own = {term.iri for term in terms}
    merged = {iri_of(one): term.iri for term in terms for one in term.alternatives if iri_of(one) not in own}
    for term in terms:
        for iris in (term.parents, term.wholes, term.successors, term.considered):
            iris[:] = dict.fromkeys(merged.get(iri, iri) for iri in iris)


_SCHEMES = frozenset({"urn", "info", "tag"})
"""What begins an IRI without slashes."""


def _keys(names: Iterable[str]) -> set[str]:
    return {key for name in names if (key := object_key(name))}
