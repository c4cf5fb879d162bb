"""Checks on the terms of vocabularies that annotations name."""

from collections.abc import Iterator

from cetsgraph.findings import Severity
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import Annotation, DataSet, MaskLabel, OntologyTerm
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.prefixes import spelling_of

__all__ = [
    "sample_is_described_in_terms_of_its_fields",
    "terms_are_known",
    "terms_are_not_their_names",
]


@check("annotated-term", Annotation, MaskLabel)
def terms_are_known(place: Place, placement: Placement) -> Iterator[Fault]:
    """An annotated object is a CURIE with a known prefix, or an IRI."""
    term: str | None = place.entity.__dict__["annotated_object"]
    if term is None:
        return
    spelling = spelling_of(term)
    if spelling is None or not spelling.right:
        yield Fault("annotated_object", found=term)
    elif not spelling.known:
        yield Fault(
            "annotated_object",
            found=term,
            message=f"no vocabulary with the prefix of {term} is known",
            severity=Severity.WARNING,
        )
    elif spelling.usual is not None:
        yield Fault(
            "annotated_object",
            found=term,
            expected=spelling.usual,
            message=f"{term} is read as {spelling.usual}",
            severity=Severity.INFO,
        )


@check("annotated-term", DataSet)
def sample_is_described_in_terms_of_its_fields(place: Place, placement: Placement) -> Iterator[Fault]:
    """What the specimen is, is said by well-formed terms, and by none of a vocabulary of other things."""
    for field, others in _OF_OTHER_THINGS.items():
        described = place.entity.__dict__[field]
        term = None if described is None else described.id
        prefix, colon, _ = (term or "").strip().partition(":")
        spelling = spelling_of(term) if term and colon else None
        if colon and (spelling is None or not spelling.right):
            yield Fault(
                "id", found=term, message=f"{term} is not a term", severity=Severity.WARNING, entity=described
            )
        elif prefix.upper() in others:
            yield Fault(
                "id",
                found=term,
                expected=f"a term for a {field.replace('_', ' ')}",
                message=f"a term of {prefix} is no {field.replace('_', ' ')}",
                hint="Look the term up, for instance at https://www.ebi.ac.uk/ols4, or move it to its field.",
                severity=Severity.WARNING,
                entity=described,
            )


@check("annotated-term", OntologyTerm)
def terms_are_not_their_names(place: Place, placement: Placement) -> Iterator[Fault]:
    """The name of a term is no identifier, nor its identifier a name."""
    term, name = place.entity.id, (place.entity.name or "").strip()
    prefix, colon, _ = name.partition(":")
    spelling = spelling_of(name) if colon else None
    if spelling is not None and spelling.known and spelling.right and prefix.isalnum() and term != name:
        swapped = term is not None and ":" not in term
        yield Fault(
            "name",
            found=name,
            expected="what the term is called",
            message="name and identifier of this term are swapped" if swapped else "this is no name",
            hint=f"Write {name} as its id, and its name here.",
            severity=Severity.WARNING,
        )


_DISEASES = {"MONDO", "DOID"}
_PARTS = {"GO", "CHEBI", "UNIPROTKB", "PDB"}
_OF_OTHER_THINGS = {
    "cell_type": {*_PARTS, *_DISEASES, "NCBITAXON"},
    "tissue": {*_PARTS, *_DISEASES, "NCBITAXON"},
    "disease": {*_PARTS, "CL", "UBERON", "NCBITAXON"},
    "cell_strain": {*_PARTS, *_DISEASES, "UBERON"},
    "cell_component": {*_DISEASES, "CL", "UBERON", "NCBITAXON"},
    "development_stage": {*_PARTS, *_DISEASES, "CL", "NCBITAXON"},
    "assay": {*_PARTS, *_DISEASES, "CL", "UBERON", "NCBITAXON"},
}
"""Vocabularies whose terms a field of the specimen cannot have."""
