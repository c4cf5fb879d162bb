"""Checks on the terms of vocabularies that annotations name."""

from collections.abc import Iterator

from cetsgraph.findings import Severity
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import Annotation, MaskLabel
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.prefixes import spelling_of

__all__ = ["terms_are_known"]


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
