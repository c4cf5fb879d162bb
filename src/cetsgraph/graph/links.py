"""Links from objects to the world: IRIs beside the texts that name terms, taxa, people, licences and files.

Derived for queries and for other people's tools, and never read back: the texts are the data.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from cetsgraph.authorities import entry_iri, file_iri, licence_iri, person_iri, taxon_iri, term_iri
from cetsgraph.model import CrossReference, Entity, OntologyTerm
from cetsgraph.namespaces import DCAT, DCTERMS, RDFS, SCHEMA_ORG
from cetsgraph.vocabulary import vocabulary

__all__ = ["LABEL", "LINKS", "SEE_ALSO", "label", "links"]

LABEL = f"{RDFS}label"
SEE_ALSO, _SAME_AS = f"{RDFS}seeAlso", f"{SCHEMA_ORG}sameAs"
_DOWNLOAD, _CREATOR = f"{DCAT}downloadURL", f"{DCTERMS}creator"
_SUBJECT, _LICENCE, _TAXON = f"{DCTERMS}subject", f"{DCTERMS}license", f"{SCHEMA_ORG}taxonomicRange"

LINKS = frozenset({SEE_ALSO, _SAME_AS, _DOWNLOAD, _CREATOR, _SUBJECT, _LICENCE, _TAXON})
"""IRIs of the properties that lead to the world."""

_Iris = Iterable[str | None]
_Maker = Callable[[Any], _Iris]


def _one(make: Callable[[Any], str | None]) -> _Maker:
    return lambda value: (make(value),)


_FIELDS: dict[str, tuple[str, _Maker]] = {
    "annotated_object": (_SUBJECT, _one(term_iri)),
    "authors": (_CREATOR, lambda authors: (person_iri(one.orcid) for one in authors if one.orcid)),
    "base_address": (SEE_ALSO, _one(file_iri)),
    "cross_references": (SEE_ALSO, lambda entries: (_entry(one) for one in entries)),
    "license": (_LICENCE, _one(licence_iri)),
    "orcid": (_SAME_AS, _one(person_iri)),
    "organism_taxid": (_TAXON, _one(taxon_iri)),
    "url": (SEE_ALSO, _one(file_iri)),
}


def links(entity: Entity, base: str | None = None) -> Iterable[tuple[str, str]]:
    """Each property with the IRI that it leads to from an object; none twice.

    >>> from cetsgraph.model import PointSet
    >>> list(links(PointSet(annotated_object="GO:0005840")))
    [('http://purl.org/dc/terms/subject', 'http://purl.obolibrary.org/obo/GO_0005840')]

    Args:
        entity: the object.
        base: address of the folder that relative paths start in.
    """
    values = entity.__dict__
    found = [
        (predicate, iri)
        for field, predicate, make in _plan(type(entity))
        if values[field]
        for iri in make(values[field])
        if iri is not None
    ]
    files = (file_iri(values[field], base) for field in _paths(type(entity)) if values[field])
    found += [(_DOWNLOAD, iri) for iri in files if iri is not None]
    if (iri := _of_itself(entity)) is not None:
        found.append((_SAME_AS, iri))
    return dict.fromkeys(found)


def label(entity: Entity, kind: str, index: int | None) -> str:
    """What an object is called: its name, else its id, else its kind and place; an entry by its accession.

    >>> from cetsgraph.model import Region
    >>> label(Region(name="Lamella 3", id="r"), "region", 0), label(Region(), "region", 2)
    ('Lamella 3', 'region 2')

    Args:
        entity: the object.
        kind: label of its class.
        index: its place in the list that holds it, counted from 0.
    """
    if isinstance(entity, CrossReference) and entity.accession:
        return f"{entity.database} {entity.accession}" if entity.database else entity.accession
    return entity.name or entity.id or (kind if index is None else f"{kind} {index}")


@cache
def _plan(model: type[Entity]) -> tuple[tuple[str, str, _Maker], ...]:
    """The fields of a class that name something of the world."""
    term = vocabulary().classes[model.__name__]
    fields = [prop.field for prop in term.properties]
    return tuple((field, *_FIELDS[field]) for field in fields if field in _FIELDS)


@cache
def _paths(model: type[Entity]) -> tuple[str, ...]:
    """The fields of a class that are paths of files."""
    fields = (prop.field for prop in vocabulary().classes[model.__name__].properties)
    return tuple(field for field in fields if field == "path" or field.endswith("_path"))


def _of_itself(entity: Entity) -> str | None:
    """The IRI of what an object stands for as a whole."""
    if isinstance(entity, CrossReference):
        return _entry(entity)
    return term_iri(entity.id) if isinstance(entity, OntologyTerm) and entity.id else None


def _entry(entry: CrossReference) -> str | None:
    if not entry.database or not entry.accession:
        return None
    return entry_iri(entry.database, entry.accession)
